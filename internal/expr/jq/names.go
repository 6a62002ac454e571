package jq

import (
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// resolve finds the names that nothing defines.
//
// gojq's compiler would stop at the first, without its place, and takes
// quadratic time in the number of variables. So the tree is walked here. It
// has no places, but it is walked in the order of the text, and each name that
// the walk meets is the next name among the tokens.
func (c *checker) resolve(q *gojq.Query) []expr.Error {
	if len(q.Imports) > 0 {
		return c.modules(q)
	}
	if q.Term == nil && q.Right == nil {
		return []expr.Error{{
			Kind: expr.Syntax, End: len(c.text),
			Message: "the jq program gives nothing out", Help: `"." gives out the data as it is`,
		}}
	}
	r := &resolver{checker: c, bound: map[string]int{}, seen: map[string]bool{}}
	for _, t := range c.tokens {
		switch {
		case t.kind == nameToken, t.kind == variableToken, t.kind == formatToken:
			r.names = append(r.names, t)
		case q.Meta != nil && c.textOf(t) == ";":
			r.names, q.Meta = nil, nil // those of "module {…};" mean nothing
		}
	}
	r.query(q)
	return r.errs
}

// modules reports the imports of a program.
func (c *checker) modules(q *gojq.Query) []expr.Error {
	var errs list
	for _, t := range c.tokens {
		text := c.textOf(t)
		if len(errs) == len(q.Imports) {
			break
		}
		if t.kind == keywordToken && (text == "import" || text == "include") {
			errs.add(expr.Error{
				Kind: expr.NoModules, Start: int(t.start), End: int(t.end),
				Message: "there are no modules to " + text, Help: "write the functions into the program",
			})
		}
	}
	return errs
}

type resolver struct {
	*checker
	names   []token        // those that the walk has not met yet
	bound   map[string]int // how many definitions of a key are in scope
	scope   []string       // keys in scope, innermost last
	seen    map[string]bool
	depth   int
	errs    list
	stopped bool // too deep or too many errors: names are no longer in step
}

// Keys of what can be defined: "name/arity" of a function, "$name" of a
// variable, "break $name" of a label.
func functionKey(name string, arity int) string { return name + "/" + strconv.Itoa(arity) }

// take returns the token of the name that the walk has come to. No token has
// no place; a test holds that this doesn't happen.
func (r *resolver) take(name string) token {
	if r.stopped || len(r.names) == 0 || r.textOf(r.names[0]) != name {
		r.stopped = true
		return token{}
	}
	t := r.names[0]
	r.names = r.names[1:]
	return t
}

func (r *resolver) bind(key string) {
	r.bound[key]++
	r.scope = append(r.scope, key)
}

// leave ends the scopes opened since there were mark keys.
func (r *resolver) leave(mark int) {
	for _, key := range r.scope[mark:] {
		r.bound[key]--
	}
	r.scope = r.scope[:mark]
}

// first tells whether an unknown name is to be reported: once for each, and
// not if a placeholder is part of it.
func (r *resolver) first(key string, t token) bool {
	if r.stopped || r.seen[key] || r.filled(int(t.start), int(t.end)) {
		return false
	}
	r.seen[key] = true
	return true
}

func (r *resolver) report(kind expr.ErrorKind, t token, message, help string) {
	r.errs.add(expr.Error{Kind: kind, Start: int(t.start), End: int(t.end), Message: message, Help: help})
	r.stopped = r.errs.full()
}

// deeper guards every recursion of the walk.
func (r *resolver) deeper() bool {
	if !r.stopped && r.depth >= MaxDepth {
		at := token{end: int32(len(r.text))}
		if len(r.names) > 0 {
			at = r.names[0]
		}
		r.errs.add(limit(int(at.start), int(at.end), "the jq program is nested deeper than %d levels", MaxDepth))
		r.stopped = true
	}
	if r.stopped {
		return false
	}
	r.depth++
	return true
}

func (r *resolver) variable(name string) {
	t := r.take(name)
	if r.bound[name] == 0 && !builtins().variables[name] && r.first(name, t) {
		r.report(expr.UnknownVariable, t, "nothing binds the variable "+cut(name)+" here", r.suggestVariable(name))
	} else if help := notHere[name]; help != "" && r.bound[name] == 0 && r.first(name, t) {
		r.report(expr.NotHere, t, cut(name)+" has nothing to tell where the platform runs the program", help)
	}
}

func (r *resolver) function(name string, arity int) {
	t, key := r.take(name), functionKey(name, arity)
	if r.bound[key] == 0 && !builtins().has(name, arity) && r.first(key, t) {
		r.report(expr.UnknownFunction, t, "jq has no function "+functionKey(cut(name), arity), r.suggestFunction(name))
	} else if help := notHere[key]; help != "" && r.bound[key] == 0 && r.first(key, t) {
		r.report(expr.NotHere, t, cut(name)+" has nothing to tell where the platform runs the program", help)
	}
}

func (r *resolver) format(name string) {
	if name == "" {
		return
	}
	if t := r.take(name); !slices.Contains(formats, name) && r.first(name, t) {
		r.report(expr.UnknownFormat, t, "jq has no format "+cut(name), "the formats are "+strings.Join(formats, " "))
	}
}

func (r *resolver) breakOut(label string) {
	t, key := r.take(label), "break "+label
	if r.bound[key] == 0 && r.first(key, t) {
		r.report(expr.UnknownLabel, t, "there is no label "+cut(label)+" around this break", "write label "+cut(label)+" | before what it ends")
	}
}
