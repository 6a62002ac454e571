package emulator_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

var update = flag.Bool("update", false, "rewrite the golden files and docs/emulator.md")

// TestDispositions: each has an effect, and no two have the same. The golden
// file shows the first answer that differs.
func TestDispositions(t *testing.T) {
	lives := map[string][]string{}
	all := platform.Dispositions()
	if testing.Short() {
		all = every(10, all)
	}
	for _, d := range append(all, platform.Disposition{}) {
		synctest.Test(t, func(t *testing.T) {
			if d.Name == "" {
				lives[""] = live(t)
				return
			}
			lives[d.Name] = live(t, d.Name)
		})
	}
	same := map[string]string{strings.Join(lives[""], "\n"): "nothing"}
	var golden strings.Builder
	for _, d := range all {
		text := strings.Join(lives[d.Name], "\n")
		if other, there := same[text]; there {
			t.Errorf("%s has the effect of %s", d.Name, other)
		}
		same[text] = d.Name
		fmt.Fprintf(&golden, "%s\n", firstDifference(d.Name, lives[""], lives[d.Name]))
	}
	if testing.Short() {
		return
	}
	if len(all) < 150 {
		t.Errorf("%d dispositions, want at least 150", len(all))
	}
	compareGolden(t, "testdata/dispositions.golden", golden.String())
}

// every takes one of n.
func every(n int, all []platform.Disposition) []platform.Disposition {
	var some []platform.Disposition
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

// firstDifference shows where two lives part: some characters around the
// place, on both sides.
func firstDifference(name string, usual, other []string) string {
	for n := range usual {
		if n < len(other) && usual[n] == other[n] {
			continue
		}
		a, b := usual[n], "nothing"
		if n < len(other) {
			b = other[n]
		}
		from := 0
		for from < min(len(a), len(b)) && a[from] == b[from] {
			from++
		}
		around := func(s string) string {
			return fmt.Sprintf("%q", strings.ToValidUTF8(s[min(len(s), max(0, from-40)):min(len(s), from+40)], "?"))
		}
		request, _, _ := strings.Cut(a, ": ")
		return fmt.Sprintf("%s\n\tat   %d %s\n\twas  %s\n\tis   %s", name, n+1, request, around(a), around(b))
	}
	return name + "\n\tmore requests"
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", file, diff)
	}
}

// Names are unique and said in full where one is wrong.
func TestDispositionNames(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range platform.Dispositions() {
		if seen[d.Name] || d.Varies == "" || d.Topic == "" || d.Mark == "" || d.Effect == "" {
			t.Errorf("%+v is not whole, or its name is there twice", d)
		}
		seen[d.Name] = true
	}
	s := &emulator.Server{}
	if err := s.Behave("drop-notthing"); err == nil || !strings.Contains(err.Error(), "drop-nothing,") {
		t.Errorf("a wrong name: %v, want those that begin like it", err)
	}
	if err := s.Behave("nonsense"); err == nil || !strings.Contains(err.Error(), "lag-…") {
		t.Errorf("a wrong name: %v, want the topics", err)
	}
}
