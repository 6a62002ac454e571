package flowtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// Place is where something stands in a test file. The zero Place is nowhere.
type Place struct {
	File         *diag.File
	Line, Column int
}

// String is file:line:column.
func (p Place) String() string {
	if p.File == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", p.File.Path, p.Line, p.Column)
}

// Mistake is something wrong with a test file.
type Mistake struct {
	Place   Place
	Message string
	Help    string // what to do; may be empty
}

func (m Mistake) String() string {
	s := m.Place.String() + ": " + m.Message
	if m.Help != "" {
		s += " (" + m.Help + ")"
	}
	return s
}

// MaxBytes bounds a test file, and each file that it names.
const MaxBytes = 4 << 20

// node is a value of a test file and its place.
type node struct {
	place   Place
	value   any // as package interp has it
	members []member
	items   []*node
}

type member struct {
	name  string
	place Place
	node  *node
}

// get is a member of a mapping, or nil.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.name == name {
			return m.node
		}
	}
	return nil
}

func (n *node) isObject() bool { _, ok := n.value.(map[string]any); return ok }
func (n *node) isList() bool   { _, ok := n.value.([]any); return ok }

// parser turns a file into nodes.
type parser struct {
	file  *diag.File
	found *[]Mistake
}

func (p *parser) report(at Place, help, format string, args ...any) {
	*p.found = append(*p.found, Mistake{at, fmt.Sprintf(format, args...), help})
}

// parse reads a file; nil if it is empty or wrong.
func (p *parser) parse() *node {
	at := Place{p.file, 1, 1}
	if len(p.file.Src) > MaxBytes {
		p.report(at, "", "the file is larger than %d MiB", MaxBytes>>20)
		return nil
	}
	if path.Ext(p.file.Path) == ".json" {
		return p.parseJSON()
	}
	var doc, second yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(p.file.Src))
	if err := in.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			p.broken(err)
		}
		return nil
	}
	if err := in.Decode(&second); !errors.Is(err, io.EOF) {
		p.report(p.at(&second), "one file holds one list of cases", "a second document begins here")
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	before := len(*p.found)
	n := p.node(doc.Content[0], 0)
	if len(*p.found) > before {
		return nil
	}
	return n
}

func (p *parser) broken(err error) {
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		p.report(Place{p.file, max(1, e.Mark.Line), max(1, e.Mark.Column)}, "", "%s", e.Message)
		return
	}
	p.report(Place{p.file, 1, 1}, "", "this is no YAML: %v", err)
}

func (p *parser) at(n *yaml.Node) Place { return Place{p.file, max(1, n.Line), max(1, n.Column)} }

const maxDepth = 100

// node refuses what makes YAML surprising: anchors, tags, merge keys.
func (p *parser) node(n *yaml.Node, depth int) *node {
	at := p.at(n)
	switch {
	case depth > maxDepth:
		p.report(at, "", "the file is nested more than %d levels deep", maxDepth)
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		p.report(at, "write the value at each place", "anchors and aliases are not read")
	case n.Style&yaml.TaggedStyle != 0:
		p.report(at, "quotes make a text of a value", "tags are not read")
	case n.Kind == yaml.MappingNode:
		return p.object(n, depth)
	case n.Kind == yaml.SequenceNode:
		list := &node{place: at}
		values := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			item := p.node(c, depth+1)
			list.items = append(list.items, item)
			values = append(values, item.value)
		}
		list.value = values
		return list
	default:
		return &node{place: at, value: p.scalar(n)}
	}
	return &node{place: at}
}

func (p *parser) object(n *yaml.Node, depth int) *node {
	object := &node{place: p.at(n)}
	values := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		_, twice := values[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || key.Anchor != "":
			p.report(p.at(key), "", "a key must be a text")
		case twice:
			p.report(p.at(key), "", "the key %q comes twice", diag.Cut(key.Value, diag.Quoted))
		}
		v := p.node(n.Content[i+1], depth+1)
		values[key.Value] = v.value
		object.members = append(object.members, member{key.Value, p.at(key), v})
	}
	object.value = values
	return object
}

// scalar reads a value as JSON has it. Times and other words are texts.
func (p *parser) scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
		p.report(p.at(n), "quotes make a text of it", "the number %s is not written as in JSON", diag.Cut(n.Value, diag.Quoted))
	}
	return n.Value
}

// keys tells of keys that are not known.
func (p *parser) keys(n *node, what string, known ...string) {
	for _, m := range n.members {
		found := false
		for _, k := range known {
			found = found || k == m.name
		}
		if found {
			continue
		}
		help := "it can have " + english.Join(known)
		if near := english.Nearest(m.name, known); near != "" {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		p.report(m.place, help, "%s has no key %q", what, diag.Cut(m.name, diag.Quoted))
	}
}

// Span is the place in the file, up to the end of its line.
func (p Place) Span() diag.Span {
	line := p.File.Line(p.Line)
	start := line.Start
	for column := 1; column < p.Column && start < line.End; column++ {
		_, size := utf8.DecodeRune(p.File.Src[start:line.End])
		start += int32(size)
	}
	return diag.Span{Start: start, End: max(start, line.End)}
}
