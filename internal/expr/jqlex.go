package expr

import "strings"

// jqToken is a token of a jq program. The tokens serve to find places only:
// gojq parses, but its tree has no positions.
type jqToken struct {
	kind       jqKind
	start, end int32 // large programs have hundreds of thousands of tokens
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
	l := &jqLexer{text: program, tokens: make([]jqToken, 0, len(program)/3)}
	for l.next() {
	}
	return l.tokens
}

// add ends the token at l.pos and tells whether more may follow.
func (l *jqLexer) add(kind jqKind, start int) bool {
	l.tokens = append(l.tokens, jqToken{kind, int32(start), int32(l.pos)})
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

func isJqKeyword(word string) bool {
	switch word {
	case "or", "and", "module", "import", "include", "def", "as", "label", "break",
		"null", "true", "false", "if", "then", "elif", "else", "end", "try", "catch", "reduce", "foreach":
		return true
	}
	return false
}
