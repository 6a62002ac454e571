// Package internal_test holds the house to its plan: who may import whom.
package internal_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/zisdeploy/zis-deploy/"

// mayImport is the table of docs/architecture.md. cli imports everything.
var mayImport = map[string][]string{
	"diag":       {},
	"english":    {},
	"verdict":    {},
	"version":    {},
	"manpages":   {"cli"},
	"registry":   {"verdict", "version"},
	"expr":       {"diag", "english"},
	"source":     {"diag"},
	"zis":        {"source"},
	"render":     {"zis", "source", "expr", "diag"},
	"lint":       {"zis", "source", "render", "expr", "diag", "schemas", "english", "credential"},
	"deploy":     {"zis", "source", "registry", "verdict", "credential"},
	"zendesk":    {"registry", "verdict"},
	"sentences":  {"deploy", "zis", "source", "english"},
	"check":      {"lint", "render", "zis", "source", "diag", "verdict", "english"},
	"app":        {"deploy", "sentences", "zis", "source", "credential", "verdict"},
	"account":    {"check", "deploy", "registry", "zendesk", "lint", "render", "zis", "diag", "verdict"},
	"report":     {"account", "check", "deploy", "lint", "diag", "zis", "source", "verdict", "english"},
	"github":     {"report", "diag", "verdict", "version", "english"},
	"credential": {"source", "expr"},
	"target":     {},
	"interp":     {"zis", "source", "expr", "diag"},
	"flowtest":   {"interp", "zis", "source", "expr", "expr/jq", "credential", "english", "diag"},

	// one account, as a server
	"emulator/shape":    {},
	"emulator/wire":     {},
	"emulator/platform": {"emulator/shape", "emulator/wire"},
	"emulator":          {"emulator/shape", "emulator/wire", "emulator/platform", "schemas"},
	"project":           {"diag", "english"},
	"keyring":           {"english", "project", "registry", "verdict"},
	"fleet":             {"check", "diag", "english", "expr", "project", "render", "source", "verdict"},
}

// only names the one package that may import a library.
var only = map[string]string{
	"github.com/go-json-experiment/json/jsontext": "source",
	"github.com/google/go-cmp/cmp":                "deploy",
	"github.com/sethvargo/go-githubactions":       "github",
	"github.com/itchyny/gojq":                     "expr",
	"go.yaml.in/yaml/v4":                          "project flowtest",
	"filippo.io/age":                              "keyring",
	"filippo.io/age/armor":                        "keyring",
	"github.com/spf13/cobra":                      "cli",
	"golang.org/x/term":                           "cli",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], module+"internal/")
		for _, imported := range fields[1:] {
			check(t, name, imported)
		}
	}
}

func check(t *testing.T, name, imported string) {
	if owner, ok := only[imported]; ok && !slices.Contains(strings.Fields(owner), name) {
		t.Errorf("%s imports %s; only %s may", name, imported, owner)
	}
	ours, isOurs := strings.CutPrefix(imported, module)
	allowed, listed := mayImport[name]
	if !isOurs || name == "cli" {
		return
	}
	if !listed {
		t.Errorf("%s is not in the table of imports", name)
	} else if !slices.Contains(allowed, strings.TrimPrefix(ours, "internal/")) {
		t.Errorf("%s may not import %s", name, ours)
	}
}
