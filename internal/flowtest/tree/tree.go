// Package tree reads a test file, YAML or JSON, as a tree that knows where each
// value stands.
package tree

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

// Start is the first character of a file.
func Start(f *diag.File) Place { return Place{f, 1, 1} }

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

// String is the place, what is wrong, and what to do in parentheses.
func (m Mistake) String() string {
	s := m.Place.String() + ": " + m.Message
	if m.Help != "" {
		s += " (" + m.Help + ")"
	}
	return s
}

// Limits of files, in bytes.
const (
	MaxBytes     = 4 << 20  // of a file of cases
	MaxDataBytes = 32 << 20 // of each event and reply that it names
)

// Node is a value of a test file and its place.
type Node struct {
	Place   Place
	Value   any      // as package interp has it
	Members []Member // of a mapping, in the file's order
	Items   []*Node  // of a list
}

// Member is a member of a mapping: its name, where that stands, and its value.
type Member struct {
	Name  string
	Place Place
	Node  *Node
}

// Get is a member of a mapping, or nil.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for _, m := range n.Members {
		if m.Name == name {
			return m.Node
		}
	}
	return nil
}

// IsObject tells whether the value is a mapping.
func (n *Node) IsObject() bool { _, ok := n.Value.(map[string]any); return ok }

// IsList tells whether the value is a list.
func (n *Node) IsList() bool { _, ok := n.Value.([]any); return ok }

// Parser turns a file into nodes.
type Parser struct {
	File  *diag.File
	Found *[]Mistake // takes what is wrong
}

// Report notes a mistake; help says what to do and may be empty.
func (p *Parser) Report(at Place, help, format string, args ...any) {
	*p.Found = append(*p.Found, Mistake{at, fmt.Sprintf(format, args...), help})
}

// Parse reads a file; nil if it is empty or wrong.
func (p *Parser) Parse() *Node {
	at := Start(p.File)
	if len(p.File.Src) > MaxBytes {
		p.Report(at, "put large events and replies into files of their own", "the file is larger than %d MiB", MaxBytes>>20)
		return nil
	}
	if path.Ext(p.File.Path) == ".json" {
		return p.parseJSON()
	}
	var doc, second yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(p.File.Src))
	if err := in.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			p.broken(err)
		}
		return nil
	}
	if err := in.Decode(&second); !errors.Is(err, io.EOF) {
		p.Report(p.at(&second), "one file holds one list of cases", "a second document begins here")
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	before := len(*p.Found)
	n := p.node(doc.Content[0], 0)
	if len(*p.Found) > before {
		return nil
	}
	return n
}

func (p *Parser) broken(err error) {
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		p.Report(Place{p.File, max(1, e.Mark.Line), max(1, e.Mark.Column)}, "", "%s", e.Message)
		return
	}
	p.Report(Start(p.File), "", "this is no YAML: %v", err)
}

func (p *Parser) at(n *yaml.Node) Place { return Place{p.File, max(1, n.Line), max(1, n.Column)} }

const maxDepth = 100

// node refuses what makes YAML surprising: anchors, tags, merge keys.
func (p *Parser) node(n *yaml.Node, depth int) *Node {
	at := p.at(n)
	switch {
	case depth > maxDepth:
		p.Report(at, "", "the file is nested more than %d levels deep", maxDepth)
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		p.Report(at, "write the value at each place", "anchors and aliases are not read")
	case n.Style&yaml.TaggedStyle != 0:
		p.Report(at, "quotes make a text of a value", "tags are not read")
	case n.Kind == yaml.MappingNode:
		return p.object(n, depth)
	case n.Kind == yaml.SequenceNode:
		list := &Node{Place: at}
		values := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			item := p.node(c, depth+1)
			list.Items = append(list.Items, item)
			values = append(values, item.Value)
		}
		list.Value = values
		return list
	default:
		return &Node{Place: at, Value: p.scalar(n)}
	}
	return &Node{Place: at}
}

func (p *Parser) object(n *yaml.Node, depth int) *Node {
	object := &Node{Place: p.at(n)}
	values := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		_, twice := values[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || key.Anchor != "":
			p.Report(p.at(key), "", "a key must be a text")
			continue
		case twice:
			p.Report(p.at(key), "", "the key %q comes twice", diag.Cut(key.Value, diag.Quoted))
		}
		v := p.node(n.Content[i+1], depth+1)
		values[key.Value] = v.Value
		object.Members = append(object.Members, Member{key.Value, p.at(key), v})
	}
	object.Value = values
	return object
}

// scalar reads a value as JSON has it. Times and other words are texts.
func (p *Parser) scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
		p.Report(p.at(n), "quotes make a text of it", "the number %s is not written as in JSON", diag.Cut(n.Value, diag.Quoted))
	}
	return n.Value
}

// Keys tells of keys that are not known.
func (p *Parser) Keys(n *Node, what string, known ...string) {
	for _, m := range n.Members {
		found := false
		for _, k := range known {
			found = found || k == m.Name
		}
		if found {
			continue
		}
		help := "it can have " + english.Join(known)
		if near := english.Nearest(m.Name, known); near != "" {
			help = english.DidYouMean(near)
		}
		p.Report(m.Place, help, "%s has no key %q", what, diag.Cut(m.Name, diag.Quoted))
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
