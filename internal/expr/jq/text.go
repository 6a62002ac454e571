package jq

import (
	"strings"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// list collects the errors of one program.
type list []expr.Error

func (l *list) add(e expr.Error) {
	if !l.full() {
		*l = append(*l, e)
	}
}

// full tells that nothing more will be taken.
func (l list) full() bool { return len(l) >= expr.MaxErrors }

// cut shortens a name that is quoted in a message.
func cut(s string) string { return diag.Cut(s, 40) }

// wordEnd returns the end of the identifier [A-Za-z_][A-Za-z0-9_]* at at,
// or at itself if there is none.
func wordEnd(s string, at int) int {
	end := at
	for end < len(s) && (isLetter(s[end]) || end > at && isDigit(s[end])) {
		end++
	}
	return end
}

// char returns the whole character that begins at s[at].
func char(s string, at int) string {
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[at : at+size]
}

func isLetter(c byte) bool {
	return strings.IndexByte("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", c) >= 0
}
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
