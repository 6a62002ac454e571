package emulator_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

const page = "../../docs/emulator.md"

// The tables of docs/emulator.md are made of what the emulator does.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for name, table := range map[string]string{"endpoints": endpointTable(), "dispositions": dispositionTable()} {
		begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
		head, rest, found := strings.Cut(want, begin)
		_, tail, ends := strings.Cut(rest, end)
		if !found || !ends {
			t.Fatalf("%s has no place for the %s", page, name)
		}
		want = head + begin + table + end + tail
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", page, diff)
	}
}

func endpointTable() string {
	var b strings.Builder
	b.WriteString("| request | taken |\n|---|---|\n")
	for _, e := range emulator.Endpoints() {
		takes := strings.TrimSpace(e.Takes)
		if takes == "" {
			takes = "anybody, or a credential of its own"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", e.Pattern, takes)
	}
	return b.String()
}

func dispositionTable() string {
	var b strings.Builder
	topic := ""
	for _, d := range platform.Dispositions() {
		if d.Topic != topic {
			topic = d.Topic
			fmt.Fprintf(&b, "\n### %s\n\n| name | the account departs so | mark | what was sent is |\n|---|---|---|---|\n", topic)
		}
		varies := strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`).Replace(d.Varies)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.Name, varies, d.Mark, d.Effect)
	}
	fmt.Fprintf(&b, "\n%d in all.\n", len(platform.Dispositions()))
	return b.String()
}
