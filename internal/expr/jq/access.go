package jq

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/itchyny/gojq"
)

// Access is what a jq program looks at in its data, as its text shows: enough
// to make data that leads it along each of its ways.
type Access struct {
	Paths  []Path // each once, in the order of the text
	Values []any  // the constants of the program
}

// Path is a way down into the data: names (string), indexes (int), and Each.
type Path []any

// Each is any item of a list.
type Each struct{}

// Accesses reads a program. Of one that doesn't parse it is empty.
func Accesses(program string) Access {
	if len(program) > MaxBytes {
		return Access{}
	}
	query, err := gojq.Parse(program)
	if err != nil {
		return Access{}
	}
	a := &accesses{vars: map[string][]Path{}, budget: 20_000}
	a.query(query, []Path{{}})
	return a.Access
}

// accesses evaluates a program over paths instead of values. Where it doesn't
// know what comes out, nothing does.
type accesses struct {
	Access
	vars   map[string][]Path
	budget int
}

func (a *accesses) note(paths []Path) []Path {
	for _, p := range paths {
		if len(p) > 0 && !slices.ContainsFunc(a.Paths, func(q Path) bool { return slices.Equal(p, q) }) {
			a.Paths = append(a.Paths, p)
		}
	}
	return paths
}

func (a *accesses) constant(v any) {
	if !slices.Contains(a.Values, v) {
		a.Values = append(a.Values, v)
	}
}

func (a *accesses) query(q *gojq.Query, in []Path) []Path {
	if a.budget--; q == nil || a.budget < 0 {
		return nil
	}
	if q.Term != nil {
		return a.term(q.Term, in)
	}
	left := a.query(q.Left, in)
	switch q.Op {
	case gojq.OpPipe:
		for _, p := range q.Patterns {
			a.bind(p, left)
		}
		if len(q.Patterns) > 0 {
			return a.query(q.Right, in)
		}
		return a.query(q.Right, left)
	case gojq.OpComma, gojq.OpAlt:
		return slices.Concat(left, a.query(q.Right, in))
	}
	a.query(q.Right, in)
	return nil
}

func (a *accesses) bind(p *gojq.Pattern, to []Path) {
	switch {
	case p == nil:
	case p.Name != "":
		a.vars[p.Name] = to
	case len(p.Array) > 0:
		for i, item := range p.Array {
			a.bind(item, a.step(to, i))
		}
	}
	if p == nil {
		return
	}
	for _, o := range p.Object {
		name := o.Key
		if len(name) > 0 && name[0] == '$' {
			a.vars[name] = a.step(to, name[1:])
			continue
		}
		a.bind(o.Val, a.step(to, name))
	}
}

func (a *accesses) step(in []Path, step any) []Path {
	var out []Path
	for _, p := range in {
		out = append(out, append(slices.Clip(p), step))
	}
	return a.note(out)
}

func (a *accesses) index(i *gojq.Index, in, root []Path) []Path {
	switch {
	case i.Name != "":
		return a.step(in, i.Name)
	case i.Str != nil && len(i.Str.Queries) == 0:
		return a.step(in, i.Str.Str)
	case i.IsSlice:
		return in
	}
	if t := startOf(i); t != nil && t.Type == gojq.TermTypeString && len(t.Str.Queries) == 0 {
		return a.step(in, t.Str.Str)
	} else if t != nil && t.Type == gojq.TermTypeNumber {
		if n, err := strconv.Atoi(t.Number); err == nil && n >= 0 && n < 100 {
			return a.step(in, n)
		}
	}
	a.query(i.Start, root)
	return a.step(in, Each{})
}

func startOf(i *gojq.Index) *gojq.Term {
	if i.Start == nil {
		return nil
	}
	return i.Start.Term
}

func (a *accesses) term(t *gojq.Term, in []Path) []Path {
	out := a.plain(t, in)
	for n, s := range t.SuffixList {
		switch {
		case n == 0 && t.Type == gojq.TermTypeArray: // its items are what was put in
		case s.Iter:
			out = a.step(out, Each{})
		case s.Index != nil:
			out = a.index(s.Index, out, in)
		}
	}
	return out
}

