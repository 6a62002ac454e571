package diagram_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

var update = flag.Bool("update", false, "rewrite the pictures in testdata; look at the difference")

// TestChanges draws what changes from before.json to after.json in the archives
// of testdata, as a plan does. A missing file is a bundle that isn't there; specs
// are lines of "action installed|not name", as the plan has them.
func TestChanges(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	if len(archives) == 0 {
		t.Fatal("there are no archives")
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]*[]byte{}
			for i := range archive.Files {
				files[archive.Files[i].Name] = &archive.Files[i].Data
			}
			text := func(name string) string {
				if files[name] == nil {
					return ""
				}
				return string(*files[name])
			}
			told := sentences.Tell([]sentences.Pair{{Before: parse(t, text("before.json")), After: parse(t, text("after.json"))}}, nil)
			if len(told.Flows) != 1 {
				t.Fatalf("%d flows change", len(told.Flows))
			}
			picture := diagram.New(told.Flows[0], specs(text("specs")), diagram.Most).Mermaid()
			if *update {
				*files["picture"] = []byte(picture)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(text("picture"), picture); diff != "" {
				t.Errorf("-want +have\n%s", diff)
			}
		})
	}
}

func specs(text string) []deploy.SpecPlan {
	var list []deploy.SpecPlan
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		s := deploy.SpecPlan{Action: deploy.SpecAction(words[0]), Installed: words[1] == "installed", Name: words[2]}
		s.Event = "support/ticket.TicketCreated"
		list = append(list, s)
	}
	return list
}

// TestOnlyWhatIsNear keeps of a large flow its beginning, the states around a
// change, and what they send where; the rest is one node.
func TestOnlyWhatIsNear(t *testing.T) {
	text := func(host string) string {
		return strings.NewReplacer(`"S150": {"Type": "Pass", "Result": {"a": "x"}`, `"S150": {"Type": "Action", "ActionName": "zis:i:action:send"`,
			`"resources": {`, `"resources": {"send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": "https://`+host+`/"}}}, `).Replace(long(200, "x"))
	}
	g := change(t, text("a.example"), text("b.example"), 5)
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.Name)
	}
	slices.Sort(names)
	if want := []string{"S0", "S1", "S149", "S150", "S151", "… 196 states left out", "🌐", "🌐"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	if got := of(g); got != "change S150; add sends b.example; remove sends a.example" {
		t.Error(got)
	}
	if !strings.Contains(g.Dot(), `label="… 196 states left out"`) {
		t.Error(g.Dot())
	}
}
