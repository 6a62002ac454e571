// Package internal_test holds the house to its plan: who may import whom.
package internal_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/zisdeploy/zis-deploy/"

// row is a row of the table in docs/architecture.md: a package, what it is,
// and what it may import.
var row = regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\| [^|]+ \\| (.+) \\|$")

// mayImport is the table of docs/architecture.md. The cli imports everything.
func mayImport(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for _, r := range row.FindAllStringSubmatch(string(text), -1) {
		if table[r[1]] != nil {
			t.Errorf("%s stands in the table twice", r[1])
		}
		table[r[1]] = strings.Split(strings.ReplaceAll(r[2], "`", ""), ", ")
	}
	if len(table) < 20 {
		t.Fatalf("the table of imports has %d rows", len(table))
	}
	return table
}

// only names the one package that may import a library.
var only = map[string]string{
	"github.com/go-json-experiment/json/jsontext": "source",
	"github.com/google/go-cmp/cmp":                "compare",
	"github.com/sethvargo/go-githubactions":       "github",
	"github.com/itchyny/gojq":                     "expr/jq",
	"go.yaml.in/yaml/v4":                          "project flowtest/tree",
	"filippo.io/age":                              "keyring",
	"filippo.io/age/armor":                        "keyring",
	"github.com/spf13/cobra":                      "cli cli/flows cli/start cli/targets program",
	"golang.org/x/term":                           "terminal",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	table := mayImport(t)
	there := map[string]bool{}
	noteFiles(t)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], module+"internal/")
		there[name] = true
		for _, imported := range fields[1:] {
			check(t, table, name, imported)
		}
	}
	for name := range table {
		if !there[name] {
			t.Errorf("%s stands in the table of imports, and is no package", name)
		}
	}
}

func check(t *testing.T, table map[string][]string, name, imported string) {
	if owner, ok := only[imported]; ok && !slices.Contains(strings.Fields(owner), name) {
		t.Errorf("%s imports %s; only %s may", name, imported, owner)
	}
	ours, isOurs := strings.CutPrefix(imported, module)
	allowed, listed := table[name]
	if !isOurs || slices.Equal(allowed, []string{"everything"}) {
		return
	}
	if !listed {
		t.Errorf("%s is not in the table of imports", name)
	} else if !slices.Contains(allowed, strings.TrimPrefix(ours, "internal/")) {
		t.Errorf("%s may not import %s", name, ours)
	}
}

// noteFiles makes the go command know what this test depends on: it keeps the
// verdict of a test until a file has changed that the test itself has opened.
func noteFiles(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		_, err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
