package diagram

import (
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// shapes are the brackets of Mermaid around a node's label, by state type.
var shapes = map[string][2]string{
	"Event": {"([", "])"}, "Action": {"[", "]"}, "Choice": {"{", "}"}, "Map": {"[[", "]]"},
	"Pass": {"[/", "/]"}, "More": {">", "]"}, "Host": {"((", "))"}, "Wait": {"(", ")"}, "Succeed": {"(((", ")))"}, "Fail": {"{{", "}}"},
}

// signs and styles tell changes apart by sign, line and colour. The text
// colour is set with the filling, so that light and dark mode both show it.
var (
	signs  = map[compare.Action]string{compare.Add: "➕ ", compare.Change: "✏️ ", compare.Remove: "➖ "}
	styles = []struct {
		action      compare.Action
		class, text string
	}{
		{compare.Add, "added", "fill:#1a7f37,stroke:#116329,color:#ffffff,stroke-width:3px"},
		{compare.Change, "changed", "fill:#9a6700,stroke:#633c01,color:#ffffff,stroke-width:2px,stroke-dasharray:6 3"},
		{compare.Remove, "removed", "fill:#a40e26,stroke:#660018,color:#ffffff,stroke-width:2px,stroke-dasharray:2 3"},
	}
	edgeStyles = map[compare.Action]string{
		compare.Add: "stroke:#1a7f37,stroke-width:3px", compare.Remove: "stroke:#cf222e,stroke-width:2px,stroke-dasharray:3 4",
	}
)

// Mermaid writes the graph in Mermaid's language, as GitHub shows it.
func (g Graph) Mermaid() string {
	var b strings.Builder
	direction := "TD"
	if g.Across {
		direction = "LR"
	}
	b.WriteString("flowchart " + direction + "\n")
	g.mermaidNodes(&b, "", "  ")
	for i, e := range g.Edges {
		fmt.Fprintf(&b, "  %s %s %s\n", e.From, mermaidArrow(e), e.To)
		if style := edgeStyles[e.Change]; style != "" {
			fmt.Fprintf(&b, "  linkStyle %d %s\n", i, style)
		}
	}
	for _, s := range styles {
		var ids []string
		for _, n := range g.Nodes {
			if n.Change == s.action {
				ids = append(ids, n.ID)
			}
		}
		if len(ids) > 0 {
			fmt.Fprintf(&b, "  classDef %s %s\n  class %s %s\n", s.class, s.text, strings.Join(ids, ","), s.class)
		}
	}
	return b.String()
}

// mermaidNodes writes the nodes around which the Map parent stands; a Map's
// own states are a box.
func (g Graph) mermaidNodes(b *strings.Builder, parent, indent string) {
	for _, n := range g.Nodes {
		if n.Parent != parent {
			continue
		}
		if n.Type == "Flow" {
			fmt.Fprintf(b, "%ssubgraph in_%s[\"%s\"]\n%s  direction LR\n", indent, n.ID, mermaidText(n.Name), indent)
			g.mermaidNodes(b, n.ID, indent+"  ")
			fmt.Fprintf(b, "%send\n", indent)
			continue
		}
		shape, ok := shapes[n.Type]
		if !ok {
			shape = shapes["Action"]
		}
		fmt.Fprintf(b, "%s%s%s\"%s\"%s\n", indent, n.ID, shape[0], mermaidLabel(n), shape[1])
		if g.hasChildren(n.ID) {
			fmt.Fprintf(b, "%ssubgraph in_%s[\"%s\"]\n", indent, n.ID, mermaidText("each item of "+n.Name))
			g.mermaidNodes(b, n.ID, indent+"  ")
			fmt.Fprintf(b, "%send\n", indent)
		}
	}
}

func (g Graph) hasChildren(id string) bool {
	for _, n := range g.Nodes {
		if n.Parent == id {
			return true
		}
	}
	return false
}

func mermaidLabel(n Node) string {
	label := signs[n.Change] + mermaidText(n.Name)
	if n.Detail != "" && n.Detail != n.Name {
		label += "<br/>" + mermaidText(n.Detail)
	}
	return label
}

func mermaidArrow(e Edge) string {
	line, label := "-->", e.Label
	if e.Kind == "catch" || e.Kind == "starts" || e.Kind == "item" || e.Kind == "more" || e.Kind == "sends" {
		line = "-.->"
	}
	if e.Change == compare.Remove || e.Kind == "sends" && e.Change == compare.Add {
		label = strings.TrimSpace(signs[e.Change] + label)
	}
	if label == "" {
		return line
	}
	return fmt.Sprintf("%s|\"%s\"|", line, mermaidText(label))
}

// labelWidth bounds a label, in runes.
const labelWidth = 60

// mermaidText makes text inert inside a quoted label: all but plain letters,
// digits and a few signs are written as the codes of their characters.
func mermaidText(s string) string {
	var b strings.Builder
	for i, r := range []rune(diag.Visible(s)) {
		if i == labelWidth {
			b.WriteString("…")
			break
		}
		if r > 127 || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(" .,-_=/", r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	return b.String()
}

// Dot writes the graph in the language of Graphviz.
func (g Graph) Dot() string {
	var b strings.Builder
	b.WriteString("digraph flow {\n  node [shape=box];\n")
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "  %s [label=%s%s];\n", n.ID, dotText(signs[n.Change]+n.Name+"\n"+n.Detail), dotShapes[n.Type])
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "  %s -> %s [label=%s%s];\n", e.From, e.To, dotText(e.Label), dotLine(e))
	}
	return b.String() + "}\n"
}

var dotShapes = map[string]string{
	"Event": ", shape=oval, style=dashed", "Host": ", shape=circle", "Choice": ", shape=diamond", "Map": ", shape=box3d",
	"Succeed": ", shape=doublecircle", "Fail": ", shape=octagon", "Wait": ", style=rounded",
}

func dotLine(e Edge) string {
	if e.Kind == "catch" || e.Kind == "starts" || e.Kind == "sends" {
		return ", style=dashed"
	}
	return ""
}

// dotText quotes text: a double quote and a backslash are all that can end it.
func dotText(s string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		lines = append(lines, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(diag.Visible(line)))
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
