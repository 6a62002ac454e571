package render

import (
	"strings"
	"unicode"
)

// Dummies are the values with another in the place of each secret, of the same
// shape: what reads a bundle filled in so can't tell of a secret, and finds
// what it would find in the true one.
func (v Values) Dummies() Values {
	secrets := make(map[string]string, len(v.Secrets))
	for name, secret := range v.Secrets {
		secrets[name] = strings.Map(dummy, secret)
	}
	v.Secrets = secrets
	return v
}

// dummy keeps the kind of a character: signs have a meaning in the languages
// of a bundle, letters and digits of a value have none.
func dummy(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '0'
	case unicode.IsUpper(r):
		return 'X'
	case unicode.IsLetter(r):
		return 'x'
	}
	return r
}
