package report

import (
	"html"
	"strings"
)

// Inline makes text inert in a line or table cell of GitHub's Markdown: no
// markup, link, mention, issue reference, cell border or HTML comes out of it.
func Inline(s string) string {
	var b strings.Builder
	for _, r := range Plain(s) {
		switch {
		case r == '<' || r == '>' || r == '&' || r == '"' || r == '\'':
			b.WriteString(html.EscapeString(string(r)))
		case r == '@' || r == '#':
			// a mention or reference needs its sign right before the name
			b.WriteRune(r)
			b.WriteString("<!-- -->")
		case strings.ContainsRune("\\`*_{}[]()|~!$:", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Code shows text in code type, inert like Inline. HTML is used, because in a
// table cell a backslash before | would show inside backticks.
func Code(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for _, r := range Plain(s) {
		if strings.ContainsRune("<>&\"'\\`*_{}[]()|~!$:@#", r) {
			b.WriteString(entity(r))
			continue
		}
		b.WriteRune(r)
	}
	return "<code>" + b.String() + "</code>"
}

func entity(r rune) string { return "&#" + itoa(int(r)) + ";" }

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
