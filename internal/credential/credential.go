// Package credential says what looks like a secret. There is one definition:
// what a check reports is what a plan hides.
package credential

import (
	"encoding/base64"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Least is the length from which a value can be a secret: a shorter one is
// found in ordinary words.
const Least = 6

// In says what sort of credential the string s of n holds, and where; "" for
// none.
func In(n *source.Node, s string) (what string, start, end int) {
	if len(s) < Least {
		return "", 0, 0
	}
	if begin := strings.Index(s, "-----BEGIN "); begin >= 0 && strings.Contains(s[begin:], "PRIVATE KEY-----") {
		return "a private key", begin, len(s)
	}
	if what, start, end = authorization(s); what != "" {
		return what, start, end
	}
	if what, start, end = knownToken(s); what != "" {
		return what, start, end
	}
	if what, start, end = secretInURL(s); what != "" {
		return what, start, end
	}
	word := strings.LastIndexByte(s, ' ') + 1 // of "Token token=…" in a header
	if name := secretName(n); name != "" && (word == 0 || name == credentials) && literalSecret(s[word:]) {
		return name, 0, len(s)
	}
	return "", 0, 0
}

// authorization finds "Basic dXNlcjpwYXNz" anywhere, where what follows
// decodes to user:password, and "Bearer TOKEN" as the whole string.
func authorization(s string) (what string, start, end int) {
	for at := 0; ; {
		i := strings.Index(s[at:], "asic ")
		if i < 0 {
			break
		}
		at += i + len("asic ")
		end = len(s) - len(strings.TrimLeft(s[at:], base64Letters))
		if basic(s[at:end]) {
			return "Basic credentials", at, end
		}
	}
	const bearer = "bearer "
	if len(s) > len(bearer) && strings.EqualFold(s[:len(bearer)], bearer) && literalSecret(s[len(bearer):]) && len(s) >= len(bearer)+12 {
		return "a Bearer token", len(bearer), len(s)
	}
	return "", 0, 0
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

func basic(s string) bool {
	const least = 8 // characters: shorter words decode by chance
	if len(s) < least {
		return false
	}
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	colon := strings.IndexByte(string(plain), ':')
	return err == nil && colon > 0 && colon < len(plain)-1 && printable(string(plain))
}

func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return false
		}
	}
	return true
}
