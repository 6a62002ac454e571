package zis

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// The seven state types (documented: DG/understanding-flow-states).
const (
	StateAction  = "Action"
	StateChoice  = "Choice"
	StateMap     = "Map"
	StatePass    = "Pass"
	StateWait    = "Wait"
	StateSucceed = "Succeed"
	StateFail    = "Fail"
)

// Machine is a state machine: a flow's definition or a Map's Iterator.
type Machine struct {
	Node    *source.Node
	StartAt String
	States  []*State // in source order
}

// State is one state of a machine.
type State struct {
	Node       *source.Node
	Name       string
	Flow       *Flow
	Machine    *Machine // the one it stands in
	Index      int      // place among the machine's states
	Map        *State   // the Map state around it; nil in the flow itself
	Type       String
	Next       String
	Default    String
	ActionName String
	Choices    []Choice
	Catches    []Catch
	Iterator   *Machine // of a Map

	End, Parameters, Result, ResultPath *source.Node // of any type; nil if missing
}

// Choice is one top-level rule of a Choice state.
type Choice struct {
	Condition
	Next String
}

// Catch is one error handler of an Action or Map.
type Catch struct {
	Node *source.Node
	Next String
}

// Edge is a transition out of a state.
type Edge struct {
	Kind string // "next", "default", "choice" or "catch"
	To   String
}

// Edges yields the transitions that the state names, kind after kind.
func (s *State) Edges(yield func(Edge) bool) {
	give := func(kind string, to String) bool { return !to.Given() || yield(Edge{kind, to}) }
	for _, c := range s.Choices {
		if !give("choice", c.Next) {
			return
		}
	}
	if !give("default", s.Default) || !give("next", s.Next) {
		return
	}
	for _, c := range s.Catches {
		if !give("catch", c.Next) {
			return
		}
	}
}

// State returns the state of that name, or nil.
func (m *Machine) State(name string) *State {
	i := slices.IndexFunc(m.States, func(s *State) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return m.States[i]
}

// All yields the states of the flow, those inside Map iterators included.
func (f *Flow) All(yield func(*State) bool) {
	if f.Machine != nil {
		f.Machine.all(yield)
	}
}

func (m *Machine) all(yield func(*State) bool) bool {
	for _, s := range m.States {
		if !yield(s) || s.Iterator != nil && !s.Iterator.all(yield) {
			return false
		}
	}
	return true
}

func flow(r *Resource) *Flow {
	f := &Flow{Resource: r}
	if def := object(r.Properties.Get("definition")); def != nil {
		f.Machine = machine(f, def, nil)
	}
	return f
}

func machine(f *Flow, n *source.Node, around *State) *Machine {
	m := &Machine{Node: n, StartAt: text(n.Get("StartAt"))}
	states := n.Get("States")
	if !states.IsObject() {
		return m
	}
	m.States = make([]*State, len(states.Members))
	all := make([]State, len(states.Members))
	for i, member := range states.Members {
		all[i] = State{Node: member, Name: member.Name, Flow: f, Machine: m, Index: i, Map: around}
		all[i].read()
		m.States[i] = &all[i]
	}
	return m
}

// read takes the fields from the state's node. Of duplicate ones the last
// counts.
func (s *State) read() {
	for _, n := range s.Node.Members {
		switch n.Name {
		case "Type":
			s.Type = text(n)
		case "Next":
			s.Next = text(n)
		case "Default":
			s.Default = text(n)
		case "ActionName":
			s.ActionName = text(n)
		case "End":
			s.End = n
		case "Parameters":
			s.Parameters = n
		case "Result":
			s.Result = n
		case "ResultPath":
			s.ResultPath = n
		case "Choices":
			list := items(n)
			s.Choices = make([]Choice, len(list))
			for i, c := range list {
				s.Choices[i] = Choice{Condition: Conditional(c), Next: text(c.Get("Next"))}
			}
		case "Catch":
			list := items(n)
			s.Catches = make([]Catch, len(list))
			for i, c := range list {
				s.Catches[i] = Catch{Node: c, Next: text(c.Get("Next"))}
			}
		case "Iterator":
			s.Iterator = nil
			if it := object(n); it != nil {
				s.Iterator = machine(s.Flow, it, s)
			}
		}
	}
}

func items(n *source.Node) []*source.Node {
	if !n.IsArray() {
		return nil
	}
	return n.Members
}
