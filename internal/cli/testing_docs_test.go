package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/program"
)

var fenced = regexp.MustCompile("(?ms)^```(\\w+) ?([^\n]*)\n(.*?)^```$")

// TestTestingPage runs what docs/testing.md shows: its files are written and
// its commands run, in their order, with the example as the bundle.
func TestTestingPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	current(t, "../../docs/testing.md", section(t, string(page), "assumptions", assumptionTable()))
	example, err := os.ReadFile("../../examples/ticket-to-slack/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	writeFile(t, "zis/bundle.json", string(example))
	ran := 0
	for _, block := range fenced.FindAllStringSubmatch(string(page), -1) {
		if name := block[2]; name != "" {
			writeFile(t, name, block[3])
			continue
		}
		for _, command := range strings.Split("\n"+block[3], "\n$ ")[1:] {
			typed, want, _ := strings.Cut(command, "\n")
			if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(typedIn(t, typed))); diff != "" {
				t.Errorf("%s (-page +run)\n%s", typed, diff)
			}
			ran++
		}
	}
	if ran < 5 {
		t.Errorf("the page shows %d commands", ran)
	}
}

// typedIn runs a command of the page and returns what a terminal would show.
func typedIn(t *testing.T, command string) string {
	t.Helper()
	var out bytes.Buffer
	Main(t.Context(), strings.Fields(command)[1:], program.Env{Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }})
	return out.String()
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// assumptionTable is the table of docs/testing.md.
func assumptionTable() string {
	var b strings.Builder
	b.WriteString("| | what isn't known | readings, the first is taken |\n|---|---|---|\n")
	for _, q := range interp.Questions() {
		var readings []string
		for _, r := range q.Readings {
			readings = append(readings, fmt.Sprintf("`%s`: %s", r.Name, r.Meaning))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", q.ID, q.Text, strings.Join(readings, "; "))
	}
	return b.String()
}
