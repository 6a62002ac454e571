package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Rules that parsing itself reports.
const (
	RuleSyntax       = "syntax"        // not JSON, or JSON that is no object
	RuleEncoding     = "encoding"      // byte order mark, invalid UTF-8, UTF-16
	RuleDuplicateKey = "duplicate-key" // an object names a member twice
	RuleLimit        = "limit"         // larger or deeper than this tool reads
	RuleNumber       = "number-range"  // a number no program can hold
)

var itoa = strconv.Itoa

// Parse reads a bundle file. The Document is nil only when the text can't be
// taken for a JSON object; then the findings hold one error that says why.
func Parse(f *diag.File) (*Document, []diag.Diagnostic) {
	p := &parser{file: f, names: map[string]string{}, dec: jsontext.NewDecoder(bytes.NewBuffer(f.Src), jsontext.AllowDuplicateNames(true))}
	if d, bad := p.refuse(); bad {
		return nil, []diag.Diagnostic{d}
	}
	root, err := p.document()
	if err != nil {
		return nil, []diag.Diagnostic{p.explain(err)}
	}
	return &Document{File: f, Root: root}, p.found
}

// parser builds the tree of one file from the tokens of jsontext.
type parser struct {
	file   *diag.File
	dec    *jsontext.Decoder
	found  []diag.Diagnostic
	depth  int
	values int
	way    int               // bytes of the names on the way here
	slab   []Node            // nodes are handed out of blocks: one allocation for many
	open   []*Node           // the members read so far of the objects and arrays around
	names  map[string]string // of members, by what stands in the file: kept once
}

// maxNames is how many names are kept once: more than fields have, few enough
// in a file of nothing but names.
const maxNames = 1000

// failure is a finding that ends the parsing.
type failure struct {
	span                diag.Span
	rule, message, help string
}

func (f failure) Error() string { return f.message }

func (p *parser) document() (*Node, error) {
	switch kind := p.dec.PeekKind(); kind {
	case '{':
	case 0:
		if len(bytes.TrimSpace(p.file.Src)) == 0 {
			return nil, failure{rule: RuleSyntax, message: "the file is empty", help: "a bundle is a JSON object"}
		}
	default:
		if p.isYAML() {
			return nil, yaml
		}
		start := p.start()
		if kind != '[' && kind != '"' && !json.Valid(bytes.Fields(p.file.Src)[0]) {
			return nil, failure{span: diag.Span{Start: start, End: start + 1}, rule: RuleSyntax, message: "the file is no JSON", help: "a bundle is a JSON object: { … }"}
		}
		return nil, failure{
			span: diag.Span{Start: start, End: start + 1}, rule: RuleSyntax,
			message: fmt.Sprintf("a bundle is a JSON object, this file holds %s", kindName(kind)), help: notAnObject(p.file.Src),
		}
	}
	root := p.node(nil)
	if err := p.value(root); err != nil {
		return nil, err
	}
	end := int(root.Span.End)
	if rest := bytes.TrimLeft(p.file.Src[end:], " \t\r\n"); len(rest) > 0 {
		start := int32(len(p.file.Src) - len(rest))
		return nil, failure{
			span: diag.Span{Start: start, End: start + 1}, rule: RuleSyntax,
			message: "there is text after the end of the bundle's object", help: "a file holds one bundle: remove the rest",
		}
	}
	return root, nil
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 'n':
		return "null"
	}
	return "true or false"
}

