package shape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// Style is how a value is written down; the zero value is compact JSON with
// sorted members and nothing escaped that needs not be.
type Style struct {
	First   []string // members that come first in the whole value
	Reverse bool     // members from behind
	HTML    bool     // <, > and & as \u003c…
	ASCII   bool     // other characters as \u00e9
	Slashes bool     // / as \/
	Twice   bool     // the first member is written again at the end
	Indent  string
	Before  string // in front of everything, such as a byte order mark
	After   string // behind everything
}

// Write writes a value down.
func (s Style) Write(v any) []byte {
	var b bytes.Buffer
	s.value(&b, v, true)
	text := b.Bytes()
	if s.Indent != "" {
		var lines bytes.Buffer
		if json.Indent(&lines, text, "", s.Indent) == nil {
			text = lines.Bytes()
		}
	}
	return slices.Concat([]byte(s.Before), text, []byte(s.After))
}

func (s Style) value(b *bytes.Buffer, v any, whole bool) {
	switch v := v.(type) {
	case map[string]any:
		s.object(b, v, whole)
	case []any:
		b.WriteByte('[')
		for n, e := range v {
			if n > 0 {
				b.WriteByte(',')
			}
			s.value(b, e, false)
		}
		b.WriteByte(']')
	case string:
		b.WriteString(s.text(v))
	case json.Number:
		b.WriteString(string(v))
	default:
		text, _ := json.Marshal(v) // null, true, or a Go value that a change put in
		b.Write(text)
	}
}

func (s Style) object(b *bytes.Buffer, m map[string]any, whole bool) {
	names := s.order(m, whole)
	if s.Twice && whole && len(names) > 0 {
		names = append(names, names[0])
	}
	b.WriteByte('{')
	for n, name := range names {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.text(name))
		b.WriteByte(':')
		s.value(b, m[name], false)
	}
	b.WriteByte('}')
}

// order is that of the documented read-back: First, then a resource's type and
// properties, then the rest by name.
func (s Style) order(m map[string]any, whole bool) []string {
	rank := func(name string) int {
		if n := slices.Index(s.First, name); whole && n >= 0 {
			return n - len(s.First)
		}
		return 0
	}
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	if m["type"] != nil && m["properties"] != nil {
		names = slices.DeleteFunc(names, func(n string) bool { return n == "type" || n == "properties" })
		names = append([]string{"type", "properties"}, names...)
	}
	if s.Reverse {
		slices.Reverse(names)
	}
	return names
}

func (s Style) text(v string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(s.HTML)
	_ = enc.Encode(v) // of a string: can't fail
	text := strings.TrimSuffix(b.String(), "\n")
	if s.Slashes {
		text = strings.ReplaceAll(text, "/", `\/`)
	}
	if s.ASCII {
		text = escape(text)
	}
	return text
}

func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
