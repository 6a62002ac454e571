package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

const (
	services = "/api/services/zis/"
	zisToken = "Bearer acme-token"
)

// exchange is a request and what must be answered: a status, and texts that
// the body holds, or with "!" before them doesn't.
type exchange struct {
	method, path, body string
	status             int
	holds              []string
}

func (a *account) exchanges(list []exchange) {
	a.t.Helper()
	for _, e := range list {
		res := a.do(e.method, services+e.path, zisToken, e.body)
		if res.Status != e.status {
			a.t.Errorf("%s %s %s: %d %s, want %d", e.method, e.path, e.body, res.Status, res.Body, e.status)
		}
		for _, text := range e.holds {
			text, not := strings.CutPrefix(text, "!")
			if strings.Contains(res.Body, text) == not {
				a.t.Errorf("%s %s: %s; holds %q: %v", e.method, e.path, res.Body, text, !not)
			}
		}
	}
}

// A secret is masked once it is kept, but not that of OAuth: the documented
// sample shows it in clear.
func TestConnections(t *testing.T) {
	const at = "integrations/acme/connections/"
	acme(t).exchanges([]exchange{
		{"POST", at + "bearer_token", `{"name": "slack", "token": "xoxb", "allowed_domain": "slack.com"}`, 201, []string{`"token":"*****"`, "!xoxb"}},
		{"POST", at + "basic_auth", `{"name": "slack", "username": "u", "password": "p", "allowed_domain": "*.slack.com"}`, 409, nil},
		{"POST", at + "basic_auth", `{"name": "jira", "username": "u", "password": "pass", "allowed_domain": "*.jira.com"}`, 201, []string{`"username":"u"`, "!pass\""}},
		{"POST", at + "api_key", `{"name": "key", "api_key": "k", "header_name": "X-Key", "allowed_domain": "a.b.c"}`, 201, []string{`"header_name":"X-Key"`}},
		{"POST", at + "oauth", `{"name": "abc"}`, 404, nil},
		{"POST", at + "bearer_token", `{`, 400, nil},
		{"POST", at + "bearer_token", `{"name": "ab", "token": "x", "allowed_domain": "slack.com"}`, 400, []string{"3 to 64"}},
		{"POST", at + "bearer_token", `{"name": "zendesk", "token": "x", "allowed_domain": "slack.com"}`, 400, []string{"reserved"}},
		{"POST", at + "bearer_token", `{"name": "abc", "allowed_domain": "slack.com"}`, 400, []string{"token is required"}},
		{"POST", at + "basic_auth", `{"name": "abc", "password": "x", "allowed_domain": "slack.com"}`, 400, []string{"username"}},
		{"POST", at + "bearer_token", `{"name": "abc", "token": "x", "allowed_domain": "*.com"}`, 400, []string{"allowed_domain"}},
		{"POST", at + "bearer_token", `{"name": "abc", "token": "x", "allowed_domain": "*.myshopify.com"}`, 400, []string{"allowed_domain"}},
		{"POST", at + "bearer_token", `{"name": "abc", "token": "x", "allowed_domain": "https://slack.com"}`, 400, []string{"allowed_domain"}},
		{"POST", at + "api_key", `{"name": "abc", "api_key": "k", "header_name": "X-Amz-Date", "allowed_domain": "a.b"}`, 400, []string{"header_name"}},
		{"GET", at + "all", "", 200, []string{`"slack"`, `"jira"`, `"key"`, "!xoxb"}},
		{"GET", at + "all?page[size]=1", "", 200, []string{`"slack"`, "!jira", `"has_more":true`}},
		{"GET", "connections/acme?name=slack", "", 404, []string{"no rows found"}},
		{"DELETE", at + "basic_auth/slack", "", 404, nil},
		{"DELETE", at + "bearer_token/slack", "", 204, nil},
		{"DELETE", at + "bearer_token/slack", "", 404, nil},
	})
}

