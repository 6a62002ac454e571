package deploy_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// What a bundle needs besides itself: the connections that its actions name and
// the events that only an inbound webhook brings, each once.
func TestNeeds(t *testing.T) {
	action := func(name, connection string) string {
		return fmt.Sprintf(`%q: {"type": "ZIS::Action::Http", "properties": {"name": %[1]q, "definition": {"method": "GET", "url": "https://x.example"%s}}}`, name, connection)
	}
	spec := func(name, source, event string) string {
		return fmt.Sprintf(`%q: {"type": "ZIS::JobSpec", "properties": {"name": %[1]q, "event_source": %q, "event_type": %q, "flow_name": "zis:acme:flow:f"}}`, name, source, event)
	}
	for _, tt := range []struct{ name, resources, want string }{
		{"nothing", action("a", ""), ""},
		{"a connection", action("a", `, "connectionName": "slack"`), `connection "slack"`},
		{"two actions of one connection", action("a", `, "connectionName": "slack"`) + "," + action("b", `, "connectionName": "slack"`), `connection "slack"`},
		{"a connection that is chosen when it runs", action("a", `, "connectionName": "{{$.name}}"`) + "," + action("b", `, "connectionName.$": "$.name"`), ""},
		{"an empty name, and none", action("a", `, "connectionName": ""`) + "," + action("b", `, "connectionName": null`), ""},
		{"events of Zendesk", spec("a", "support", "ticket.TicketCreated") + "," + spec("b", "sunshine", "customobject.CustomObjectChanged"), ""},
		{"events of others", spec("a", "shop", "sold") + "," + spec("b", "shop", "returned") + "," + spec("c", "shop", "sold"), `custom event "shop/sold"; custom event "shop/returned"`},
		{"a source that only looks like Zendesk's", spec("a", "Support", "ticket.TicketCreated"), `custom event "Support/ticket.TicketCreated"`},
		{"both", spec("a", "shop", "sold") + "," + action("b", `, "connectionName": "zendesk"`), `connection "zendesk"; custom event "shop/sold"`},
	} {
		var list []string
		for _, n := range deploy.Needs(bundlesOf(t, `{"name": "a", "zis_template_version": "2019-10-14", "resources": {`+tt.resources+`}}`)) {
			list = append(list, n.String())
			if n.Node == nil || n.Doc == nil {
				t.Errorf("%s: %s has no place", tt.name, n)
			}
		}
		if got := strings.Join(list, "; "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What the account has is met or lacking; where a list can't be read, nobody
// knows. Lists that nothing is needed of aren't asked for.
func TestSupply(t *testing.T) {
	needs := []deploy.Need{{Connection: "slack"}, {Connection: "pager"}, {Source: "shop", Event: "sold"}, {Source: "shop", Event: "returned"}}
	const connections = `{"bearer_token":[{"name":"slack","token":"*****"}],"meta":{"has_more":false}}`
	const webhooks = `{"webhooks":[{"uuid":"u","source_system":"shop","event_type":"sold"}]}`
	for _, tt := range []struct {
		name                  string
		connections, webhooks string // answers; "" is 403
		needs                 []deploy.Need
		want                  string
		unknown, asked        int
	}{
		{"both", connections, webhooks, needs, "met lacking met lacking", 0, 2},
		{"no webhooks can be listed", connections, "", needs, "met lacking unknown unknown", 1, 2},
		{"no connections can be listed", "", webhooks, needs, "unknown unknown met lacking", 1, 2},
		{"neither", "", "", needs, "unknown unknown unknown unknown", 2, 2},
		{"connections alone", connections, "", needs[:2], "met lacking", 0, 1},
		{"webhooks alone", "", webhooks, needs[2:], "met lacking", 0, 1},
		{"nothing", "", "", nil, "", 0, 0},
	} {
		asked := make(chan string, 10)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- r.URL.Path
			answer := tt.webhooks
			if strings.Contains(r.URL.Path, "/connections/") {
				answer = tt.connections
			}
			if answer == "" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer))
		}))
		reg, err := registry.New(server.URL, registry.Credentials{ZISToken: "x"})
		if err != nil {
			t.Fatal(err)
		}
		s := deploy.ReadSupply(t.Context(), reg, "acme", tt.needs)
		var list []string
		for _, n := range tt.needs {
			met, known := s.Meets(n)
			list = append(list, map[[2]bool]string{{true, true}: "met", {false, true}: "lacking", {false, false}: "unknown", {true, false}: "met, though unknown"}[[2]bool{met, known}])
		}
		if got := strings.Join(list, " "); got != tt.want || len(s.Unknown) != tt.unknown || len(asked) != tt.asked {
			t.Errorf("%s: %s, %d unknown, %d lists asked for; want %s, %d, %d", tt.name, got, len(s.Unknown), len(asked), tt.want, tt.unknown, tt.asked)
		}
		server.Close()
	}
}
