package credential_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

var update = flag.Bool("update", false, "rewrite what testdata wants")

// TestFound plays testdata/found.txtar: what is found in values as people write
// them, each line NAME | TEXT => what it is. "surely" is worth a finding, "maybe"
// only hidden. A · keeps scanners from taking a case for a token of somebody; it
// is taken out.
func TestFound(t *testing.T) {
	a, err := txtar.ParseFile("testdata/found.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range a.Files {
		t.Run(part.Name, func(t *testing.T) {
			var got strings.Builder
			for line := range strings.Lines(string(part.Data)) {
				given, _, ok := strings.Cut(line, " => ")
				name, text, both := strings.Cut(given, "|")
				if !ok || !both {
					t.Fatalf("no case: %q", line)
				}
				fmt.Fprintf(&got, "%s => %s\n", given, foundIn(strings.TrimSpace(name), strings.ReplaceAll(strings.TrimSpace(text), "·", "")))
			}
			if diff := cmp.Diff(string(part.Data), got.String()); diff != "" && !*update {
				t.Errorf("(-want +got)\n%s", diff)
			}
			a.Files[i].Data = []byte(got.String())
		})
	}
	if *update {
		if err := os.WriteFile("testdata/found.txtar", txtar.Format(a), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func foundIn(name, text string) string {
	f, ok := credential.In(name, strings.ReplaceAll(text, `\n`, "\n"))
	switch {
	case !ok:
		return "nothing"
	case !f.Sure:
		return "maybe " + f.What
	case f.Start == 0 && f.End == len(text):
		return "surely " + f.What
	}
	return fmt.Sprintf("surely %s, from %d to %d", f.What, f.Start, f.End)
}

// TestFoundInAction goes through the whole definition of an action, as a check
// and a plan do, and compares which values it hides and reports.
func TestFoundInAction(t *testing.T) {
	text, err := os.ReadFile("testdata/action.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, found := source.Parse(diag.NewFile("action.json", []byte(strings.ReplaceAll(string(text), "·", ""))))
	if doc == nil {
		t.Fatal(found)
	}
	var got []string
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		for _, m := range n.Members {
			walk(m)
		}
		if f, ok := credential.At(n); ok {
			sure := "maybe "
			if f.Sure {
				sure = "surely "
			}
			got = append(got, n.Pointer()+" "+sure+f.What)
		}
	}
	walk(doc.Root)
	if diff := cmp.Diff([]string{
		"/url surely a password in a URL",
		"/headers/0/value surely a Bearer token",
		"/headers/1/value surely an API key",
		"/headers/2/value maybe credentials",
		"/headers/4/value maybe a cookie",
		"/queryParams/0/value surely a signature",
		"/requestBody/login/password surely a password",
		"/requestBody/login/pin_token maybe a token",
		"/requestBody/client_secret/value surely a secret",
		"/requestBody/client_secret/expires maybe a secret",
		"/requestBody/tokens/0 surely a GitHub token",
		"/requestBody/tokens/1 maybe a token",
		"/requestBody/ids/key maybe a key",
		"/requestBody/note surely Basic credentials",
		"/requestBody/certificate surely a private key",
	}, got); diff != "" {
		t.Errorf("found (-want +got)\n%s", diff)
	}
}
