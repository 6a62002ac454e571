package registry_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// wireForm is what the server sees of a request.
type wireForm struct{ Line, Auth, Type, Body string }

func TestRequests(t *testing.T) {
	basic := "Basic " + everything().BasicHeader().Reveal()
	zis := "Bearer " + zisToken
	body := `{"name":"b"}`
	tests := map[string]struct {
		call   func(context.Context, *registry.Client) error
		answer string
		status int
		want   wireForm
	}{
		"list bundles": {
			func(ctx context.Context, c *registry.Client) error { _, err := c.Bundles(ctx, "demo"); return err },
			`{"bundles":[],"meta":{"has_more":false}}`, 200,
			wireForm{"GET /api/services/zis/registry/demo/bundles?page%5Bsize%5D=100", zis, "", ""},
		},
		"read a bundle": {
			func(ctx context.Context, c *registry.Client) error {
				_, err := c.Bundle(ctx, "demo", "u/1")
				return err
			},
			`{"name":"b","resources":{}}`, 200,
			wireForm{"GET /api/services/zis/registry/demo/bundles/u%2F1", zis, "", ""},
		},
		"list job specs": {
			func(ctx context.Context, c *registry.Client) error { _, err := c.JobSpecs(ctx, "demo"); return err },
			`{"job_specs":[],"meta":{"has_more":false}}`, 200,
			wireForm{"GET /api/services/zis/registry/demo/job_specs?page%5Bsize%5D=100", zis, "", ""},
		},
		"upload": {
			func(ctx context.Context, c *registry.Client) error { return c.Upload(ctx, "demo", []byte(body)) },
			"", 200,
			wireForm{"POST /api/services/zis/registry/demo/bundles", basic, "application/json", body},
		},
		"install": {
			func(ctx context.Context, c *registry.Client) error { return c.Install(ctx, "zis:demo:job_spec:a") },
			"", 200,
			wireForm{"POST /api/services/zis/registry/job_specs/install?job_spec_name=zis%3Ademo%3Ajob_spec%3Aa", zis, "", ""},
		},
		"install what is installed": {
			func(ctx context.Context, c *registry.Client) error { return c.Install(ctx, "zis:demo:job_spec:a") },
			`{"message":"already installed"}`, 409,
			wireForm{"POST /api/services/zis/registry/job_specs/install?job_spec_name=zis%3Ademo%3Ajob_spec%3Aa", zis, "", ""},
		},
		"uninstall": {
			func(ctx context.Context, c *registry.Client) error { return c.Uninstall(ctx, "zis:demo:job_spec:a") },
			"", 204,
			wireForm{"DELETE /api/services/zis/registry/job_specs/install?job_spec_name=zis%3Ademo%3Ajob_spec%3Aa", zis, "", ""},
		},
		"uninstall what is gone": {
			func(ctx context.Context, c *registry.Client) error { return c.Uninstall(ctx, "zis:demo:job_spec:a") },
			`{"message":"no rows"}`, 404,
			wireForm{"DELETE /api/services/zis/registry/job_specs/install?job_spec_name=zis%3Ademo%3Ajob_spec%3Aa", zis, "", ""},
		},
		"list integrations": {
			func(ctx context.Context, c *registry.Client) error { _, err := c.Integrations(ctx); return err },
			`{"integrations":[]}`, 200,
			wireForm{"GET /api/services/zis/registry/integrations", basic, "", ""},
		},
		"register": {
			func(ctx context.Context, c *registry.Client) error {
				_, err := c.CreateIntegration(ctx, "demo", "d")
				return err
			},
			`{"description":"d","zendesk_oauth_client":{"id":1260800799110,"identifier":"zis_demo","secret":"s"}}`, 200,
			wireForm{"POST /api/services/zis/registry/demo", basic, "application/json", `{"description":"d"}`},
		},
		"list OAuth clients": {
			func(ctx context.Context, c *registry.Client) error { _, err := c.OAuthClients(ctx); return err },
			`{"clients":[],"next_page":null}`, 200,
			wireForm{"GET /api/v2/oauth/clients.json", basic, "", ""},
		},
		"mint a token": {
			func(ctx context.Context, c *registry.Client) error {
				_, err := c.CreateToken(ctx, 1260800799110)
				return err
			},
			`{"token":{"full_token":"x"}}`, 201,
			wireForm{"POST /api/v2/oauth/tokens.json", basic, "application/json", `{"token":{"client_id":"1260800799110","scopes":["read","write"]}}`},
		},
		"list connections": {
			func(ctx context.Context, c *registry.Client) error { _, err := c.Connections(ctx, "demo"); return err },
			`{"oauth":[],"meta":{"has_more":false}}`, 200,
			wireForm{"GET /api/services/zis/integrations/demo/connections/all?page%5Bsize%5D=100", zis, "", ""},
		},
		"list inbound webhooks": {
			func(ctx context.Context, c *registry.Client) error {
				_, err := c.InboundWebhooks(ctx, "demo")
				return err
			},
			`{"webhooks":[]}`, 200,
			wireForm{"GET /api/services/zis/inbound_webhooks/generic/demo/all", zis, "", ""},
		},
	}
	for name, tt := range tests {
		bubble(t, name, func(t *testing.T) {
			var have []wireForm
			c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				have = append(have, wireForm{r.Method + " " + r.RequestURI, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(b)})
				if key := r.Header.Get("Idempotency-Key"); key != "" {
					t.Errorf("Idempotency-Key is %q: the transport would repeat writes", key)
				}
				if have := r.UserAgent(); have != "zis-deploy/1.2" {
					t.Errorf("User-Agent is %q", have)
				}
				reply(tt.status, tt.answer)(w, r)
			}))
			c.UserAgent = "zis-deploy/1.2"
			if err := tt.call(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]wireForm{tt.want}, have); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCredentialChoice(t *testing.T) {
	tests := []struct {
		name         string
		cred         registry.Credentials
		read, upload registry.Kind
	}{
		{"all", everything(), registry.ZISToken, registry.APIToken},
		{"API token", registry.Credentials{Email: "a@b", APIToken: "x"}, registry.APIToken, registry.APIToken},
		{"ZIS token only", registry.Credentials{ZISToken: "x"}, registry.ZISToken, registry.ZISToken},
		{"OAuth token only", registry.Credentials{OAuthToken: "x"}, registry.OAuthToken, registry.OAuthToken},
		{"both OAuth tokens", registry.Credentials{ZISToken: "x", OAuthToken: "y"}, registry.ZISToken, registry.OAuthToken},
		{"API token without email", registry.Credentials{APIToken: "x"}, registry.None, registry.None},
		{"blank", registry.Credentials{ZISToken: " \n"}, registry.None, registry.None},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if have := tt.cred.ForRead(); have != tt.read {
				t.Errorf("reads use %q, want %q", have, tt.read)
			}
			if have := tt.cred.ForUpload(); have != tt.upload {
				t.Errorf("uploads use %q, want %q", have, tt.upload)
			}
			if have, want := tt.cred.Any(), tt.read != registry.None; have != want {
				t.Errorf("Any is %v, want %v", have, want)
			}
		})
	}
}

