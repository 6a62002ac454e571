package expr

import (
	"fmt"
	"strconv"
	"strings"
)

// Path is a reference path such as $.search.tickets[0].id.
//
// Only dotted names and array indexes are documented (no filters, wildcards or
// slices; a missing path is a runtime error).
type Path struct {
	Segments []Segment // none for "$", all of the data
}

// Segment is one step of a path.
type Segment struct {
	Kind  SegmentKind
	Name  string // of a Name or Quoted
	Index int    // of an Index
}

// SegmentKind tells how a segment is written. The zero value is none.
type SegmentKind uint8

// Quoted segments are common JSONPath, but the documentation shows none: they
// parse, and whoever cares can tell them apart.
const (
	_      SegmentKind = iota
	Name               // .name
	Index              // [0]
	Quoted             // ['name'] or ["name"]
)

// ParsePath reads a path that makes up the whole string. With an error it
// returns the segments before it.
func ParsePath(s string) (Path, *Error) { return parsePath(s, 0) }

// String writes the path in its own language; ParsePath reads it back.
func (p Path) String() string {
	var b strings.Builder
	b.WriteByte('$')
	for _, seg := range p.Segments {
		b.WriteString(seg.String())
	}
	return b.String()
}

// String writes the segment with its dot or brackets.
func (s Segment) String() string {
	switch s.Kind {
	case Index:
		return "[" + strconv.Itoa(s.Index) + "]"
	case Quoted:
		return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s.Name) + "']"
	}
	return "." + s.Name
}

// rooted is a help text: how a path is written that lacks its beginning.
func rooted(s string) string {
	const longest = 100
	if s = strings.TrimPrefix(s, "."); len(s) > 0 && len(s) < longest {
		if path, err := parsePath("$."+s, 0); err == nil && path.String() == "$."+s {
			return "write $." + s
		}
	}
	return "write $.name; $ alone is all of the data"
}

// parsePath reads the path that fills s from at on.
func parsePath(s string, at int) (Path, *Error) {
	if at >= len(s) || s[at] != '$' {
		return Path{}, &Error{
			Kind: Syntax, Start: at, End: len(s),
			Message: `a path begins with "$"`, Help: rooted(s[at:]),
		}
	}
	p := pathParser{text: s, pos: at + 1}
	const usual = 8
	var path Path
	if p.pos < len(s) {
		path.Segments = make([]Segment, 0, min(usual, 1+strings.Count(s[p.pos+1:], ".")+strings.Count(s[p.pos+1:], "[")))
	}
	for p.pos < len(s) {
		seg, err := p.segment()
		if err != nil {
			return path, err
		}
		path.Segments = append(path.Segments, seg)
	}
	return path, nil
}

type pathParser struct {
	text string // ends where the path ends
	pos  int
}

func (p *pathParser) segment() (Segment, *Error) {
	switch p.text[p.pos] {
	case '.':
		return p.name()
	case '[':
		return p.bracket()
	}
	c := char(p.text, p.pos)
	help := "after a name come .name, [0] or the end"
	if c == " " {
		help = "a path holds no spaces"
	}
	return Segment{}, p.err(Syntax, p.pos, p.pos+len(c), help, "unexpected %q in the path", c)
}

// noName are the bytes that no dotted name holds: those that mean something in
// JSONPath or in a template. Everything else is somebody's key.
const noName = ".[](){}'\"`*?,"

func (p *pathParser) name() (Segment, *Error) {
	start := p.pos
	end := start + 1
	for end < len(p.text) && p.text[end] > ' ' && strings.IndexByte(noName, p.text[end]) < 0 {
		end++
	}
	rest := p.text[start+1:]
	switch {
	case end > start+1:
		p.pos = end
		return Segment{Kind: Name, Name: p.text[start+1 : end]}, nil
	case strings.HasPrefix(rest, "."):
		return Segment{}, p.err(Undocumented, start, start+2, "write every name on the way", `".." (any depth) is not part of the path language`)
	case strings.HasPrefix(rest, "*"):
		return Segment{}, p.err(Undocumented, start, start+2, "use a jq transform to collect values", `the wildcard ".*" is not part of the path language`)
	case strings.HasPrefix(rest, "["):
		return Segment{}, p.err(Syntax, start, start+1, `leave out the "."`, `unexpected "." before "["`)
	}
	return Segment{}, p.err(Syntax, start, start+1, "", `a name is missing after "."`)
}

// bracket reads [0], ['name'] or ["name"].
func (p *pathParser) bracket() (Segment, *Error) {
	start, next := p.pos, p.pos+1
	if next < len(p.text) && (p.text[next] == '\'' || p.text[next] == '"') {
		return p.quoted()
	}
	length := strings.IndexByte(p.text[start:], ']')
	if length < 0 {
		return Segment{}, p.err(Syntax, start, start+1, "", `"[" is never closed`)
	}
	p.pos = start + length + 1
	inner := p.text[next : p.pos-1]
	if n, ok := index(inner); ok {
		return Segment{Kind: Index, Index: n}, nil
	}
	kind, help := Undocumented, "only [0], [1], … are documented; use a jq transform"
	if inner == "" || inner != "*" && strings.Trim(inner, "-:0123456789") != "" && inner[0] != '?' && inner[0] != '(' {
		kind, help = Syntax, "an index is a number: [0]"
	}
	return Segment{}, p.err(kind, start, p.pos, help, "%q is not an array index", shorten(p.text[start:p.pos]))
}

// index reads a number that any array may have.
func index(s string) (int, bool) {
	const most = 9 // digits: fits an int everywhere
	if s == "" || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// quoted reads ['name'], in which a backslash stands before a quote or itself.
func (p *pathParser) quoted() (Segment, *Error) {
	start, quote := p.pos, p.text[p.pos+1]
	var name strings.Builder
	for i := start + 2; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\\' && i+1 < len(p.text):
			i++
			name.WriteByte(p.text[i])
		case c != quote:
			name.WriteByte(c)
		case strings.HasPrefix(p.text[i+1:], "]"):
			p.pos = i + 2
			return Segment{Kind: Quoted, Name: name.String()}, nil
		default:
			return Segment{}, p.err(Undocumented, start, i+1, "name one member", `"]" is missing after the name`)
		}
	}
	return Segment{}, p.err(Syntax, start, len(p.text), "", "the quoted name is never closed")
}

func (p *pathParser) err(kind ErrorKind, start, end int, help, format string, args ...any) *Error {
	return &Error{Kind: kind, Start: start, End: end, Message: fmt.Sprintf(format, args...), Help: help}
}
