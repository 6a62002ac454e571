package jq

import (
	"slices"
	"strings"
)

// InString tells of places in a program whether they are in the text of a
// string: what is put there must be escaped to mean the same.
func InString(program string) func(at int) bool {
	tokens := newChecker(program).tokens
	return func(at int) bool {
		return slices.ContainsFunc(tokens, func(t token) bool {
			return (t.kind == stringToken || t.kind == unendedToken) && int(t.start) <= at && at < int(t.end)
		})
	}
}

// Escape writes a text as it stands between the quotes of a string in a
// program.
func Escape(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)
