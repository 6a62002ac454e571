package registry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// leaks says whether text holds a credential.
func leaks(text string) bool {
	for _, s := range everything().Secrets() {
		if strings.Contains(text, s.Reveal()) {
			return true
		}
	}
	return false
}

// prints is every usual way to show v.
func prints(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Log(err)
	}
	b.Write(encoded)
	return b.String()
}

func TestSecretsDoNotPrint(t *testing.T) {
	cred := everything()
	c, err := registry.New("https://acme.zendesk.com", cred)
	if err != nil {
		t.Fatal(err)
	}
	integration := registry.Integration{OAuthClient: registry.IntegrationClient{Secret: zisToken}}
	for _, v := range []any{registry.Secret(zisToken), cred, &cred, cred.Secrets(), cred.BasicHeader(), integration, map[string]registry.Secret{"a": apiToken}} {
		if text := prints(t, v); leaks(text) || !strings.Contains(text, "***") {
			t.Errorf("%T prints as %s", v, text)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", c, c, c); leaks(text) {
		t.Errorf("the client prints as %s", text)
	}
	if len(cred.Secrets()) != 4 {
		t.Errorf("%d secrets, want 4", len(cred.Secrets()))
	}
}

// TestNoCredentialInErrors: the server, and what stands before it, echo all
// they were sent.
func TestNoCredentialInErrors(t *testing.T) {
	all := apiToken + " " + zisToken + " " + oauthToken + " " + everything().BasicHeader().Reveal()
	answers := map[string]http.HandlerFunc{
		"text":     reply(401, "Authentication failed: "+all),
		"message":  reply(400, `{"message":"`+all+`"}`),
		"errors":   reply(400, `{"errors":[{"code":"`+apiToken+`","detail":"`+all+`"}]}`),
		"escaped":  reply(400, `{"message":"`+strings.ReplaceAll(all, "T", `\u0054`)+`"}`),
		"unknown":  reply(400, `{"x":["`+all+`"]}`),
		"page":     reply(503, "<title>"+all+"</title>"+all),
		"200 page": reply(200, "<title>"+all+"</title>"+all),
		"shape":    reply(200, `{"bundles":"`+all+`","token":"`+all+`"}`),
		"number":   reply(200, all),
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://"+zisToken+"."+apiToken+".example/"+all)
			reply(302, "")(w, r)
		},
		"retry": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", zisToken)
			reply(429, all)(w, r)
		},
		"not HTTP": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(conn, "%s\r\n\r\n", all)
			conn.Close()
		},
		"broken": cut(200, all),
	}
	for name, answer := range answers {
		bubble(t, name, func(t *testing.T) {
			c := serve(t, everything(), answer)
			_, list := c.Bundles(t.Context(), "demo")
			_, token := c.CreateToken(t.Context(), 1)
			upload := c.Upload(t.Context(), "demo", nil)
			for _, err := range []error{list, token, upload} {
				if err == nil {
					continue
				}
				e := asError(t, err)
				var text strings.Builder
				text.WriteString(prints(t, err) + prints(t, *e))
				for err := error(e); err != nil; err = errors.Unwrap(err) {
					text.WriteString(prints(t, err))
				}
				if leaks(text.String()) {
					t.Errorf("error prints as %s", text.String())
				}
			}
			if text := fmt.Sprintf("%+v %#v", c.Requests(), c.Requests()); leaks(text) {
				t.Errorf("requests print as %s", text)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, host := range []string{"https://evil.example/", "http://localhost:81/", "//evil.example/"} {
			bubble(t, fmt.Sprint(status, host), func(t *testing.T) {
				hosts := 0
				c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					hosts++
					w.Header().Set("Location", host+"login?return_to=secret")
					w.WriteHeader(status)
				}))
				_, read := c.JobSpecs(t.Context(), "demo")
				write := c.Upload(t.Context(), "demo", []byte(`{}`))
				if hosts != 2 {
					t.Errorf("%d requests, want 2", hosts)
				}
				for _, err := range []error{read, write} {
					e := asError(t, err)
					if e.Status != status || registry.Unknown(err) || !strings.Contains(e.Error(), "redirect to the host") || strings.Contains(e.Error(), "login") {
						t.Errorf("error is %q", e)
					}
				}
			})
		}
	}
}
