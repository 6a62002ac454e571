package sentences

import (
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// matchStates finds which states are the same: those of one name, then those
// that say the same under another, then those that stand at the same place
// and do the same kind of thing.
func (m *machine) matchStates() {
	m.former, m.later = map[*zis.State]*zis.State{}, map[string]string{}
	m.byName, m.oldName = states(m.is), states(m.was)
	m.done = map[*zis.State]bool{}
	m.exchanged()
	for _, s := range m.is.States {
		if was := m.oldName[s.Name]; was != nil && m.byName[s.Name] == s && m.former[s] == nil {
			if _, taken := m.later[s.Name]; !taken {
				m.pairStates(was, s)
			}
		}
	}
	m.sameContent()
	m.samePlace()
}

// exchanged pairs states that have exchanged their names: each says what the
// former one of another name said, and all of those names still exist.
func (m *machine) exchanged() {
	said, from := map[uint64]*zis.State{}, map[string]string{}
	var others []*zis.State
	for _, s := range m.is.States {
		if was := m.oldName[s.Name]; was != nil && m.byName[s.Name] == s && !same(was.Node, s.Node) {
			others = append(others, s)
			said[m.alone(was, true)] = was
		}
	}
	for _, s := range others {
		if was := said[m.alone(s, false)]; was != nil && was.Name != s.Name {
			from[s.Name] = was.Name
		}
	}
	for name := range from {
		if circle(from, name) {
			m.pairStates(m.oldName[from[name]], m.byName[name])
		}
	}
}

// circle tells whether following from leads back to name.
func circle(from map[string]string, name string) bool {
	seen := map[string]bool{}
	for at, ok := from[name]; ok && !seen[at]; at, ok = from[at] {
		if at == name {
			return true
		}
		seen[at] = true
	}
	return false
}

func states(m *zis.Machine) map[string]*zis.State {
	list := make(map[string]*zis.State, len(m.States))
	for _, s := range m.States {
		list[s.Name] = s
	}
	return list
}

func (m *machine) pairStates(was, is *zis.State) {
	m.former[is], m.later[was.Name] = was, is.Name
}

// left are the states that have no counterpart yet.
func (m *machine) left() (was, is []*zis.State) {
	for _, s := range m.was.States {
		if _, ok := m.later[s.Name]; !ok && m.oldName[s.Name] == s {
			was = append(was, s)
		}
	}
	for _, s := range m.is.States {
		if m.former[s] == nil && m.byName[s.Name] == s {
			is = append(is, s)
		}
	}
	return was, is
}

// rounds is how many steps around a state are looked at to tell it from
// others that say the same.
const rounds = 4

// sameContent pairs states that say the same, and among those that say the
// same such as stand among the same.
func (m *machine) sameContent() {
	was, is := m.left()
	if len(was) == 0 || len(is) == 0 {
		return
	}
	before := m.content(was, func(name string) (string, bool) { to, ok := m.later[name]; return to, ok }, true)
	after := m.content(is, func(name string) (string, bool) { s := m.byName[name]; return name, s != nil && m.former[s] != nil }, false)
	for round := rounds; round >= 0; round-- {
		former := map[uint64][]*zis.State{}
		for _, s := range was {
			if _, ok := m.later[s.Name]; !ok {
				former[before[round][s]] = append(former[before[round][s]], s)
			}
		}
		for _, s := range is {
			if list := former[after[round][s]]; m.former[s] == nil && len(list) > 0 {
				m.pairStates(list[0], s)
				former[after[round][s]] = list[1:]
			}
		}
	}
}

// content gives each state numbers of what it says: first without where it
// leads, then with what those states say, and so on. Known states count by
// their name.
func (m *machine) content(list []*zis.State, known func(string) (string, bool), old bool) [rounds + 1]map[*zis.State]uint64 {
	var out [rounds + 1]map[*zis.State]uint64
	by := map[string]*zis.State{}
	out[0] = map[*zis.State]uint64{}
	for _, s := range list {
		by[s.Name] = s
		out[0][s] = m.alone(s, old)
	}
	for round := 1; round <= rounds; round++ {
		out[round] = map[*zis.State]uint64{}
		for _, s := range list {
			h := out[round-1][s]
			for _, l := range slots(s) {
				to, ok := known(l.to)
				n := m.text('>', to)
				if other := by[l.to]; !ok && other != nil {
					n = out[round-1][other]
				}
				h = m.mix(h, m.text('-', l.kind), n)
			}
			out[round][s] = h
		}
	}
	return out
}

// alone is what a state says without the names of others, and its comment.
func (m *machine) alone(s *zis.State, old bool) uint64 {
	return m.own(s, old, func(*source.Node) bool { return false })
}

// own is alone without some of the state's members.
func (m *machine) own(s *zis.State, old bool, skip func(*source.Node) bool) uint64 {
	refs := map[*source.Node]bool{}
	for _, l := range slots(s) {
		refs[l.at] = true
	}
	as := func(n *source.Node) string {
		v, _ := n.Text()
		switch {
		case refs[n]:
			return ""
		case old && n == s.ActionName.Node:
			return m.now(v)
		}
		return v
	}
	sum := m.text('{', "")
	for _, member := range s.Node.Members {
		if member.Name != "Comment" && !skip(member) && s.Node.Get(member.Name) == member {
			sum += m.mix(m.text('k', member.Name), m.node(member, as))
		}
	}
	return m.mix(sum)
}

// samePlace pairs a state that is gone with a new one where a known state
// leads now to the one and led to the other, and both call the same.
func (m *machine) samePlace() {
	_, is := m.left()
	waiting := map[string]*zis.State{}
	for _, s := range is {
		waiting[s.Name] = s
	}
	for _, s := range m.is.States {
		was := m.former[s]
		if was == nil {
			continue
		}
		before, after := slots(was), slots(s)
		for i := 0; i < min(len(before), len(after)) && before[i].kind == after[i].kind; i++ {
			old, new := m.oldName[before[i].to], waiting[after[i].to]
			if old == nil || new == nil || m.former[new] != nil {
				continue
			}
			if _, ok := m.later[old.Name]; !ok && m.kin(old, new) {
				m.pairStates(old, new)
			}
		}
	}
}

// kin tells whether two states do the same kind of thing: of all that can be
// told apart nothing differs but values.
func (m *machine) kin(was, is *zis.State) bool {
	return was.Type.Value == is.Type.Value && m.now(was.ActionName.Value) == is.ActionName.Value &&
		(was.Iterator == nil) == (is.Iterator == nil) && was.Type.Value != zis.StateChoice &&
		(was.ActionName.Given() || same(was.ResultPath, is.ResultPath)) && leads(m, was, is)
}

// leads tells whether two states go on to the same.
func leads(m *machine, was, is *zis.State) bool {
	if !was.Next.Given() || !is.Next.Given() {
		return was.Next.Given() == is.Next.Given()
	}
	to, ok := m.later[was.Next.Value]
	return !ok || to == is.Next.Value
}
