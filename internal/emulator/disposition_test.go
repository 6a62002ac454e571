package emulator_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

var update = flag.Bool("update", false, "rewrite testdata and docs/emulator.md")

// TestDispositions: each has an effect, and no two have the same. The archive
// shows the first answer that differs.
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
	var differences []txtar.File
	for _, d := range all {
		text := strings.Join(lives[d.Name], "\n")
		if other, there := same[text]; there {
			t.Errorf("%s has the effect of %s", d.Name, other)
		}
		same[text] = d.Name
		differences = append(differences, txtar.File{Name: d.Name, Data: []byte(firstDifference(lives[""], lives[d.Name]))})
	}
	if testing.Short() {
		return
	}
	if len(all) < 150 {
		t.Errorf("%d dispositions, want at least 150", len(all))
	}
	compareArchive(t, "testdata/dispositions.txtar", differences)
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
func firstDifference(usual, other []string) string {
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
		return fmt.Sprintf("at   %d %s\nwas  %s\nis   %s\n", n+1, request, around(a), around(b))
	}
	return "more requests\n"
}

// compareArchive compares files with those of an archive.
func compareArchive(t *testing.T, path string, got []txtar.File) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Files
	archive.Files = got
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	texts := func(files []txtar.File) string { return string(txtar.Format(&txtar.Archive{Files: files})) }
	if diff := cmp.Diff(texts(want), texts(got)); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
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
