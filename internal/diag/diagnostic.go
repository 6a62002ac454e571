package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Severity says how sure and how bad a finding is. The zero value is none, so
// that a forgotten severity is seen.
type Severity uint8

// Error is documented without contradiction or was seen rejected by the
// platform; Warning is everything else that is likely a mistake; Note is
// advice.
const (
	_ Severity = iota
	Error
	Warning
	Note
)

// String returns the lower-case name used in every output format.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Note:
		return "note"
	}
	return fmt.Sprintf("severity(%d)", uint8(s))
}

// MarshalText makes severities read by name in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one finding in one file.
type Diagnostic struct {
	File     *File
	Span     Span   // what is underlined: the value, not the object around it
	Pointer  string // JSON pointer (RFC 6901) of the value the finding is about
	Rule     string // id in the rule table
	Severity Severity
	Message  string // what is wrong, lower case, no full stop
	Help     string // what to do next; empty if the message says it
	Related  []Related
	More     int // findings like it that are counted, and not kept
}

// MostFindings is how many findings are kept, of one rule and of a run: nobody
// reads more, and a hostile file would have millions.
const MostFindings = 1000

// Related is a second place that explains a finding, such as the first of two
// equal names.
type Related struct {
	File    *File
	Span    Span
	Message string
}

// Quoted is how many bytes of a text a finding quotes. A hostile file would have
// a long one in every finding.
const Quoted = 300

// Cut shortens a text to the first so many bytes, where it is longer, and says
// so by "…". It leaves characters whole.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// Start and End are the finding's place in lines and columns.
func (d Diagnostic) Start() Position { return d.File.Position(d.Span.Start) }

// End is the position just after the last character of the finding.
func (d Diagnostic) End() Position { return d.File.Position(d.Span.End) }

// String is the one-line form: path:line:col: severity: message [rule].
func (d Diagnostic) String() string {
	p := d.Start()
	return fmt.Sprintf("%s:%d:%d: %s: %s [%s]", d.File.Path, p.Line, p.Column, d.Severity, d.Message, d.Rule)
}

// Sort orders findings by file, place and rule, and drops repetitions.
func Sort(list []Diagnostic) []Diagnostic {
	slices.SortStableFunc(list, compare)
	return slices.CompactFunc(list, func(a, b Diagnostic) bool { return compare(a, b) == 0 })
}

func compare(a, b Diagnostic) int {
	return cmp.Or(
		strings.Compare(a.File.Path, b.File.Path),
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Span.End, b.Span.End),
		strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Message, b.Message),
	)
}
