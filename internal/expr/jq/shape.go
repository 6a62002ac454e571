package jq

import (
	"strings"

	"github.com/itchyny/gojq"
)

// Shape is what is known of some data. A nil Shape is unknown.
type Shape struct {
	Kind    Kind
	Members map[string]*Shape // of an object, which is known whole
}

// Kind is the type of some data. The zero value is none.
type Kind uint8

// The kinds.
const (
	_ Kind = iota
	Object
	Array
	Text
	Number
	Boolean
)

// gives are functions that give out one kind of data, whatever comes in.
var gives = map[string]Kind{
	"tostring": Text, "tojson": Text, "ascii_downcase": Text, "ascii_upcase": Text, "join": Text, "todate": Text, "todateiso8601": Text, "strftime": Text,
	"gsub": Text, "sub": Text, "implode": Text, "type": Text,
	"length": Number, "utf8bytelength": Number, "tonumber": Number, "floor": Number, "ceil": Number, "round": Number, "fabs": Number, "now": Number,
	"mktime": Number, "fromdate": Number, "fromdateiso8601": Number,
	"not": Boolean, "test": Boolean, "contains": Boolean, "inside": Boolean, "has": Boolean, "any": Boolean, "all": Boolean, "startswith": Boolean,
	"endswith": Boolean, "isvalid": Boolean,
	"keys": Array, "map": Array, "split": Array, "sort": Array, "sort_by": Array, "unique": Array, "unique_by": Array, "group_by": Array, "to_entries": Array,
	"explode": Array, "flatten": Array,
}

// maxShape is how deep shapes are followed: nobody's data is deeper, but
// somebody's parentheses may be.
const maxShape = 100

// result is what a program gives out, as far as its text shows it.
func (c *checker) result(q *gojq.Query) *Shape {
	if len(c.holes) > 0 {
		return nil // whatever is filled in
	}
	return shapes{ownFunctions: c.count("def") > 0}.of(q, maxShape)
}

// shapes looks at a program, in which names may be defined anew.
type shapes struct{ ownFunctions bool }

func (s shapes) of(q *gojq.Query, deep int) *Shape {
	for q != nil && q.Op == gojq.OpPipe {
		q = q.Right
	}
	if q != nil && truthValue(q.Op) {
		return &Shape{Kind: Boolean}
	}
	if q == nil || q.Term == nil || len(q.Term.SuffixList) > 0 || deep == 0 {
		return nil
	}
	switch q.Term.Type {
	case gojq.TermTypeQuery:
		return s.of(q.Term.Query, deep-1)
	case gojq.TermTypeObject:
		return s.object(q.Term.Object, deep-1)
	case gojq.TermTypeArray:
		return &Shape{Kind: Array}
	case gojq.TermTypeString, gojq.TermTypeFormat:
		return &Shape{Kind: Text}
	case gojq.TermTypeNumber:
		return &Shape{Kind: Number}
	case gojq.TermTypeTrue, gojq.TermTypeFalse:
		return &Shape{Kind: Boolean}
	case gojq.TermTypeFunc:
		if kind := gives[q.Term.Func.Name]; kind != 0 && !s.ownFunctions {
			return &Shape{Kind: kind}
		}
	}
	return nil
}

// truthValue tells whether an operator gives out true or false.
func truthValue(op gojq.Operator) bool {
	switch op {
	case gojq.OpAnd, gojq.OpOr, gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe:
		return true
	}
	return false
}

// object is unknown if a key is computed.
func (s shapes) object(o *gojq.Object, deep int) *Shape {
	shape := &Shape{Kind: Object, Members: make(map[string]*Shape, len(o.KeyVals))}
	for _, kv := range o.KeyVals {
		switch {
		case kv.KeyString != nil && len(kv.KeyString.Queries) == 0:
			shape.Members[kv.KeyString.Str] = s.of(kv.Val, deep)
		case kv.Key != "":
			shape.Members[strings.TrimPrefix(kv.Key, "$")] = s.of(kv.Val, deep)
		default:
			return nil
		}
	}
	return shape
}
