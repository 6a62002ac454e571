package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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
	start := d.Start().Line
	at := shown.Line(start)
	if at.Start == at.End || d.Span.Start > at.End {
		return
	}
	// all that can be shown is within as many runes, of at most four bytes
	part, span := at, d.Span
	part.Start = max(at.Start, span.Start-snippetWidth*utf8.UTFMax)
	for part.Start < span.Start && !utf8.RuneStart(shown.Src[part.Start]) {
		part.Start++
	}
	part.End = min(at.End, span.Start+snippetWidth*utf8.UTFMax)
	line := []rune(string(shown.Src[part.Start:part.End]))
	from := utf8.RuneCount(shown.Src[part.Start:span.Start])
	to := utf8.RuneCount(shown.Src[part.Start:min(part.End, span.End)])
	first := max(0, min(from-snippetWidth/2, len(line)-snippetWidth))
	last := min(len(line), first+snippetWidth)
	to = max(from, min(to, last))
	before, marked := visible(line[first:from]), visible(line[from:to])
	fmt.Fprintf(b, "%5d | %s\n", start, before+marked+visible(line[to:last]))
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
