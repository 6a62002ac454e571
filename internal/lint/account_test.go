package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

func bundle(t *testing.T, name, resources string) *zis.Bundle {
	t.Helper()
	doc, found := source.Parse(diag.NewFile(name+".json", fmt.Appendf(nil, `{"zis_template_version": "2019-10-14", "name": %q, "resources": {%s}}`, name, resources)))
	if doc == nil || len(found) > 0 {
		t.Fatal(found)
	}
	return zis.Read(doc)
}

const (
	callsSend = `"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {"A": {"Type": "Action", "ActionName": "zis:acme:action:send", "End": true}}}}}`
	startsF   = `"s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:f"}}`
	hasSend   = `"send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "GET", "url": "https://example.com/"}}}`
)

// What is known of the account is used: what another bundle has isn't missing,
// and what is nowhere is an error.
func TestSettle(t *testing.T) {
	for _, tt := range []struct {
		name, ours, others string
		unread             bool
		want               []string
	}{
		{"an action nowhere", callsSend + "," + startsF, "", false, []string{`error: no action is named "send" in these files or in the account [unknown-action]`}},
		{"an action elsewhere", callsSend + "," + startsF, hasSend, false, nil},
		{"an action nowhere that was read", callsSend + "," + startsF, "", true, []string{`warning: no action is named "send" [unknown-action]`}},
		{"a flow nowhere", startsF, "", false, []string{`error: no flow is named "f" in these files or in the account [unknown-flow]`}},
		{"a flow elsewhere", startsF, callsSend, false, nil},
		{"no job spec", callsSend + "," + hasSend, "", false, []string{"note: no job spec: no event ever starts the flow [no-job-spec]"}},
		{"a job spec elsewhere", callsSend + "," + hasSend, startsF, false, nil},
		{"an action that another bundle calls", hasSend + `, "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "D", "States": {"D": {"Type": "Succeed"}}}}},` + startsF, callsSend, false, nil},
	} {
		ours, others := bundle(t, "ours", tt.ours), bundle(t, "others", tt.others)
		found, _ := lint.Run([]*source.Document{ours.Doc}, lint.Options{})
		var got []string
		for _, d := range lint.Settle(found, []*zis.Bundle{ours}, []*zis.Bundle{others}, !tt.unread) {
			_, text, _ := strings.Cut(strings.TrimPrefix(d.String(), "ours.json:"), " ")
			got = append(got, text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestConnectionsAreComparedWithHosts(t *testing.T) {
	action := func(connection, address string) *zis.Bundle {
		return bundle(t, "b", fmt.Sprintf(`"a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"method": "GET", %s, "connectionName": %q}}}`, address, connection))
	}
	all := []lint.Connection{
		{"one", "bearer_token", "api.example.com"},
		{"wild", "api_key", "*.example.com"},
		{"own", "basic_auth", "acme.zendesk.com"},
		{"zendesk", "basic_auth", "acme.zendesk.com"},
		{"oauth", "oauth", ""},
	}
	for _, tt := range []struct {
		connection, address string
		fits                bool
	}{
		{"one", `"url": "https://api.example.com/x"`, true},
		{"one", `"url": "https://API.example.com:443/x"`, true},
		{"one", `"url": "https://www.example.com/x"`, false},
		{"one", `"url": "https://{{$.host}}/x"`, true},
		{"one", `"url.$": "$.url"`, true},
		{"one", `"path": "/api/v2/tickets.json"`, false},
		{"wild", `"url": "https://a.b.example.com/x"`, true},
		{"wild", `"url": "https://badexample.com/x"`, false},
		{"own", `"path": "/api/v2/tickets.json"`, true},
		{"zendesk", `"path": "/api/v2/tickets.json"`, false},
		{"oauth", `"url": "https://anything.example/"`, true},
		{"unknown", `"url": "https://anything.example/"`, true},
	} {
		found := lint.Connections([]*zis.Bundle{action(tt.connection, tt.address)}, all, "acme.zendesk.com")
		if (len(found) == 0) != tt.fits {
			t.Errorf("%s for %s: %v", tt.connection, tt.address, found)
		}
	}
}
