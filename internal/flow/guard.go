package flow

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// guards are paths that a condition has shown to be there.
type guards struct{ nodes []dataNode }

// maxGuards is how many a way carries: enough for people's Choices, and few
// enough in one of thousands of rules.
const maxGuards = 16

func (g *guards) add(more guards) {
	for _, n := range more.nodes {
		if len(g.nodes) < maxGuards {
			g.nodes = append(slices.Clip(g.nodes), n)
		}
	}
}

// guardsIf tells which paths are there if a condition is true, or false.
func (d *Start) guardsIf(c zis.Condition, truth bool) (g guards) {
	switch {
	case c.Logic == "Not":
		return d.guardsIf(c.Nested[0], !truth)
	case c.Logic == "And" && truth, c.Logic == "Or" && !truth:
		for _, n := range c.Nested {
			g.add(d.guardsIf(n, truth))
		}
		return g
	case c.Logic != "":
		return g
	}
	path, err := expr.ParsePath(c.Variable.Value)
	names := namesOf(path.Segments)
	if !c.Variable.Given() || err != nil || len(names) == 0 {
		return g
	}
	if provesPresence(c, truth) {
		g.nodes = []dataNode{{sets: names, known: true}}
	}
	if len(names) == len(path.Segments) {
		g.add(guards{d.narrowed(c, names, truth)})
	}
	return g
}

// provesPresence tells whether a comparison that turned out so shows that its
// variable is there.
func provesPresence(c zis.Condition, truth bool) bool {
	if is := c.Test("IsPresent"); is != nil {
		return is.Node.Value == truth
	}
	return truth && len(c.Tests) > 0
}