func TestOAuthConnections(t *testing.T) {
	a := acme(t)
	const clients = "connections/oauth/clients/acme"
	const client = `"client_id": "c", "client_secret": "hidden", "token_url": "https://a.example/token"`
	a.exchanges([]exchange{
		{"POST", clients, `{"name": "hub", ` + client + `}`, 400, []string{"auth_url"}},
		{"POST", clients, `{"name": "hub", "grant_type": "password", ` + client + `}`, 400, []string{"grant_type"}},
		{"POST", clients, `{"name": "hub", "grant_type": "client_credentials", ` + client + `}`, 201, []string{`"uuid":"`, "!hidden"}},
		{"POST", clients, `{"name": "hub", "grant_type": "client_credentials", ` + client + `}`, 409, nil},
		{"POST", clients, `{"name": "hub"}`, 400, nil},
		{"GET", clients, "", 200, []string{`"hub"`, "!hidden"}},
		{"GET", clients + "/none", "", 404, nil},
		{"POST", "connections/oauth/start/acme", `{"name": "zendesk", "oauth_client_name": "none"}`, 404, nil},
		{"POST", "connections/oauth/start/acme", `{"name": "z", "oauth_client_name": "hub"}`, 400, nil},
	})
	uuid := a.server.State().Integration("acme").Clients[0].UUID
	res := a.do("POST", services+"connections/oauth/start/acme", zisToken, `{"name": "zendesk", "oauth_client_uuid": "`+uuid+`", "permission_scopes": "read"}`)
	var started struct {
		RedirectURL string `json:"redirect_url"`
	}
	decode(t, res.Body, &started)
	finish := strings.TrimPrefix(started.RedirectURL, "http://acme.zendesk.com"+services)
	a.exchanges([]exchange{
		{"GET", finish, "", 200, []string{"verification_token"}},
		{"GET", finish, "", 404, nil},
		{"GET", "connections/acme?name=zendesk", "", 200, []string{`"access_token":"`, `"permission_scope":"read"`, "!*****"}},
		{"GET", "integrations/acme/connections/all", "", 200, []string{`"oauth":[{`, `"refresh_token":"`, "!*****"}},
		{"PUT", clients + "/" + uuid, `{}`, 405, nil},
		{"PATCH", clients + "/" + uuid, `{"default_scopes": "read"}`, 200, []string{`"default_scopes":"read"`, `"hub"`}},
		{"DELETE", clients + "/" + uuid, "", 204, nil},
		{"DELETE", clients + "/" + uuid, "", 404, nil},
		{"GET", "connections/acme?name=zendesk", "", 404, nil},
	})
}

func TestConfigs(t *testing.T) {
	const at = "integrations/acme/configs"
	acme(t).exchanges([]exchange{
		{"GET", at + "?filter[scope]=*", "", 404, []string{"no rows found"}},
		{"POST", at, `{"scope": "my:a/b", "config": {"one": 12345678901234567890, "two": {"x": 1}}}`, 201, []string{`"scope":"my:a/b"`, "12345678901234567890"}},
		{"POST", at, `{"scope": "my:a/b", "config": {}}`, 422, nil},
		{"POST", at, `{"scope": "my:c", "config": {"c": 1}}`, 201, nil},
		{"POST", at, `{"config": {}}`, 400, nil},
		{"POST", at, `{"scope": "x", "config": []}`, 400, nil},
		{"POST", at, `{"scope": "x"}`, 400, nil},
		{"GET", at + "?filter[scope]=my:*", "", 200, []string{"my:a/b", "my:c", `"has_more":false`, `"next":null`}},
		{"GET", at + "?filter[scope]=my:*&page[size]=1", "", 200, []string{"my:a/b", "!my:c", `"has_more":true`, `"next":"http`}},
		{"GET", at + "?filter[scope]=my:c", "", 200, []string{"!my:a/b"}},
		{"PATCH", at + "/my:a%2Fb", `{"config": {"two": 2}}`, 200, []string{`"one":12345678901234567890,"two":2`}},
		{"PUT", at + "/my:a/b", `{"config": {"three": 3}}`, 200, []string{`"config":{"three":3}`}},
		{"PUT", at + "/none", `{"config": {}}`, 404, nil},
		{"DELETE", at + "/my:a%2Fb", "", 204, nil},
		{"DELETE", at + "/my:a%2Fb", "", 404, nil},
	})
}

