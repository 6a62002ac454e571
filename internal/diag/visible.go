package diag

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible is text from files and servers as it may stand on a line of a
// terminal, a log or a page: whatever can't be seen, or moves what is around
// it, is written as an escape. That is control and format characters, line
// breaks, zero-width and filling characters, and spaces that aren't the
// ordinary one; and letters that are drawn like Latin ones in a Latin word.
func Visible(s string) string {
	if isASCII(s) && !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	before := ' '
	for p := range pieces(s) {
		switch {
		case p.r == '\n':
			b.WriteString(`\n`)
		case p.r == '\t':
			b.WriteString(`\t`)
		case p.r == 0 && p.text[0] == '\\':
			b.WriteString(p.text)
		case p.poses || p.hidden && !(p.r == emoji && unicode.Is(unicode.So, before)):
			b.WriteString(Escape(p.r))
		default:
			b.WriteRune(p.r)
		}
		before = p.r
	}
	return b.String()
}

// emoji is the selector that asks for the coloured form of the sign before it.
const emoji = '\ufe0f'

// Escape writes a character by its number.
func Escape(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

func hidden(r rune) bool {
	if r < 0x7f {
		return r < ' '
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Zs, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
		r == unicode.ReplacementChar || r == blank
}

// blank is the Braille pattern without dots.
const blank = '\u2800'
