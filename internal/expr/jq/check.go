// Package jq reads the jq programs of zis:common:transform:Jq: their syntax,
// their names, and the shape of what they give out. Everything found has a
// place in the program's text.
package jq

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// Limits of the jq programs that are checked, so that none can take long or
// overflow the stack. The longest seen in a public bundle has 7 KB.
const (
	MaxBytes       = 4 << 20
	MaxDepth       = 10_000 // jq's own parser stops there
	MaxDefinitions = 10_000 // gojq's parser takes quadratic time in them
)

// Check checks a jq program as zis:common:transform:Jq takes it: its syntax,
// or else the names of its functions, variables, labels and formats. What jq
// has and gojq lacks is known here; so is nothing of an environment.
//
// The program may hold placeholders, {{$.path}} and {{NAME}}, anywhere. Their
// own errors are among those reported. What depends on the text that will
// replace one is silent. Of a program without errors the shape of its result is
// told, as far as its text shows it.
func Check(program string) (result *Shape, errs []expr.Error) {
	result, _, errs = Inspect(program)
	if errs = slices.DeleteFunc(errs, notHereAlone); len(errs) == 0 {
		errs = nil
	}
	return result, errs
}

// notHereAlone tells whether a program runs in spite of an error.
func notHereAlone(e expr.Error) bool { return e.Kind == expr.NotHere }

// Inspect is Check, and tells how many values the program gives out, and which
// names have nothing to tell on the platform: expr.NotHere keeps no program
// from running.
func Inspect(program string) (result *Shape, o Outputs, errs []expr.Error) {
	if len(program) > MaxBytes {
		return nil, One, []expr.Error{limit(MaxBytes, len(program), "the jq program has more than %d bytes", MaxBytes)}
	}
	if _, errs := expr.ParseTemplate(program); len(errs) > 0 {
		return nil, One, errs
	}
	c := newChecker(program)
	if definitions := c.count("def"); definitions > MaxDefinitions {
		return nil, One, []expr.Error{limit(0, len(program), "the jq program defines more than %d functions", MaxDefinitions)}
	}
	query, err := gojq.Parse(c.text)
	if err != nil {
		return nil, One, c.syntax(err)
	}
	errs = c.resolve(query)
	if slices.ContainsFunc(errs, func(e expr.Error) bool { return !notHereAlone(e) }) {
		return nil, One, errs
	}
	return c.result(query), outputs(query, maxShape), errs
}

func limit(start, end int, format string, most int) expr.Error {
	return expr.Error{
		Kind: expr.Limit, Start: start, End: end,
		Message: fmt.Sprintf(format, most), Help: "the rest of it isn't checked; cut it into several states",
	}
}

// checker is one program on its way through the checks.
type checker struct {
	text   string // the program with its placeholders filled in, of equal length
	holes  []expr.Hole
	tokens []token
}

func newChecker(program string) *checker {
	c := &checker{text: program}
	for h := range expr.Holes(program) {
		c.holes = append(c.holes, h)
	}
	if len(c.holes) > 0 {
		c.text = fillHoles(program, c.holes)
	}
	c.tokens = lex(c.text)
	return c
}

// fillHoles puts something of equal length in the place of placeholders: part
// of a name or number where one stands before or behind, else null, which is
// a value as well as a key.
func fillHoles(program string, holes []expr.Hole) string {
	text := []byte(program)
	for _, h := range holes {
		filler := []byte("null")
		pad := byte(' ')
		switch before, behind := at(text, h.Start-1), at(text, h.End); {
		case isDigit(before):
			filler, pad = nil, '0'
		case isLetter(before), strings.IndexByte(".$@", before) >= 0, isLetter(behind), isDigit(behind):
			filler, pad = nil, 'x'
		}
		for i := copy(text[h.Start:], filler); h.Start+i < h.End; i++ {
			text[h.Start+i] = pad
		}
	}
	return string(text)
}

// at returns b[i], or a space beside b.
func at(b []byte, i int) byte {
	if i < 0 || i >= len(b) {
		return ' '
	}
	return b[i]
}

// filled tells whether a placeholder stood anywhere in [start, end).
func (c *checker) filled(start, end int) bool {
	i := sort.Search(len(c.holes), func(i int) bool { return c.holes[i].End > start })
	return i < len(c.holes) && c.holes[i].Start < end
}

func (c *checker) textOf(t token) string { return c.text[t.start:t.end] }

// count returns how often a keyword occurs.
func (c *checker) count(keyword string) int {
	n := 0
	for _, t := range c.tokens {
		if t.kind == keywordToken && c.textOf(t) == keyword {
			n++
		}
	}
	return n
}
