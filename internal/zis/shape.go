package zis

import (
	"maps"
	"slices"
)

// Shape is what is known of the form of some data. A nil Shape is unknown.
type Shape struct {
	Type    DataType
	Members map[string]*Shape // of an object
	Items   *Shape            // of a list; nil where unknown
	Open    bool              // an object that may have more members than those
}

// DataType is a type of JSON values. The zero value is none. A value that may
// be null has the type that it otherwise has: the path to it is there.
type DataType uint8

// The types.
const (
	_       DataType = iota
	Object           // its Members are known; if it is Open it may have more
	List             // of Items
	Text             //
	Number           //
	Boolean          //
	Scalar           // one of the three: it has no members
	Nothing          // certainly not there
)

// String is the type in words: "a text".
func (t DataType) String() string {
	words := [...]string{"anything", "an object", "a list", "a text", "a number", "true or false", "a text, number or truth value", "nothing"}
	if int(t) < len(words) {
		return words[t]
	}
	return "invalid"
}

// Below is the shape of a member, nil where nothing is known of it; has is
// false where there certainly is no such member.
func (s *Shape) Below(name string) (below *Shape, has bool) {
	if s == nil || s.Type == 0 {
		return nil, true
	}
	below, ok := s.Members[name]
	if !ok {
		return nil, s.Open
	}
	return below, below == nil || below.Type != Nothing
}

// At follows member names; nil where the shape isn't known.
func (s *Shape) At(names ...string) *Shape {
	for _, n := range names {
		s, _ = s.Below(n)
	}
	return s
}

// Lacks tells whether there is certainly nothing at the path.
func (s *Shape) Lacks(names []string) bool {
	for _, n := range names {
		below, has := s.Below(n)
		if !has {
			return true
		}
		s = below
	}
	return false
}

// Fields are the names of the members that are known to be there, sorted.
func (s *Shape) Fields() (names []string) {
	if s == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(s.Members)) {
		if _, has := s.Below(name); has {
			names = append(names, name)
		}
	}
	return names
}
