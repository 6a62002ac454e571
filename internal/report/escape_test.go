package report_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

var hostile = []string{
	"a | b", "`x`", "</td><script>", "<!-- x -->", "[a](https://x)", "![a](x)", "https://x.example", "www.x.example", "WwW.x.example",
	"mail a@b.example", "@admin", "#1", "a/b#2", "GH-3", "*a* _b_ ~c~", "$x$", "\\|", "\\", "a\n# b", "&lt;", "| --- |", "\u2028# x",
}

// What stands in the output literally must mean nothing to GitHub: everything
// that could is behind a backslash or written as an entity.
func literal(markdown string) string {
	s := regexp.MustCompile("&#?[0-9a-z]+;").ReplaceAllString(markdown, "·")
	s = strings.ReplaceAll(s, "<!-- -->", "·")
	return regexp.MustCompile(`\\[[:punct:]]`).ReplaceAllString(s, "·")
}

// shown is the text that a reader sees.
func shown(markdown string) string {
	s := strings.ReplaceAll(markdown, "<!-- -->", "")
	s = regexp.MustCompile(`\\([[:punct:]])`).ReplaceAllStringFunc(s, func(pair string) string {
		return fmt.Sprintf("&#%d;", pair[1])
	})
	return strings.ReplaceAll(html.UnescapeString(s), "\u200b", "")
}

func FuzzInline(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := report.Inline(s)
		rest := literal(out)
		if strings.ContainsAny(rest, "<>|`*_[]()!~$\\\"'\n\r:{}&") || strings.Contains(rest, "www.") {
			t.Fatalf("%q became %q: %q is left", s, out, rest)
		}
		text := html.UnescapeString(regexp.MustCompile(`\\([[:punct:]])`).ReplaceAllString(out, "$1"))
		for _, ref := range []string{`@[[:alnum:]]`, `#[[:alnum:]]`, `GH-[0-9]`, `://`, `(?i)www\.`} { // as GitHub looks for them afterwards
			if m := regexp.MustCompile(ref).FindString(text); m != "" {
				t.Fatalf("%q became %q: %q is a reference", s, out, m)
			}
		}
		if want := strings.ReplaceAll(report.Plain(s), "\u200b", ""); shown(out) != want {
			t.Fatalf("%q became %q, read as %q", s, out, shown(out))
		}
	})
}

func FuzzCode(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := report.Code(s)
		inner := strings.TrimSuffix(strings.TrimPrefix(out, "<code>"), "</code>")
		if s != "" && len(out) != len(inner)+len("<code></code>") {
			t.Fatalf("%q is no code", out)
		}
		rest := regexp.MustCompile("&#?[0-9a-z]+;|<!-- -->").ReplaceAllString(inner, "·")
		if strings.ContainsAny(rest, "<>|`*_[]()!~$\\\"'\n\r:{}&@#") || strings.Contains(rest, "www.") {
			t.Fatalf("%q became %q: %q is left", s, out, rest)
		}
		if m := regexp.MustCompile(`(?i)@[[:alnum:]]|://|www\.`).FindString(html.UnescapeString(inner)); m != "" {
			t.Fatalf("%q became %q: %q is a link", s, out, m)
		}
		if got := html.UnescapeString(strings.ReplaceAll(inner, "<!-- -->", "")); got != report.Plain(s) {
			t.Fatalf("%q is read as %q", s, got)
		}
	})
}

// A fenced text ends where its fence ends, by CommonMark's rule: a line of at
// least as many backticks and nothing else.
func FuzzFence(f *testing.F) {
	f.Add("```\n<b>\n````")
	f.Add("  `````  \r```\n")
	f.Fuzz(func(t *testing.T, text string) {
		out := report.Fence("diff", text)
		lines := regexp.MustCompile("\r\n|\r|\n").Split(out, -1)
		open := len(lines[0]) - len(strings.TrimLeft(lines[0], "`"))
		for i, line := range lines[1:] {
			line = strings.Trim(line, " \t")
			if n := len(line); n >= open && strings.Trim(line, "`") == "" {
				if i != len(lines)-3 {
					t.Fatalf("%q ends early in %q", text, out)
				}
				return
			}
		}
		t.Fatalf("%q has no end", out)
	})
}

func FuzzPlain(f *testing.F) {
	f.Add("a\x1b[31m\u202eb\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range report.Plain(s) {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
				t.Fatalf("%q has %U", report.Plain(s), r)
			}
		}
	})
}
