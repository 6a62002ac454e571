package credential

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const credentials = "credentials"

// sortOfSecret tells of a name, in lower case without - and _, of a member, header
// or query parameter what sort of secret its value is; "" for none.
func sortOfSecret(name string) string {
	switch name {
	case "password", "passwd", "passphrase":
		return "a password"
	case "secret", "secretkey", "signingsecret", "clientsecret":
		return "a secret"
	case "apikey", "xapikey", "apitoken", "xapitoken":
		return "an API key"
	case "privatekey":
		return "a private key"
	case "accesstoken", "refreshtoken", "authtoken", "xauthtoken", "bearertoken":
		return "a token"
	case "authorization", "proxyauthorization":
		return credentials
	}
	return ""
}

// secretName tells what a value is by the name of its member, or by the "key"
// beside a "value" of headers and queryParams.
func secretName(n *source.Node) string {
	name := n.Name
	if name == "value" {
		name, _ = n.Parent.Get("key").Text()
	}
	return secretWord(name)
}

// secretWord looks a name up, however it is written.
func secretWord(name string) string {
	var plain [24]byte
	n := 0
	if len(name) > len(plain) {
		return ""
	}
	for i := range len(name) {
		switch c := name[i]; {
		case c == '-', c == '_':
			continue
		case 'A' <= c && c <= 'Z':
			plain[n] = c + 'a' - 'A'
		default:
			plain[n] = c
		}
		n++
	}
	return sortOfSecret(string(plain[:n]))
}

// literalSecret tells whether s can be a secret, not a reference to one, an
// example, or the name of something: one word of six characters or more, not
// all letters of one case.
func literalSecret(s string) bool {
	if len(s) < Least || variable(s) || strings.ContainsAny(s, " \n<>") {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_-.") != "" &&
		strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.") != "" && strings.Trim(s, "*xX.") != ""
}

// variable tells whether a value is filled in later, by anybody.
func variable(s string) bool {
	return strings.HasPrefix(s, "$") || strings.Contains(s, "{{") || len(expr.Placeholders(s)) > 0
}