func (a *accesses) plain(t *gojq.Term, in []Path) []Path {
	switch t.Type {
	case gojq.TermTypeIdentity:
		return in
	case gojq.TermTypeIndex:
		return a.index(t.Index, in, in)
	case gojq.TermTypeFunc:
		return a.function(t.Func, in)
	case gojq.TermTypeQuery:
		return a.query(t.Query, in)
	case gojq.TermTypeNumber:
		a.constant(json.Number(t.Number))
	case gojq.TermTypeString:
		a.text(t.Str, in)
	case gojq.TermTypeUnary:
		a.term(t.Unary.Term, in)
	case gojq.TermTypeArray:
		return a.query(t.Array.Query, in)
	case gojq.TermTypeObject:
		for _, kv := range t.Object.KeyVals {
			if kv.KeyString != nil && len(kv.KeyString.Queries) > 0 {
				a.text(kv.KeyString, in)
			}
			a.query(kv.KeyQuery, in)
			if kv.Val == nil && kv.Key != "" && kv.Key[0] != '$' {
				a.step(in, kv.Key)
			}
			a.query(kv.Val, in)
		}
	case gojq.TermTypeIf:
		return a.conditional(t.If, in)
	case gojq.TermTypeTry:
		out := a.query(t.Try.Body, in)
		a.query(t.Try.Catch, nil)
		return out
	case gojq.TermTypeReduce:
		a.loop(t.Reduce.Query, t.Reduce.Patterns, in, t.Reduce.Start, t.Reduce.Update)
	case gojq.TermTypeForeach:
		a.loop(t.Foreach.Query, t.Foreach.Patterns, in, t.Foreach.Start, t.Foreach.Update, t.Foreach.Extract)
	case gojq.TermTypeLabel:
		return a.query(t.Label.Body, in)
	}
	return nil
}

func (a *accesses) loop(over *gojq.Query, patterns []*gojq.Pattern, in []Path, bodies ...*gojq.Query) {
	out := a.query(over, in)
	for _, p := range patterns {
		a.bind(p, out)
	}
	for _, b := range bodies {
		a.query(b, in)
	}
}

func (a *accesses) text(s *gojq.String, in []Path) {
	if s == nil {
		return
	}
	if len(s.Queries) == 0 {
		a.constant(s.Str)
	}
	for _, q := range s.Queries {
		if q.Term == nil || q.Term.Type != gojq.TermTypeString {
			a.query(q, in)
		}
	}
}

func (a *accesses) conditional(i *gojq.If, in []Path) []Path {
	a.query(i.Cond, in)
	out := a.query(i.Then, in)
	for _, e := range i.Elif {
		a.query(e.Cond, in)
		out = slices.Concat(out, a.query(e.Then, in))
	}
	if i.Else == nil {
		return slices.Concat(out, in)
	}
	return slices.Concat(out, a.query(i.Else, in))
}

// passing are functions that give out their input, or a part that changes
// nothing about where it comes from.
var passing = []string{
	"select", "objects", "arrays", "strings", "numbers", "booleans", "values", "nulls", "scalars", "iterables", "not",
	"tostring", "tonumber", "ascii_downcase", "ascii_upcase", "length", "keys", "unique", "sort", "sort_by", "unique_by",
	"reverse", "add", "flatten", "test", "contains", "index", "startswith", "endswith", "split", "join", "gsub", "sub", "capture", "trim", "ltrimstr", "rtrimstr", "tojson", "min", "max",
}

func (a *accesses) function(f *gojq.Func, in []Path) []Path {
	if paths, bound := a.vars[f.Name]; bound && len(f.Args) == 0 {
		return paths
	}
	if f.Name == "map" || f.Name == "any" || f.Name == "all" || f.Name == "sort_by" || f.Name == "unique_by" {
		each := a.step(in, Each{})
		for _, arg := range f.Args {
			a.query(arg, each)
		}
		return each
	}
	var out []Path
	for _, arg := range f.Args {
		out = slices.Concat(out, a.query(arg, in))
	}
	switch {
	case f.Name == "first" || f.Name == "last" || f.Name == "limit":
		if len(f.Args) > 0 {
			return out
		}
		return a.step(in, 0)
	case slices.Contains(passing, f.Name):
		return in
	}
	return nil
}
