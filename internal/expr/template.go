package expr

import "strings"

// Template is a string with placeholders, such as
//
//	zis:{{KEY}}:action:get          filled in by whoever deploys
//	/tickets/{{$.ticket.id}}.json   filled in by ZIS when the flow runs
//
// Braces that make up neither are text: jq programs and JSON are full of them.
type Template struct {
	Parts []Part // they make up the whole string, in its order
}

// Part is a piece of a template.
type Part struct {
	Kind       PartKind
	Text       string // as it stands in the string, braces included
	Path       Path   // of a PathPart, with offsets in the whole string
	Name       string // of a NamePart
	Start, End int    // in the decoded string
}

// PartKind tells the pieces of a template apart. The zero value is none.
type PartKind uint8

// The kinds of parts.
const (
	_        PartKind = iota
	TextPart          // stays as it is
	PathPart          // {{$.path}}: what ZIS fills in (documented: reference paths; observed)
	NamePart          // {{NAME}}: what the deployer fills in
)

// ParseTemplate reads the placeholders of a string. A {{$…}} that isn't
// closed or holds no path is an error and stays text.
func ParseTemplate(s string) (Template, []Error) {
	var t Template
	var errs list
	done := 0
	for h := range holes(s) {
		part, err := h.part(s)
		if err != nil {
			errs.add(*err)
			continue
		}
		t.text(s, done, h.start)
		t.Parts = append(t.Parts, part)
		done = h.end
	}
	t.text(s, done, len(s))
	return t, errs
}

// ParseValue reads the value of a member whose key ends in ".$", which is
// either a path or a template (documented). A path becomes the only part.
func ParseValue(s string) (Template, []Error) {
	if !strings.HasPrefix(s, "$") || strings.Contains(s, "{{") {
		return ParseTemplate(s)
	}
	path, err := ParsePath(s)
	if err != nil {
		return Template{Parts: []Part{{Kind: TextPart, Text: s, End: len(s)}}}, []Error{*err}
	}
	return Template{Parts: []Part{{Kind: PathPart, Text: s, Path: path, End: len(s)}}}, nil
}

// Paths returns the parts that read data.
func (t Template) Paths() []Part {
	var paths []Part
	for _, p := range t.Parts {
		if p.Kind == PathPart {
			paths = append(paths, p)
		}
	}
	return paths
}

func (t *Template) text(s string, start, end int) {
	if start < end {
		t.Parts = append(t.Parts, Part{Kind: TextPart, Text: s[start:end], Start: start, End: end})
	}
}

// hole is a place in a string that looks like a placeholder.
type hole struct {
	start, end           int // with the braces
	innerStart, innerEnd int // without braces and spaces
	open                 bool
}

func (h hole) part(s string) (Part, *Error) {
	p := Part{Kind: NamePart, Text: s[h.start:h.end], Start: h.start, End: h.end}
	switch {
	case h.open:
		return p, &Error{
			Kind: Unclosed, Start: h.start, End: h.end,
			Message: `"{{" is never closed`, Help: "end the placeholder with }}",
		}
	case s[h.innerStart] != '$':
		p.Name = s[h.innerStart:h.innerEnd]
		return p, nil
	}
	var err *Error
	p.Kind = PathPart
	p.Path, err = parsePath(s[:h.innerEnd], h.innerStart)
	return p, err
}

// holes finds the placeholders of a string one after the other, in linear
// time: no hole reaches over the "{{" of the next.
func holes(s string) func(yield func(hole) bool) {
	return func(yield func(hole) bool) {
		for at := 0; ; {
			i := strings.Index(s[at:], "{{")
			if i < 0 {
				return
			}
			h, ok := holeAt(s, at+i)
			if !ok {
				at += i + 1
				continue
			}
			if !yield(h) {
				return
			}
			at = h.end
		}
	}
}

// holeAt reads the placeholder that begins at s[start], a "{{".
func holeAt(s string, start int) (hole, bool) {
	h := hole{start: start, innerStart: skipSpaces(s, start+2)}
	if strings.HasPrefix(s[h.innerStart:], "$") {
		return h.pathEnd(s), true
	}
	h.innerEnd = wordEnd(s, h.innerStart)
	closing := skipSpaces(s, h.innerEnd)
	h.end = closing + 2
	return h, h.innerEnd > h.innerStart && strings.HasPrefix(s[closing:], "}}")
}

// pathEnd finds the end of a {{$…}}: the next "}}" on its line, unless another
// "{{" comes first. An open one ends after what could be its path.
func (h hole) pathEnd(s string) hole {
	i := h.innerStart
	for i < len(s) && s[i] != '\n' && !strings.HasPrefix(s[i:], "{{") {
		if strings.HasPrefix(s[i:], "}}") {
			h.end = i + 2
			h.innerEnd = len(strings.TrimRight(s[:i], " \t"))
			return h
		}
		i++
	}
	h.open = true
	h.end = min(i, h.innerStart+len(shortest(s[h.innerStart:i])))
	return h
}

// shortest cuts s before its first space or closing brace.
func shortest(s string) string {
	if i := strings.IndexAny(s, " \t}"); i >= 0 {
		return s[:i]
	}
	return s
}