func TestLinks(t *testing.T) {
	link := func(kind, left, right string) string {
		return fmt.Sprintf(`{"link_type": %q, "left_object": {"name": %q, "metadata": {"a": 1}}, "right_object": {"name": %q}}`, kind, left, right)
	}
	acme(t).exchanges([]exchange{
		{"POST", "links/acme", link("t2c", "ticket:1", "channel:a"), 201, []string{`"link":{`, `"uuid":"`}},
		{"POST", "links/acme", link("t2c", "ticket:1", "channel:a"), 409, nil},
		{"POST", "links/acme", link("t2c", "ticket:2", "channel:b"), 201, nil},
		{"POST", "links/acme", link("t", "ticket:2", "channel:b"), 400, nil},
		{"GET", "links/acme?link_type=t2c", "", 400, nil},
		{"GET", "links/acme?link_type=t2c&left_object_name=ticket:1", "", 200, []string{"channel:a", "!channel:b"}},
		{"GET", "links/acme?link_type=t2c&left_object_name=t*t:*", "", 200, []string{"channel:a", "channel:b"}},
		{"GET", "links/acme?link_type=t2c&right_object_name=*:b", "", 200, []string{"!channel:a", "channel:b"}},
		{"GET", "links/acme?link_type=t2c&right_object_name=b", "", 200, []string{`"links":[]`}},
	})
}

// An API token is refused at every service, and the token of another
// integration is.
func TestServicesRefuse(t *testing.T) {
	a := acme(t)
	for _, line := range []string{
		"POST integrations/acme/connections/bearer_token", "DELETE integrations/acme/connections/bearer_token/x", "GET integrations/acme/configs", "POST integrations/acme/configs",
		"PUT integrations/acme/configs/x", "POST inbound_webhooks/generic/acme", "GET inbound_webhooks/generic/acme/x", "DELETE inbound_webhooks/generic/acme/x", "GET links/acme",
		"POST links/acme", "GET connections/acme", "GET connections/oauth/clients/acme", "POST connections/oauth/start/acme",
	} {
		method, path, _ := strings.Cut(line, " ")
		got := []int{a.do(method, services+path, admin, "{}").Status, a.do(method, services+path, "Bearer globex-token", "{}").Status}
		if diff := cmp.Diff([]int{403, 401}, got); diff != "" {
			t.Errorf("%s with an API token, with another's token (-want +got):\n%s", line, diff)
		}
	}
}

// recorder runs nothing and notes what it was to run.
type recorder struct {
	end  emulator.RunEnd
	wait time.Duration

	mu     sync.Mutex
	starts []emulator.RunStart
}

func (r *recorder) Run(_ context.Context, s emulator.RunStart) emulator.RunEnd {
	time.Sleep(r.wait)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.starts = append(r.starts, s)
	return r.end
}

type webhook struct{ UUID, ID, Path, Username, Password string }

func newWebhook(a *account, source, kind string) webhook {
	a.t.Helper()
	res := a.do("POST", services+"inbound_webhooks/generic/acme", zisToken, fmt.Sprintf(`{"source_system": %q, "event_type": %q}`, source, kind))
	var h webhook
	decode(a.t, res.Body, &h)
	if res.Status != 201 || h.Password == "" {
		a.t.Fatalf("%d %s", res.Status, res.Body)
	}
	return h
}

