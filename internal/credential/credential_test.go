package credential_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const (
	hexDigits = "5f2b8c0d9e7a46318f0c2d4b6a8e1c3f5d7b9a0e2c4f68"
	jwt       = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxIn0." + hexDigits
)

func TestIn(t *testing.T) {
	for _, tt := range []struct{ name, text, sure string }{ // sure is the part that is certainly one
		{"token", hexDigits, hexDigits},
		{"csrf_token", hexDigits, hexDigits},
		{"X-Signature", hexDigits, hexDigits},
		{"sig", hexDigits, hexDigits},
		{"key", hexDigits, hexDigits},
		{"Cookie", "theme=dark; session=" + jwt + "; a=b", jwt},
		{"Cookie", "sid=" + hexDigits + "; a=b", hexDigits},
		{"Set-Cookie", "sid=" + hexDigits, hexDigits},
		{"text", "jwt=" + jwt, jwt},
		{"text", "token=gh" + "p_0123456789abcdef0123456789ABCDEF01", "gh" + "p_0123456789abcdef0123456789ABCDEF01"},
		{"pwd", "hunter2", "hunter2"},
		{"db_password", "hunter2", "hunter2"},
		{"Ocp-Apim-Subscription-Key", "a1b2c3d4", "a1b2c3d4"},
		{"url", "https://x.example/hook?sig=" + hexDigits + "&b=1", "sig=" + hexDigits},
		{"url", "https://x.example/hook?code=" + hexDigits, "code=" + hexDigits},

		{"token", "{{$.token}}", ""},
		{"token", "next_page_token", ""},
		{"token", "page-2", ""},
		{"pagination_token", "2024-01-01T00:00:00", ""},
		{"key", "ticket_field_360000123456", ""},
		{"key", "ticket.custom_field_1234567890", ""},
		{"code", "ERR_12345678_NOT_FOUND_42", ""},
		{"Cookie", "theme=dark; lang=en", ""},
		{"Authorization", "Bearer {{$.token}}", ""},
		{"text", hexDigits, ""},
		{"idempotency_id", hexDigits, ""},
		{"url", "https://x.example/tickets?code=open&key=name", ""},
	} {
		f, ok := credential.In(tt.name, tt.text)
		got := ""
		if ok && f.Sure {
			got = tt.text[f.Start:f.End]
		}
		if got != tt.sure {
			t.Errorf("%s: %q: certainly a credential is %q, want %q", tt.name, tt.text, got, tt.sure)
		}
	}
}

// What only its name makes suspicious is hidden, and no finding.
func TestInHidesByName(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		hide       bool
	}{
		{"X-Auth-Token", "abc", true},
		{"Authorization", "Token abc", true},
		{"client_secret_name", "name", true},
		{"session_cookie", "a=b", true},
		{"token", "$.token", false},
		{"Authorization", "Basic {{$.basic}}", false},
		{"token", "", false},
		{"subject", "abc", false},
	} {
		if f, ok := credential.In(tt.name, tt.text); ok != tt.hide || f.Sure {
			t.Errorf("%s: %q: hidden %v (sure %v), want %v", tt.name, tt.text, ok, f.Sure, tt.hide)
		}
	}
}

func TestAtKnowsTheNamesAround(t *testing.T) {
	const src = `{"headers": [{"key": "X-Api-Key", "value": "a1b2c3d4"}],
	  "password": 12345678, "passwords": ["hunter2x"], "client_secret": {"text": "s3cr3ts3cr3t"}, "pin": 1234,
	  "password.$": "$.password", "user": {"text": "s3cr3ts3cr3t", "id": 48291734}, "secret": {"code": 48291734, "length": 8}}`
	doc, _ := source.Parse(diag.NewFile("a.json", []byte(src)))
	for pointer, want := range map[string]bool{
		"/headers/0/value": true, "/password": true, "/client_secret/text": true, "/pin": false,
		"/secret/code": true, "/secret/length": false, "/user/id": false, "/password.$": false, "/user/text": false, "/headers/0/key": false,
	} {
		if f, ok := credential.At(doc.At(pointer)); (ok && f.Sure) != want {
			t.Errorf("%s: %+v, want %v", pointer, f, want)
		}
	}
	if f, ok := credential.At(doc.At("/headers/0/key")); ok {
		t.Errorf("the name of a header is hidden: %+v", f)
	}
}

