// Package english has the few words that sentences about anything need:
// plurals, lists, and the known name that a slip of the hand was meant to be.
package english

import (
	"fmt"
	"strings"
)

// Plural is "1 change", "2 changes"; "more" has no plural.
func Plural(n int, noun string) string {
	if n == 1 || noun == "more" {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Amount is "1 change is", "2 changes are", "no change is".
func Amount(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + " is"
	case 1:
		return "1 " + noun + " is"
	}
	return Plural(n, noun) + " are"
}

// Join is "a", "a and b", "a, b and c".
func Join(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// Cut shortens a text to its first n characters, and says how many it had
// more.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n]) + fmt.Sprintf("… (%d characters more)", len(runes)-n)
}
