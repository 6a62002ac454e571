package lint

import "slices"

// presence is where in the graph a path can be there, and where it can't.
type presence struct {
	initially      bool
	setters        []int  // few of them, or too many for dominators
	taken          bool   // some node takes it away
	there, missing []bool // by node; nil until the graph was walked
}

// fewSetters is how many dominators are looked up one by one.
const fewSetters = 8

// effect is what a node does to a path.
type effect uint8

const (
	leaves effect = iota
	sets
	takes
)

func (n *dataNode) effect(names []string) effect {
	switch {
	case !n.root && n.sets == nil:
		return leaves
	case n.root && n.value.lacks(names):
		return takes
	case n.root:
		return sets
	case startsWith(names, n.sets):
		if n.value.lacks(names[len(n.sets):]) {
			return takes
		}
		return sets
	case startsWith(n.sets, names):
		return sets
	}
	return leaves
}

// check tells whether what is read isn't there, by its shortest beginning.
func (g *dataGraph) check(r dataRead) (unset, bool) {
	at := g.entry(r.state)
	for i := range r.names {
		names := r.names[:i+1]
		there, missing := g.present(names, at)
		if !missing {
			continue
		}
		return unset{read: r, names: names, sometimes: there, help: g.suggest(names)}, true
	}
	return unset{}, false
}

// present tells whether some way to the node brings the path, and whether
// some way doesn't.
func (g *dataGraph) present(names []string, at int) (there, missing bool) {
	p := g.asked[key(names)]
	if p == nil {
		if g.budget < 0 {
			return true, false // too much to find out
		}
		p = g.ask(names)
		g.asked[key(names)] = p
	}
	switch {
	case len(p.setters) == 0 && !p.taken:
		return p.initially, !p.initially
	case p.initially && !p.taken:
		return true, false
	case !p.taken && len(p.setters) <= fewSetters && slices.ContainsFunc(p.setters, func(n int) bool { return g.dom().over(n, at) }):
		return true, false
	}
	if p.there == nil && !g.walk(names, p) {
		return true, false // too much to find out
	}
	return p.there[at], p.missing[at]
}

func (g *dataGraph) ask(names []string) *presence {
	p := &presence{initially: g.start.has(names)}
	for _, list := range [][]int{g.setters[names[0]], g.setters[""], g.unknown[:min(len(g.unknown), fewSetters+1)]} {
		g.budget -= len(list)
		for _, n := range list {
			switch g.nodes[n].effect(names) {
			case sets:
				if len(p.setters) <= fewSetters {
					p.setters = append(p.setters, n)
				}
			case takes:
				p.taken = true
			}
		}
	}
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
	visit := func(todo []point, n int, there bool) []point {
		seen := p.missing
		if there {
			seen = p.there
		}
		if seen[n] {
			return todo
		}
		seen[n] = true
		return append(todo, point{n, there})
	}
	for todo := visit(nil, 0, p.initially); len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		there := at.there
		switch g.nodes[at.node].effect(names) {
		case sets:
			there = true
		case takes:
			there = false
		}
		for _, to := range g.nodes[at.node].to {
			todo = visit(todo, to, there)
		}
	}
	return true
}

// suggest says what the path may have been meant to be.
func (g *dataGraph) suggest(names []string) string {
	last := names[len(names)-1]
	if *g.hints -= len(g.names) + len(g.setters[names[0]]); *g.hints < 0 {
		return ""
	}
	known := g.names
	if len(names) > 1 {
		known = g.start.below(names[:len(names)-1])
		for _, n := range g.setters[names[0]] {
			if node := g.nodes[n]; len(node.sets) >= len(names) && startsWith(node.sets, names[:len(names)-1]) {
				known = append(known, node.sets[len(names)-1])
			} else if len(node.sets) == len(names)-1 && startsWith(names, node.sets) {
				known = append(known, node.value.fields()...)
			}
		}
	} else {
		known = slices.Concat(known, rootNames)
	}
	if slices.Contains(known, last) {
		return "it is set, but no way leads from there to here"
	}
	if best := nearest(last, known); best != "" {
		return quoteHint(dotted(append(slices.Clone(names[:len(names)-1]), best)))
	}
	return ""
}