func TestSetTakesOutEveryForm(t *testing.T) {
	const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ\n-----END PRIVATE KEY-----\n"
	quoted := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	for _, secret := range []string{"s3cr3t/with+odd&\"signs\"<é>", "plainsecret42", "a\\b\tc\nd-secret", pem} {
		var set credential.Set
		set.Add(secret)
		var unescaped bytes.Buffer
		enc := json.NewEncoder(&unescaped)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(secret)
		for form, text := range map[string]string{
			"as it is": secret, "JSON": quoted(secret), "JSON without HTML": unescaped.String(),
			"query": url.QueryEscape(secret), "path": url.PathEscape(secret), "HTML": html.EscapeString(secret),
			"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 for URLs": base64.RawURLEncoding.EncodeToString([]byte(secret)),
			"one line": strings.ReplaceAll(secret, "\n", " "),
		} {
			got := set.Redact("before " + text + " after")
			if strings.TrimRight(strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(got, credential.Hidden, ""), "before "), " after"), "=\" \n") != "" {
				t.Errorf("%q as %s: %q remains of %q", secret, form, got, text)
			}
		}
		for _, user := range []string{"me:", "you:", "them:"} {
			all := base64.StdEncoding.EncodeToString([]byte(user + secret))
			if got := set.Redact(all); !strings.Contains(got, credential.Hidden) {
				t.Errorf("%q after %q in base64 stays: %q", secret, user, got)
			}
		}
	}
}

func TestSetTakesOutWhatIsBrokenUp(t *testing.T) {
	var set credential.Set
	set.Add("s3cr3t-with-a-tail", "tiny-one")
	for text, want := range map[string]string{
		"a s3cr3t-with -a-tail b":      "a (secret) b",
		"a s3cr3t-\n  with-a-\ttail b": "a (secret) b",
		"a s3cr3t-\u200bwith-a-tail b": "a (secret) b",
		"s3cr3t-with-a-tai l":          "(secret)",
		"tiny-o ne":                    "tiny-o ne",
		"s3cr3t-with-another tail":     "s3cr3t-with-another tail",
		"s3cr3t-s3cr3t-with-a-\ntail":  "s3cr3t-(secret)",
		"no secret with white space":   "no secret with white space",
	} {
		if have := set.Redact(text); have != want {
			t.Errorf("%q becomes %q, want %q", text, have, want)
		}
	}
}

func TestSetPrefersTheLongerSecret(t *testing.T) {
	var set credential.Set
	set.Add("secret", "secretsecret-tail", "tiny")
	if got, want := set.Redact("a secretsecret-tail, a secret, tiny"), "a (secret), a (secret), tiny"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	set.Escapes(strings.ToUpper)
	if got := set.Redact("SECRET"); got != credential.Hidden {
		t.Errorf("%q", got)
	}
	if (&credential.Set{}).Redact("x") != "x" {
		t.Error("the empty set changes a text")
	}
}

// FuzzRedact holds that nothing of a secret is left where it stood whole.
func FuzzRedact(f *testing.F) {
	f.Add("s3cr3t", "before ", " after")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if len(secret) < credential.Least || strings.Contains(credential.Hidden, secret) {
			return
		}
		var set credential.Set
		set.Add(secret)
		if got := set.Redact(before + secret + after); strings.Contains(got, secret) && !strings.Contains(before+credential.Hidden+after, secret) && !overlaps(secret) {
			t.Errorf("%q stays in %q", secret, got)
		}
	})
}

// overlaps tells whether a text can begin before another place of it ends, or
// be put together by what stands for it.
func overlaps(s string) bool {
	for i := 1; i < len(s); i++ {
		if strings.HasPrefix(s, s[i:]) || strings.HasPrefix(credential.Hidden, s[i:]) || strings.HasSuffix(credential.Hidden, s[:i]) {
			return true
		}
	}
	return false
}

// The quick look passes every name of the tables, however it is written.
func TestEveryNameIsLookedUp(t *testing.T) {
	for _, name := range []string{
		"password", "DB_PASSWORD", "passwd", "pass-phrase", "pwd", "client_secret", "secretKey", "signing-key", "encryption_key", "apiKey", "api_token",
		"Ocp-Apim-Subscription-Key", "x-functions-key", "access_key", "authKey", "private_key", "refresh_token", "Proxy-Authorization",
		"csrf-token", "jwt", "credentials", "Set-Cookie", "X-Signature", "hmac", "sig", "auth", "X-Auth", "pass", "key", "code",
	} {
		if credential.Named(name) == "" {
			t.Errorf("%s is no name of a credential", name)
		}
	}
}
