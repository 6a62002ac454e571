package flowrunner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/flowrunner"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// counter is a bundle whose flow counts orders in a config, relates each to a
// channel and posts it.
const counter = `{"zis_template_version": "2019-10-14", "name": "orders", "resources": {
	"post": {"type": "ZIS::Action::Http", "properties": {"name": "post", "definition": {
		"method": "POST", "url": "https://shop.example/orders", "connectionName": "shop", "requestBody": {"id": "{{$.id}}"}}}},
	"spec": {"type": "ZIS::JobSpec", "properties": {"name": "spec", "event_source": "shop", "event_type": "order", "flow_name": "zis:acme:flow:count"}},
	"count": {"type": "ZIS::Flow", "properties": {"name": "count", "definition": {"StartAt": "Load", "States": {
		"Load": {"Type": "Action", "ActionName": "zis:common:action:LoadConfig", "Parameters": {"scope": "seen"}, "ResultPath": "$.seen", "Next": "Add"},
		"Add": {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"expr": ".seen.count + 1", "data.$": "$"}, "ResultPath": "$.count", "Next": "Keep"},
		"Keep": {"Type": "Action", "ActionName": "zis:common:action:PatchConfig", "Parameters": {"scope": "seen", "config": {"count.$": "$.count"}}, "Next": "Link"},
		"Link": {"Type": "Action", "ActionName": "zis:common:action:CreateLink", "ResultPath": "$.link", "Next": "Post", "Parameters": {
			"link_type": "o2c", "left_object": {"name.$": "order:{{$.input.order}}"}, "right_object": {"name": "channel:a"}}},
		"Post": {"Type": "Action", "ActionName": "zis:acme:action:post", "Parameters": {"id.$": "$.input.order"}, "ResultPath": "$.answer", "Next": "Done"},
		"Done": {"Type": "Succeed", "Message": "order {{$.input.order}} is number {{$.count}}"}}}}}}}`

type client struct {
	t      *testing.T
	server *emulator.Server
}

func (c client) ask(auth func(*http.Request), method, path, body string, want int) string {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, strings.NewReader(body))
	auth(r)
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	if w.Code != want {
		c.t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, want)
	}
	return w.Body.String()
}

func basic(user, password string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(user, password) }
}

func token(r *http.Request) { r.Header.Set("Authorization", "Bearer t") }

// deployed is an account in which the flow waits for orders; it gives the
// address and the credentials of the webhook that brings them.
func deployed(t *testing.T, s *emulator.Server) (c client, post func(body string)) {
	t.Helper()
	c = client{t, s}
	if err := s.Register("acme"); err != nil {
		t.Fatal(err)
	}
	if err := s.Grant("t", "acme"); err != nil {
		t.Fatal(err)
	}
	const registry, zis = "/api/services/zis/registry/", "/api/services/zis/"
	admin := basic("a@example.com/token", "x")
	c.ask(admin, "POST", registry+"acme/bundles", counter, 200)
	c.ask(admin, "POST", registry+"job_specs/install?job_spec_name=zis:acme:job_spec:spec", "", 200)
	c.ask(token, "POST", zis+"integrations/acme/configs", `{"scope": "seen", "config": {"count": 1}}`, 201)
	var hook struct{ Path, Username, Password string }
	text := c.ask(token, "POST", zis+"inbound_webhooks/generic/acme", `{"source_system": "shop", "event_type": "order"}`, 201)
	if err := json.Unmarshal([]byte(text), &hook); err != nil {
		t.Fatal(err)
	}
	return c, func(body string) {
		t.Helper()
		c.ask(basic(hook.Username, hook.Password), "POST", hook.Path, body, 200)
		s.Wait()
	}
}

const connection = `{"name": "shop", "token": "t0", "allowed_domain": "shop.example"}`

// An event runs the deployed flow: what it keeps is kept, what it posts goes
// where the runner says, and the log tells it.
func TestRun(t *testing.T) {
	var posted []string
	s := &emulator.Server{Runner: &flowrunner.Runner{HTTP: []flowrunner.HTTP{func(_ context.Context, q *interp.Request) (interp.Reply, bool, error) {
		posted = append(posted, fmt.Sprintf("%s %s by %s: %s", q.Method, q.URL, q.Connection, interp.Encode(q.Body)))
		return interp.Reply{Status: 200, Body: []byte(`{}`)}, true, nil
	}}}}
	c, post := deployed(t, s)
	c.ask(token, "POST", "/api/services/zis/integrations/acme/connections/bearer_token", connection, 201)
	post(`{"order": 12345678901234567890}`)
	post(`{"order": 2}`)
	var log []string
	for _, r := range s.Runs() {
		log = append(log, fmt.Sprintf("%d %s %v %s %s: %s", r.Number, r.JobSpec, r.OK, strings.Join(r.Path, ">"), r.State, r.Message))
	}
	const way = "Load>Add>Keep>Link>Post>Done Done: order "
	want := []string{"1 spec true " + way + "12345678901234567890 is number 2", "2 spec true " + way + "2 is number 3"}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	const to = "POST https://shop.example/orders by shop: "
	if diff := cmp.Diff([]string{to + `{"id":"12345678901234567890"}`, to + `{"id":"2"}`}, posted); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
	i := s.State().Integration("acme")
	if n := string(i.Configs[0].Config["count"]); n != "3" || len(i.Links) != 2 || i.Links[1].LeftObject.Name != "order:2" {
		t.Errorf("the config counts %s, links are %+v", n, i.Links)
	}
}

// A flow that can't run says why in the log, as the platform does: there is no
// connection, no answer, no such flow.
func TestRunFails(t *testing.T) {
	last := func(s *emulator.Server) emulator.Run {
		runs := s.Runs()
		return runs[len(runs)-1]
	}
	s := &emulator.Server{Runner: &flowrunner.Runner{}}
	c, post := deployed(t, s)
	post(`{"order": 1}`)
	if r := last(s); r.OK || r.Message != `Cannot start flow because the connection named "shop" does not exist` {
		t.Errorf("without the connection: %+v", r)
	}
	c.ask(token, "POST", "/api/services/zis/integrations/acme/connections/bearer_token", connection, 201)
	post(`{"order": 1}`)
	if r := last(s); r.OK || r.State != "Post" || !strings.Contains(string(r.Steps), `"POST https://shop.example/orders: no answer"`) {
		t.Errorf("without an answer: %+v %s", r, r.Steps)
	}
	c.ask(basic("a@example.com/token", "x"), "POST", "/api/services/zis/registry/acme/bundles", strings.ReplaceAll(counter, `flow:count"`, `flow:none"`), 200)
	c.ask(basic("a@example.com/token", "x"), "POST", "/api/services/zis/registry/job_specs/install?job_spec_name=zis:acme:job_spec:spec", "", 200)
	post(`{"order": 1}`)
	if r := last(s); r.OK || !strings.Contains(r.Message, "no bundle of acme has the flow none") {
		t.Errorf("without the flow: %+v", r)
	}
}
