// Package expr reads the small languages inside a bundle's strings: $ paths
// and {{placeholders}}; jq programs have a package of their own, jq. They are parsed, and everything found has
// a place in the string.
//
// All offsets count bytes of the decoded string, as JSON means it. A [Source]
// turns them into offsets in the string as the file writes it.
package expr

import (
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// MaxErrors is how many errors are reported for one string: what is wrong more
// often than that is wrong in another way.
const MaxErrors = 20

// ErrorKind says what sort of mistake an Error is, so that each sort can get
// the severity that its evidence allows. The zero value is none.
type ErrorKind uint8

// The kinds of errors. Only Syntax and Unclosed are certain: the others rest
// on what is documented or on what gojq knows.
const (
	_               ErrorKind = iota
	Syntax                    // not of the language
	Unclosed                  // "{{$" without its "}}"
	Undocumented              // JSONPath, but not of the simple forms that are documented
	UnknownFunction           // jq has no such function, or not with so many arguments
	UnknownVariable           // a jq variable that nothing binds here
	UnknownLabel              // break without its label
	UnknownFormat             // @name that jq doesn't have
	NotHere                   // jq has it, and what it tells of is nothing on the platform
	NoModules                 // import or include: there is nothing to load from
	Limit                     // larger or deeper than what is checked; the rest is unknown
)

// Error is one mistake in a string. It isn't a Go error, because it's a
// finding about somebody's text and never ends what we do.
type Error struct {
	Kind       ErrorKind
	Start, End int    // bytes of the decoded string, half open; empty at its end
	Message    string // what is wrong, lower case, no full stop
	Help       string // what to do next; empty if the message says it
}

// list collects the errors of one string.
type list []Error

func (l *list) add(e Error) {
	if len(*l) < MaxErrors {
		*l = append(*l, e)
	}
}

// shorten cuts a name that is quoted in a message.
func shorten(s string) string { return diag.Cut(s, 40) }

// char returns the whole character that begins at s[at].
func char(s string, at int) string {
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[at : at+size]
}

// skipSpaces returns the offset of the first byte at or after at that is
// neither a space nor a tab.
func skipSpaces(s string, at int) int {
	return len(s) - len(strings.TrimLeft(s[at:], " \t"))
}

// wordEnd returns the end of the identifier [A-Za-z_][A-Za-z0-9_]* at at,
// or at itself if there is none.
func wordEnd(s string, at int) int {
	end := at
	for end < len(s) && (isLetter(s[end]) || end > at && isDigit(s[end])) {
		end++
	}
	return end
}

func isLetter(c byte) bool { return isLower(c) || isUpper(c) || c == '_' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
