package jq

import (
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// Outputs says how many values a program gives out for one value that comes in,
// as far as its text shows it: flags, of which none means exactly one. That is
// also what isn't known better.
type Outputs uint8

// One is no flag. Many with None are those of several that a select lets
// through.
const (
	One   Outputs = 0
	None  Outputs = 1 << (iota - 1) // it may give none
	Many                            // it may give several
	Found                           // it gives one, or none where a search finds none
)

// many are functions that give out several values.
var many = []string{"range", "recurse", "paths", "leaf_paths", "splits", "scan", "combinations", "limit", "repeat", "while"}

// selecting are functions that let a value through, or not.
var selecting = []string{"select", "values", "strings", "numbers", "objects", "arrays", "booleans", "scalars", "iterables", "nulls", "empty"}

// outputs looks at what a query gives out.
func outputs(q *gojq.Query, deep int) Outputs {
	if q == nil || deep == 0 {
		return One
	}
	switch q.Op {
	case 0:
		return outputsOfTerm(q.Term, deep-1)
	case gojq.OpComma:
		return Many
	case gojq.OpAlt: // takes the right side where the left gives none
		left, right := outputs(q.Left, deep-1), outputs(q.Right, deep-1)
		return left&Many | right
	case gojq.OpModify:
		return One
	case gojq.OpAssign, gojq.OpUpdateAdd, gojq.OpUpdateSub, gojq.OpUpdateMul, gojq.OpUpdateDiv, gojq.OpUpdateMod, gojq.OpUpdateAlt:
		return outputs(q.Right, deep-1)
	}
	return outputs(q.Left, deep-1) | outputs(q.Right, deep-1)
}

func outputsOfTerm(t *gojq.Term, deep int) Outputs {
	if t == nil {
		return One
	}
	o := outputsOfKind(t, deep)
	for _, s := range t.SuffixList {
		if s.Iter {
			o = Many
		}
	}
	return o
}

func outputsOfAll(queries []*gojq.Query, deep int) Outputs {
	o := One
	for _, q := range queries {
		o |= outputs(q, deep)
	}
	return o
}

func outputsOfFunction(f *gojq.Func) Outputs {
	switch {
	case picks(f): // what it is to give where there is none, its author knows
		return One
	case slices.Contains(selecting, f.Name):
		return None
	case slices.Contains(many, f.Name):
		return Many
	case len(f.Args) == 2 && (f.Name == "match" || f.Name == "capture"):
		if flags := f.Args[1].Term; flags != nil && flags.Str != nil && strings.Contains(flags.Str.Str, "g") {
			return Many | None
		}
	}
	return One
}

// picks tells whether a function gives one of the values of its last argument:
// first(…), last(…), nth(0; …), limit(1; …).
func picks(f *gojq.Func) bool {
	switch len(f.Args) {
	case 1:
		return f.Name == "first" || f.Name == "last"
	case 2:
		return f.Name == "nth" || f.Name == "limit" && f.Args[0].Term != nil && f.Args[0].Term.Number == "1"
	}
	return false
}

func outputsOfKind(t *gojq.Term, deep int) Outputs {
	switch t.Type {
	case gojq.TermTypeRecurse, gojq.TermTypeForeach:
		return Many
	case gojq.TermTypeQuery:
		return outputs(t.Query, deep)
	case gojq.TermTypeFunc:
		return outputsOfFunction(t.Func)
	case gojq.TermTypeString, gojq.TermTypeFormat:
		if t.Str == nil {
			return One // @text alone
		}
		return outputsOfAll(t.Str.Queries, deep)
	case gojq.TermTypeObject:
		o := One
		for _, kv := range t.Object.KeyVals {
			o |= outputs(kv.Val, deep)
		}
		return o
	case gojq.TermTypeIf:
		o := outputs(t.If.Then, deep) | outputs(t.If.Else, deep)
		for _, e := range t.If.Elif {
			o |= outputs(e.Then, deep)
		}
		return o
	case gojq.TermTypeLabel:
		return outputs(t.Label.Body, deep)
	}
	return One
}
