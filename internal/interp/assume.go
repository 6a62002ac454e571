package interp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Assumption is something that the platform does and that no page or observer
// tells: what a run does about it may be wrong.
type Assumption uint8

// The assumptions, numbered as in docs/testing.md. Behind each are its
// readings, the first of which a run takes unless told otherwise.
const (
	_                 Assumption = iota
	ConnectionsNeeded            // A1
	AccountIDSpelling            // A2
	BodyNotObject                // A3
	QuotedNames                  // A4
	OnePlaceholder               // A5
	StaticText                   // A6
	TextOfValues                 // A7
	Escaping                     // A8
	BodyPaths                    // A9
	NoResultPath                 // A10
	PassNoResultPath             // A11
	ThroughScalar                // A12
	NoParameters                 // A13
	DefinitionRoot               // A14
	ContentType                  // A15
	EmptyAnswer                  // A16
	Redirects                    // A17
	ConfigShape                  // A18
	NoScope                      // A19
	PatchResult                  // A20
	PatchDepth                   // A21
	LinksShape                   // A22
	DuplicateLink                // A23
	PatchLinkResult              // A24
	JqNothing                    // A25
	JqSeveral                    // A26
	JqObjectData                 // A27
	NoRule                       // A28
	MissingVariable              // A29
	PresentNull                  // A30
	TooManyItems                 // A31
	MapResult                    // A32
	MessagePath                  // A33
	ErrorMember                  // A34
	CatchOrRepeat                // P1
	assumptions                  // how many there are, and one
)

// second and third are the places of readings other than the first.
const (
	second uint8 = 1
	third  uint8 = 2
)

// Question is what an assumption is about.
type Question struct {
	ID       Assumption
	Text     string    // what isn't known
	Readings []Reading // the default first
}

// Reading is one way in which the platform may be.
type Reading struct {
	Name    string // as in --assume A7=text
	Meaning string
}

// Question tells what the assumption is about.
func (a Assumption) Question() Question {
	if a == 0 || a >= assumptions {
		return Question{ID: a}
	}
	return questions[a-1]
}

// String is the name, such as A7.
func (a Assumption) String() string {
	if a == CatchOrRepeat {
		return "P1"
	}
	return "A" + strconv.Itoa(int(a))
}

// MarshalText makes assumptions read by name in JSON.
func (a Assumption) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Questions are all of them, in order.
func Questions() []Question { return slices.Clone(questions[:]) }

// Readings chooses how to read each assumption; the zero value takes the
// defaults.
type Readings struct{ chosen [assumptions]uint8 }

// Of is the name of the reading that is chosen.
func (r Readings) Of(a Assumption) string { return a.Question().Readings[r.chosen[a]].Name }

// With returns the readings with another one of a.
func (r Readings) With(a Assumption, reading int) Readings {
	r.chosen[a] = uint8(reading)
	return r
}

// Set reads a choice such as "A7=text".
func (r Readings) Set(choice string) (Readings, error) {
	id, name, ok := strings.Cut(choice, "=")
	if !ok {
		return r, fmt.Errorf("%q is no choice such as A7=text", choice)
	}
	for _, q := range questions {
		if !strings.EqualFold(q.ID.String(), id) {
			continue
		}
		var names []string
		for i, reading := range q.Readings {
			if reading.Name == name {
				return r.With(q.ID, i), nil
			}
			names = append(names, reading.Name)
		}
		return r, fmt.Errorf("%s (%s) can't be read as %q; it can be %s", q.ID, q.Text, name, strings.Join(names, ", "))
	}
	return r, fmt.Errorf("there is no assumption %q; they are A1 to A34, and P1", id)
}

// Touched is a set of assumptions.
type Touched uint64

// Add puts an assumption into the set.
func (t *Touched) Add(a Assumption) { *t |= 1 << a }

// Has tells whether the assumption is in the set.
func (t Touched) Has(a Assumption) bool { return t&(1<<a) != 0 }

// All yields the assumptions in order.
func (t Touched) All(yield func(Assumption) bool) {
	for a := Assumption(1); a < assumptions; a++ {
		if t.Has(a) && !yield(a) {
			return
		}
	}
}

// String lists them: "A7, A19"; "" if there is none.
func (t Touched) String() string {
	var names []string
	for a := range t.All {
		names = append(names, a.String())
	}
	return strings.Join(names, ", ")
}
