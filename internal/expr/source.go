package expr

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Source is a JSON string literal as a file writes it. It maps offsets in the
// decoded string to offsets in the literal; asked for rising offsets, it goes
// over the literal once.
type Source struct {
	literal []byte
	at      int // offset in the literal, at a character or escape
	decoded int // the same place in the decoded string
}

// NewSource returns the source of a literal, quotes included.
func NewSource(literal []byte) *Source { return &Source{literal: literal, at: 1} }

// Offset is the place in the literal of a byte of the decoded string. The end
// of the string is the closing quote; an offset outside is taken for the
// nearest inside. A byte inside a character that is written as an escape has
// the place of the escape.
func (s *Source) Offset(decoded int) int {
	if decoded < s.decoded {
		s.at, s.decoded = 1, 0
	}
	last := len(s.literal) - 1 // the closing quote
	for s.at < last && s.decoded < decoded {
		written, meant := unit(s.literal[s.at:last])
		if s.decoded+meant > decoded {
			if s.literal[s.at] == '\\' {
				return s.at
			}
			return s.at + min(decoded-s.decoded, written-1)
		}
		s.at += written
		s.decoded += meant
	}
	return max(0, min(s.at, last))
}

// unit measures the character at the beginning of a literal's inside: bytes
// written in the file and bytes of the decoded string. What is no JSON counts
// as encoding/json decodes it: as U+FFFD, three bytes.
func unit(b []byte) (written, meant int) {
	if b[0] != '\\' {
		r, size := utf8.DecodeRune(b)
		return size, utf8.RuneLen(r)
	}
	if len(b) < 2 || b[1] != 'u' {
		return min(2, len(b)), 1
	}
	r := hex4(b)
	if utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, hex4(b[min(6, len(b)):])); pair != utf8.RuneError {
			return 12, utf8.RuneLen(pair)
		}
		r = utf8.RuneError
	}
	return min(6, len(b)), utf8.RuneLen(r)
}

// hex4 reads \uXXXX; anything else is U+FFFD.
func hex4(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}
