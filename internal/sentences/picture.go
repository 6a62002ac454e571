package sentences

import (
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Flow is a flow before and after, as a picture needs it.
type Flow struct {
	Bundle        string
	Action        compare.Action // change also where only a request that it sends differs
	Before, After *zis.Flow      // one may be nil
	Former        map[*zis.State]*zis.State
	Changed       map[*zis.State]bool   // states of After that do something else than before
	Hosts         map[*zis.State]string // to which states send, where that is outside the account
}

// Of is the flow as it will be, or as it was if it goes.
func (f Flow) Of() *zis.Flow {
	if f.After != nil {
		return f.After
	}
	return f.Before
}

// Whole are the flows of a bundle that is compared with nothing.
func Whole(b *zis.Bundle) []Flow {
	side, list := newSide(b), make([]Flow, len(b.Flows))
	for i, f := range b.Flows {
		list[i] = Flow{Bundle: b.Name.Value, Action: compare.Keep, After: f, Hosts: map[*zis.State]string{}}
		side.outside(f, list[i].Hosts)
	}
	return list
}

// picture notes a flow for those who draw it.
func (b *pair) picture(was, is *zis.Flow) *Flow {
	f := Flow{
		Bundle: b.name, Action: compare.Keep, Before: was, After: is,
		Former: map[*zis.State]*zis.State{}, Changed: map[*zis.State]bool{}, Hosts: map[*zis.State]string{},
	}
	switch {
	case was == nil:
		f.Action = compare.Add
	case is == nil:
		f.Action = compare.Remove
	}
	b.was.outside(was, f.Hosts)
	b.is.outside(is, f.Hosts)
	b.out.Flows = append(b.out.Flows, f)
	return &b.out.Flows[len(b.out.Flows)-1]
}

// outside notes to which hosts outside the account the states of a flow send.
func (s *side) outside(f *zis.Flow, hosts map[*zis.State]string) {
	if f == nil {
		return
	}
	for state := range f.All {
		if a := s.action(state); a != nil {
			if r := s.request(a); r.host != "" {
				hosts[state] = r.host
			}
		}
	}
}

// drawn notes what the picture of the flow needs of one of its machines.
func (m *machine) drawn() {
	for s, was := range m.former {
		m.flowOut.Former[s] = was
		if m.differs(was, s) {
			m.flowOut.Changed[s] = true
		}
		if a := m.pair.is.action(s); a != nil && m.changedActions[a.Resource] {
			m.flowOut.Changed[s] = true
		}
		if m.flowOut.Changed[s] && m.flowOut.Action == compare.Keep {
			m.flowOut.Action = compare.Change
		}
	}
}

// differs tells whether a state does something else than before, or goes on
// elsewhere.
func (m *machine) differs(was, is *zis.State) bool {
	if same(was.Node, is.Node) {
		return false
	}
	before, after := slots(was), slots(is)
	if len(before) != len(after) || m.besides(was, true) != m.besides(is, false) {
		return true
	}
	for i := range before {
		if before[i].kind != after[i].kind || m.later[before[i].to] != after[i].to {
			return true
		}
	}
	return false
}

// besides is what a state does itself, without the states inside it.
func (m *machine) besides(s *zis.State, old bool) uint64 {
	return m.own(s, old, func(n *source.Node) bool { return n.Name == "Iterator" })
}

// changedAction tells whether an action does something else than before.
func (b *pair) changedAction(r resourcePair) bool {
	return r.old != nil && r.new != nil && !same(definition(r.old), definition(r.new))
}
