package flowtest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// TestFind says which cases are run for what is given on the command line.
func TestFind(t *testing.T) {
	one := func(names ...string) *fstest.MapFile {
		var b strings.Builder
		for _, name := range names {
			b.WriteString("- {name: " + name + ", flow: f, event: shared/event.json, want: {end: A}}\n")
		}
		return &fstest.MapFile{Data: []byte(b.String())}
	}
	data := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	fsys := fstest.MapFS{
		"zis/tests/a.yml":             one("Posted twice", "refused"),
		"zis/tests/b.yaml":            one("posted once"),
		"zis/tests/c.json":            data(`[{"name": "in JSON", "flow": "f", "event": "body.json", "want": {"end": "A"}}]`),
		"zis/tests/body.json":         data(`{"a": 1}`),
		"zis/tests/loose.json":        data(`{"nobody": "names it"}`),
		"zis/tests/notes.txt":         data("no cases"),
		"zis/tests/shared/event.json": data(`{"a": 1}`),
		"zis/tests/shared/more.yml":   data("- {name: further down, flow: f, event: event.json, want: {end: A}}\n"),
		"other/tests/d.yml":           data("- {name: elsewhere, flow: f, want: {end: A}}\n"),
		"other/wrong.yml":             data("- {name: wrong}\n"),
	}
	for _, tt := range []struct {
		name, args     string
		cases, skipped string
		mistakes       int
		wrong          string
	}{
		{name: "nothing is given", cases: "Posted twice, refused, posted once, in JSON", skipped: "zis/tests/loose.json"},
		{name: "part of a name, in any case", args: "POSTED", cases: "Posted twice, posted once", skipped: "zis/tests/loose.json"},
		{name: "parts of two names", args: "once|refused", cases: "refused, posted once", skipped: "zis/tests/loose.json"},
		{name: "a file", args: "zis/tests/b.yaml", cases: "posted once"},
		{name: "a file twice", args: "zis/tests/b.yaml|./zis/tests/b.yaml", cases: "posted once"},
		{name: "a file of Windows", args: `zis\tests\b.yaml`, cases: "posted once"},
		{name: "a directory", args: "zis/tests/shared", cases: "further down", skipped: ""},
		{name: "a directory and part of a name", args: "other/tests|elsewhere", cases: "elsewhere"},
		{name: "a part that is in none of the files that are named", args: "zis/tests/b.yaml|refused", wrong: `no case has "refused" in its name, and no such file is there`},
		{name: "a file that holds no list, by its name", args: "zis/tests/loose.json", mistakes: 1},
		{name: "a slip", args: "refusd", wrong: `no case has "refusd" in its name; did you mean "refused"?`},
		{name: "nothing like it", args: "something else", wrong: `no case has "something else" in its name, and no such file is there`},
		{name: "a file that is not there", args: "zis/tests/z.yml", wrong: "read zis/tests/z.yml: file does not exist"},
		{name: "a path that is not there", args: "zis/test", wrong: "read zis/test: file does not exist"},
		{name: "outside", args: "../zis/tests/a.yml", wrong: "read ../zis/tests/a.yml: file does not exist"},
		{name: "a part, where a file is wrong", args: "other/wrong.yml|refused", mistakes: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var args []string
			if tt.args != "" {
				args = strings.Split(tt.args, "|")
			}
			found, err := flowtest.Find(fsys, []string{"zis/tests", "none"}, args)
			if wrong := ""; err != nil || tt.wrong != "" {
				if err != nil {
					wrong = err.Error()
				}
				if wrong != tt.wrong {
					t.Errorf("%q, want %q", wrong, tt.wrong)
				}
				return
			}
			var names []string
			for _, c := range found.Cases() {
				names = append(names, c.Name)
			}
			if diff := cmp.Diff(tt.cases, strings.Join(names, ", ")); diff != "" {
				t.Errorf("-want +have\n%s", diff)
			}
			if diff := cmp.Diff(tt.skipped, strings.Join(found.Skipped, ", ")); diff != "" {
				t.Errorf("skipped: -want +have\n%s", diff)
			}
			if len(found.Mistakes) != tt.mistakes {
				t.Errorf("%d mistakes, want %d: %v", len(found.Mistakes), tt.mistakes, found.Mistakes)
			}
		})
	}
}

// TestFileName is what a file of recorded cases is called after its flow, on
// every system.
func TestFileName(t *testing.T) {
	for flow, want := range map[string]string{
		"sync": "sync", "sync tickets.v2": "sync tickets.v2", "a/b\\c": "a_b_c", "über": "über",
		`<a>:"b"|c?*`: "_a___b__c__", "{{prefix}}_sync": "__prefix___sync", "a\nb\x00": "a_b_",
	} {
		if have := flowtest.FileName(flow); have != want {
			t.Errorf("%q becomes %q, want %q", flow, have, want)
		}
	}
}

// TestGeneratedFilesAreRead: what is written of generated cases is read again as
// the same cases, and every one passes.
func TestGeneratedFilesAreRead(t *testing.T) {
	each(t, "generated", func(t *testing.T, s *session) {
		for _, g := range s.suite.Generate(t.Context()) {
			name := flowtest.FileName(g.Flow) + ".recorded.yml"
			text := g.YAML()
			s.want(t, name, text)
			read := cases(t, name, text)
			if len(read) != len(g.Cases) || len(read) == 0 {
				t.Fatalf("%d cases are read, %d were written", len(read), len(g.Cases))
			}
			for i, c := range read {
				if interp.Encode(c.Event) != interp.Encode(g.Cases[i].Event) || interp.Encode(map[string]any(c.Config)) != interp.Encode(map[string]any(g.Cases[i].Config)) {
					t.Errorf("%s is read otherwise", c.Name)
				}
			}
			outcomes := s.suite.Run(t.Context(), read)
			for _, o := range outcomes {
				if !o.Passed() {
					t.Errorf("%s: %v", o.Case.Name, o.Problems)
				}
			}
			s.want(t, name+".missed", strings.Join(s.suite.Cover(outcomes).MissedLines(), "\n"))
		}
	})
}