// A webhook tells its credentials once, takes what bears them, and is dead
// when it is deleted.
func TestWebhooks(t *testing.T) {
	a := acme(t)
	h := newWebhook(a, "shop", "order")
	const at = "inbound_webhooks/generic/acme"
	a.exchanges([]exchange{
		{"POST", at, `{"source_system": "shop"}`, 400, nil},
		{"GET", at + "/all", "", 200, []string{h.UUID, "!" + h.Password}},
		{"GET", at + "/" + h.UUID, "", 200, []string{h.Path, "!" + h.Password}},
		{"GET", at + "/" + h.ID, "", 404, nil},
	})
	post := func(user, password, body string) int {
		status, _ := serve(t, a.server, "POST", h.Path, body, func(r *http.Request) { r.SetBasicAuth(user, password) })
		return status
	}
	got := []int{post(h.Username, h.Password, `{"a": 1}`), post(h.Username, "guess", `{}`), post(h.Username, h.Password, `{`)}
	a.exchanges([]exchange{{"DELETE", at + "/" + h.UUID, "", 204, nil}, {"DELETE", at + "/" + h.UUID, "", 404, nil}})
	got = append(got, post(h.Username, h.Password, `{}`))
	if diff := cmp.Diff([]int{200, 401, 400, 404}, got); diff != "" {
		t.Errorf("posted, with a wrong password, no JSON, after the deletion (-want +got):\n%s", diff)
	}
}

// A custom event starts the installed job specs of its integration that wait
// for exactly it, with what it bears; a native one those of all integrations.
func TestEventsStartFlows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{wait: time.Second, end: emulator.RunEnd{
			OK: true, Message: "Execution Successful", Configs: map[string]json.RawMessage{"settings": json.RawMessage(`{"n":2}`)},
		}}
		s := &emulator.Server{Runner: r}
		prepare(t, s)
		a := open(t, s)
		defer a.stop()
		order := strings.NewReplacer(`"support"`, `"shop"`, "ticket.TicketCreated", "order")
		a.upload(order.Replace(oneFlow("shop", "on", "off")))
		a.upload(oneFlow("tickets", "ticket"))
		a.install("on")
		a.install("ticket")
		a.exchanges([]exchange{{"POST", "integrations/acme/configs", `{"scope": "settings", "config": {"n": 1}}`, 201, nil}})
		h := newWebhook(a, "shop", "order")
		serve(t, s, "POST", h.Path, ` {"order": 12345678901234567890} `, func(r *http.Request) { r.SetBasicAuth(h.Username, h.Password) })
		res := a.do("POST", "/emulator/events?source=support&type=ticket.TicketCreated", admin, `{"account_id": 1, "input": {"ticket_event": {}}}`)
		if res.Status != 202 || res.Body != `{"started":1}` {
			t.Errorf("%d %s", res.Status, res.Body)
		}
		if n := len(s.Runs()); n != 0 {
			t.Errorf("%d runs have ended, want none yet", n)
		}
		s.Wait()
		var got []string
		for _, start := range r.starts {
			got = append(got, fmt.Sprintf("%s %s of %d bundles: %s, %s", start.JobSpec, start.Flow, len(start.Bundles), start.Root, start.Configs["settings"]))
		}
		want := []string{
			`on shop_flow of 2 bundles: {"account_id":12345,"input":{"order":12345678901234567890},"integration_key":"acme","subdomain":"acme"}, {"n":1}`,
			`ticket tickets_flow of 2 bundles: {"account_id":12345,"input":{"ticket_event":{}},"integration_key":"acme","subdomain":"acme"}, {"n":1}`,
		}
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("started (-want +got):\n%s", diff)
		}
		a.exchanges([]exchange{{"GET", "integrations/acme/configs?filter[scope]=settings", "", 200, []string{`{"n":2}`}}})
		log := a.do("GET", "/emulator/runs", admin, "")
		if strings.Count(log.Body, `"message":"Execution Successful"`) != 2 {
			t.Errorf("the run log: %s", log.Body)
		}
		for _, path := range []string{"/emulator/events", "/emulator/events?type=ticket.TicketCreated"} {
			if res := a.do("POST", path, admin, "{"); res.Status != 400 {
				t.Errorf("%s: %d %s", path, res.Status, res.Body)
			}
		}
		if res := a.do("GET", "/emulator/state", admin, ""); res.Status != 200 || !strings.Contains(res.Body, `"integrations"`) {
			t.Errorf("the state is %d %s", res.Status, res.Body)
		}
		if res := a.do("GET", "/emulator/runs", "", ""); res.Status != 401 {
			t.Errorf("the run log without a credential: %d, want 401", res.Status)
		}
	})
}
