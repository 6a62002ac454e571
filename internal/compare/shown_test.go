package compare_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

var update = flag.Bool("update", false, "rewrite what testdata wants")

// TestShown plays testdata: the account's bundle beside ours, and what is shown
// of the differences.
//
//	have action DEFINITION   the account's: the definition of an action "a"
//	have states STATES       or the states of a flow "f"
//	have spec PROPERTIES     or the properties of a job spec "s"
//	have bundle BUNDLE       or all of it
//	want …                   ours, the same way
//	secret VALUE             that a secret variable has filled into ours
//
// Of a note and of what is assumed nothing counts; what is assumed does if the
// upload may not have been ours.
func TestShown(t *testing.T) {
	for _, name := range []string{"differences", "forms", "secrets"} {
		path := "testdata/" + name + ".txtar"
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range a.Files {
			t.Run(name+"/"+part.Name, func(t *testing.T) {
				text, _, _ := strings.Cut(string(part.Data), "\n=> ")
				got := strings.TrimSuffix(text, "\n") + "\n" + shownOf(t, text)
				if diff := cmp.Diff(string(part.Data), got); diff != "" && !*update {
					t.Errorf("(-want +got)\n%s", diff)
				}
				a.Files[i].Data = []byte(got)
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// bundles is how a bundle with one resource is written around a part of it.
var bundles = map[string]string{
	"action": `{"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": %s}}`,
	"states": `{"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": %s}}}`,
	"spec":   `{"type": "ZIS::JobSpec", "properties": %s}`,
}

func shownOf(t *testing.T, text string) string {
	t.Helper()
	var have, want *source.Document
	var secrets []string
	for line := range strings.Lines(text) {
		side, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		kind, part, _ := strings.Cut(rest, " ")
		if form := bundles[kind]; form != "" {
			part = fmt.Sprintf(`{"name": "b", "zis_template_version": "2019-10-14", "resources": {"r": `+form+`}}`, part)
		}
		switch side {
		case "have":
			have = compared(t, part)
		case "want":
			want = compared(t, part)
		case "secret":
			secrets = append(secrets, rest)
		}
	}
	want = want.Edited(secrets, func(n *source.Node) source.Edit {
		e := n.Same()
		for _, s := range secrets {
			if text, ok := n.Text(); ok && strings.Contains(text, s) {
				e.Secret, e.Shown = true, strings.ReplaceAll(text, s, compare.Hidden)
			}
		}
		return e
	})
	strict, loose := compare.Bundles(want, have, "acme", true), compare.Bundles(want, have, "acme", false)
	var b strings.Builder
	for _, d := range compare.Differences("", strict.Have, strict.Want, compare.NewMask(want, have), strict.Moved) {
		told := fmt.Sprintf("%s %s: %s", d.Action, d.Pointer, d.Old)
		if d.Action == compare.Change {
			told += " becomes "
		}
		fmt.Fprintf(&b, "=> %s\n", diag.Visible(told+d.New))
	}
	for _, n := range loose.Assumed {
		fmt.Fprintf(&b, "=> assumed %s\n", n)
	}
	for _, n := range strict.Notes {
		fmt.Fprintf(&b, "=> note %s\n", n)
	}
	if b.Len() == 0 {
		return "=> same\n"
	}
	return b.String()
}

func compared(t *testing.T, text string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("b.json", []byte(text)))
	if doc == nil {
		t.Fatalf("%s: %v", text, found)
	}
	return doc
}
