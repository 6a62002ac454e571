package flow

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// presence is where in the graph a path can be there, and where it can't.
type presence struct {
	initially      bool     // some event brings it
	lacking        *Trigger // an event that doesn't; nil if all do
	setters        []int    // few of them, or too many for dominators
	taken          bool     // some node takes it away
	there, missing []bool   // by node; nil until the graph was walked
}

// fewSetters is how many dominators are looked up one by one.
const fewSetters = 8

// effect is what a node does to a path.
type effect uint8

const (
	leavesIt effect = iota
	setsIt
	takesIt
)

func (n *dataNode) effect(names []string) effect {
	switch {
	case !n.root && n.sets == nil:
		return leavesIt
	case n.maybe && n.shape.Lacks(names):
		return leavesIt
	case n.root && n.shape.Lacks(names):
		return takesIt
	case n.root:
		return setsIt
	case startsWith(names, n.sets):
		if n.shape.Lacks(names[len(n.sets):]) {
			return takesIt
		}
		return setsIt
	case startsWith(n.sets, names):
		return setsIt
	}
	return leavesIt
}

// check tells whether what is read isn't there, by its shortest beginning.
func (g *dataGraph) check(r Read) (Unset, bool) {
	at := g.entry(r.State)
	for i := range r.Names {
		names := r.Names[:i+1]
		there, missing := g.present(names, at)
		if !missing {
			continue
		}
		u := Unset{Read: r, Names: names, Sometimes: there, Suggest: g.suggest(r.Names, names)}
		if p := g.asked[pathKey(names)]; p != nil && p.lacking != nil && !slices.ContainsFunc(p.setters, func(n int) bool { return !g.nodes[n].known }) {
			u.Event = p.lacking.Spec
		}
		return u, true
	}
	return g.checkItem(r)
}

// checkItem looks at what is read of an item of a list.
func (g *dataGraph) checkItem(r Read) (Unset, bool) {
	if len(r.Beyond) == 0 {
		return Unset{}, false
	}
	if list := g.shapeAt(r.Names); list == nil || list.Type != zis.List || !list.Items.Lacks(r.Beyond) {
		return Unset{}, false
	}
	u := Unset{Read: r, Names: slices.Concat(r.Names[:len(r.Names)-1], []string{r.Names[len(r.Names)-1] + "[n]"}, r.Beyond[:1])}
	if p := g.asked[pathKey(r.Names)]; p.initially && len(g.start.Events) > 0 {
		u.Event = g.start.Events[0].Spec
	}
	return u, true
}

// present tells whether some way to the node brings the path, and whether
// some way doesn't.
func (g *dataGraph) present(names []string, at int) (there, missing bool) {
	p := g.ask(names)
	if p == nil {
		return true, false // too much to find out
	}
	always := p.initially && p.lacking == nil
	switch {
	case len(p.setters) == 0 && !p.taken:
		return p.initially, p.lacking != nil
	case always && !p.taken:
		return true, false
	case !p.taken && len(p.setters) <= fewSetters && slices.ContainsFunc(p.setters, func(n int) bool { return g.dom().over(n, at) }):
		return true, false
	}
	if p.there == nil && !g.walk(names, p) {
		return true, false
	}
	return p.there[at], p.missing[at]
}

// ask is nil if no more can be found out.
func (g *dataGraph) ask(names []string) *presence {
	key := pathKey(names)
	if p := g.asked[key]; p != nil || g.budget < 0 {
		return p
	}
	p := &presence{}
	p.initially, p.lacking = g.start.Has(names)
	for _, list := range [][]int{g.setters[names[0]], g.setters[""], g.unknown[:min(len(g.unknown), fewSetters+1)]} {
		g.budget -= len(list)
		for _, n := range list {
			switch g.nodes[n].effect(names) {
			case setsIt:
				if len(p.setters) <= fewSetters {
					p.setters = append(p.setters, n)
				}
			case takesIt:
				p.taken = true
			}
		}
	}
	g.asked[key] = p
	return p
}

// walk follows all ways with and without the path; false if that would take
// too long.
func (g *dataGraph) walk(names []string, p *presence) bool {
	if g.budget -= len(g.nodes); g.budget < 0 {
		return false
	}
	p.there, p.missing = make([]bool, len(g.nodes)), make([]bool, len(g.nodes))
	type point struct {
		node  int
		there bool
	}
	var todo []point
	visit := func(n int, there bool) {
		seen := p.missing
		if there {
			seen = p.there
		}
		if !seen[n] {
			seen[n] = true
			todo = append(todo, point{n, there})
		}
	}
	if p.initially {
		visit(0, true)
	}
	if p.lacking != nil {
		visit(0, false)
	}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		there := at.there
		switch g.nodes[at.node].effect(names) {
		case setsIt:
			there = true
		case takesIt:
			there = false
		}
		for _, to := range g.nodes[at.node].to {
			visit(to, there)
		}
	}
	return true
}

// shapeAt is the shape of what stands at a path wherever it is there.
func (g *dataGraph) shapeAt(names []string) *zis.Shape {
	p := g.ask(names)
	if p == nil || p.taken {
		return nil
	}
	var writers []int
	for _, n := range p.setters {
		if !g.nodes[n].known {
			writers = append(writers, n)
		}
	}
	switch {
	case p.initially && len(writers) == 0:
		return g.start.At(names)
	case !p.initially && len(writers) == 1 && !g.nodes[writers[0]].root && startsWith(names, g.nodes[writers[0]].sets):
		node := g.nodes[writers[0]]
		return node.shape.At(names[len(node.sets):]...)
	}
	return nil
}
