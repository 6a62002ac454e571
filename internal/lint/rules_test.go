package lint_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

var update = flag.Bool("update", false, "rewrite the expectations in rules/*.txtar and testdata/texts, and docs/rules.md")

// elsewhere are the rules whose mistakes can't be written down in a text, and
// the tests that show them.
var elsewhere = map[string]string{
	source.RuleEncoding: "source/parse_test.go", "internal": "nothing in a file leads there",
	lint.RuleMissingConnection: "cli/testdata/script/doctor.txtar", lint.RuleUnfedEvent: "cli/testdata/script/doctor.txtar",
	lint.RuleConnectionDomain: "account_test.go", lint.RuleTwinIntegration: "cli/testdata/script/twin_integration.txtar",
}

// TestRules holds every rule to rules/ID.txtar. Its files are bundles: those
// named bad… have the findings that the lines "//  ^^^^ rule-id: message" below
// the place say, those named good… have none at all, of any rule. Files of one
// folder (bad/a.json, bad/b.json) are one integration. The file "values" fills
// in placeholders, by lines "var NAME=VALUE" and "secret NAME=VALUE".
func TestRules(t *testing.T) {
	for _, r := range lint.Rules() {
		t.Run(r.ID, func(t *testing.T) { testRule(t, r.ID, filepath.Join("rules", r.ID+".txtar")) })
	}
}

func testRule(t *testing.T, id, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("every rule has its file: %v", err)
	}
	archive := txtar.Parse(data)
	shown, good := false, false
	for _, files := range integrations(archive) {
		found := check(t, files, values(archive), aboutWholes(id))
		if strings.HasPrefix(files[0].Name, "good") {
			good = true
			for _, d := range found {
				t.Errorf("%s: unexpected %v", path, d)
			}
			continue
		}
		shown = shown || slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Rule == id })
		expect(t, path, files, found)
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Errorf("%s: no explanation", path)
	}
	if (!shown || !good) && elsewhere[id] == "" {
		t.Errorf("%s: shown bad %v, shown good %v, want both", path, shown, good)
	}
}

// integrations groups the bundles of an archive by what is checked together.
func integrations(archive *txtar.Archive) (list [][]*txtar.File) {
	for i := range archive.Files {
		f := &archive.Files[i]
		dir := filepath.Dir(f.Name)
		last := len(list) - 1
		switch {
		case f.Name == "values":
		case dir != "." && last >= 0 && filepath.Dir(list[last][0].Name) == dir:
			list[last] = append(list[last], f)
		default:
			list = append(list, []*txtar.File{f})
		}
	}
	return list
}

func values(archive *txtar.Archive) render.Values {
	v := render.Values{Variables: map[string]string{}, Secrets: map[string]string{}}
	for _, f := range archive.Files {
		if f.Name != "values" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			name, value, _ := strings.Cut(rest, "=")
			map[string]map[string]string{"var": v.Variables, "secret": v.Secrets}[word][name] = value
		}
	}
	return v
}

// aboutWholes are rules that find what an integration lacks as a whole. The
// examples of other rules are parts of one, and leave them off.
func aboutWholes(id string) []string {
	return slices.DeleteFunc([]string{"no-job-spec", "uncalled-action"}, func(rule string) bool { return rule == id })
}

// check does what zis validate does with bundles of one integration.
func check(t *testing.T, files []*txtar.File, v render.Values, disable []string) []diag.Diagnostic {
	t.Helper()
	var docs []*source.Document
	var found []diag.Diagnostic
	for _, f := range files {
		d, problems := source.Parse(diag.NewFile(f.Name, unmarked(f.Data)))
		found = append(found, problems...)
		if d != nil {
			docs = append(docs, d)
		}
	}
	docs, problems := render.Documents(docs, v, diag.Warning)
	linted, _ := lint.Run(docs, lint.Options{Disable: disable})
	return diag.Sort(slices.Concat(found, problems, linted))
}

// expect compares the findings with the marks in the files, or rewrites them.
func expect(t *testing.T, path string, files []*txtar.File, found []diag.Diagnostic) {
	t.Helper()
	for _, f := range files {
		got := marked(f.Name, unmarked(f.Data), found)
		if *update {
			f.Data = got
		}
		if diff := cmp.Diff(string(f.Data), string(got)); diff != "" {
			t.Errorf("%s: findings in %s (-want +got):\n%s", path, f.Name, diff)
		}
	}
}

// unmarked takes the marks out of a bundle.
func unmarked(src []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(src) {
		if !bytes.HasPrefix(line, []byte("//")) {
			b.Write(line)
		}
	}
	return b.Bytes()
}

// marked writes the findings of a bundle below the lines they begin in.
func marked(name string, src []byte, found []diag.Diagnostic) []byte {
	var b bytes.Buffer
	n := 0
	for line := range bytes.Lines(src) {
		n++
		b.Write(line)
		for _, d := range found {
			if d.File.Path == name && d.Start().Line == n {
				fmt.Fprintf(&b, "%s %s: %s\n", carets(d, utf8.RuneCount(line)), d.Rule, d.Message)
			}
		}
	}
	return b.Bytes()
}

// carets underline a finding; one in columns 1 and 2, where the slashes stand,
// is told in numbers. What goes on in the next line ends with "…".
func carets(d diag.Diagnostic, width int) string {
	start, end := d.Start(), d.End()
	more := ""
	if end.Line > start.Line {
		end.Column, more = width, "…"
	}
	if start.Column < 3 {
		return fmt.Sprintf("//%d-%d%s", start.Column, end.Column, more)
	}
	return "//" + strings.Repeat(" ", start.Column-3) + strings.Repeat("^", max(1, end.Column-start.Column)) + more
}

func TestRulesHaveNoStrayFiles(t *testing.T) {
	files, err := filepath.Glob("rules/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		id := strings.TrimSuffix(filepath.Base(f), ".txtar")
		if !slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == id }) {
			t.Errorf("%s belongs to no rule", f)
		}
	}
}
