package expr

import "strings"

// Reference is a path that a string reads.
type Reference struct {
	Text       string // as it stands in the string, braces included
	Path       Path
	Start, End int // in the decoded string
}

// ParseTemplate finds what a text reads, such as
//
//	/tickets/{{$.ticket.id}}.json
//
// which ZIS fills in when the flow runs (documented: reference paths;
// observed). {{NAME}}, which whoever deploys fills in, is none, and braces that
// make up neither are text: jq programs and JSON are full of them. A {{$…}}
// that isn't closed or holds no path is an error.
func ParseTemplate(s string) ([]Reference, []Error) {
	var found []Reference
	var errs list
	for h := range Holes(s) {
		if !h.open && s[h.innerStart] != '$' {
			continue
		}
		path, err := h.path(s)
		if err != nil {
			errs.add(*err)
			continue
		}
		found = append(found, Reference{s[h.Start:h.End], path, h.Start, h.End})
	}
	return found, errs
}

// ParseValue reads the value of a member whose key ends in ".$", which is
// either a path or a template (documented).
func ParseValue(s string) ([]Reference, []Error) {
	if !strings.HasPrefix(s, "$") || strings.Contains(s, "{{") {
		return ParseTemplate(s)
	}
	path, err := ParsePath(s)
	if err != nil {
		return nil, []Error{*err}
	}
	return []Reference{{s, path, 0, len(s)}}, nil
}

// Hole is a place in a string that looks like a placeholder.
type Hole struct {
	Start, End           int // with the braces
	innerStart, innerEnd int // without braces and spaces
	open                 bool
}

func (h Hole) path(s string) (Path, *Error) {
	if h.open {
		return Path{}, &Error{
			Kind: Unclosed, Start: h.Start, End: h.End,
			Message: `"{{" is never closed`, Help: "end the placeholder with }}",
		}
	}
	return parsePath(s[:h.innerEnd], h.innerStart)
}

// Holes finds the placeholders of a string one after the other, in linear
// time: no hole reaches over the "{{" of the next.
func Holes(s string) func(yield func(Hole) bool) {
	return func(yield func(Hole) bool) {
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
			at = h.End
		}
	}
}

// holeAt reads the placeholder that begins at s[start], a "{{".
func holeAt(s string, start int) (Hole, bool) {
	h := Hole{Start: start, innerStart: skipSpaces(s, start+2)}
	if strings.HasPrefix(s[h.innerStart:], "$") {
		return h.pathEnd(s), true
	}
	length := strings.Index(s[h.innerStart:min(len(s), h.innerStart+maxPlaceholder)], "}}")
	if length <= 0 {
		return h, false
	}
	inner := strings.TrimRight(s[h.innerStart:h.innerStart+length], " \t")
	h.innerEnd, h.End = h.innerStart+len(inner), h.innerStart+length+2
	return h, inner != "" && !strings.ContainsAny(inner, "{}\n\r\"")
}

// pathEnd finds the end of a {{$…}}: the next "}}" on its line, unless another
// "{{" comes first. An open one ends after what could be its path.
func (h Hole) pathEnd(s string) Hole {
	i := h.innerStart
	for i < len(s) && s[i] != '\n' && !strings.HasPrefix(s[i:], "{{") {
		if strings.HasPrefix(s[i:], "}}") {
			h.End = i + 2
			h.innerEnd = len(strings.TrimRight(s[:i], " \t"))
			return h
		}
		i++
	}
	h.open = true
	h.End = min(i, h.innerStart+len(shortest(s[h.innerStart:i])))
	return h
}

// shortest cuts s before its first space or closing brace.
func shortest(s string) string {
	if i := strings.IndexAny(s, " \t}"); i >= 0 {
		return s[:i]
	}
	return s
}
