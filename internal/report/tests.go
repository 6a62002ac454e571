package report

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// Tests is how the tests of flows went, beside the findings that failed ones
// are.
type Tests struct {
	Summary string    // "14 cases passed; coverage 96% (71 of 74)"
	Failed  bool      // whether one failed
	Cases   []Tested  // in order
	Missed  []string  // what no case covers, with its place
	Flows   []Covered // pictures
}

// Tested is one case.
type Tested struct {
	Name   string
	Passed bool
	Note   string // on which assumptions it relies; may be empty
}

// Covered is a flow whose states were reached or not.
type Covered struct {
	Flow    string
	Graph   diagram.Graph
	Reached map[string]bool // by the state's name
}

// maxTested is how many cases a page lists.
const maxTested = 200

// markdownTests lists the cases, and draws each flow with what no case reaches.
func markdownTests(t *Tests) []section {
	if t == nil {
		return nil
	}
	var lines []string
	for _, c := range t.Cases[:min(len(t.Cases), maxTested)] {
		sign := "✅"
		if !c.Passed {
			sign = "❌"
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |\n", sign, Inline(c.Name), Inline(c.Note)))
	}
	if more := len(t.Cases) - maxTested; more > 0 {
		lines = append(lines, fmt.Sprintf("| | %s | |\n", english.Plural(more, "more")))
	}
	const head = "| | case | |\n|---|---|---|\n"
	cases := inLines(head, lines, "\n")
	if len(lines) == 0 {
		cases = plain(head + "\n")
	}
	return []section{
		{ofSentences, "sentence", plain(Inline(t.Summary) + "\n\n")},
		{ofTables, "case", cases},
		{ofPictures, "picture", t.pictures()},
		{ofFolds, "uncovered place", t.missed()},
	}
}

func (t *Tests) pictures() []piece {
	var list []piece
	for _, f := range t.Flows {
		list = append(list, plain(fmt.Sprintf("### Flow %s: what tests reach\n\n➕ green is reached, ➖ red is not.\n\n%s\n", Code(f.Flow), Fence("mermaid", f.coloured().Mermaid())))...)
	}
	return list
}

func (t *Tests) missed() []piece {
	if len(t.Missed) == 0 {
		return nil
	}
	var items []item
	for _, l := range shownLines(t.Missed) {
		items = append(items, item{text: l + "\n"})
	}
	return []piece{fold(fmt.Sprintf("%d branches not covered", len(t.Missed)), "", items)}
}

// coloured marks states as a picture of a change marks them.
func (f Covered) coloured() diagram.Graph {
	g := f.Graph
	g.Nodes = append([]diagram.Node(nil), g.Nodes...)
	for i, n := range g.Nodes {
		if n.Type == "Event" || n.Type == "Host" || n.Type == "More" {
			continue
		}
		g.Nodes[i].Change = compare.Remove
		if f.Reached[n.Name] {
			g.Nodes[i].Change = compare.Add
		}
	}
	return g
}
