package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
)

// snippetWidth bounds the part of a source line that is shown, in runes:
// minified bundles are one line.
const snippetWidth = 100

// snippet shows the line of a finding with the span underlined; shown is the
// text of its file without secrets.
func (b *text) snippet(d diag.Diagnostic, shown *diag.File) {
	start, end := d.Start(), d.End()
	line := []rune(string(shown.Line(start.Line)))
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
	carets := strings.Repeat("^", max(1, runewidth.StringWidth(marked)))
	fmt.Fprintf(b, "      | %s%s\n", strings.Repeat(" ", runewidth.StringWidth(before)), b.severity(d.Severity, carets))
}

// visible shows a tab as one space, so that the carets line up.
func visible(line []rune) string { return Plain(strings.ReplaceAll(string(line), "\t", " ")) }

// concealed is the file of the findings with asterisks for each credential
// that was found in it: a line that is shown for another finding may hold one.
func concealed(findings []diag.Diagnostic) *diag.File {
	if len(findings) == 0 {
		return nil
	}
	f := findings[0].File
	src := slices.Clone(f.Src)
	for _, d := range findings {
		if d.Rule == lint.RuleSecret {
			copy(src[d.Span.Start:], asterisks(f.Src[d.Span.Start:d.Span.End]))
		}
	}
	return diag.NewFile(f.Path, src)
}

// asterisks keeps the length in bytes, on which the places of later findings
// rest, and the quotes.
func asterisks(text []byte) []byte {
	stars := bytes.Repeat([]byte("*"), len(text))
	if len(text) > 1 && text[0] == '"' {
		stars[0], stars[len(stars)-1] = '"', '"'
	}
	return stars
}
