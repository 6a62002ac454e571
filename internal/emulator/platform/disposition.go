package platform

import (
	"fmt"
	"slices"
	"strings"
)

// Disposition is one way in which a platform may behave that the references
// leave open, or that a careful client must live with. A server takes several
// at once (Behave), and Script beside them.
type Disposition struct {
	Name   string // kebab-case, begins with the topic's word
	Topic  string // what it is about: a heading of docs/emulator.md
	Varies string // in what the account departs from the reference
	Mark   Mark
	Effect Effect

	set func(*Rules)
}

// Mark says how well it is known that a platform behaves so.
type Mark string

// The marks of docs/platform.md.
const (
	Documented Mark = "documented" // in one of the versions of the documentation
	Observed   Mark = "observed"   // in public code or notes
	Inferred   Mark = "inferred"   // follows from what was observed
	Unknown    Mark = "unknown"    // the references are silent
)

// Effect says what becomes of an upload that such a platform accepted, and so
// what a client that tells the truth can say of it.
type Effect string

// The effects of dispositions.
const (
	// Kept: it is held and run as it was sent; whoever looks long enough and
	// compares by meaning sees that.
	Kept Effect = "kept"
	// Changed: it is held, but something that has a meaning is changed or gone.
	Changed Effect = "changed"
	// Hidden: it is held and run as it was sent, and can't be seen whole.
	Hidden Effect = "hidden"
	// Late: job specs go off by themselves, maybe after the client has looked.
	Late Effect = "late"
	// Refused: a request that deploys need is refused, for good or in words
	// that forbid to try it again.
	Refused Effect = "refused"
)

// Dispositions are all there are, by topic; the order is stable.
func Dispositions() []Disposition {
	return slices.Concat(
		dropDispositions(), lagDispositions(), historyDispositions(),
		formDispositions(), additionDispositions(), changeDispositions(),
		listDispositions(), rowDispositions(), writeDispositions(), readDispositions(), credentialDispositions(), appDispositions(), serviceDispositions(),
	)
}

// Named are the rules of an account that behaves as these dispositions say
// and in nothing else otherwise than the references; without names it doesn't
// at all. An unknown name is an error that lists those that are like it.
func Named(names ...string) (Rules, error) {
	var r Rules
	all := Dispositions()
	for _, name := range names {
		n := slices.IndexFunc(all, func(d Disposition) bool { return d.Name == name })
		if n < 0 {
			return Rules{}, fmt.Errorf("disposition %q: there is none; did you mean one of %s?", name, strings.Join(near(all, name), ", "))
		}
		all[n].set(&r)
	}
	return r, nil
}

// near are the names that begin like one, or all topics' first words.
func near(all []Disposition, name string) []string {
	word, _, _ := strings.Cut(name, "-")
	var names []string
	for _, d := range all {
		if strings.HasPrefix(d.Name, word+"-") {
			names = append(names, d.Name)
		}
	}
	if names == nil {
		for _, d := range all {
			first, _, _ := strings.Cut(d.Name, "-")
			names = append(names, first+"-…")
		}
		names = slices.Compact(names)
	}
	return names
}
