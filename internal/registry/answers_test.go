package registry_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func TestBundlesReadsAllPages(t *testing.T) {
	bubble(t, "three pages", func(t *testing.T) {
		pages := map[string]string{
			"":                  `{"bundles":[{"uuid":"u1","name":"a","integration":"demo","description":"d","zendesk_account_id":12608007991101,"zis_template_version":"2019-10-14"}],"meta":{"has_more":true,"after":"c/1=&"}}`,
			"c/1=&":             `{"bundles":[{"uuid":"u2","name":"b"}],"meta":{"has_more":true,"after":12345678901234567}}`,
			"12345678901234567": `{"bundles":null,"meta":{"has_more":false,"after":null}}`,
		}
		c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			if q.Get("page[size]") != "100" {
				t.Errorf("page[size] is %q", q.Get("page[size]"))
			}
			reply(200, pages[q.Get("page[after]")])(w, r)
		}))
		have, err := c.Bundles(t.Context(), "demo")
		if err != nil {
			t.Fatal(err)
		}
		want := []registry.BundleInfo{
			{UUID: "u1", Name: "a"},
			{UUID: "u2", Name: "b"},
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestListsEnd(t *testing.T) {
	n := 0
	tests := map[string]http.HandlerFunc{
		"more, and no cursor": reply(200, `{"bundles":[{"uuid":"u","name":"a"}],"meta":{"has_more":true}}`),
		"always another cursor": func(w http.ResponseWriter, r *http.Request) {
			n++
			reply(200, fmt.Sprintf(`{"bundles":[{"uuid":"%d","name":"a"}],"meta":{"has_more":true,"after":"%d"}}`, n, n))(w, r)
		},
	}
	for name, answer := range tests {
		bubble(t, name, func(t *testing.T) {
			c := serve(t, everything(), answer)
			if list, err := c.Bundles(t.Context(), "demo"); err == nil {
				t.Errorf("no error, list %v", list)
			}
		})
	}
}

// TestWrongShape: what is not the answer is an error, never an empty list.
func TestWrongShape(t *testing.T) {
	bundles := func(ctx context.Context, c *registry.Client) error { _, err := c.Bundles(ctx, "demo"); return err }
	specs := func(ctx context.Context, c *registry.Client) error { _, err := c.JobSpecs(ctx, "demo"); return err }
	body := func(ctx context.Context, c *registry.Client) error { _, err := c.Bundle(ctx, "demo", "u"); return err }
	clients := func(ctx context.Context, c *registry.Client) error { _, err := c.OAuthClients(ctx); return err }
	token := func(ctx context.Context, c *registry.Client) error { _, err := c.CreateToken(ctx, 1); return err }
	connections := func(ctx context.Context, c *registry.Client) error { _, err := c.Connections(ctx, "demo"); return err }
	webhooks := func(ctx context.Context, c *registry.Client) error {
		_, err := c.InboundWebhooks(ctx, "demo")
		return err
	}
	register := func(ctx context.Context, c *registry.Client) error {
		_, err := c.CreateIntegration(ctx, "demo", "")
		return err
	}
	tests := []struct {
		name, answer string
		call         func(context.Context, *registry.Client) error
		want         string
	}{
		{"empty", ``, bundles, `the answer is no JSON object`},
		{"null", `null`, bundles, `the answer is no JSON object`},
		{"a list", `[]`, bundles, `the answer is no JSON object`},
		{"cut off", `{"bundles":[`, bundles, `the answer is no JSON object (12 bytes, broken or of another format)`},
		{"another object", `{"ok":true}`, bundles, `the answer has no "bundles"`},
		{"a string", `{"bundles":"x"}`, bundles, `"bundles" in the answer is not a list of what was asked for`},
		{"an object", `{"bundles":{}}`, bundles, `"bundles" in the answer is not a list of what was asked for`},
		{"a list of strings", `{"bundles":["x"]}`, bundles, `record 0 of "bundles" lacks its name or id`},
		{"a record without a name", `{"bundles":[null,{"uuid":"a"}]}`, bundles, `record 1 of "bundles" lacks its name or id`},
		{"meta is a string", `{"bundles":[],"meta":"x"}`, bundles, `"meta" in the answer is not the place in the list`},
		{"has_more is a word", `{"bundles":[],"meta":{"has_more":"maybe"}}`, bundles, `"meta" in the answer is not the place in the list`},
		{"the cursor is an object", `{"bundles":[],"meta":{"has_more":true,"after":{}}}`, bundles, `"meta" in the answer is not the place in the list`},
		{"a web page", `<!DOCTYPE html><title>Sign in</title>`, bundles, `200 "web page: Sign in": the answer is a web page`},
		{"job specs: bundles", `{"bundles":[]}`, specs, `the answer has no "job_specs"`},
		{"job specs: no name", `{"job_specs":[{"installed":true}]}`, specs, `record 0 of "job_specs" lacks`},
		{"bundle: a list", `[]`, body, `the answer is no bundle`},
		{"bundle: wrapped", `{"bundle":{}}`, body, `the answer is no bundle`},
		{"bundle: cut off", `{"resources":{`, body, `the answer is no bundle`},
		{"clients: none", `{}`, clients, `the answer has no "clients"`},
		{"clients: no id", `{"clients":[{}]}`, clients, `record 0 of "clients" lacks`},
		{"clients: next page is a number", `{"clients":[],"next_page":1}`, clients, `"next_page" in the answer is not a URL`},
		{"clients: next page elsewhere", `{"clients":[],"next_page":"https://evil.example/api/v2/oauth/clients.json?page=2"}`, clients, `the next page is on another host, "evil.example"`},
		{"token: none", `{"token":{}}`, token, `the answer holds no token`},
		{"token: a string", `{"token":"` + zisToken + `"}`, token, `the answer holds no token`},
		{"connections: none", `{"meta":{}}`, connections, `the answer lists no type of connection`},
		{"connections: a string", `{"oauth":"x"}`, connections, `"oauth" in the answer is not a list`},
		{"webhooks: a list", `[]`, webhooks, `the answer is no JSON object`},
		{"register: a list", `[]`, register, `the answer is no integration`},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			c := serve(t, everything(), reply(200, tt.answer))
			e := asError(t, tt.call(t.Context(), c))
			if !strings.Contains(e.Error(), ": "+tt.want) {
				t.Errorf("error is %q, want %q", e, tt.want)
			}
			if e.Reason != verdict.Network || e.Hint.Code == "" {
				t.Errorf("reason %q, hint %q", e.Reason, e.Hint)
			}
			if have := c.Stats().Requests; have != 1 {
				t.Errorf("%d requests, want 1", have)
			}
		})
	}
}

