package scaffold_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/scaffold"
)

var update = flag.Bool("update", false, "rewrite the files in testdata; read the difference")

// starts are repositories as people begin them; the files of each are in
// testdata/NAME.txtar.
var starts = map[string]struct {
	scaffold.Start
	runs bool
}{
	"with_token": {Start: scaffold.Start{
		Integration: "acme_crm", Subdomain: "acme", Bundles: []string{"zis/bundle.json"}, Tested: true, Action: "v1",
		Vars: []scaffold.Var{
			{Name: "WEBHOOK_URL", Value: "https://example.com/tickets", What: "what is called"},
			{Name: "LIMIT", Value: json.Number("5")},
			{Name: "HOST", Value: "YOUR_HOST", Open: true},
		},
		Secrets: []string{"WEBHOOK_TOKEN"},
	}},
	"via_app": {Start: scaffold.Start{
		Integration: "acme_crm", Subdomain: "acme", ViaApp: true, Bundles: []string{"crm/sync.json", "crm/other bundle.json"}, JobSpecs: []string{"on_created", "yes"},
		Action: "1234567890123456789012345678901234567890",
	}},
	"from_account": {runs: true, Start: scaffold.Start{
		Integration: "acme", BaseURL: "http://127.0.0.1:8080/accounts/one", Bundles: []string{"zis/a.json"}, JobSpecs: []string{}, Action: "v1.2.3",
		Secrets: []string{"A_TOKEN", "PIN"}, Numbers: []string{"PIN"},
	}},
}

func TestFiles(t *testing.T) {
	for name, start := range starts {
		t.Run(name, func(t *testing.T) {
			files := append(start.Files(), scaffold.File{
				Path: "steps", Text: []byte(strings.Join(scaffold.Steps(start.Start, start.runs, []string{"zis/bundle.json", "zis/tests/a.yml", "zis.yml", ".github/workflows/zis-deploy.yml"}), "\n") + "\n"),
			})
			path := "testdata/" + name + ".txtar"
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				archive.Files = nil
				for _, f := range files {
					archive.Files = append(archive.Files, txtar.File{Name: f.Path, Data: f.Text})
				}
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if len(archive.Files) != len(files) {
				t.Fatalf("%d files, want %d", len(files), len(archive.Files))
			}
			for i, f := range files {
				if diff := cmp.Diff(string(archive.Files[i].Data), string(f.Text)); diff != "" || archive.Files[i].Name != f.Path {
					t.Errorf("%s (-want +have)\n%s", f.Path, diff)
				}
				var v any
				if filepath.Ext(f.Path) == ".yml" && yaml.Unmarshal(f.Text, &v) != nil {
					t.Errorf("%s is no YAML", f.Path)
				}
			}
		})
	}
}

// TestNamesAreKept: whatever a name looks like, zis.yml is read as it was
// written.
func TestNamesAreKept(t *testing.T) {
	for _, text := range []string{
		"plain", "with-dash_and.dot/slash", "yes", "No", "ON", "null", "y", "true", "~", "5", "1e3", "0x1F", "2026-01-31", "", " ", "a: b", "a #b", "- a", "[a]", "{a}", "*a", "&a", "!a", "%a", "@a", "`a`", `"a"`, "'a'", `a\b`, "a\tb", "a\nb", "ünïcode", "\u2028", "<a>&b", "…",
	} {
		s := scaffold.Start{Integration: text, Subdomain: text, Bundles: []string{text, text}, Vars: []scaffold.Var{{Name: "V", Value: text}}, Secrets: []string{text}, JobSpecs: []string{text}}
		var have struct {
			Bundles []string
			Targets map[string]struct {
				Subdomain, Integration string
				Vars                   map[string]string
				Secrets                []string `yaml:"secret-vars"`
				JobSpecs               []string `yaml:"job-specs"`
			}
		}
		if err := yaml.Unmarshal(s.Files()[0].Text, &have); err != nil {
			t.Errorf("%q: %v\n%s", text, err, s.Files()[0].Text)
			continue
		}
		of := have.Targets[s.Target()]
		all := slices.Concat(have.Bundles, of.Secrets, of.JobSpecs, []string{of.Integration, of.Vars["V"]})
		if text != "" {
			all = append(all, of.Subdomain)
		}
		for _, v := range all {
			if v != text {
				t.Errorf("%q is read as %q\n%s", text, v, s.Files()[0].Text)
			}
		}
	}
}

// TestTemplatesAreValid for any integration, with a secret or a connection in its
// place, and without findings.
func TestTemplatesAreValid(t *testing.T) {
	for _, tmpl := range scaffold.Templates() {
		for _, connection := range []bool{false, true} {
			text := tmpl.Bundle("acme_crm", connection)
			values := render.Values{Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{}}
			for _, v := range tmpl.Vars {
				values.Set(v.Name, v.Value)
			}
			if !connection {
				for _, name := range tmpl.Secrets {
					values.Secrets[name] = "local"
				}
			}
			checked := check.Files([]*diag.File{diag.NewFile("bundle.json", text)}, check.Options{Integration: "acme_crm", Values: values, Unresolved: diag.Error})
			for _, f := range checked.Files {
				for _, d := range f.Findings {
					t.Errorf("%s, connection %v: %s", tmpl.Name, connection, d.Message)
				}
			}
			if strings.Contains(string(text), "my_integration") {
				t.Errorf("%s names another integration", tmpl.Name)
			}
			for _, name := range tmpl.Secrets {
				if strings.Contains(string(text), "{{"+name+"}}") == connection {
					t.Errorf("%s, connection %v: the secret %s", tmpl.Name, connection, name)
				}
			}
		}
	}
}
