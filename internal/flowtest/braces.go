package flowtest

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// flowEnd is where the value in braces ends that begins at start, in JSON or in
// the flow style of YAML; ok is false if none does.
func flowEnd(src []byte, start int, yaml bool) (end int, ok bool) {
	if start >= len(src) || src[start] != '{' {
		return 0, false
	}
	depth, before := 0, byte(' ')
	for i := start; i < len(src); i++ {
		c := src[i]
		switch {
		case c == '"', c == '\'' && yaml && strings.IndexByte(" \t\n{[,:'", before) >= 0:
			if i = quoteEnd(src, i); i < 0 {
				return 0, false
			}
		case c == '#' && yaml && (before == ' ' || before == '\n' || before == '\t'):
			for i+1 < len(src) && src[i+1] != '\n' {
				i++
			}
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
		before = src[i]
	}
	return 0, false
}

// quoteEnd is where a quoted text ends; -1 if it doesn't. A quote in single
// quotes is doubled: the text goes on there as another one.
func quoteEnd(src []byte, start int) int {
	for i := start + 1; i < len(src); i++ {
		switch {
		case src[i] == '\\' && src[start] == '"':
			i++
		case src[i] == src[start]:
			return i
		}
	}
	return -1
}

// indents are how the line is indented on which a value begins, and how much
// more its members are; "" if they stand on the same line.
func indents(src string, start, end int) (indent, step string) {
	line := src[strings.LastIndexByte(src[:start], '\n')+1:]
	indent = line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	_, inside, several := strings.Cut(src[start:end], "\n")
	if !several {
		return indent, ""
	}
	deeper := inside[:len(inside)-len(strings.TrimLeft(inside, " \t"))]
	if rest, ok := strings.CutPrefix(deeper, indent); ok && rest != "" {
		return indent, rest
	}
	return indent, "  "
}

// json writes the members as JSON, on lines of their own if step says how much
// deeper they stand.
func (list pairs) json(indent, step string) string {
	if len(list) == 0 {
		return "{}"
	}
	var parts []string
	for _, p := range list {
		value := ""
		if inner, ok := p.value.(pairs); ok {
			value = inner.json(indent+step, step)
		} else {
			value = interp.Encode(p.value)
		}
		parts = append(parts, interp.Encode(p.name)+": "+value)
	}
	if step == "" {
		return "{" + strings.Join(parts, ", ") + "}"
	}
	line := "\n" + indent + step
	return "{" + line + strings.Join(parts, ","+line) + "\n" + indent + "}"
}
