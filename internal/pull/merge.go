package pull

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Differences are the JSON pointers at which a bundle file and the account's
// bundle say different things. Placeholders of the file stand for any text,
// the integration in an ARN for any other, and what is empty for nothing.
func Differences(ours, stored *source.Document) []string {
	var list []string
	var walk func(o, s *source.Node, pointer string)
	walk = func(o, s *source.Node, pointer string) {
		switch {
		case alike(o, s):
		case o != nil && s != nil && o.IsObject() && s.IsObject():
			for _, name := range names(o, s) {
				walk(o.Get(name), s.Get(name), pointer+"/"+source.EscapePointer(name))
			}
		default:
			list = append(list, pointer)
		}
	}
	walk(ours.Root, stored.Root, "")
	return list
}

// names are those of the members of both, ours first, without the server's.
func names(ours, stored *source.Node) []string {
	var list []string
	for _, n := range slices.Concat(ours.Members, stored.Members) {
		if (n.Parent.Parent != nil || !isServerField(n.Name)) && !slices.Contains(list, n.Name) {
			list = append(list, n.Name)
		}
	}
	return list
}

// Merge is the text of our file with what the account has where the two
// differ: in our order and form, with our placeholders.
func Merge(ours, stored *source.Document, secrets *Secrets) []byte {
	text := string(ours.File.Src)
	w := writer{secrets: secrets, indent: indentOf(text), line: "\n"}
	if strings.Contains(text, "\r\n") {
		w.line = "\r\n"
	}
	var b strings.Builder
	w.merge(&b, ours.Root, stored.Root, 0)
	if strings.HasSuffix(text, "\n") {
		b.WriteString(w.line)
	}
	return []byte(b.String())
}

// indentOf is what the file's first indented line begins with.
func indentOf(text string) string {
	for line := range strings.Lines(text) {
		if bare := strings.TrimLeft(line, " \t"); bare != line && strings.TrimSpace(bare) != "" {
			return line[:len(line)-len(bare)]
		}
	}
	return "  "
}

func (w writer) merge(b *strings.Builder, ours, stored *source.Node, depth int) {
	switch {
	case alike(ours, stored):
		w.secrets = nil
		w.value(b, ours, depth)
	case ours.IsObject() && stored.IsObject():
		w.mergeObject(b, ours, stored, depth)
	case ours.IsArray() && stored.IsArray() && len(stored.Members) > 0:
		b.WriteByte('[')
		for i, s := range stored.Members {
			w.next(b, i, depth+1)
			w.mergeOr(b, item(ours, i), s, depth+1)
		}
		b.WriteString(w.line + strings.Repeat(w.indent, depth) + "]")
	default:
		w.value(b, stored, depth)
	}
}

func (w writer) mergeObject(b *strings.Builder, ours, stored *source.Node, depth int) {
	var kept []string
	for _, name := range names(ours, stored) {
		o, s := ours.Get(name), stored.Get(name)
		if o != nil && s != nil || o == nil && !empty(s) || s == nil && empty(o) {
			kept = append(kept, name)
		}
	}
	if len(kept) == 0 {
		b.WriteString("{}")
		return
	}
	b.WriteByte('{')
	for i, name := range kept {
		w.next(b, i, depth+1)
		b.WriteString(Quote(name) + ": ")
		w.mergeOr(b, ours.Get(name), stored.Get(name), depth+1)
	}
	b.WriteString(w.line + strings.Repeat(w.indent, depth) + "}")
}

func (w writer) mergeOr(b *strings.Builder, ours, stored *source.Node, depth int) {
	switch {
	case ours == nil:
		w.value(b, stored, depth)
	case stored == nil:
		w.secrets = nil
		w.value(b, ours, depth)
	default:
		w.merge(b, ours, stored, depth)
	}
}

func item(n *source.Node, i int) *source.Node {
	if i < len(n.Members) {
		return n.Members[i]
	}
	return nil
}

// alike tells whether two values say the same; nil is one that isn't there.
func alike(ours, stored *source.Node) bool {
	if ours == nil || stored == nil {
		return empty(ours) && empty(stored)
	}
	switch o := ours.Value.(type) {
	case source.Object:
		return stored.IsObject() && !slices.ContainsFunc(names(ours, stored), func(name string) bool { return !alike(ours.Get(name), stored.Get(name)) })
	case source.Array:
		return stored.IsArray() && slices.EqualFunc(ours.Members, stored.Members, alike)
	case string:
		return alikeText(o, stored)
	case json.Number:
		s, ok := stored.Value.(json.Number)
		return ok && source.SameNumber(o, s)
	}
	return ours.Value == stored.Value
}

// empty: null, "", [], {} and nothing mean the same.
func empty(n *source.Node) bool {
	if n == nil {
		return true
	}
	switch v := n.Value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case source.Object, source.Array:
		return len(n.Members) == 0
	}
	return false
}

func alikeText(ours string, stored *source.Node) bool {
	if _, ok := stored.Value.(json.Number); ok { // a placeholder can become a number
		holes := expr.Placeholders(ours)
		return len(holes) == 1 && holes[0].Kind == expr.Deployer && strings.TrimSpace(ours[:holes[0].Start]+ours[holes[0].End:]) == ""
	}
	s, ok := stored.Text()
	if !ok {
		return false
	}
	if a, ok := zis.ParseARN(ours); ok {
		if b, ok := zis.ParseARN(s); ok {
			return a.In(b.Integration) == b
		}
	}
	return fits(ours, s)
}

// fits tells whether a text can come of one with placeholders.
func fits(ours, s string) bool {
	var parts []string // between the placeholders
	at := 0
	for _, p := range expr.Placeholders(ours) {
		if p.Kind == expr.Deployer {
			parts = append(parts, ours[at:p.Start])
			at = p.End
		}
	}
	if at == 0 {
		return ours == s
	}
	last := ours[at:]
	rest, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, last)
}
