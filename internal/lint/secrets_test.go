package lint_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const digits = "0123456789abcdef0123456789ABCDEF01234567"

// The values are put together here, so that no scanner takes them for real.
func TestSecretsAreFoundAndNeverQuoted(t *testing.T) {
	for _, c := range []struct{ name, before, secret string }{
		{"text", "", "AK" + "IA0123456789ABCDEF"},
		{"text", "use ", "gh" + "p_" + digits},
		{"text", "", "github" + "_pat_" + digits},
		{"text", "(", "gl" + "pat-" + digits},
		{"text", "", "sk_" + "live_" + digits},
		{"text", "", "S" + "G." + digits + "." + digits},
		{"text", "token: ", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxIn0." + digits},
		{"text", "https://", "hooks.slack.com" + "/services/T0/B0/x"},
		{"text", "", "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\n"},
		{"text", ". | {a: \"Basic ", "dXNlcjpwYXNzd29yZA=="},
		{"text", "Bearer ", digits},
		{"url", "https://example.com/?a=1&", "api_key=" + digits},
		{"url", "https://", "me:hunter2" + "@example.com/notes"},
		{"Client-Secret", "", "hunter2"},
		{"apiKey", "", digits},
		{"token", "", digits},
		{"Cookie", "theme=dark; session=", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxIn0." + digits},
	} {
		found := secretsIn(t, c.name, c.before+c.secret)
		if len(found) != 1 {
			t.Errorf("%s: %q: %d findings, want 1: %v", c.name, c.before+c.secret, len(found), found)
			continue
		}
		f := found[0]
		if strings.Contains(f.Message+f.Help, strings.TrimSpace(c.secret)) {
			t.Errorf("%s: the finding holds the secret: %v", c.name, f)
		}
	}
}

func TestWhatIsNoSecret(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"Authorization", "Bearer {{$.token}}"},
		{"Authorization", "{{SN_BASIC}}"},
		{"Authorization", "Basic YOUR_CREDENTIALS"},
		{"password.$", "$.input.password"},
		{"password", "Please choose a new password"},
		{"password", "********"},
		{"api_key", "api_key_field"},
		{"secret", "MY_SECRET_NAME"},
		{"text", "Basic support is free, Bearer of good news"},
		{"text", "Basic information"},
		{"url", "https://example.com/a:b@c"},
		{"url", "https://{{$.user}}:{{$.password}}@example.com?token={{$.token}}"},
		{"url", "/api/v2/search.json?query=password:{{$.q}}&page_token=none"},
		{"text", "-----BEGIN CERTIFICATE-----"},
		{"text", "12345678-1234-1234-1234-123456789012"},
	} {
		if found := secretsIn(t, c.name, c.value); len(found) > 0 {
			t.Errorf("%s: %q: unexpected %v", c.name, c.value, found)
		}
	}
}

// secretsIn checks a bundle with an action whose body has one member.
func secretsIn(t *testing.T, name, value string) (found []diag.Diagnostic) {
	t.Helper()
	src, err := json.Marshal(map[string]any{"resources": map[string]any{"call": map[string]any{
		"type":       zis.TypeAction,
		"properties": map[string]any{"name": "call", "definition": map[string]any{"requestBody": map[string]any{name: value}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := source.Parse(diag.NewFile("bundle.json", src))
	if doc == nil {
		t.Fatal(problems)
	}
	all, _ := lint.Run([]*source.Document{doc}, lint.Options{})
	for _, d := range all {
		if d.Rule == "secret" {
			found = append(found, d)
		}
	}
	return found
}
