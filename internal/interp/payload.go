package interp

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// payload is Parameters, or part of a definition, compiled.
type payload struct {
	node    *source.Node
	kind    payloadKind
	value   any        // of a constant
	text    text       // of a text or resolved
	fields  []field    // of an object
	items   []*payload // of an array
	refused string     // why it can't be resolved
}

type field struct {
	name string // without its ".$"
	*payload
}

type payloadKind uint8

const (
	constant payloadKind = iota
	filled               // a text with placeholders, under a key without .$
	resolved             // the value of a key that ends in .$
	object
	array
)

// compilePayload reads a value as Parameters and definitions have it.
func compilePayload(n *source.Node) *payload {
	p := &payload{node: n}
	switch v := n.Value.(type) {
	case string:
		p.value = v
		if t := compileText(v); !t.plain() {
			p.kind, p.text = filled, t
		}
	case source.Array:
		p.array(n)
	case source.Object:
		p.object(n)
	default:
		p.value = v
	}
	return p
}

func (p *payload) array(n *source.Node) {
	values := make([]any, len(n.Members))
	for i, m := range n.Members {
		item := compilePayload(m)
		p.items = append(p.items, item)
		values[i] = item.value
		if item.kind != constant {
			p.kind = array
		}
	}
	if p.kind == constant {
		p.value = values
	}
}

func (p *payload) object(n *source.Node) {
	seen := make(map[string]bool, len(n.Members))
	values := make(map[string]any, len(n.Members))
	for _, m := range n.Members {
		name, isPath := strings.CutSuffix(m.Name, ".$")
		f := field{name, nil}
		if isPath {
			f.payload = compileResolved(m)
			p.kind = object
		} else {
			f.payload = compilePayload(m)
		}
		if f.kind != constant {
			p.kind = object
		}
		if seen[name] && (isPath || n.Get(name+".$") != nil) {
			f.refused = "both " + name + " and " + name + ".$ are given"
			p.kind = object
		}
		seen[name] = true
		p.fields = append(p.fields, f)
		values[m.Name] = f.value
	}
	if p.kind == constant {
		p.value = values
	}
}

// compileResolved reads the value of a key that ends in .$.
func compileResolved(n *source.Node) *payload {
	p := &payload{node: n, kind: resolved}
	s, ok := n.Text()
	if !ok {
		p.refused = "the value of " + n.Name + " is no text"
		return p
	}
	p.text = compileValue(s)
	return p
}

// get is the member of an object, or nil.
func (p *payload) get(name string) *payload {
	if p == nil {
		return nil
	}
	for _, f := range p.fields {
		if f.name == name {
			return f.payload
		}
	}
	return nil
}

// resolving says where a payload stands.
type resolving struct {
	filling
	body   bool // in a requestBody
	static bool // texts under keys without .$ stay as they are
}

var (
	parameters = resolving{filling: inParameters, static: true}
	definition = resolving{filling: inDefinition}
	bodyOf     = resolving{filling: inDefinition, body: true}
)

// resolve fills in a payload from the data.
func (r *run) resolve(p *payload, data any, how resolving) (any, *Error) {
	if p.refused != "" {
		return nil, r.at(&Error{Kind: Refused, Text: p.refused}, p.node)
	}
	switch p.kind {
	case filled:
		if how.static && r.reads(StaticText) != second {
			return p.value, nil
		}
		s, err := r.fill(p.text, data, how.filling)
		return r.taken(p, s, err)
	case resolved:
		if how.body && r.reads(BodyPaths) == second {
			return nil, r.at(how.fail(p.text.written), p.node)
		}
		v, err := r.value(p.text, data, how.filling)
		return r.taken(p, v, err)
	case object:
		return r.resolveObject(p, data, how)
	case array:
		list := make([]any, len(p.items))
		for i, item := range p.items {
			v, err := r.resolve(item, data, how)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}
	return p.value, nil
}

// taken is a value that was filled in, if there is room for it.
func (r *run) taken(p *payload, v any, err *Error) (any, *Error) {
	if err == nil && !within(v, &r.room) {
		err = tooMuch()
	}
	if err != nil {
		return nil, r.at(err, p.node)
	}
	return v, nil
}

func (r *run) resolveObject(p *payload, data any, how resolving) (any, *Error) {
	v := make(map[string]any, len(p.fields))
	for _, f := range p.fields {
		member, err := r.resolve(f.payload, data, how)
		if err != nil {
			return nil, err
		}
		v[f.name] = member
	}
	return v, nil
}
