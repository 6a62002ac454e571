package jq

import (
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// Outputs says how many values a program gives out for one value that comes in,
// as far as its text shows it.
type Outputs uint8

// One is also what isn't known better.
const (
	One   Outputs = iota
	Maybe         // those of several that a select lets through
	Many
)

// many are functions that give out several values.
var many = []string{"range", "recurse", "paths", "leaf_paths", "splits", "scan", "combinations", "limit", "repeat", "while"}

// outputs looks at what a query gives out.
func outputs(q *gojq.Query, deep int) Outputs {
	if q == nil || deep == 0 {
		return One
	}
	var o Outputs
	switch q.Op {
	case 0:
		o = outputsOfTerm(q.Term, deep-1)
	case gojq.OpComma:
		return Many
	case gojq.OpPipe:
		o = piped(q, deep)
	default:
		o = max(outputs(q.Left, deep-1), outputs(q.Right, deep-1))
	}
	return o
}

// piped is what comes out of a pipe: a select behind lets some through.
func piped(q *gojq.Query, deep int) Outputs {
	left, right := outputs(q.Left, deep-1), outputs(q.Right, deep-1)
	if left == Many && right == One && selects(q.Right, deep-1) {
		return Maybe
	}
	return max(left, right)
}

// selects tells whether a query begins with a select.
func selects(q *gojq.Query, deep int) bool {
	for ; q != nil && q.Op == gojq.OpPipe && deep > 0; deep-- {
		q = q.Left
	}
	return q != nil && q.Term != nil && q.Term.Func != nil && slices.Contains([]string{"select", "values", "strings", "numbers", "objects", "arrays", "booleans", "scalars"}, q.Term.Func.Name)
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
		o = max(o, outputs(q, deep))
	}
	return o
}

func outputsOfFunction(f *gojq.Func) Outputs {
	if slices.Contains(many, f.Name) {
		return Many
	}
	if len(f.Args) == 2 && slices.Contains([]string{"match", "capture"}, f.Name) {
		if flags := f.Args[1].Term; flags != nil && flags.Str != nil && strings.Contains(flags.Str.Str, "g") {
			return Maybe
		}
	}
	return One
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
			o = max(o, outputs(kv.Val, deep))
		}
		return o
	case gojq.TermTypeIf:
		o := max(outputs(t.If.Then, deep), outputs(t.If.Else, deep))
		for _, e := range t.If.Elif {
			o = max(o, outputs(e.Then, deep))
		}
		return o
	case gojq.TermTypeLabel:
		return outputs(t.Label.Body, deep)
	}
	return One
}
