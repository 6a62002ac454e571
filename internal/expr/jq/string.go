package jq

import "strings"

// openString reads a string up to its end or its first interpolation. A
// string without any is one token, its quotes included.
func (l *lexer) openString() bool {
	quote := l.pos
	l.pos++
	switch l.scanString() {
	case '"':
		l.pos++
		return l.add(stringToken, quote)
	case '(':
		end := l.pos
		l.pos = quote + 1
		l.add(quoteToken, quote)
		l.pos = end
		return l.interpolation(quote, quote+1)
	case '\\':
		return l.badEscape()
	}
	return l.add(unendedToken, quote)
}

// inString goes on after the ")" of an interpolation.
func (l *lexer) inString(quote int) bool {
	start := l.pos
	switch l.scanString() {
	case '"':
		if l.pos > start {
			l.add(stringToken, start)
		}
		l.pos++
		return l.add(quoteToken, l.pos-1)
	case '(':
		return l.interpolation(quote, start)
	case '\\':
		return l.badEscape()
	}
	return l.add(unendedToken, quote)
}

// interpolation adds the text from start on and the "\(" after it.
func (l *lexer) interpolation(quote, start int) bool {
	if l.pos > start {
		l.add(stringToken, start)
	}
	l.pos += 2
	l.parens = append(l.parens, quote)
	return l.add(interpolationToken, l.pos-2)
}

// scanString goes to the quote that ends a string, or to the backslash of an
// interpolation or of a bad escape, and says which by '"', '(' or '\\'; 0 at
// the end of the program.
func (l *lexer) scanString() byte {
	for l.pos < len(l.text) {
		switch l.text[l.pos] {
		case '"':
			return '"'
		case '\\':
			if l.peek(1) == '(' {
				return '('
			}
			size := escapeSize(l.text[l.pos:])
			if size < 0 {
				return '\\'
			}
			l.pos += size
		default:
			l.pos++
		}
	}
	return 0
}

// escapeSize is the length of the escape that begins s; negative if it is
// none, so long as far as it was read. At the end of s it is 1.
func escapeSize(s string) int {
	if len(s) == 1 || strings.IndexByte(`"/\bfnrt`, s[1]) >= 0 {
		return min(2, len(s))
	}
	if s[1] != 'u' {
		return -2
	}
	for i := 2; i < 6; i++ {
		if i >= len(s) || !isHex(s[i]) {
			return -i
		}
	}
	return 6
}

func (l *lexer) badEscape() bool {
	start := l.pos
	l.pos -= escapeSize(l.text[start:])
	return l.add(escapeToken, start)
}

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
