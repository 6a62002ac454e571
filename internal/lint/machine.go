package lint

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

var machineRules = []Rule{
	{
		ID: "unreachable-state", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/understanding-flow-states: a flow begins at StartAt and follows Next; deployed bundles hold such states (observed)",
		Summary: "no way leads to a state",
		Machine: unreachableStates,
	},
	{
		ID: "endless-loop", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/flow-state-limitations: a flow is ended after 100 seconds",
		Summary: "no way leads from a state to an end",
		Machine: endlessLoops,
	},
}

// graph is who leads to whom in a machine. A transition to a state that is
// not there leads to the state it was probably meant for, so that one mistake
// is told once; broken tells that for some nothing can be guessed.
type graph struct {
	start  *bundle.State
	to     map[*bundle.State][]*bundle.State
	meant  map[string]*bundle.State // by a name that no state has
	broken bool
}

// graph returns a machine's graph, made once.
func (x *index) graph(m *bundle.Machine) *graph {
	if g := x.graphs[m]; g != nil {
		return g
	}
	g := &graph{to: make(map[*bundle.State][]*bundle.State, len(m.States)), meant: map[string]*bundle.State{}}
	g.broken = x.damage.below(m.Node, wayFields...)
	x.graphs[m] = g
	states := x.statesOf(m)
	g.start = g.resolve(x, m, states, m.StartAt)
	for _, s := range m.States {
		edges := s.Edges()
		for _, e := range edges {
			if to := g.resolve(x, m, states, e.To); to != nil {
				g.to[s] = append(g.to[s], to)
			}
		}
		g.broken = g.broken || losesWay(s)
	}
	return g
}

func (g *graph) resolve(x *index, m *bundle.Machine, states map[string]*bundle.State, to bundle.String) *bundle.State {
	if s := g.target(states, to); s != nil {
		return s
	}
	if x.hints -= len(states); x.hints >= 0 {
		if s := states[nearest(to.Value, x.stateNames(m))]; s != nil {
			g.meant[to.Value] = s
			return s
		}
	}
	g.broken = true
	return nil
}

// target is the state that a transition leads to, or was meant to lead to.
func (g *graph) target(states map[string]*bundle.State, to bundle.String) *bundle.State {
	if s := states[to.Value]; s != nil {
		return s
	}
	return g.meant[to.Value]
}

// losesWay tells whether a state may lead on in a way that isn't seen: a
// finding of its own says so.
func losesWay(s *bundle.State) bool {
	return lacksDefault(s) || misspelt(s.Node, "Default") || misspelt(s.Node, "Catch") || len(s.Edges()) == 0 && !ends(s)
}

// ends tells whether the flow, or the iteration of a Map, can end in s.
func ends(s *bundle.State) bool {
	if end := s.Node.Get("End"); end != nil && end.Value == true {
		return true
	}
	return s.Type.Value == bundle.StateSucceed || s.Type.Value == bundle.StateFail
}

// reach marks all states that edges lead to from the given ones.
func reach(from []*bundle.State, edges map[*bundle.State][]*bundle.State) map[*bundle.State]bool {
	seen := make(map[*bundle.State]bool, len(edges))
	todo := from
	for _, s := range from {
		seen[s] = true
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range edges[s] {
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return seen
}

// unreachableStates reports the states that no way from StartAt leads to. Of
// several that lead to each other the first is reported: the others follow.
// Where a loop can't be left, that is why the states behind it aren't reached.
func unreachableStates(p *Pass, m *bundle.Machine) {
	g := p.index.graph(m)
	if g.start == nil || g.broken || len(p.index.loops(m)) > 0 {
		return
	}
	seen := reach([]*bundle.State{g.start}, g.to)
	entered := map[*bundle.State]bool{}
	for _, s := range m.States {
		for _, to := range g.to[s] {
			entered[to] = entered[to] || !seen[s] && to != s
		}
	}
	for _, onlyRoots := range []bool{true, false} {
		for _, s := range m.States {
			if seen[s] || onlyRoots && entered[s] || p.index.statesOf(m)[s.Name] != s {
				continue
			}
			p.AtKey(s.Node, "remove it, or lead a Next to it", "no way leads to the state %q", s.Name)
			for behind := range reach([]*bundle.State{s}, g.to) {
				seen[behind] = seen[behind] || !onlyRoots || entered[behind]
			}
			seen[s] = true
		}
	}
}

// endlessLoops reports one state of each group that can be entered and not be
// left.
func endlessLoops(p *Pass, m *bundle.Machine) {
	for _, s := range p.index.loops(m) {
		p.AtKey(s.Node, "lead one of the transitions to a state that ends", "no way leads from the state %q to an end", s.Name)
	}
}

// loops are the first states of the groups that can't be left.
func (x *index) loops(m *bundle.Machine) (list []*bundle.State) {
	g := x.graph(m)
	if g.start == nil || g.broken {
		return nil
	}
	back := make(map[*bundle.State][]*bundle.State, len(m.States))
	var exits []*bundle.State
	for _, s := range m.States {
		for _, to := range g.to[s] {
			back[to] = append(back[to], s)
		}
		if ends(s) {
			exits = append(exits, s)
		}
	}
	entered, left := reach([]*bundle.State{g.start}, g.to), reach(exits, back)
	told := map[*bundle.State]bool{}
	for _, s := range m.States {
		if !entered[s] || left[s] || told[s] {
			continue
		}
		group := reach([]*bundle.State{s}, g.to)
		if !returns(s, g, group) {
			continue // the loop is further on
		}
		for member := range group {
			told[member] = true
		}
		list = append(list, s)
	}
	return list
}

// returns tells whether a way leads from s back to s.
func returns(s *bundle.State, g *graph, group map[*bundle.State]bool) bool {
	for member := range group {
		if slices.Contains(g.to[member], s) {
			return true
		}
	}
	return false
}
