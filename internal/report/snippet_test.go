package report_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// FuzzSnippet compares the lines that are shown for a finding with those that
// a walk over its whole line gives.
func FuzzSnippet(f *testing.F) {
	long := strings.Repeat("é€😀x", 90)
	for _, seed := range []struct {
		src        string
		start, end int
	}{
		{"{\n  \"a\": 1\n}", 4, 7},
		{"\x80\x80", 0, 1},
		{"{\n\x80\x80\"", 2, 3},
		{long, 0, 2},
		{long, 502, 509},
		{long, len(long) - 1, len(long)},
		{"a\r\n" + long + "\r\nb", 5, len(long) + 4},
		{"\n\n", 1, 2},
		{"", 0, 0},
		{strings.Repeat("\t\x1b", 90), 100, 160},
	} {
		f.Add([]byte(seed.src), seed.start, seed.end)
	}
	f.Fuzz(func(t *testing.T, src []byte, start, end int) {
		if start < 0 || start > len(src) || end < start || end > len(src) || !begins(src, start) || !begins(src, end) {
			return // no finding has such a place
		}
		var b strings.Builder
		finding := diag.Diagnostic{File: diag.NewFile("f", src), Span: diag.Span{Start: int32(start), End: int32(end)}, Severity: diag.Error, Message: "m", Rule: "r"}
		if err := report.Text(&b, report.Report{Findings: check.Findings{Files: []check.File{{Path: "f", Findings: []diag.Diagnostic{finding}}}}}, false); err != nil {
			t.Fatal(err)
		}
		_, have, _ := strings.Cut(b.String(), "\n")
		if want := snippet(src, start, end); !strings.HasPrefix(have, want) || strings.Count(have, " | ") != strings.Count(want, " | ") {
			t.Errorf("%q %d-%d\n%s\nwant\n%s", src, start, end, have, want)
		}
	})
}

// begins tells whether a place is between two characters, as those of findings
// are: all before it is UTF-8.
func begins(src []byte, at int) bool {
	return utf8.Valid(src[:at])
}

func snippet(src []byte, start, end int) string {
	line := 1 + strings.Count(string(src[:start]), "\n")
	from := 1 + strings.LastIndexByte(string(src[:start]), '\n')
	text, _, _ := strings.Cut(string(src[from:]), "\n")
	text = strings.TrimSuffix(text, "\r")
	if text == "" || start > from+len(text) {
		return ""
	}
	before := utf8.RuneCountInString(text[:start-from])
	marked := utf8.RuneCountInString(text[start-from : min(end-from, len(text))])
	runes := []rune(text)
	first := max(0, min(before-50, len(runes)-100))
	last := min(len(runes), first+100)
	show := func(from, to int) string {
		return report.Plain(strings.ReplaceAll(string(runes[from:to]), "\t", " "))
	}
	to := max(before, min(before+marked, last))
	return fmt.Sprintf("%5d | %s%s%s\n      | %s%s\n", line, show(first, before), show(before, to), show(to, last),
		strings.Repeat(" ", runewidth.StringWidth(show(first, before))), strings.Repeat("^", max(1, runewidth.StringWidth(show(before, to)))))
}
