package expr

import (
	"fmt"
	"sort"
	"strings"

	"github.com/itchyny/gojq"
)

// Limits of the jq programs that are checked, so that none can take long or
// overflow the stack. The longest seen in a public bundle has 7 KB.
const (
	MaxJqBytes       = 4 << 20
	MaxJqDepth       = 10_000 // jq's own parser stops there
	MaxJqDefinitions = 10_000 // gojq's parser takes quadratic time in them
)

// CheckJq checks a jq program as zis:common:transform:Jq takes it: its syntax,
// or else the names of its functions, variables, labels and formats. What jq
// has and gojq lacks is known here; so is nothing of an environment.
//
// The program may hold placeholders, {{$.path}} and {{NAME}}, anywhere. Their
// own errors are among those reported. What depends on the text that will
// replace one is silent. Of a program without errors the shape of its result is
// told, as far as its text shows it.
func CheckJq(program string) (result *Shape, errs []Error) {
	if len(program) > MaxJqBytes {
		return nil, []Error{limit(MaxJqBytes, len(program), "the jq program has more than %d bytes", MaxJqBytes)}
	}
	if _, errs := ParseTemplate(program); len(errs) > 0 {
		return nil, errs
	}
	c := newJqCheck(program)
	if definitions := c.count("def"); definitions > MaxJqDefinitions {
		return nil, []Error{limit(0, len(program), "the jq program defines more than %d functions", MaxJqDefinitions)}
	}
	query, err := gojq.Parse(c.text)
	if err != nil {
		return nil, c.syntax(err)
	}
	if errs := c.resolve(query); len(errs) > 0 {
		return nil, errs
	}
	return c.result(query), nil
}

func limit(start, end int, format string, most int) Error {
	return Error{
		Kind: Limit, Start: start, End: end,
		Message: fmt.Sprintf(format, most), Help: "the rest of it isn't checked; cut it into several states",
	}
}

// jqCheck is one program on its way through the checks.
type jqCheck struct {
	text   string // the program with its placeholders filled in, of equal length
	holes  []hole
	tokens []jqToken
}

func newJqCheck(program string) *jqCheck {
	c := &jqCheck{text: program}
	for h := range holes(program) {
		c.holes = append(c.holes, h)
	}
	if len(c.holes) > 0 {
		c.text = fillHoles(program, c.holes)
	}
	c.tokens = lexJq(c.text)
	return c
}

// fillHoles puts something of equal length in the place of placeholders: part
// of a name or number where one stands before or behind, else null, which is
// a value as well as a key.
func fillHoles(program string, holes []hole) string {
	text := []byte(program)
	for _, h := range holes {
		filler := []byte("null")
		pad := byte(' ')
		switch before, behind := at(text, h.start-1), at(text, h.end); {
		case isDigit(before):
			filler, pad = nil, '0'
		case isLetter(before), strings.IndexByte(".$@", before) >= 0, isLetter(behind), isDigit(behind):
			filler, pad = nil, 'x'
		}
		for i := copy(text[h.start:], filler); h.start+i < h.end; i++ {
			text[h.start+i] = pad
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
func (c *jqCheck) filled(start, end int) bool {
	i := sort.Search(len(c.holes), func(i int) bool { return c.holes[i].end > start })
	return i < len(c.holes) && c.holes[i].start < end
}

func (c *jqCheck) textOf(t jqToken) string { return c.text[t.start:t.end] }

// count returns how often a keyword occurs.
func (c *jqCheck) count(keyword string) int {
	n := 0
	for _, t := range c.tokens {
		if t.kind == jqKeyword && c.textOf(t) == keyword {
			n++
		}
	}
	return n
}
