package jq

import (
	"strings"

	"github.com/itchyny/gojq"
)

// Shape is what is known of some data. A nil Shape is unknown.
type Shape struct {
	Members map[string]*Shape // of an object that is known whole; nil if the data is a text, number or array
}

// maxShape is how deep shapes are followed: nobody's data is deeper, but
// somebody's parentheses may be.
const maxShape = 100

// result is what a program gives out, as far as its text shows it.
func (c *checker) result(q *gojq.Query) *Shape {
	if len(c.holes) > 0 {
		return nil // whatever is filled in
	}
	return shapeOf(q, maxShape)
}

func shapeOf(q *gojq.Query, deep int) *Shape {
	for q != nil && q.Op == gojq.OpPipe {
		q = q.Right
	}
	if q == nil || q.Term == nil || len(q.Term.SuffixList) > 0 || deep == 0 {
		return nil
	}
	switch q.Term.Type {
	case gojq.TermTypeQuery:
		return shapeOf(q.Term.Query, deep-1)
	case gojq.TermTypeObject:
		return objectShape(q.Term.Object, deep-1)
	case gojq.TermTypeArray, gojq.TermTypeString, gojq.TermTypeNumber, gojq.TermTypeTrue, gojq.TermTypeFalse:
		return &Shape{}
	}
	return nil
}

// objectShape is unknown if a key is computed.
func objectShape(o *gojq.Object, deep int) *Shape {
	s := &Shape{Members: make(map[string]*Shape, len(o.KeyVals))}
	for _, kv := range o.KeyVals {
		switch {
		case kv.KeyString != nil && len(kv.KeyString.Queries) == 0:
			s.Members[kv.KeyString.Str] = shapeOf(kv.Val, deep)
		case kv.Key != "":
			s.Members[strings.TrimPrefix(kv.Key, "$")] = shapeOf(kv.Val, deep)
		default:
			return nil
		}
	}
	return s
}
