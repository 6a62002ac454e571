package project

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// Rule is what findings in zis.yml have in the place of a rule.
const Rule = "zis-yml"

// Errors is all that is wrong with the file, sorted by place.
type Errors []diag.Diagnostic

// most is how many mistakes an error text has; one that was made once for
// each of thousands of targets is understood by then.
const most = 20

// mostKept is how many mistakes are kept. To find the place of one its line is
// read from the start, and a file of megabytes may be one line.
const mostKept = 1000

func (e Errors) Error() string {
	var b strings.Builder
	for i, d := range e[:min(len(e), most)] {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(oneLine(d))
	}
	switch more := len(e) - most; {
	case len(e) == mostKept:
		fmt.Fprintf(&b, "\nand at least %d more", more)
	case more > 0:
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

func oneLine(d diag.Diagnostic) string {
	at := d.Start()
	text := fmt.Sprintf("%s:%d:%d: %s", d.File.Path, at.Line, at.Column, d.Message)
	if d.Help != "" {
		text += " (" + d.Help + ")"
	}
	return text
}

// reason is why a file could not be read, without the path that the system
// repeats.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// Given tells whether there is such a place.
func (p Place) Given() bool { return p.File != nil }

// String is path:line:column.
func (p Place) String() string {
	if !p.Given() {
		return File
	}
	return fmt.Sprintf("%s:%d:%d", p.File.Path, p.Line, p.Column)
}

// Report is a finding at the place; length is how many bytes it is about.
func (p Place) Report(s diag.Severity, rule, message, help string, length int) diag.Diagnostic {
	start := p.offset()
	end := min(start+int32(max(length, 1)), p.File.Line(int(p.Line)).End)
	return diag.Diagnostic{
		File: p.File, Span: diag.Span{Start: start, End: max(start, end)}, Rule: rule, Severity: s, Message: message, Help: help,
	}
}

// offset is the place in bytes.
func (p Place) offset() int32 {
	line := p.File.Line(int(p.Line))
	text := p.File.Src[line.Start:line.End]
	off := line.Start
	for range p.Column - 1 {
		_, size := utf8.DecodeRune(text)
		text, off = text[size:], off+int32(size)
	}
	return off
}

// report notes a mistake at a place.
func (r *reader) report(at Place, length int, help, format string, args ...any) {
	if len(r.found) == mostKept {
		return
	}
	r.found = append(r.found, at.Report(diag.Error, Rule, fmt.Sprintf(format, args...), help, length))
}

func (r *reader) reportText(t Text, help, format string, args ...any) {
	r.report(t.At, len(t.Value), help, format, args...)
}

// sorted orders mistakes by file and place.
func sorted(found []diag.Diagnostic) Errors {
	slices.SortStableFunc(found, func(a, b diag.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return found
}

// didYouMean suggests one of the known words, or lists them if they are few.
func didYouMean(word string, known []string) string {
	best := english.Nearest(word, known)
	switch {
	case best != "":
		return english.DidYouMean(best)
	case len(known) == 0 || len(known) > 20:
		return ""
	}
	return "there is: " + strings.Join(known, ", ")
}

func cut(s string) string { return diag.Cut(s, 100) }
