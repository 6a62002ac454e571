package flow

import (
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Graph is who leads to whom in a machine. A transition to a state that is
// not there leads to the state it was probably meant for, so that one mistake
// is told once; Broken tells that for some nothing can be guessed.
type Graph struct {
	Start  *zis.State
	To     [][]*zis.State // by the index of a state
	Loops  []*zis.State   // the first states of groups that can't be left
	Stuck  []*zis.State   // the first states of groups that can be left by an error alone
	Broken bool

	meant map[string]*zis.State // by a name that no state has
}

// Graph is a machine's.
func (x *Facts) Graph(m *zis.Machine) *Graph {
	facts := x.machine(m)
	if facts.graph != nil {
		return facts.graph
	}
	g := &Graph{To: make([][]*zis.State, len(m.States)), meant: map[string]*zis.State{}}
	facts.graph = g
	states := x.States(m)
	g.Start = g.resolve(x, m, states, m.StartAt)
	for i, s := range m.States {
		leads := false
		for e := range s.Edges {
			leads = true
			if to := g.resolve(x, m, states, e.To); to != nil {
				g.To[i] = append(g.To[i], to)
			}
		}
		g.Broken = g.Broken || !leads && !Ends(s) || x.losesWay(s)
	}
	g.Broken = g.Broken || g.Start == nil
	if !g.Broken {
		g.Loops = findLoops([]*zis.State{g.Start}, g.To)
		g.Stuck = g.stuck(m, states)
	}
	return g
}

// stuck looks for loops as if nothing ever failed.
func (g *Graph) stuck(m *zis.Machine, states map[string]*zis.State) []*zis.State {
	if !slices.ContainsFunc(m.States, func(s *zis.State) bool { return len(s.Catches) > 0 }) {
		return nil
	}
	to := make([][]*zis.State, len(m.States))
	var reached []*zis.State
	for i, there := range Reach([]*zis.State{g.Start}, g.To) {
		if !there {
			continue
		}
		reached = append(reached, m.States[i])
		for e := range m.States[i].Edges {
			if next := g.target(states, e.To); next != nil && e.Kind != "catch" {
				to[i] = append(to[i], next)
			}
		}
	}
	return slices.DeleteFunc(findLoops(reached, to), func(s *zis.State) bool { return slices.Contains(g.Loops, s) })
}

func (g *Graph) resolve(x *Facts, m *zis.Machine, states map[string]*zis.State, to zis.String) *zis.State {
	if s := g.target(states, to); s != nil {
		return s
	}
	if s := states[x.Nearest(to.Value, x.StateNames(m))]; s != nil {
		g.meant[to.Value] = s
		return s
	}
	g.Broken = true
	return nil
}

// target is the state that a transition leads to, or was meant to lead to.
func (g *Graph) target(states map[string]*zis.State, to zis.String) *zis.State {
	if s := states[to.Value]; s != nil {
		return s
	}
	return g.meant[to.Value]
}

// losesWay tells whether a state may lead on in a way that isn't seen: a
// finding of its own says so.
func (x *Facts) losesWay(s *zis.State) bool {
	return x.LacksDefault(s) || x.Misspelt(s, "Default") || x.Misspelt(s, "Catch")
}

// Ends tells whether the flow, or the iteration of a Map, can end in s.
func Ends(s *zis.State) bool {
	if end := s.End; end != nil && end.Value == true {
		return true
	}
	return s.Type.Value == zis.StateSucceed || s.Type.Value == zis.StateFail
}

// Reach marks, by index, the states that edges lead to from the given ones.
func Reach(from []*zis.State, edges [][]*zis.State) []bool {
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

// LacksDefault tells whether no rule of a Choice may be true and there is no
// Default. Two rules can leave nothing over.
func (x *Facts) LacksDefault(s *zis.State) bool {
	if s.Type.Value != zis.StateChoice || s.Node.Get("Default") != nil || x.Misspelt(s, "Default") || len(s.Choices) == 0 {
		return false
	}
	seen := map[string]bool{}
	for _, c := range s.Choices {
		variable, _ := c.Node.Get("Variable").Text()
		for _, op := range []string{"BooleanEquals", "IsPresent", "IsNull"} {
			if v := c.Node.Get(op); v != nil {
				seen[fmt.Sprint(variable, " ", op, " ", v.Value)] = true
				if seen[fmt.Sprint(variable, " ", op, " ", v.Value != true)] {
					return false
				}
			}
		}
	}
	return true
}
