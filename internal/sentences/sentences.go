// Package sentences says in words what a deploy changes: two bundles and what
// happens to their job specs become sentences for the person who answers for a
// support desk and doesn't read the bundle language.
//
// Every difference is told by a sentence, or counted in the last one. What the
// package has no words for is said as it stands in the file.
package sentences

import (
	"slices"
	"sync"
)

// Kind says what a sentence is about.
type Kind string

// The kinds, in the order in which they are told.
const (
	None        Kind = "none"
	Destination Kind = "destination"
	Start       Kind = "start"
	Decision    Kind = "decision"
	Message     Kind = "message"
	Unknown     Kind = "unknown"
	Program     Kind = "program"
	Data        Kind = "data"
	Rename      Kind = "rename"
	Note        Kind = "note"
	Rest        Kind = "rest"
	Normal      Kind = "normal"
)

// KindRow is a kind and what it is about.
type KindRow struct {
	Kind    Kind
	Meaning string // without a full stop
}

// Kinds are all kinds, in the order in which they are told.
func Kinds() []KindRow {
	return []KindRow{
		{None, "nothing changes in what the integration does"},
		{Destination, "where data goes, as whom, and which data"},
		{Start, "which events start which flow, and which no longer do"},
		{Decision, "which way a flow goes: rules, steps, errors, waits"},
		{Message, "a text that somebody reads"},
		{Unknown, "something that this tool has no words for, as it stands in the file"},
		{Program, "what a jq program computes"},
		{Data, "any other value that a flow works with"},
		{Rename, "the same under another name"},
		{Note, "what only a reader of the file sees"},
		{Rest, "how many sentences are not shown"},
		{Normal, "what every upload brings with it"},
	}
}

// order is the place of a kind among all.
func (k Kind) order() int { return places()[k] }

var places = sync.OnceValue(func() map[Kind]int {
	m := map[Kind]int{}
	for i, row := range Kinds() {
		m[row.Kind] = i
	}
	return m
})

// small tells whether sentences of the kind may be counted instead of shown.
func (k Kind) small() bool { return k.order() >= Program.order() }

// idle tells whether changes of the kind make no difference in what is done.
func (k Kind) idle() bool { return k == Rename || k == Note || k == None || k == Normal }

// Sentence is one thing that a deploy changes.
type Sentence struct {
	Text     string   `json:"text"` // plain; what can't be seen is written as an escape
	Kind     Kind     `json:"kind"`
	Alarm    bool     `json:"alarm,omitempty"`  // somebody should decide whether this is meant
	Bundle   string   `json:"bundle,omitempty"` // in which the pointers are; empty: in none
	Pointers []string `json:"pointers"`         // JSON pointers of what is told, in the new bundle or the former one
	Parts    []Part   `json:"-"`                // Text, piece by piece
}

// Told is everything there is to say about a plan.
type Told struct {
	Sentences []Sentence // at most Most and one that counts the rest, then one for what is normal
	Smaller   []Sentence // what the rest is
	Resources []Resource // of all bundles, in the order of the files, then those that go
	Flows     []Flow     // all flows, for pictures
	Hosts     []Talk     // that the bundles talk to, new ones first
	Requests  []Request  // of actions that are new, or send something else than before, or elsewhere
	Texts     []Text     // programs and long texts before and after, of all sentences
}

// All are the sentences without a count: those that it counts stand at the end.
func (t Told) All() []Sentence {
	var list []Sentence
	for _, s := range slices.Concat(t.Sentences, t.Smaller) {
		if s.Kind != Rest {
			list = append(list, s)
		}
	}
	return list
}

// Text is a program or a long text that a bundle holds as one JSON string.
type Text struct {
	Bundle, Pointer string
	Title           string // whose text it is
	Program         bool   // of jq
	Old, New        string
}

// Most is how many sentences are shown: more aren't read.
const Most = 7
