package credential

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

const credentials = "credentials"

// kind is what a name says of its value.
type kind struct {
	what    string // "" for a name of no credential
	certain bool   // any literal under it is one; otherwise a random one is
	cookie  bool   // its value is a list of pairs
}

// certain are ends of names, in lower case without separators, whose value is a
// credential whatever it looks like.
var certain = []struct{ end, what string }{
	{"password", "a password"},
	{"passwd", "a password"},
	{"passphrase", "a password"},
	{"pwd", "a password"},
	{"secret", "a secret"},
	{"secretkey", "a secret"},
	{"signingkey", "a secret"},
	{"encryptionkey", "a secret"},
	{"apikey", "an API key"},
	{"apitoken", "an API key"},
	{"subscriptionkey", "an API key"},
	{"functionskey", "an API key"},
	{"accesskey", "an API key"},
	{"authkey", "an API key"},
	{"privatekey", "a private key"},
	{"accesstoken", "a token"},
	{"refreshtoken", "a token"},
	{"authtoken", "a token"},
	{"bearertoken", "a token"},
	{"authorization", credentials},
}

// suspicious are parts of names under which people keep credentials, and other
// things too.
var suspicious = []struct{ part, what string }{
	{"authorization", credentials},
	{"password", "a password"},
	{"passwd", "a password"},
	{"passphrase", "a password"},
	{"secret", "a secret"},
	{"apikey", "an API key"},
	{"token", "a token"},
	{"jwt", "a token"},
	{"credential", credentials},
	{"cookie", "a cookie"},
	{"signature", "a signature"},
	{"hmac", "a signature"},
}

// whole are short names that would be part of ordinary words.
var whole = []struct{ name, what string }{
	{"sig", "a signature"},
	{"auth", credentials},
	{"xauth", credentials},
	{"pass", "a password"},
	{"key", "a key"},
	{"code", "a key"}, // of Azure Functions
}

// kindOf looks a name up, however it is written.
func kindOf(name string) kind {
	if !mayName(name) {
		return kind{}
	}
	var room [64]byte
	plain := fold(room[:0], name)
	for _, c := range certain {
		if strings.HasSuffix(plain, c.end) {
			return kind{what: c.what, certain: true}
		}
	}
	for _, s := range suspicious {
		if strings.Contains(plain, s.part) {
			return kind{what: s.what, cookie: s.part == "cookie"}
		}
	}
	if i := slices.IndexFunc(whole, func(w struct{ name, what string }) bool { return w.name == plain }); i >= 0 {
		return kind{what: whole[i].what}
	}
	return kind{}
}

// mayName is a quick look: nearly all names are of nothing secret. It knows the
// beginning of a word of each name in the tables.
func mayName(name string) bool {
	for i := range len(name) {
		var words []string
		switch name[i] | 0x20 {
		case 'p':
			words = []string{"pass", "pwd"}
		case 's':
			words = []string{"sec", "sig"}
		case 'k':
			words = []string{"key"}
		case 't':
			words = []string{"tok"}
		case 'j':
			words = []string{"jwt"}
		case 'a':
			words = []string{"auth"}
		case 'c':
			words = []string{"cred", "cook", "code"}
		case 'h':
			words = []string{"hmac"}
		}
		for _, w := range words {
			if len(name)-i >= len(w) && strings.EqualFold(name[i:i+len(w)], w) {
				return true
			}
		}
	}
	return false
}

// fold is a name in lower case, without what separates its words.
func fold(into []byte, name string) string {
	for i := range len(name) {
		switch c := name[i]; {
		case c == '-', c == '_', c == ' ', c == '.':
		case 'A' <= c && c <= 'Z':
			into = append(into, c+'a'-'A')
		default:
			into = append(into, c)
		}
	}
	return string(into)
}

// Named tells of the name of a member, header or query parameter what sort of
// secret stands under it; "" for none.
func Named(name string) string { return kindOf(name).what }

// literal tells whether s can be a secret, not a reference to one, an
// example, or the name of something: one word of six characters or more, not
// all letters of one case.
func literal(s string) bool {
	if len(s) < Least || laterFilled(s) || strings.ContainsAny(s, " \n<>") {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_-.") != "" &&
		strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.") != "" && strings.Trim(s, "*xX.") != ""
}

// laterFilled tells whether a value is filled in later, by anybody.
func laterFilled(s string) bool {
	return strings.HasPrefix(s, "$") || strings.Contains(s, "{{") || len(expr.Placeholders(s)) > 0
}

// reference tells whether a string only points at data of the run, like
// $.token or {{$.token}}: there is nothing to hide.
func reference(s string) bool {
	if _, rest, ok := strings.Cut(s, " "); ok && Named(s[:len(s)-len(rest)-1]) == "" {
		s = rest // of "Basic {{$.token}}"
	}
	return strings.HasPrefix(s, "$") || strings.HasPrefix(s, "{{") && strings.HasSuffix(s, "}}") && strings.Count(s, "{{") == 1
}
