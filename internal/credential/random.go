package credential

import (
	"math"
	"strings"
)

// randomLeast is the length from which a text can be told from words: of
// shorter ones too many look random by chance.
const randomLeast = 16

// Random tells whether a text looks drawn at random, as keys and tokens are: a
// word of at least 16 letters, digits and some signs, mixed, and of nearly as
// many bits a character as hexadecimal digits can have.
func Random(s string) bool {
	if len(s) < randomLeast || tokenLength(strings.TrimRight(s, "=")) != len(strings.TrimRight(s, "=")) {
		return false
	}
	digits, letters := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			letters++
		}
	}
	const bits = 3.0 // of hexadecimal digits 4 at most; words and dates joined by _ have less variety in their digits
	return digits >= 3 && letters >= 3 && entropy(s) >= bits && !words(s)
}

// words tells whether s is words and numbers joined by signs, like
// ticket_field_360000123456.
func words(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("_-.+/", r) })
	for _, p := range parts {
		if strings.Trim(p, "0123456789") != "" && strings.Trim(p, "abcdefghijklmnopqrstuvwxyz") != "" && strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" && mixed(p) {
			return false
		}
	}
	return true
}

// mixed tells whether letters and digits alternate more than in "v2" or
// "Ticket42".
func mixed(s string) bool {
	changes := 0
	for i := 1; i < len(s); i++ {
		if isDigit(s[i]) != isDigit(s[i-1]) {
			changes++
		}
	}
	return changes > 1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// entropy is Shannon's, in bits a byte.
func entropy(s string) float64 {
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
