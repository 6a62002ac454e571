package lint

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/zis"
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
	start  *zis.State
	to     [][]*zis.State        // by the index of a state
	loops  []*zis.State          // the first states of groups that can't be left
	meant  map[string]*zis.State // by a name that no state has
	broken bool
}

// graph returns a machine's graph, made once.
func (x *index) graph(m *zis.Machine) *graph {
	facts := x.of(m)
	if facts.graph != nil {
		return facts.graph
	}
	g := &graph{to: make([][]*zis.State, len(m.States)), meant: map[string]*zis.State{}}
	facts.graph = g
	states := x.statesOf(m)
	g.start = g.resolve(x, m, states, m.StartAt)
	for i, s := range m.States {
		leads := false
		for e := range s.Edges {
			leads = true
			if to := g.resolve(x, m, states, e.To); to != nil {
				g.to[i] = append(g.to[i], to)
			}
		}
		g.broken = g.broken || !leads && !ends(s) || x.losesWay(s)
	}
	g.broken = g.broken || g.start == nil
	if !g.broken {
		g.loops = findLoops(g.start, g.to)
	}
	return g
}

func (g *graph) resolve(x *index, m *zis.Machine, states map[string]*zis.State, to zis.String) *zis.State {
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
func (g *graph) target(states map[string]*zis.State, to zis.String) *zis.State {
	if s := states[to.Value]; s != nil {
		return s
	}
	return g.meant[to.Value]
}

// losesWay tells whether a state may lead on in a way that isn't seen: a
// finding of its own says so.
func (x *index) losesWay(s *zis.State) bool {
	return x.lacksDefault(s) || x.misspelt(s, "Default") || x.misspelt(s, "Catch")
}

// ends tells whether the flow, or the iteration of a Map, can end in s.
func ends(s *zis.State) bool {
	if end := s.End; end != nil && end.Value == true {
		return true
	}
	return s.Type.Value == zis.StateSucceed || s.Type.Value == zis.StateFail
}

// reach marks, by index, the states that edges lead to from the given ones.
func reach(from []*zis.State, edges [][]*zis.State) []bool {
	seen := make([]bool, len(edges))
	todo := slices.Clone(from)
	for _, s := range from {
		seen[s.Index] = true
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range edges[s.Index] {
			if !seen[to.Index] {
				seen[to.Index] = true
				todo = append(todo, to)
			}
		}
	}
	return seen
}

// unreachableStates reports the states that no way from StartAt leads to: each
// of them can be removed. Where a loop can't be left, that is why the states
// behind it aren't reached.
func unreachableStates(p *Pass, m *zis.Machine) {
	g := p.index.graph(m)
	if g.broken || len(g.loops) > 0 {
		return // another rule tells where the way is lost
	}
	seen := reach([]*zis.State{g.start}, g.to)
	for i, s := range m.States {
		if !seen[i] && p.index.statesOf(m)[s.Name] == s && !p.index.damage().below(m.Node, wayFields...) {
			p.AtKey(s.Node, "remove it, or lead a Next to it", "no way leads to the state %q", s.Name)
		}
	}
}

func endlessLoops(p *Pass, m *zis.Machine) {
	for _, s := range p.index.graph(m).loops {
		if p.index.damage().below(m.Node, wayFields...) {
			return
		}
		p.AtKey(s.Node, "lead one of the transitions to a state that ends", "no way leads from the state %q to an end", s.Name)
	}
}

// loopFinder finds the groups of states that lead to each other and nowhere
// else (Tarjan: Depth-First Search and Linear Graph Algorithms).
type loopFinder struct {
	to          [][]*zis.State
	number, low []int // by the index of a state; its number is 0 until it is visited
	grouped     []bool
	open        []bool // an edge leads to another group
	stack       []*zis.State
	loops       []*zis.State
}

// findLoops returns the first state of each group that a run can enter, and
// can neither leave nor end in.
func findLoops(start *zis.State, to [][]*zis.State) []*zis.State {
	n := len(to)
	f := &loopFinder{to: to, number: make([]int, n), low: make([]int, n), grouped: make([]bool, n), open: make([]bool, n)}
	f.visit(start, 1)
	slices.SortFunc(f.loops, func(a, b *zis.State) int { return a.Index - b.Index })
	return f.loops
}

// visit returns the next number.
func (f *loopFinder) visit(s *zis.State, next int) int {
	i := s.Index
	f.number[i], f.low[i] = next, next
	f.stack = append(f.stack, s)
	next++
	for _, to := range f.to[i] {
		if f.number[to.Index] == 0 {
			next = f.visit(to, next)
		}
		if f.grouped[to.Index] {
			f.open[i] = true
		} else {
			f.low[i] = min(f.low[i], f.low[to.Index])
		}
	}
	if f.low[i] == f.number[i] {
		f.close(s)
	}
	return next
}

// close takes the group that was entered at s off the stack.
func (f *loopFinder) close(s *zis.State) {
	at := len(f.stack) - 1
	for f.stack[at] != s {
		at--
	}
	group := f.stack[at:]
	f.stack = f.stack[:at]
	first, open := s, false
	for _, member := range group {
		f.grouped[member.Index] = true
		open = open || f.open[member.Index] || ends(member)
		if member.Index < first.Index {
			first = member
		}
	}
	if !open {
		f.loops = append(f.loops, first)
	}
}
