package report

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// snippetWidth bounds the part of a source line that is shown, in runes:
// minified bundles are one line.
const snippetWidth = 100

// snippet shows the line of a finding with the span underlined.
func snippet(b *bytes.Buffer, f *diag.File, span diag.Span) {
	start, end := f.Position(span.Start), f.Position(span.End)
	line := []rune(string(f.Line(start.Line)))
	from := start.Column - 1
	to := len(line)
	if end.Line == start.Line {
		to = end.Column - 1
	}
	if len(line) == 0 || from > len(line) {
		return
	}
	first := max(0, min(from-snippetWidth/2, len(line)-snippetWidth))
	last := min(len(line), first+snippetWidth)
	to = max(from, min(to, last))
	before, marked := visible(line[first:from]), visible(line[from:to])
	fmt.Fprintf(b, "%5d | %s\n", start.Line, before+marked+visible(line[to:last]))
	fmt.Fprintf(b, "      | %s%s\n", strings.Repeat(" ", runewidth.StringWidth(before)), strings.Repeat("^", max(1, runewidth.StringWidth(marked))))
}

// visible shows a tab as one space, so that the carets line up.
func visible(line []rune) string { return Plain(strings.ReplaceAll(string(line), "\t", " ")) }
