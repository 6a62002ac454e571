package report

import (
	"html"
	"strconv"
	"strings"
)

// Inline makes text inert in a line or table cell of GitHub's Markdown: no
// markup, link, mention, issue reference, cell border or HTML comes out of it.
// Addresses, mentions and references are looked for after Markdown is done; a
// zero-width space inside hides them (as Dependabot and Renovate do).
func Inline(s string) string {
	var b strings.Builder
	text := Plain(s)
	for i, r := range text {
		if linked(text[:i], r) {
			b.WriteString("&#8203;")
		}
		switch {
		case strings.ContainsRune("<>&\"'", r):
			b.WriteString(html.EscapeString(string(r)))
		case r == '@' || r == '#':
			b.WriteString(string(r) + "&#8203;")
		case strings.ContainsRune("\\`*_{}[]()|~!$:", r):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// linked tells whether r, behind the text before, makes GitHub see an address
// or a reference: ://, www. and GH-1.
func linked(before string, r rune) bool {
	switch {
	case r == '/':
		return strings.HasSuffix(before, ":")
	case r == '.':
		return len(before) >= 3 && strings.EqualFold(before[len(before)-3:], "www")
	case '0' <= r && r <= '9':
		return strings.HasSuffix(before, "GH-")
	}
	return false
}

// Code shows text in code type, inert like Inline. HTML is used, because in a
// table cell a backslash before | would show inside backticks. Comments keep
// addresses from becoming links, and are not copied along; mentions and
// references are not looked for in code.
func Code(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	text := Plain(s)
	for i, r := range text {
		if linked(text[:i], r) {
			b.WriteString("<!-- -->")
		}
		switch {
		case r == '@':
			b.WriteString(entity(r) + "<!-- -->")
		case strings.ContainsRune("<>&\"'\\`*_{}[]()|~!$:#", r):
			b.WriteString(entity(r))
		default:
			b.WriteRune(r)
		}
	}
	return "<code>" + b.String() + "</code>"
}

func entity(r rune) string { return "&#" + strconv.Itoa(int(r)) + ";" }

// HTML makes text inert inside an HTML element on one line.
func HTML(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(Code(s), "<code>"), "</code>")
}

// Fence puts text into a code block that the text can't end: its fence is
// longer than any row of backticks inside.
func Fence(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return fence + language + "\n" + text + fence + "\n"
}
