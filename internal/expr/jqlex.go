package expr

import "strings"

// jqToken is a token of a jq program. The tokens serve to find places only:
// gojq parses, but its tree has no positions.
type jqToken struct {
	kind       jqKind
	start, end int
}

type jqKind uint8

const (
	_          jqKind = iota
	jqName            // length, a::b
	jqVariable        // $x, $a::b
	jqFormat          // @base64
	jqKeyword         // if, reduce, …
	jqField           // .name
	jqNumber          //
	jqString          // a whole string, or the text between its interpolations
	jqQuote           // the quotes of a string with interpolations
	jqInterp          // \(
	jqOperator        // everything else
	jqEscape          // an escape that no string may hold; the last token
	jqUnended         // a string without its end; the last token
)

// jqLexer cuts a program into the tokens that gojq's lexer would make of it.
type jqLexer struct {
	text   string
	pos    int
	tokens []jqToken
	parens []int // open parentheses: where the string began that one interpolates; -1 for none
}

// lexJq returns the tokens of a program up to the first that is malformed.
func lexJq(program string) []jqToken {
	l := &jqLexer{text: program, tokens: make([]jqToken, 0, len(program)/4)}
	for l.next() {
	}
	return l.tokens
}

// add ends the token at l.pos and tells whether more may follow.
func (l *jqLexer) add(kind jqKind, start int) bool {
	l.tokens = append(l.tokens, jqToken{kind, start, l.pos})
	return kind != jqEscape && kind != jqUnended
}

func (l *jqLexer) next() bool {
	l.skip()
	if l.pos >= len(l.text) {
		return false
	}
	start := l.pos
	switch c := l.text[start]; {
	case isLetter(c):
		return l.name()
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		return l.number()
	case c == '.' && isLetter(l.peek(1)):
		l.pos = wordEnd(l.text, start+1)
		return l.add(jqField, start)
	case c == '$' && isLetter(l.peek(1)):
		l.pos = l.moduleName(start + 1)
		return l.add(jqVariable, start)
	case c == '@' && (isLetter(l.peek(1)) || isDigit(l.peek(1))):
		l.pos = start + 2
		for isLetter(l.peek(0)) || isDigit(l.peek(0)) {
			l.pos++
		}
		return l.add(jqFormat, start)
	case c == '"':
		return l.openString()
	}
	return l.operator()
}

// skip passes white space and comments. A comment goes on behind a line end
// with a backslash before it, as in jq 1.7.
func (l *jqLexer) skip() {
	for comment := false; l.pos < len(l.text); l.pos++ {
		switch c := l.text[l.pos]; {
		case c == '\n' || c == '\r':
			comment = false
		case c == 0: // the end, for gojq
			l.pos = len(l.text)
			return
		case comment && c == '\\':
			l.escapedInComment()
		case comment, c == ' ', c == '\t':
		case c == '#':
			comment = true
		default:
			return
		}
	}
}

// escapedInComment passes what a backslash takes along.
func (l *jqLexer) escapedInComment() {
	switch {
	case l.peek(1) == '\r' && l.peek(2) == '\n':
		l.pos += 2
	case l.peek(1) == '\\', l.peek(1) == '\n', l.peek(1) == '\r':
		l.pos++
	}
}

func (l *jqLexer) peek(ahead int) byte {
	if l.pos+ahead >= len(l.text) {
		return 0
	}
	return l.text[l.pos+ahead]
}

func (l *jqLexer) name() bool {
	start := l.pos
	l.pos = l.moduleName(start)
	if isJqKeyword(l.text[start:l.pos]) {
		return l.add(jqKeyword, start)
	}
	return l.add(jqName, start)
}

// moduleName returns the end of name or module::name.
func (l *jqLexer) moduleName(at int) int {
	end := wordEnd(l.text, at)
	if strings.HasPrefix(l.text[end:], "::") {
		if second := wordEnd(l.text, end+2); second > end+2 {
			return second
		}
	}
	return end
}

// number reads 1, .5, 1e-9 and what gojq refuses, such as 1a, to its first
// wrong byte.
func (l *jqLexer) number() bool {
	start := l.pos
	l.digits()
	if l.peek(0) == '.' {
		l.pos++
		l.digits()
		if l.peek(0) == '.' {
			l.pos++
			return l.add(jqNumber, start)
		}
	}
	if c := l.peek(0); c == 'e' || c == 'E' {
		l.pos++
		if c := l.peek(0); c == '-' || c == '+' {
			l.pos++
		}
		l.digits()
	}
	if isLetter(l.peek(0)) {
		l.pos++
	}
	return l.add(jqNumber, start)
}

func (l *jqLexer) digits() {
	for isDigit(l.peek(0)) {
		l.pos++
	}
}

// jqOperators longer than one byte, longest first.
var jqOperators = [...]string{"//=", "..", "|=", "+=", "-=", "*=", "/=", "//", "%=", "==", "!=", ">=", "<="}

func (l *jqLexer) operator() bool {
	start := l.pos
	l.pos += len(char(l.text, start))
	for _, op := range jqOperators {
		if strings.HasPrefix(l.text[start:], op) {
			l.pos = start + len(op)
			break
		}
	}
	l.add(jqOperator, start)
	switch l.text[start] {
	case '(':
		l.parens = append(l.parens, -1)
	case ')':
		return l.closeParen()
	}
	return true
}

func (l *jqLexer) closeParen() bool {
	n := len(l.parens) - 1
	if n < 0 {
		return true
	}
	quote := l.parens[n]
	l.parens = l.parens[:n]
	return quote < 0 || l.inString(quote)
}

// openString reads a string up to its end or its first interpolation. A
// string without any is one token, its quotes included.
func (l *jqLexer) openString() bool {
	quote := l.pos
	l.pos++
	switch l.scanString() {
	case '"':
		l.pos++
		return l.add(jqString, quote)
	case '(':
		end := l.pos
		l.pos = quote + 1
		l.add(jqQuote, quote)
		l.pos = end
		return l.interpolation(quote, quote+1)
	case '\\':
		return l.badEscape()
	}
	return l.add(jqUnended, quote)
}

// inString goes on after the ")" of an interpolation.
func (l *jqLexer) inString(quote int) bool {
	start := l.pos
	switch l.scanString() {
	case '"':
		if l.pos > start {
			l.add(jqString, start)
		}
		l.pos++
		return l.add(jqQuote, l.pos-1)
	case '(':
		return l.interpolation(quote, start)
	case '\\':
		return l.badEscape()
	}
	return l.add(jqUnended, quote)
}

// interpolation adds the text from start on and the "\(" after it.
func (l *jqLexer) interpolation(quote, start int) bool {
	if l.pos > start {
		l.add(jqString, start)
	}
	l.pos += 2
	l.parens = append(l.parens, quote)
	return l.add(jqInterp, l.pos-2)
}

// scanString goes to the quote that ends a string, or to the backslash of an
// interpolation or of a bad escape, and says which by '"', '(' or '\\'; 0 at
// the end of the program.
func (l *jqLexer) scanString() byte {
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

func (l *jqLexer) badEscape() bool {
	start := l.pos
	l.pos -= escapeSize(l.text[start:])
	return l.add(jqEscape, start)
}

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isJqKeyword(word string) bool {
	switch word {
	case "or", "and", "module", "import", "include", "def", "as", "label", "break",
		"null", "true", "false", "if", "then", "elif", "else", "end", "try", "catch", "reduce", "foreach":
		return true
	}
	return false
}
