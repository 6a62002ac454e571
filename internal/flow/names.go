package flow

import (
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// States are a machine's states by name; of a duplicate name the last.
func (x *Facts) States(m *zis.Machine) map[string]*zis.State {
	f := x.machine(m)
	if f.byName == nil {
		f.byName = make(map[string]*zis.State, len(m.States))
		for _, s := range m.States {
			f.byName[s.Name] = s
		}
	}
	return f.byName
}

// StateNames are the names of a machine's states, sorted.
func (x *Facts) StateNames(m *zis.Machine) []string {
	f := x.machine(m)
	if f.names == nil {
		f.names = slices.Sorted(maps.Keys(x.States(m)))
	}
	return f.names
}

// MayCompare tells whether so many names may still be compared with one: in a
// file where everything is wrong, suggestions end at some time.
func (x *Facts) MayCompare(names int) bool {
	x.comparable -= names
	return x.comparable >= 0
}

// Nearest is the known word that was meant; "" also when no more may be
// compared.
func (x *Facts) Nearest(word string, known []string) string {
	if !x.MayCompare(len(known)) {
		return ""
	}
	return english.Nearest(word, known)
}

// Misspelt tells whether a state has a member that was meant to be the absent
// field.
func (x *Facts) Misspelt(s *zis.State, field string) bool {
	return meantFor(x.state(s).odd, field) != nil
}

// Slip is the member of n that was meant to be the missing one, if a slip of
// the hand explains it.
func Slip(n *source.Node, missing string) *source.Node {
	if n.IsObject() {
		for _, m := range n.Members { // a state's "type" is a field of other objects
			if m.Name != missing && strings.EqualFold(m.Name, missing) {
				return m
			}
		}
	}
	if m := meantFor(oddMembers(n), missing); m != nil {
		return m
	}
	return inOtherWords(n, missing)
}

// inOtherWords is the member under whose name people put a missing field.
func inOtherWords(n *source.Node, missing string) *source.Node {
	if !n.IsObject() {
		return nil
	}
	for _, m := range n.Members {
		if zis.MeansField(m.Name, missing) {
			return m
		}
	}
	return nil
}

// oddMembers are the members of an object that are no field of anything.
func oddMembers(n *source.Node) (list []*source.Node) {
	if !n.IsObject() {
		return nil
	}
	for _, m := range n.Members {
		if !zis.IsField(m.Name) {
			list = append(list, m)
		}
	}
	return list
}

func meantFor(members []*source.Node, field string) *source.Node {
	for _, m := range members {
		if m.Name != field && english.Nearest(m.Name, []string{field}) != "" {
			return m
		}
	}
	return nil
}
