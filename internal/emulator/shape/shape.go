// Package shape rewrites JSON as a server may: the same value in another
// form, or a value that has lost something on the way. The dispositions of the
// emulator are made of it. It knows of the bundle language only where a flow's
// free values (requestBody, Parameters, Result) begin.
package shape

import (
	"slices"
	"strconv"
	"strings"
)

// Change makes another value of one; it may take over parts of it, and must
// not write into them. Values are what encoding/json decodes with UseNumber.
type Change func(v any) any

// Path is where a value stands: member names, and places in arrays as numbers.
type Path []string

// Is tells whether the end of a path is so; "*" stands for any one name.
func (p Path) Is(end ...string) bool {
	if len(p) < len(end) {
		return false
	}
	for n, want := range end {
		if have := p[len(p)-len(end)+n]; want != "*" && want != have {
			return false
		}
	}
	return true
}

// Free tells whether a value stands inside one that the language leaves to the
// author: there, null and "" have a meaning.
func (p Path) Free() bool {
	return slices.ContainsFunc(p, func(s string) bool {
		return s == "requestBody" || s == "Parameters" || s == "Result"
	})
}

// walk copies a value; f decides about each part after its own parts, and
// whether it stays.
func walk(at Path, v any, f func(Path, any) (any, bool)) (any, bool) {
	switch w := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(w))
		for key, e := range w {
			if e, stays := walk(append(at[:len(at):len(at)], key), e, f); stays {
				c[key] = e
			}
		}
		v = c
	case []any:
		c := make([]any, 0, len(w))
		for n, e := range w {
			if e, stays := walk(append(at[:len(at):len(at)], strconv.Itoa(n)), e, f); stays {
				c = append(c, e)
			}
		}
		v = c
	}
	return f(at, v)
}

// Each changes every part of a value, the innermost first.
func Each(f func(Path, any) any) Change {
	return func(v any) any {
		v, _ = walk(nil, v, func(p Path, v any) (any, bool) { return f(p, v), true })
		return v
	}
}

// Drop leaves out the parts for which is holds; the whole value stays.
func Drop(is func(Path, any) bool) Change {
	return func(v any) any {
		v, _ = walk(nil, v, func(p Path, v any) (any, bool) { return v, len(p) == 0 || !is(p, v) })
		return v
	}
}

// Texts changes every text, member names not included.
func Texts(f func(string) string) Change {
	return Each(func(_ Path, v any) any {
		if s, ok := v.(string); ok {
			return f(s)
		}
		return v
	})
}

// At changes the values whose path ends so.
func At(f func(any) any, end ...string) Change {
	return Each(func(p Path, v any) any {
		if p.Is(end...) {
			return f(v)
		}
		return v
	})
}

// Without leaves out the members or elements whose path ends so.
func Without(end ...string) Change {
	return Drop(func(p Path, _ any) bool { return p.Is(end...) })
}

// With adds a member to the objects whose path is exactly so, unless they have
// it; an empty path is the whole value.
func With(name string, value any, path ...string) Change {
	return Each(func(p Path, v any) any {
		m, ok := v.(map[string]any)
		if !ok || len(p) != len(path) || !p.Is(path...) {
			return v
		}
		if _, has := m[name]; !has {
			m[name] = value // a copy of walk's
		}
		return m
	})
}

// Chain makes changes one after the other.
func Chain(changes ...Change) Change {
	return func(v any) any {
		for _, c := range changes {
			v = c(v)
		}
		return v
	}
}

// Reversed is a list from behind; any other value as it is.
func Reversed(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// Sorted is a list of objects in the order of one of their members.
func Sorted(by string) func(any) any {
	return func(v any) any {
		list, ok := v.([]any)
		if !ok {
			return v
		}
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b any) int { return strings.Compare(Member(a, by), Member(b, by)) })
		return list
	}
}

// Member is a text of an object, or "".
func Member(v any, name string) string {
	m, _ := v.(map[string]any)
	s, _ := m[name].(string)
	return s
}
