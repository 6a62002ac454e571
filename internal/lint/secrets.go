package lint

import (
	"encoding/base64"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// RuleSecret finds credentials; what stands at its findings must not be shown.
const RuleSecret = "secret"

var secretRules = []Rule{
	{
		ID: RuleSecret, Severity: diag.Warning, Evidence: Observed,
		Source:  "public repositories hold bundles with their customers' Basic credentials in clear; DG/zis-custom-actions: connectionName keeps them apart",
		Summary: "a credential stands in the file",
		Text:    secrets,
	},
}

const secretHelp = "revoke it, then use a connection (connectionName), or write {{NAME}} and give --secret-var NAME"

// secrets looks at one string. What a secret variable filled in is none: it
// isn't in the file. The messages never hold the secret.
func secrets(p *Pass, n *source.Node) {
	s, _ := n.Text()
	if n.Secret || len(s) < 6 {
		return
	}
	if what, start, end := secretIn(n, s); what != "" {
		p.Inside(n, start, end, secretHelp, "this looks like %s", what)
	}
}

// secretIn says what sort of secret a string holds, and where; "" for none.
func secretIn(n *source.Node, s string) (what string, start, end int) {
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

// secretInURL finds https://user:password@host and …?token=… in a URL or path.
func secretInURL(s string) (what string, start, end int) {
	scheme := strings.Index(s, "://")
	if scheme < 0 && s[0] != '/' {
		return "", 0, 0
	}
	if scheme > 0 {
		from := scheme + len("://")
		host := s[from:]
		if i := strings.IndexAny(host, "/?# \"'"); i >= 0 {
			host = host[:i]
		}
		user, _, ok := cutLast(host, "@")
		if _, password, both := strings.Cut(user, ":"); ok && both && password != "" && !variable(password) {
			return "a password in a URL", from, from + len(user)
		}
	}
	query := strings.IndexByte(s, '?')
	for at := query + 1; query >= 0 && at < len(s); {
		part, _, _ := strings.Cut(s[at:], "&")
		name, value, _ := strings.Cut(part, "=")
		if (secretWord(name) != "" || strings.EqualFold(name, "token")) && literalSecret(value) {
			return "a credential in the query of a URL", at, at + len(part)
		}
		at += len(part) + 1
	}
	return "", 0, 0
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

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
	if len(s) < 6 || variable(s) || strings.ContainsAny(s, " \n<>") {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_-.") != "" &&
		strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.") != "" && strings.Trim(s, "*xX.") != ""
}

// variable tells whether a value is filled in later, by anybody.
func variable(s string) bool {
	return strings.HasPrefix(s, "$") || strings.Contains(s, "{{") || len(expr.Placeholders(s)) > 0
}
