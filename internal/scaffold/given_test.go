package scaffold_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/scaffold"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// bundle is one whose action has a URL, a header and a text of its body.
func bundle(t *testing.T, name, url, token, text string) *source.Document {
	t.Helper()
	quoted := func(s string) string {
		q, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(q)
	}
	doc, found := source.Parse(diag.NewFile("given.json", fmt.Appendf(nil, `{
  "name": %s, "zis_template_version": "2019-10-14",
  "resources": {
	"send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": %s,
		"headers": [{"key": "Authorization", "value": %s}], "requestBody": {"text": %s}}}}}}`, quoted(name), quoted(url), quoted(token), quoted(text))))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

func TestPlaceholdersBecomeVariables(t *testing.T) {
	known := map[string]string{"integration": "acme_crm", "subdomain": "acme", "ROOM": "support"}
	for _, c := range []struct {
		name, url, token, text string
		has                    []string // in the text
		vars, secrets          string
	}{
		{"a", "https://api.example.com/{{env.x}}", "x", "y", nil, "env.x=YOUR_ENV_X?", ""},
		{"a", "https://<YOUR_HOST>/x", "Bearer $TOKEN", "y", []string{"https://{{HOST}}/x", "Bearer {{TOKEN}}"}, "HOST=YOUR_HOST?", "TOKEN"},
		{"a", "https://x.example/", "x", "__ROOM__ ${GREETING:-hello}", []string{"{{ROOM}} {{GREETING}}"}, "ROOM=support GREETING=hello", ""},
		{"a", "https://{subdomain}.example.com", "x", "y", []string{"https://{{subdomain}}.example.com"}, "subdomain=acme", ""},
		{"{{prefix}}_sync", "https://x.example/", "x", "y", nil, "prefix=prefix?", ""},
		{"${INTEGRATION}_sync", "https://x.example/", "x", "y", []string{`"{{INTEGRATION}}_sync"`}, "INTEGRATION=acme_crm", ""},
		{"a", "https://x.example/%PATH_NAME%", "<%= api_key %>", "@@WHO@@", []string{"{{PATH_NAME}}", `"{{API_KEY}}"`, `"{{WHO}}"`}, "PATH_NAME=YOUR_PATH_NAME? WHO=YOUR_WHO?", "API_KEY"},
		{"a", "https://x.example/", "CHANGE_ME", "CHANGE_ME", []string{`"value": "{{SEND_AUTHORIZATION}}"`, `"text": "{{SEND_TEXT}}"`}, "SEND_TEXT=YOUR_SEND_TEXT?", "SEND_AUTHORIZATION"},
		{"a", "https://x.example/", "Bearer sk_live_9aF3kLq81ZbXw0", "y", []string{`Bearer {{SEND_AUTHORIZATION}}`}, "", "SEND_AUTHORIZATION"},
		{"a", "https://x.example/", "{{$.token}}", "{{$.input.x}} of {$.input.y}", nil, "", ""},
	} {
		doc := bundle(t, c.name, c.url, c.token, c.text)
		g := scaffold.Take(doc, known)
		var vars []string
		for _, v := range g.Vars {
			open := ""
			if v.Open {
				open = "?"
			}
			vars = append(vars, fmt.Sprintf("%s=%v%s", v.Name, v.Value, open))
		}
		if have := strings.Join(vars, " "); have != c.vars {
			t.Errorf("%v: the variables are %q, want %q", c, have, c.vars)
		}
		if have := strings.Join(g.Secrets, " "); have != c.secrets {
			t.Errorf("%v: the secrets are %q, want %q", c, have, c.secrets)
		}
		for _, part := range c.has {
			if !strings.Contains(string(g.Text), part) {
				t.Errorf("%v: no %s in\n%s", c, part, g.Text)
			}
		}
		if g.Changed != (len(c.has) > 0) || !g.Changed && string(g.Text) != string(doc.File.Src) {
			t.Errorf("%v: changed is %v:\n%s", c, g.Changed, g.Text)
		}
		if strings.Contains(string(g.Text), "sk_live") {
			t.Errorf("%v: the secret is in\n%s", c, g.Text)
		}
		again, _ := source.Parse(diag.NewFile("again.json", g.Text))
		if more := scaffold.Take(again, known); again == nil || more.Changed {
			t.Errorf("%v: taken again, it changes:\n%s", c, more.Text)
		}
	}
}
