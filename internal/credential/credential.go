// Package credential says what looks like a secret. There is one definition:
// what a check reports is what a plan hides. It also holds the secrets of a
// run, and takes them out of every text that leaves it.
package credential

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Hidden stands for a secret wherever a value is shown.
const Hidden = source.Hidden

// Least is the length from which a value can be a secret: a shorter one is
// found in ordinary words.
const Least = 6

// Found is a credential, or what may be one, in a text.
type Found struct {
	What       string // "a password", "Basic credentials", …
	Start, End int    // bytes of the text
	Sure       bool   // it looks like one, and not only its name does
}

// In looks for a credential in a text that stands under a name: of a member, a
// header or a query parameter, "" if it has none. What is sure is worth a
// finding; what isn't is worth hiding.
func In(name, text string) (f Found, ok bool) {
	if len(text) < Least {
		return may(name, text)
	}
	if f, ok := evident(text); ok {
		return f, true
	}
	k := kindOf(name)
	word := strings.LastIndexByte(text, ' ') + 1 // of "Token token=…" in a header
	switch {
	case k.what == "":
		return f, false
	case k.certain && (word == 0 || k.what == credentials) && literal(text[word:]):
		return Found{k.what, 0, len(text), true}, true
	case k.cookie:
		if f, ok := cookie(text); ok {
			return f, true
		}
	case literal(text) && Random(text):
		return Found{k.what, 0, len(text), true}, true
	}
	return may(name, text)
}

// Sentence is a text that quotes values, such as an error, without any
// credential in it.
func Sentence(text string) string {
	if f, ok := In("", text); ok {
		return Sentence(text[:f.Start]) + Hidden + Sentence(text[f.End:])
	}
	at := 0 // of a Bearer token, which In knows as the whole text alone
	for at+len(bearer) < len(text) && !strings.EqualFold(text[at:at+len(bearer)], bearer) {
		at++
	}
	from, to := at+len(bearer), len(text)
	if from >= to {
		return text
	}
	if n := strings.IndexAny(text[from:], " \t\n\"'`,;)]}"); n >= 0 {
		to = from + n
	}
	word := text[from:to]
	if _, ok := In("", text[at:to]); ok {
		word = Hidden
	}
	return text[:from] + word + Sentence(text[to:])
}

// may is what is hidden for its name alone.
func may(name, text string) (Found, bool) {
	what := kindOf(name).what
	if what == "" || text == "" || reference(text) {
		return Found{}, false
	}
	return Found{What: what, End: len(text)}, true
}

// evident finds what is a credential whatever its name is.
func evident(s string) (Found, bool) {
	for _, find := range []func(string) (string, int, int){privateKey, authorization, knownToken, inURL} {
		if what, start, end := find(s); what != "" {
			return Found{what, start, end, true}, true
		}
	}
	return Found{}, false
}

// At looks for a credential in a string or number of a document, by its name
// and the names around it: of a header the "key" beside its "value", of an
// object's member under "password" that name too.
func At(n *source.Node) (Found, bool) {
	switch v := n.Value.(type) {
	case string:
		f, ok := In(NameOf(n), v)
		if up := around(n); !f.Sure && up != "" {
			if above, also := In(up, v); also {
				return above, true
			}
		}
		return f, ok
	case json.Number:
		k := kindOf(NameOf(n))
		if up := around(n); !k.certain && up != "" {
			k = kindOf(up)
		}
		if k.certain && len(v) >= Least {
			return Found{k.what, 0, len(v), true}, true
		} else if k.what != "" {
			return Found{What: k.what, End: len(v)}, true
		}
	}
	return Found{}, false
}

// NameOf is the name that says what a value is: its member's, of the "value"
// of a header or query parameter that of its "key", and of an item that of its
// list.
func NameOf(n *source.Node) string {
	name := strings.TrimSuffix(n.Name, ".$")
	for n.Parent.IsArray() {
		n = n.Parent
		name = n.Name
	}
	if name == "key" && (n.Parent.Get("value") != nil || n.Parent.Get("value.$") != nil) {
		return "" // it is a name itself
	}
	if name == "value" {
		if key, ok := n.Parent.Get("key").Text(); ok {
			return key
		}
	}
	return name
}

// around is the name of the object that n stands in, where that object is the
// value of a member that certainly keeps a credential.
func around(n *source.Node) string {
	if n.Parent == nil || !n.Parent.IsObject() || !kindOf(n.Parent.Name).certain {
		return ""
	}
	return n.Parent.Name
}

func privateKey(s string) (what string, start, end int) {
	if begin := strings.Index(s, "-----BEGIN "); begin >= 0 && strings.Contains(s[begin:], "PRIVATE KEY-----") {
		return "a private key", begin, len(s)
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
	if len(s) > len(bearer) && strings.EqualFold(s[:len(bearer)], bearer) && literal(s[len(bearer):]) && len(s) >= len(bearer)+12 {
		return "a Bearer token", len(bearer), len(s)
	}
	return "", 0, 0
}

// bearer begins a token, in any capitals.
const bearer = "bearer "

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

// cookie finds among the pairs of a Cookie header one whose value is random.
func cookie(s string) (Found, bool) {
	for at := 0; at < len(s); {
		pair, _, _ := strings.Cut(s[at:], ";")
		equals := strings.IndexByte(pair, '=') + 1
		if value := pair[equals:]; literal(value) && Random(value) {
			return Found{"a session's cookie", at + equals, at + len(pair), true}, true
		}
		at += len(pair) + 1
	}
	return Found{}, false
}
