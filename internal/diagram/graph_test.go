package diagram_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// change draws the first flow of a bundle before and after.
func change(t *testing.T, before, after string, most int) diagram.Graph {
	t.Helper()
	told := sentences.Tell([]sentences.Pair{{Before: parse(t, before), After: parse(t, after)}}, nil)
	return diagram.New(told.Flows[0], nil, most)
}

func parse(t *testing.T, text string) *source.Document {
	t.Helper()
	if text == "" {
		return nil
	}
	doc, found := source.Parse(diag.NewFile("a.json", []byte(text)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

func example(t *testing.T, edit ...string) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/ticket-to-slack/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(edit...).Replace(string(text))
}

// of are the nodes that change, as "action name", and the edges, as "action
// label".
func of(g diagram.Graph) string {
	var list []string
	for _, n := range g.Nodes {
		if n.Change != compare.Keep {
			list = append(list, string(n.Change)+" "+n.Name)
		}
	}
	for _, e := range g.Edges {
		if e.Change != compare.Keep {
			list = append(list, string(e.Change)+" "+e.Kind+" "+e.Label)
		}
	}
	return strings.Join(list, "; ")
}

func TestWhatIsMarked(t *testing.T) {
	for name, tt := range map[string]struct {
		edit []string
		want string
	}{
		"nothing":          {nil, ""},
		"a comment":        {[]string{`"Type": "Fail",`, `"Type": "Fail", "Comment": "x",`}, ""},
		"another name":     {[]string{"PostMessage", "SendMessage"}, ""},
		"another action":   {[]string{"post_message", "tell"}, ""},
		"another body":     {[]string{`"text": "{{$.text}}"`, `"text": "New: {{$.text}}"`}, "change PostMessage"},
		"another host":     {[]string{"https://slack.com", "https://x.example"}, "change PostMessage; add sends x.example; remove sends slack.com"},
		"another rule":     {[]string{`"urgent",`, `"high",`}, "change IsUrgent; add choice ticket.priority = high; remove choice ticket.priority = urgent"},
		"an inserted step": {[]string{`"Next": "Posted"`, `"Next": "P"`, `"Posted": {`, `"P": {"Type": "Pass", "Next": "Posted"}, "Posted": {`}, "change PostMessage; add P; add next ; remove next ; add next "},
	} {
		if got := of(change(t, example(t), example(t, tt.edit...), diagram.Most)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if got := of(change(t, "", example(t), diagram.Most)); !strings.HasPrefix(got, "add LoadSettings; ") || !strings.Contains(got, "add sends slack.com") {
		t.Errorf("a new flow: %s", got)
	}
	if got := of(change(t, example(t), example(t, `"ZIS::Flow"`, `"ZIS::Other"`), diagram.Most)); !strings.HasPrefix(got, "remove LoadSettings; ") {
		t.Errorf("a flow that goes: %s", got)
	}
}

// long is a flow of n states, of which the one in the middle says word.
func long(n int, word string) string {
	var b strings.Builder
	b.WriteString(`{"name": "n", "resources": {"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "S0", "States": {`)
	for i := range n {
		said := "x"
		if i == n/2 {
			said = word
		}
		fmt.Fprintf(&b, `"S%d": {"Type": "Pass", "Result": {"a": "%s"}, "Next": "S%d"}, `, i, said, i+1)
	}
	fmt.Fprintf(&b, `"S%d": {"Type": "Succeed"}}}}}}}`, n)
	return b.String()
}

func TestLargeFlowsAreCutToWhatChanges(t *testing.T) {
	for _, most := range []int{diagram.Few, diagram.Most} {
		g := change(t, long(200, "one"), long(200, "two"), most)
		states, changed, ids := 0, 0, map[string]bool{}
		for _, n := range g.Nodes {
			ids[n.ID] = true
			if n.Type == "Pass" || n.Type == "Succeed" {
				states++
			}
			if n.Change == compare.Change {
				changed++
			}
		}
		if states != most || states+g.LeftOut != 201 || changed != 1 {
			t.Errorf("%d of at most %d states, %d left out, %d changed", states, most, g.LeftOut, changed)
		}
		for _, e := range g.Edges {
			if !ids[e.From] || !ids[e.To] {
				t.Errorf("an edge from %s to %s leads nowhere", e.From, e.To)
			}
		}
	}
}

func TestJoinedPicturesKeepTheirOwnNodes(t *testing.T) {
	g := change(t, example(t), example(t, "https://slack.com", "https://x.example"), diagram.Few)
	all := diagram.Join([]diagram.Graph{g, g}, []string{`one"]`, "two"})
	seen := map[string]bool{}
	for _, n := range all.Nodes {
		if seen[n.ID] {
			t.Errorf("two nodes are called %s", n.ID)
		}
		seen[n.ID] = true
	}
	text := all.Mermaid()
	if len(all.Edges) != 2*len(g.Edges) || strings.Count(text, "\n  end\n") != 2 || strings.Contains(text, `one"]"`) {
		t.Errorf("%s", text)
	}
}

// FuzzMermaid gives names to a flow: the picture keeps its lines and quotes.
func FuzzMermaid(f *testing.F) {
	f.Add(`a"]`, "x.example")
	f.Add("end\n  subgraph", "`|~")
	f.Fuzz(func(t *testing.T, name, host string) {
		s := func(s string) string { return fmt.Sprintf("%q", strings.ToValidUTF8(s, "")) }
		text := fmt.Sprintf(`{"name": "n", "resources": {
		  "a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"method": "POST", "url": %s}}},
		  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": %s, "States": {%s: {"Type": "Action", "ActionName": "zis:i:action:a", "End": true}}}}}}}`, s("https://"+host), s(name), s(name))
		doc, _ := source.Parse(diag.NewFile("a.json", []byte(text)))
		if doc == nil {
			return // Go quotes some characters in a way that JSON doesn't know
		}
		told := sentences.Tell([]sentences.Pair{{After: doc}}, nil)
		g := diagram.New(told.Flows[0], nil, diagram.Most)
		picture := g.Mermaid()
		for line := range strings.Lines(picture) {
			if n := strings.Count(line, `"`); n != 0 && n != 2 {
				t.Fatalf("%d quotes in %q", n, line)
			}
		}
		if want := len(g.Nodes) + 1; strings.Count(picture, "\n  s")+strings.Count(picture, "\n  o") < want-1 {
			t.Fatalf("%d nodes in\n%s", len(g.Nodes), picture)
		}
		if strings.Count(g.Dot(), "\n") != len(g.Nodes)+len(g.Edges)+3 {
			t.Fatalf("lines come out of names:\n%s", g.Dot())
		}
	})
}
