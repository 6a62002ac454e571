package pull

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// merged is the text of our file with what the account has where the two
// differ. What doesn't differ stays as it is written, to the byte.
func (b *beside) merged(secrets *Secrets) []byte {
	b.reserve(secrets)
	secrets.collect(b.stored.Root)
	src := b.ours.File.Src
	m := &merger{beside: b, src: src, counts: map[string]bool{}, w: writer{secrets: secrets, indent: indentOf(string(src)), line: lineOf(src)}}
	for _, d := range b.differences() {
		m.counts[d.Pointer] = true
	}
	root := b.ours.Root
	text := slices.Concat(src[:root.Span.Start], []byte(m.value(root, b.stored.Root, 0)), src[root.Span.End:])
	if again, _ := source.Parse(diag.NewFile(b.ours.File.Path, text)); again != nil {
		if next := newBeside(again, b.stored, b.integration, b.values); len(next.differences()) == 0 {
			return text
		}
	}
	return m.w.document(b.stored) // there is no way to keep the file's form
}

// reserve keeps the file's names for what they stand for.
func (b *beside) reserve(secrets *Secrets) {
	eachHole(b.ours.Root, func(name string) {
		secrets.Reserve(name)
		switch value := b.values.learned[name].(type) {
		case string:
			secrets.is(name, value)
		case json.Number:
			secrets.is(name, keyOf(value.String(), true))
		}
	})
}

func lineOf(src []byte) string {
	if strings.Contains(string(src), "\r\n") {
		return "\r\n"
	}
	return "\n"
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

// merger writes ours with the account's values.
type merger struct {
	*beside
	src    []byte
	counts map[string]bool // pointers of what a plan would change
	w      writer
}

// matters tells whether a member that only one side has makes a difference: the
// registry adds some. In lists, whose items move, each does.
func (m *merger) matters(o *source.Node, name string) bool {
	for up := o; up != nil; up = up.Parent {
		if up.IsArray() {
			return true
		}
	}
	return m.counts[o.Pointer()+"/"+source.EscapePointer(name)]
}

// value is the text of o as the account has it, s, at that depth.
func (m *merger) value(o, s *source.Node, depth int) string {
	switch {
	case m.alike(o, s):
		return m.verbatim(o)
	case o.IsObject() && s.IsObject():
		return m.object(o, s, depth)
	case o.IsArray() && s.IsArray():
		return m.array(o, s, depth)
	}
	return m.fresh(s, depth)
}

func (m *merger) verbatim(o *source.Node) string { return string(m.src[o.Span.Start:o.Span.End]) }

// fresh is a value of the account that the file doesn't have.
func (m *merger) fresh(s *source.Node, depth int) string {
	var b strings.Builder
	m.w.value(&b, s, depth)
	return b.String()
}

// part is the text of a member or item; of is what it was in the file, or nil.
type part struct {
	of   *source.Node
	text string
}

func (m *merger) object(o, s *source.Node, depth int) string {
	var parts []part
	for _, member := range o.Members {
		if at := s.Get(member.Name); at != nil {
			parts = append(parts, part{member, m.key(member) + m.value(member, at, depth+1)})
		} else if !m.matters(o, member.Name) {
			parts = append(parts, part{member, m.key(member) + m.verbatim(member)})
		}
	}
	for _, member := range s.Members {
		if o.Get(member.Name) == nil && m.matters(o, member.Name) {
			parts = append(parts, part{nil, Quote(member.Name) + ": " + m.fresh(member, depth+1)})
		}
	}
	return m.join(o, "{", parts, "}", depth)
}

// key is a member's name and what stands between it and its value.
func (m *merger) key(member *source.Node) string {
	return string(m.src[member.Key.Start:member.Span.Start])
}

func (m *merger) array(o, s *source.Node, depth int) string {
	partners := m.partners(o, s)
	var parts []part
	for i, item := range s.Members {
		if partners[i] == nil {
			parts = append(parts, part{nil, m.fresh(item, depth+1)})
			continue
		}
		parts = append(parts, part{partners[i], m.value(partners[i], item, depth+1)})
	}
	return m.join(o, "[", parts, "]", depth)
}

// mostPairs of items are looked at for one that has moved.
const mostPairs = 1 << 18

// partners are the items of ours that those of the account come of: the same
// ones, then those with the same key, then those in the same place.
func (m *merger) partners(o, s *source.Node) []*source.Node {
	found := make([]*source.Node, len(s.Members))
	taken := map[*source.Node]bool{}
	pair := func(i, j int, fits func(mine, theirs *source.Node) bool) {
		if mine := o.Members[j]; found[i] == nil && !taken[mine] && fits(mine, s.Members[i]) {
			found[i], taken[mine] = mine, true
		}
	}
	inPlace := func(fits func(mine, theirs *source.Node) bool) {
		for i := range min(len(o.Members), len(s.Members)) {
			pair(i, i, fits)
		}
	}
	anywhere := func(fits func(mine, theirs *source.Node) bool) {
		for i := range s.Members {
			for j := 0; j < len(o.Members) && found[i] == nil; j++ {
				pair(i, j, fits)
			}
		}
	}
	inPlace(m.alike)
	if len(o.Members)*len(s.Members) <= mostPairs {
		anywhere(m.alike)
		anywhere(sameKey)
	}
	inPlace(func(mine, _ *source.Node) bool { return mine.Get("key") == nil })
	return found
}

func sameKey(o, s *source.Node) bool {
	a, ok := o.Get("key").Text()
	b, also := s.Get("key").Text()
	return ok && also && strings.EqualFold(a, b)
}

// join puts the parts of an object or array together: where they are those of
// the file, in its order, with all that stands between them.
func (m *merger) join(o *source.Node, begin string, parts []part, end string, depth int) string {
	if len(parts) == 0 {
		return begin + end
	}
	var b strings.Builder
	if slices.EqualFunc(parts, o.Members, func(p part, member *source.Node) bool { return p.of == member }) {
		done := o.Span.Start
		for _, p := range parts {
			start := p.of.Span.Start
			if o.IsObject() {
				start = p.of.Key.Start
			}
			b.Write(m.src[done:start])
			b.WriteString(p.text)
			done = p.of.Span.End
		}
		b.Write(m.src[done:o.Span.End])
		return b.String()
	}
	b.WriteString(begin)
	for i, p := range parts {
		m.w.next(&b, i, depth+1)
		b.WriteString(p.text)
	}
	b.WriteString(m.w.line + strings.Repeat(m.w.indent, depth) + end)
	return b.String()
}
