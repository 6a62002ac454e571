package jq

import (
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// query walks a query from left to right. Operators make up long chains, so
// they take a stack of their own.
func (r *resolver) query(q *gojq.Query) {
	if q == nil || !r.deeper() {
		return
	}
	defer func(mark int) { r.leave(mark); r.depth-- }(len(r.scope))
	for waiting := []*gojq.Query(nil); ; {
		for _, def := range q.FuncDefs {
			r.define(def)
		}
		if q.Left != nil {
			waiting = append(waiting, q)
			q = q.Left
			continue
		}
		r.term(q.Term)
		if len(waiting) == 0 {
			return
		}
		q = waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		r.patterns(q.Patterns)
		q = q.Right
	}
}

// define walks "def name(f; $x): body;". A function can call itself, and $x
// is a variable as well as a function.
func (r *resolver) define(def *gojq.FuncDef) {
	r.take(def.Name)
	r.bind(functionKey(def.Name, len(def.Args)))
	mark := len(r.scope)
	for _, arg := range def.Args {
		r.take(arg)
		r.bind(functionKey(strings.TrimPrefix(arg, "$"), 0))
		if strings.HasPrefix(arg, "$") {
			r.bind(arg)
		}
	}
	r.query(def.Body)
	r.leave(mark)
}

func (r *resolver) queries(list ...*gojq.Query) {
	for _, q := range list {
		r.query(q)
	}
}

func (r *resolver) term(t *gojq.Term) {
	if t == nil || !r.deeper() {
		return
	}
	defer func() { r.depth-- }()
	r.index(t.Index)
	r.call(t.Func)
	r.object(t.Object)
	r.format(t.Format)
	r.str(t.Str)
	r.control(t)
	if t.Array != nil {
		r.query(t.Array.Query)
	}
	if t.Unary != nil {
		r.term(t.Unary.Term)
	}
	r.query(t.Query)
	for _, s := range t.SuffixList {
		r.index(s.Index)
	}
}

// control walks the terms that begin with a keyword.
func (r *resolver) control(t *gojq.Term) {
	switch {
	case t.If != nil:
		r.queries(t.If.Cond, t.If.Then)
		for _, elif := range t.If.Elif {
			r.queries(elif.Cond, elif.Then)
		}
		r.query(t.If.Else)
	case t.Try != nil:
		r.queries(t.Try.Body, t.Try.Catch)
	case t.Reduce != nil:
		r.loop(t.Reduce.Query, t.Reduce.Patterns, t.Reduce.Start, t.Reduce.Update)
	case t.Foreach != nil:
		r.loop(t.Foreach.Query, t.Foreach.Patterns, t.Foreach.Start, t.Foreach.Update, t.Foreach.Extract)
	case t.Label != nil:
		r.take(t.Label.Ident)
		mark := len(r.scope)
		r.bind("break " + t.Label.Ident)
		r.query(t.Label.Body)
		r.leave(mark)
	case t.Break != "":
		r.breakOut(t.Break)
	}
}

// loop walks reduce and foreach: the start value doesn't see the variables.
func (r *resolver) loop(source *gojq.Query, patterns []*gojq.Pattern, start *gojq.Query, each ...*gojq.Query) {
	r.query(source)
	mark := len(r.scope)
	r.patterns(patterns)
	variables := slices.Clone(r.scope[mark:])
	r.leave(mark)
	r.query(start)
	for _, key := range variables {
		r.bind(key)
	}
	r.queries(each...)
	r.leave(mark)
}

func (r *resolver) index(x *gojq.Index) {
	if x == nil {
		return
	}
	r.str(x.Str)
	r.queries(x.Start, x.End)
}

// str walks the interpolations of a string.
func (r *resolver) str(s *gojq.String) {
	if s == nil {
		return
	}
	r.queries(s.Queries...)
}

func (r *resolver) object(o *gojq.Object) {
	if o == nil {
		return
	}
	for _, kv := range o.KeyVals {
		switch {
		case strings.HasPrefix(kv.Key, "$"):
			r.variable(kv.Key)
		case kv.Key != "" && !isKeyword(kv.Key):
			r.take(kv.Key)
		}
		r.str(kv.KeyString)
		r.queries(kv.KeyQuery, kv.Val)
	}
}

// patterns binds the variables of a destructuring.
func (r *resolver) patterns(list []*gojq.Pattern) {
	for _, p := range list {
		r.pattern(p)
	}
}

func (r *resolver) pattern(p *gojq.Pattern) {
	if p == nil || !r.deeper() {
		return
	}
	defer func() { r.depth-- }()
	if p.Name != "" {
		r.take(p.Name)
		r.bind(p.Name)
	}
	r.patterns(p.Array)
	for _, o := range p.Object {
		if o.Key != "" && !isKeyword(o.Key) {
			r.take(o.Key)
		}
		if strings.HasPrefix(o.Key, "$") {
			r.bind(o.Key)
		}
		r.str(o.KeyString)
		r.query(o.KeyQuery)
		r.pattern(o.Val)
	}
}

func (r *resolver) call(f *gojq.Func) {
	switch {
	case f == nil:
	case strings.HasPrefix(f.Name, "$"):
		r.variable(f.Name)
	default:
		r.function(f.Name, len(f.Args))
		r.queries(f.Args...)
	}
}
