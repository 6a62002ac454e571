package diag

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// drawnLikeLatin are scripts many of whose letters are drawn like Latin ones.
// Scripts of East Asia stand beside Latin words without a space, and look like
// none.
var drawnLikeLatin = []*unicode.RangeTable{
	unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu, unicode.Glagolitic, unicode.Deseret, unicode.Osage, unicode.Georgian,
}

// posing are characters that are drawn like ASCII letters and digits and are
// hardly ever meant: full-width and mathematical letters, phonetic signs,
// Roman numerals.
var posing = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0250, 0x02af, 1},
		{0x1d00, 0x1dbf, 1},
		{0x2100, 0x214f, 1},
		{0x2160, 0x2188, 1},
		{0xa720, 0xa7ff, 1},
		{0xab30, 0xab6f, 1},
		{0xff10, 0xff19, 1},
		{0xff21, 0xff3a, 1},
		{0xff41, 0xff5a, 1},
	},
	R32: []unicode.Range32{{0x1d400, 0x1d7ff, 1}},
}

func inWord(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r))
}

// piece is a character of a text, or an escape that stands for one.
type piece struct {
	text   string
	r      rune // 0 of an escape
	hidden bool // it can't be seen; an escape for such a one counts as such
	poses  bool // it is drawn like a Latin letter, and is none
}

// pieces takes a text apart. A word goes on behind what is written as an escape,
// so that a text that holds escapes already is taken apart in the same way.
func pieces(s string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		for s != "" {
			end, latin := word(s)
			for from := s[:max(end, len(first(s).text))]; from != ""; {
				p := first(from)
				p.poses = p.poses || latin && unicode.In(p.r, drawnLikeLatin...)
				if !yield(p) {
					return
				}
				from, s = from[len(p.text):], s[len(p.text):]
			}
		}
	}
}

// word is the length of the word that begins a text, and whether Latin letters
// are in it.
func word(s string) (length int, latin bool) {
	for length < len(s) {
		p := first(s[length:])
		if !p.hidden && !p.poses && !inWord(p.r) {
			break
		}
		latin = latin || unicode.Is(unicode.Latin, p.r)
		length += len(p.text)
	}
	return length, latin
}

// first is the piece that begins a text.
func first(s string) piece {
	if n := escape(s); n > 0 {
		return piece{text: s[:n], hidden: true}
	}
	r, n := utf8.DecodeRuneInString(s)
	return piece{text: s[:n], r: r, hidden: hidden(r), poses: unicode.Is(posing, r) && !unicode.Is(unicode.So, r)}
}

// escape is the length of an escape that begins a text; 0 if none does.
func escape(s string) int {
	if len(s) < 2 || s[0] != '\\' {
		return 0
	}
	if s[1] == 'n' || s[1] == 't' {
		return 2
	}
	digits := map[byte]int{'u': 4, 'U': 8}[s[1]]
	if digits == 0 || len(s) < 2+digits || strings.Trim(s[2:2+digits], "0123456789abcdef") != "" {
		return 0
	}
	return 2 + digits
}

// Mixed tells whether a name, such as a host, has letters of several scripts
// that are drawn alike in one word, or letters that only pose as others.
func Mixed(s string) bool {
	if isASCII(s) {
		return false
	}
	for p := range pieces(s) {
		if p.poses {
			return true
		}
	}
	return false
}

// Apart is two texts, before and after a change, as they are to be shown: each
// as Visible writes it, and where they part, letters that could be taken for
// those of the other text as escapes as well.
func Apart(old, new string) (string, string) {
	if old == new || isASCII(old) && isASCII(new) {
		return Visible(old), Visible(new)
	}
	a, b := []rune(old), []rune(new)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	one, two := a[start:len(a)-end], b[start:len(b)-end]
	foreign := scripts(one) != scripts(two)
	show := func(all, part []rune) string {
		return Visible(string(all[:start]) + escaped(part, foreign) + string(all[len(all)-end:]))
	}
	return show(a, one), show(b, two)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// scripts tells whether there are letters that are drawn like Latin ones.
func scripts(part []rune) bool {
	for _, r := range part {
		if unicode.In(r, drawnLikeLatin...) {
			return true
		}
	}
	return false
}

// escaped writes as escapes marks, which combine with what stands before them,
// and letters of other scripts.
func escaped(part []rune, foreign bool) string {
	var b strings.Builder
	for _, r := range part {
		if unicode.IsMark(r) && r != emoji || r == 'ı' || foreign && unicode.In(r, drawnLikeLatin...) {
			b.WriteString(Escape(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// JSON writes in a JSON text whatever Visible would escape as the escapes that
// JSON has: the text says the same, and hides nothing. Line breaks and tabs
// between its values stay.
func JSON(text []byte) []byte {
	if plain(text) {
		return text
	}
	var b bytes.Buffer
	for line := range bytes.SplitAfterSeq(text, []byte("\n")) { // no word of JSON goes over a line break
		if plain(line) {
			b.Write(line)
			continue
		}
		for p := range pieces(string(line)) {
			writePiece(&b, p)
		}
	}
	return b.Bytes()
}

// plain tells whether a text has only ASCII that can be seen, and the white
// space of JSON.
func plain(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return c >= 0x7f || c < ' ' && c != '\n' && c != '\t' && c != '\r' })
}

func writePiece(b *bytes.Buffer, p piece) {
	high, low := utf16.EncodeRune(p.r)
	switch {
	case p.r == '\n' || p.r == '\t' || p.r == 0 || !p.poses && !p.hidden:
		b.WriteString(p.text)
	case p.r > 0xffff:
		fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
	default:
		fmt.Fprintf(b, `\u%04x`, p.r)
	}
}