func TestAnswersAreLimited(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	bubble(t, "a list", func(t *testing.T) {
		c := serve(t, everything(), http.HandlerFunc(endless))
		_, err := c.Bundles(t.Context(), "demo")
		if e := asError(t, err); !strings.Contains(e.Error(), "longer than 16 MiB") {
			t.Errorf("error is %q", e)
		}
	})
	bubble(t, "a bundle", func(t *testing.T) {
		c := serve(t, everything(), http.HandlerFunc(endless))
		_, err := c.Bundle(t.Context(), "demo", "u")
		if e := asError(t, err); !strings.Contains(e.Error(), "longer than 64 MiB") {
			t.Errorf("error is %q", e)
		}
	})
	bubble(t, "an error", func(t *testing.T) {
		c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			endless(w, r)
		}))
		if e := asError(t, c.Upload(t.Context(), "demo", nil)); e.Status != 400 {
			t.Errorf("error is %q", e)
		}
	})
}

func TestReads(t *testing.T) {
	bubble(t, "job specs", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"job_specs":[
			{"event_source":"support","event_type":"ticket.TicketCreated","flow_name":"f","installed":true,"integration":"demo","name":"a","uuid":"u"},
			{"name":"b"}],"meta":{"has_more":false}}`))
		have, err := c.JobSpecs(t.Context(), "demo")
		want := []registry.JobSpec{
			{UUID: "u", Name: "a", EventSource: "support", EventType: "ticket.TicketCreated", FlowName: "f", Installed: true},
			{Name: "b"},
		}
		if diff := cmp.Diff(want, have); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	bubble(t, "a bundle is returned as it came", func(t *testing.T) {
		body := "{\"resources\" : {},\n \"n\":12608007991101234567}"
		c := serve(t, everything(), reply(200, body))
		have, err := c.Bundle(t.Context(), "demo", "u")
		if err != nil || string(have) != body {
			t.Errorf("%q, %v", have, err)
		}
	})
	bubble(t, "integrations", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"integrations":[{"name":"demo","zendesk_oauth_client":{"id":1260800799110,"identifier":"zis_demo","secret":"****"}}]}`))
		have, err := c.Integrations(t.Context())
		want := []registry.Integration{{Name: "demo", OAuthClient: registry.IntegrationClient{ID: 1260800799110, Identifier: "zis_demo", Secret: "****"}}}
		if diff := cmp.Diff(want, have); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	bubble(t, "a name registered before", func(t *testing.T) {
		c := serve(t, everything(), reply(409, `{"message":"exists"}`))
		have, err := c.CreateIntegration(t.Context(), "demo", "")
		if diff := cmp.Diff(registry.Integration{Name: "demo", Confirmed: true}, have); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	bubble(t, "OAuth clients over two pages", func(t *testing.T) {
		c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "2" {
				reply(200, `{"clients":[{"id":2,"identifier":"zis_b"}],"next_page":null}`)(w, r)
				return
			}
			reply(200, `{"clients":[{"id":1,"identifier":"zis_a","secret":"s"}],"next_page":"http://localhost/api/v2/oauth/clients.json?page=2"}`)(w, r)
		}))
		have, err := c.OAuthClients(t.Context())
		want := []registry.OAuthClient{{ID: 1, Identifier: "zis_a"}, {ID: 2, Identifier: "zis_b"}}
		if diff := cmp.Diff(want, have); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	bubble(t, "OAuth clients that don't end", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"clients":[],"next_page":"/api/v2/oauth/clients.json?page=2"}`))
		if _, err := c.OAuthClients(t.Context()); err == nil || c.Stats().Requests > 3 {
			t.Errorf("%v after %d requests", err, c.Stats().Requests)
		}
	})
	bubble(t, "a token", func(t *testing.T) {
		c := serve(t, everything(), reply(201, `{"token":{"url":"https://acme.zendesk.com/api/v2/oauth/tokens/1234.json","full_token":"minted"}}`))
		have, err := c.CreateToken(t.Context(), 1, "zis:read")
		if err != nil || have.Full.Reveal() != "minted" || have.ID != 1234 {
			t.Errorf("%s, %d, %v", have.Full.Reveal(), have.ID, err)
		}
	})
	bubble(t, "connections of all types", func(t *testing.T) {
		c := serve(t, everything(), inTurn(
			reply(200, `{"oauth":[{"name":"o"}],"basic_auth":null,"bearer_token":[{"name":"t","token":"*","allowed_domain":"x.example"}],"meta":{"has_more":true,"after":"n"}}`),
			reply(200, `{"oauth":[{"name":"p"}],"meta":{"has_more":false}}`)))
		have, err := c.Connections(t.Context(), "demo")
		want := []registry.Connection{{Type: "bearer_token", Name: "t", AllowedDomain: "x.example"}, {Type: "oauth", Name: "o"}, {Type: "oauth", Name: "p"}}
		if diff := cmp.Diff(want, have); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
	bubble(t, "inbound webhooks", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"webhooks":[{"id":1,"uuid":"u","path":"/p","password":"x","source_system":"s","event_type":"e"}]}`))
		have, err := c.InboundWebhooks(t.Context(), "demo")
		if diff := cmp.Diff([]registry.InboundWebhook{{UUID: "u", SourceSystem: "s", EventType: "e"}}, have); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func TestStats(t *testing.T) {
	bubble(t, "a retry", func(t *testing.T) {
		c := serve(t, everything(), inTurn(after("2"), reply(200, "")))
		seen := 0
		c.OnRequest = func(registry.Request) { seen = c.Stats().Requests } // may ask the client
		if err := c.Install(t.Context(), "zis:demo:job_spec:a"); err != nil {
			t.Fatal(err)
		}
		if s := c.Stats(); s.Requests != 2 || s.Retries != 1 || seen != 2 {
			t.Errorf("stats %+v, hook saw %d", s, seen)
		}
		last := c.Requests()[1]
		want := registry.Request{Op: "install zis:demo:job_spec:a", Method: "POST", Path: "/api/services/zis/registry/job_specs/install", Credential: registry.ZISToken, Try: 2, Status: 200}
		last.Start, last.Took = want.Start, want.Took
		if diff := cmp.Diff(want, last); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
