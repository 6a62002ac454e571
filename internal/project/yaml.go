package project

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// reader reads one project: findings of all its files end up in found.
type reader struct {
	root  string // the name of the project's own file
	file  *diag.File
	found []diag.Diagnostic
}

// parse gives the root mapping of a file; nil if the file is empty or wrong.
// What makes YAML surprising is refused: anchors, which can make a small file
// immense, tags, merge keys, several documents, duplicate keys.
func (r *reader) parse(f *diag.File) *yaml.Node {
	r.file = f
	if len(f.Src) > MaxBytes {
		r.report(Place{f, 1, 1}, 1, "spread the targets over several files with include", "the file is larger than %d bytes", MaxBytes)
		return nil
	}
	var doc, second yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(f.Src))
	if err := in.Decode(&doc); err != nil {
		r.broken(err)
		return nil
	}
	switch err := in.Decode(&second); {
	case err == nil:
		r.report(r.at(&second), 1, "one file holds one document", "a second document begins here")
	case !errors.Is(err, io.EOF):
		r.broken(err)
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" && doc.Content[0].Value == "" {
		return nil
	}
	root := doc.Content[0]
	if before := len(r.found); !r.plain(root) || len(r.found) > before {
		return nil
	}
	return root
}

// broken tells of text that is no YAML.
func (r *reader) broken(err error) {
	if errors.Is(err, io.EOF) {
		return
	}
	e, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		r.report(Place{r.file, 1, 1}, 1, "", "this is no YAML: %v", err)
		return
	}
	at, help := Place{r.file, int32(max(1, e.Mark.Line)), int32(max(1, e.Mark.Column))}, ""
	if last := r.file.Position(int32(len(r.file.Src))); int(at.Line) > last.Line {
		at = Place{r.file, int32(last.Line), int32(last.Column)} // something is open at the end of the file
	}
	if line := r.file.Line(int(at.Line)); strings.Contains(string(r.file.Src[line.Start:line.End]), "\t") {
		help = "indent with spaces: YAML takes no tabs"
	}
	if e.ContextMsg != "" && e.ContextMark.Line > 0 {
		help = strings.TrimPrefix(help+"; "+e.ContextMsg+" that begins in line "+strconv.Itoa(e.ContextMark.Line), "; ")
	}
	r.report(at, 1, help, "%s", e.Message)
}

// plain refuses what is read nowhere in the file.
func (r *reader) plain(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		r.report(r.at(n), 1, "write the value again", "anchors and aliases are not read")
		return false
	case n.Anchor != "":
		r.report(r.at(n), 1, "write the value at each place", "anchors and aliases are not read")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		r.report(r.at(n), 1, "quotes make a text of a value", "the tag %s is not read", cut(n.Tag))
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = r.plain(c) && ok
	}
	return ok
}

func (r *reader) at(n *yaml.Node) Place {
	return Place{r.file, int32(max(1, n.Line)), int32(max(1, n.Column))}
}

// key is a key of a mapping, and what reads its value into a T.
type key[T any] struct {
	name string
	read func(r *reader, n *yaml.Node, into *T)
}

// fill reads a mapping of known keys; whole tells whether there was nothing
// else, so that what is missing is not only misspelt.
func fill[T any](r *reader, n *yaml.Node, what string, keys []key[T], into *T) (whole bool) {
	whole = n.Kind == yaml.MappingNode
	r.pairs(n, what, func(name, value *yaml.Node) {
		for _, k := range keys {
			if k.name == name.Value {
				k.read(r, value, into)
				return
			}
		}
		whole = false
		r.report(r.at(name), len(name.Value), didYouMean(name.Value, names(keys)), "%s has no key %q", what, cut(name.Value))
	})
	return whole
}

func names[T any](keys []key[T]) []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.name
	}
	return list
}

// pairs goes over a mapping: each key is a text that comes once.
func (r *reader) pairs(n *yaml.Node, what string, each func(name, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.report(r.at(n), len(n.Value), "write KEY: VALUE, one a line", "%s is %s, and must be a mapping", what, kindOf(n))
		return
	}
	seen := seenKeys{few: make([]*yaml.Node, 0, min(fewKeys, len(n.Content)/2))}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		switch first := seen.find(name.Value); {
		case name.Kind != yaml.ScalarNode || name.Tag == "!!null":
			r.report(r.at(name), 1, "", "a key must be a text")
		case name.Tag == "!!merge":
			r.report(r.at(name), len(name.Value), "write the keys out", "merge keys are not read")
		case first != nil:
			r.report(r.at(name), len(name.Value), "first in line "+strconv.Itoa(first.Line), "the key %q comes twice", cut(name.Value))
		default:
			seen.add(name)
			each(name, value)
		}
	}
}

// seenKeys are keys of one mapping. Most mappings are small, and there are
// thousands of them: only a large one gets an index.
type seenKeys struct {
	few  []*yaml.Node
	many map[string]*yaml.Node
}

const fewKeys = 16

func (s *seenKeys) find(name string) *yaml.Node {
	for _, k := range s.few {
		if k.Value == name {
			return k
		}
	}
	return s.many[name]
}

func (s *seenKeys) add(k *yaml.Node) {
	if len(s.few) < fewKeys {
		s.few = append(s.few, k)
		return
	}
	if s.many == nil {
		s.many = map[string]*yaml.Node{}
	}
	s.many[k.Value] = k
}

// items goes over a list.
func (r *reader) items(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.report(r.at(n), len(n.Value), "write - ITEM, one a line", "%s is %s, and must be a list", what, kindOf(n))
		return
	}
	for _, item := range n.Content {
		each(item)
	}
}

// text reads a text. A number is one too, as it is written.
func (r *reader) text(n *yaml.Node, what string) Text {
	t := Text{At: r.at(n)}
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Tag == "!!bool":
		r.report(t.At, len(n.Value), "", "%s is %s, and must be a text", what, kindOf(n))
	case strings.TrimSpace(n.Value) == "":
		r.report(t.At, 1, "", "%s is empty", what)
	default:
		t.Value = n.Value
	}
	return t
}

func (r *reader) texts(n *yaml.Node, what string) []Text {
	var list []Text
	r.items(n, what, func(item *yaml.Node) { list = append(list, r.text(item, "an item of "+what)) })
	return list
}

func (r *reader) oneOf(n *yaml.Node, what string, allowed ...string) Text {
	t := r.text(n, what)
	if slices.Contains(allowed, t.Value) {
		return t
	}
	if t.Value != "" {
		r.reportText(t, english.DidYouMean(english.Nearest(t.Value, allowed)), "%s is %q; it can be %s", what, cut(t.Value), strings.Join(allowed, " or "))
	}
	return Text{At: t.At}
}

func (r *reader) truth(n *yaml.Node, what string) bool {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		r.report(r.at(n), len(n.Value), "", "%s is %s, and must be true or false", what, kindOf(n))
	}
	return strings.EqualFold(n.Value, "true")
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "empty"
	case n.Tag == "!!bool":
		return "a truth value"
	case n.Tag == "!!int" || n.Tag == "!!float":
		return "a number"
	}
	return "a text"
}