func (p *parser) node(parent *Node) *Node {
	if len(p.slab) == 0 {
		p.slab = make([]Node, 64)
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.Parent = parent
	return n
}

// value reads the next value whole into n, which has its name already.
func (p *parser) value(n *Node) error {
	if p.values++; p.values > MaxValues {
		return failure{span: p.here(), rule: RuleLimit, message: fmt.Sprintf("the file holds more than %d values", MaxValues)}
	}
	switch p.dec.PeekKind() {
	case '{':
		return p.nested(n, p.object)
	case '[':
		return p.nested(n, p.array)
	}
	return p.scalar(n)
}

func (p *parser) nested(n *Node, members func(*Node) error) error {
	if p.depth++; p.depth > MaxDepth {
		return failure{span: p.here(), rule: RuleLimit, message: fmt.Sprintf("the file is nested more than %d levels deep", MaxDepth)}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	n.Span.Start = int32(p.dec.InputOffset()) - 1
	around := len(p.open)
	if err := members(n); err != nil {
		return err
	}
	n.contain(slices.Clone(p.open[around:]))
	p.open = p.open[:around]
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	n.Span.End = int32(p.dec.InputOffset())
	p.depth--
	return nil
}

func (p *parser) object(n *Node) error {
	n.Value = Object{}
	around := len(p.open)
	var first map[string]*Node // by name; made of many members
	for {
		switch p.dec.PeekKind() {
		case '}':
			return nil
		case '"':
		default:
			_, err := p.dec.ReadToken()
			return err
		}
		raw, err := p.dec.ReadValue()
		if err != nil {
			return err
		}
		v := p.node(n)
		v.Key, v.Name, v.Index = p.span(raw), p.name(raw), int32(len(p.open)-around)
		if p.way += len(v.Name); p.way > MaxNames {
			return failure{span: v.Key, rule: RuleLimit, message: fmt.Sprintf("the names on the way here have more than %d bytes together", MaxNames)}
		}
		if err := p.value(v); err != nil {
			return err
		}
		p.way -= len(v.Name)
		if len(p.open)-around == many {
			first = firsts(p.open[around:])
		}
		if twin := firstNamed(v.Name, p.open[around:], first); twin != nil {
			p.duplicate(twin, v)
		} else if first != nil {
			first[v.Name] = v
		}
		p.open = append(p.open, v)
	}
}

func firsts(members []*Node) map[string]*Node {
	first := make(map[string]*Node, len(members))
	for _, n := range slices.Backward(members) {
		first[n.Name] = n
	}
	return first
}

// firstNamed is the first of the members with that name, or nil; by name, if
// they are many.
func firstNamed(name string, members []*Node, first map[string]*Node) *Node {
	if first != nil {
		return first[name]
	}
	if i := slices.IndexFunc(members, func(n *Node) bool { return n.Name == name }); i >= 0 {
		return members[i]
	}
	return nil
}

func (p *parser) duplicate(first, again *Node) {
	if p.enough() {
		return
	}
	d := p.finding(failure{
		span: again.Key, rule: RuleDuplicateKey,
		message: fmt.Sprintf("the key %q stands twice in this object", again.Name),
		help:    "remove one: which of the two the platform would take is not documented",
	})
	d.Pointer = again.Pointer()
	d.Related = []diag.Related{{File: p.file, Span: first.Key, Message: "first here"}}
	p.found = append(p.found, d)
}

func (p *parser) array(n *Node) error {
	n.Value = Array{}
	around := len(p.open)
	for p.dec.PeekKind() != ']' {
		v := p.node(n)
		v.Index = int32(len(p.open) - around)
		if err := p.value(v); err != nil {
			return err
		}
		p.open = append(p.open, v)
	}
	return nil
}

func (p *parser) scalar(n *Node) error {
	raw, err := p.dec.ReadValue()
	if err != nil {
		return err
	}
	n.Span = p.span(raw)
	switch raw.Kind() {
	case '"':
		if len(raw) > MaxText {
			return failure{span: n.Span, rule: RuleLimit, message: "the text is longer than 1 MiB, the most that is read of one"}
		}
		n.Value = unquote(raw)
	case '0':
		n.Value = p.number(n, string(raw))
	case 't', 'f':
		n.Value = raw.Kind() == 't'
	}
	return nil
}

// number keeps the digits as they are. One beyond float64 becomes 0, because
// the schema library crashes on it; the finding stops every later step.
func (p *parser) number(n *Node, text string) json.Number {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return json.Number(text)
	}
	if p.enough() {
		return "0"
	}
	d := p.finding(failure{
		span: n.Span, rule: RuleNumber,
		message: "the number " + diag.Cut(text, 40) + " is larger than any program can hold",
	})
	d.Pointer = n.Pointer()
	p.found = append(p.found, d)
	return "0"
}

// enough counts a finding instead of keeping it where very many are kept.
func (p *parser) enough() bool {
	if len(p.found) < diag.MostFindings {
		return false
	}
	p.found[len(p.found)-1].More++
	return true
}

// span is the place of a value that was just read.
func (p *parser) span(raw []byte) diag.Span {
	end := int32(p.dec.InputOffset())
	return diag.Span{Start: end - int32(len(raw)), End: end}
}

// start is the offset of the next token: after white space and punctuation.
func (p *parser) start() int32 {
	at := int(p.dec.InputOffset())
	rest := bytes.TrimLeft(p.file.Src[at:], " \t\r\n,:")
	return int32(len(p.file.Src) - len(rest))
}

func (p *parser) here() diag.Span { return diag.Span{Start: p.start(), End: p.start() + 1} }

// name is a member's name.
func (p *parser) name(raw []byte) string {
	name, ok := p.names[string(raw)]
	if !ok {
		name = unquote(raw)
		if len(p.names) < maxNames {
			p.names[string(raw)] = name
		}
	}
	return name
}

func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	s, _ := jsontext.AppendUnquote(nil, raw) // the decoder has checked it
	return string(s)
}

func (p *parser) finding(f failure) diag.Diagnostic {
	return diag.Diagnostic{File: p.file, Span: f.span, Rule: f.rule, Severity: diag.Error, Message: f.message, Help: f.help}
}