func TestBasicHeaderForgivesPasting(t *testing.T) {
	want := registry.Credentials{Email: "a@b.c", APIToken: "x"}.BasicHeader().Reveal()
	have := registry.Credentials{Email: " a@b.c/token\n", APIToken: "x\n"}.BasicHeader().Reveal()
	if have != want || want != "YUBiLmMvdG9rZW46eA==" {
		t.Errorf("header is %s, want %s", have, want)
	}
}

func TestNew(t *testing.T) {
	tests := []struct {
		base string
		cred registry.Credentials
		want string // "" : accepted
	}{
		{"https://acme.zendesk.com", everything(), ""},
		{"https://acme.zendesk.com/", everything(), ""},
		{"http://localhost:8080", everything(), ""},
		{"http://127.0.0.9:8080", everything(), ""},
		{"http://[::1]:8080", everything(), ""},
		{"http://registry.example", registry.Credentials{}, ""},
		{"http://registry.example", everything(), "plain http"},
		{"http://localhost.evil.example", everything(), "plain http"},
		{"http://10.0.0.1", registry.Credentials{ZISToken: "x"}, "plain http"},
		{"ftp://acme.zendesk.com", everything(), "scheme"},
		{"acme.zendesk.com", everything(), "form"},
		{"https://me:" + apiToken + "@acme.zendesk.com", everything(), "form"},
		{"https://acme.zendesk.com?a=b", everything(), "form"},
		{"https://acme.zendesk.com", registry.Credentials{APIToken: "x"}, "without the email"},
	}
	for _, tt := range tests {
		_, err := registry.New(tt.base, tt.cred)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.base, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error is %v, want one with %q", tt.base, err, tt.want)
		case err != nil && strings.Contains(err.Error(), apiToken):
			t.Errorf("error shows the token: %v", err)
		}
	}
}

func TestNothingIsSentWithout(t *testing.T) {
	bubble(t, "a credential", func(t *testing.T) {
		c := serve(t, registry.Credentials{}, inTurn(reply(200, "")))
		e := asError(t, c.Upload(t.Context(), "demo", nil))
		if e.Reason != verdict.MissingCredentials || e.Sent || c.Stats().Requests != 0 {
			t.Errorf("error is %#v, requests %d", e, c.Stats().Requests)
		}
	})
	bubble(t, "a name", func(t *testing.T) {
		c := serve(t, everything(), inTurn(reply(200, "")))
		for _, name := range []string{"", ".", ".."} {
			_, err := c.Bundle(t.Context(), "demo", name)
			if e := asError(t, err); e.Reason != verdict.InvalidInput || e.Sent {
				t.Errorf("error is %#v", e)
			}
		}
	})
}
