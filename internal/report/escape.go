package report

import (
	"html"
	"strings"
)

// Inline makes text inert in a line or table cell of GitHub's Markdown: no
// markup, link, mention, issue reference, cell border or HTML comes out of it.
// Mentions and references are looked for after Markdown is done; a zero-width
// space behind their sign hides them (as Dependabot and Renovate do).
func Inline(s string) string {
	var b strings.Builder
	for _, r := range Plain(s) {
		switch {
		case strings.ContainsRune("<>&\"'", r):
			b.WriteString(html.EscapeString(string(r)))
		case r == '@' || r == '#':
			b.WriteRune(r)
			b.WriteString("&#8203;")
		case strings.ContainsRune("\\`*_{}[]()|~!$:", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("www.", "www&#46;", "GH-", "GH-&#8203;").Replace(b.String())
}

// Code shows text in code type, inert like Inline. HTML is used, because in a
// table cell a backslash before | would show inside backticks. The comment
// behind an @ keeps an address from becoming a link and can be copied along.
func Code(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for _, r := range Plain(s) {
		switch {
		case r == '@':
			b.WriteString(entity(r) + "<!-- -->")
		case strings.ContainsRune("<>&\"'\\`*_{}[]()|~!$:#", r):
			b.WriteString(entity(r))
		default:
			b.WriteRune(r)
		}
	}
	return "<code>" + strings.ReplaceAll(b.String(), "www.", "www&#46;") + "</code>"
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
