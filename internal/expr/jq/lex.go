package jq

import "strings"

// token is a token of a jq program. The tokens serve to find places only:
// gojq parses, but its tree has no positions.
type token struct {
	kind       tokenKind
	start, end int32 // large programs have hundreds of thousands of tokens
}

type tokenKind uint8

const (
	_                  tokenKind = iota
	nameToken                    // length, a::b
	variableToken                // $x, $a::b
	formatToken                  // @base64
	keywordToken                 // if, reduce, …
	fieldToken                   // .name
	numberToken                  //
	stringToken                  // a whole string, or the text between its interpolations
	quoteToken                   // the quotes of a string with interpolations
	interpolationToken           // \(
	operatorToken                // everything else
	escapeToken                  // an escape that no string may hold; the last token
	unendedToken                 // a string without its end; the last token
)

// lexer cuts a program into the tokens that gojq's lexer would make of it.
type lexer struct {
	text   string
	pos    int
	tokens []token
	parens []int // open parentheses: where the string began that one interpolates; -1 for none
}

// lex returns the tokens of a program up to the first that is malformed.
func lex(program string) []token {
	l := &lexer{text: program, tokens: make([]token, 0, len(program)/3)}
	for l.next() {
	}
	return l.tokens
}

// add ends the token at l.pos and tells whether more may follow.
func (l *lexer) add(kind tokenKind, start int) bool {
	l.tokens = append(l.tokens, token{kind, int32(start), int32(l.pos)})
	return kind != escapeToken && kind != unendedToken
}

func (l *lexer) next() bool {
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
		return l.add(fieldToken, start)
	case c == '$' && isLetter(l.peek(1)):
		l.pos = l.moduleName(start + 1)
		return l.add(variableToken, start)
	case c == '@' && (isLetter(l.peek(1)) || isDigit(l.peek(1))):
		l.pos = start + 2
		for isLetter(l.peek(0)) || isDigit(l.peek(0)) {
			l.pos++
		}
		return l.add(formatToken, start)
	case c == '"':
		return l.openString()
	}
	return l.operator()
}

// skip passes white space and comments. A comment goes on behind a line end
// with a backslash before it, as in jq 1.7.
func (l *lexer) skip() {
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
func (l *lexer) escapedInComment() {
	switch {
	case l.peek(1) == '\r' && l.peek(2) == '\n':
		l.pos += 2
	case l.peek(1) == '\\', l.peek(1) == '\n', l.peek(1) == '\r':
		l.pos++
	}
}

func (l *lexer) peek(ahead int) byte {
	if l.pos+ahead >= len(l.text) {
		return 0
	}
	return l.text[l.pos+ahead]
}

func (l *lexer) name() bool {
	start := l.pos
	l.pos = l.moduleName(start)
	if isKeyword(l.text[start:l.pos]) {
		return l.add(keywordToken, start)
	}
	return l.add(nameToken, start)
}

// moduleName returns the end of name or module::name.
func (l *lexer) moduleName(at int) int {
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
func (l *lexer) number() bool {
	start := l.pos
	l.digits()
	if l.peek(0) == '.' {
		l.pos++
		l.digits()
		if l.peek(0) == '.' {
			l.pos++
			return l.add(numberToken, start)
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
	return l.add(numberToken, start)
}

func (l *lexer) digits() {
	for isDigit(l.peek(0)) {
		l.pos++
	}
}

// operators longer than one byte, longest first.
var operators = [...]string{"//=", "..", "|=", "+=", "-=", "*=", "/=", "//", "%=", "==", "!=", ">=", "<="}

func (l *lexer) operator() bool {
	start := l.pos
	l.pos += len(char(l.text, start))
	for _, op := range operators {
		if strings.HasPrefix(l.text[start:], op) {
			l.pos = start + len(op)
			break
		}
	}
	l.add(operatorToken, start)
	switch l.text[start] {
	case '(':
		l.parens = append(l.parens, -1)
	case ')':
		return l.closeParen()
	}
	return true
}

func (l *lexer) closeParen() bool {
	n := len(l.parens) - 1
	if n < 0 {
		return true
	}
	quote := l.parens[n]
	l.parens = l.parens[:n]
	return quote < 0 || l.inString(quote)
}

func isKeyword(word string) bool {
	switch word {
	case "or", "and", "module", "import", "include", "def", "as", "label", "break",
		"null", "true", "false", "if", "then", "elif", "else", "end", "try", "catch", "reduce", "foreach":
		return true
	}
	return false
}
