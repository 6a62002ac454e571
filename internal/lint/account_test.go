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
	startsG   = `"t": {"type": "ZIS::JobSpec", "properties": {"name": "t", "event_source": "support", "event_type": "user.UserCreated", "flow_name": "zis:acme:flow:g"}}`
	flowG     = `"g": {"type": "ZIS::Flow", "properties": {"name": "g", "definition": {"StartAt": "D", "States": {"D": {"Type": "Succeed"}}}}}`
	flowH     = `"h": {"type": "ZIS::Flow", "properties": {"name": "h", "definition": {"StartAt": "D", "States": {"D": {"Type": "Succeed"}}}}}`
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
		{"a flow that another bundle's job spec starts", callsSend + "," + hasSend + "," + startsG + "," + flowG, startsF, false, nil},
		{"a flow that nothing starts", callsSend + "," + hasSend + "," + startsG + "," + flowG, flowH, false, []string{`note: no job spec starts the flow "f" [unstarted-flow]`}},
		{"an action that nothing calls", hasSend + "," + startsG + "," + flowG, flowH, false, []string{`note: no state calls the action "send" [uncalled-action]`}},
		{"a flow where an action must be", strings.ReplaceAll(callsSend, ":action:", ":flow:") + "," + startsF, hasSend, false, []string{`warning: "zis:acme:flow:send" names a resource of the kind "flow", not an action [unknown-action]`}},
		{"a built-in that doesn't exist", strings.ReplaceAll(callsSend, "acme:action:send", "common:action:Send") + "," + startsF, hasSend, false, []string{`warning: no built-in action is named "zis:common:action:Send" [unknown-action]`}},
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

// Another integration is a twin of this one if it holds a bundle of the same
// name and the same event starts it: both together do everything twice.
func TestTwins(t *testing.T) {
	ours := bundle(t, "ours", callsSend+","+hasSend+","+startsF+","+startsG+","+flowG)
	for _, tt := range []struct {
		name   string
		others []lint.Twin
		off    string // a job spec of ours that no event starts
		want   []string
	}{
		{"none", nil, "", nil},
		{"another bundle", []lint.Twin{{"old", []string{"theirs"}, []string{"support/ticket.TicketCreated"}}}, "", nil},
		{"the same bundle, another event", []lint.Twin{{"old", []string{"ours"}, []string{"support/ticket.StatusChanged"}}}, "", nil},
		{"the same bundle, nothing installed", []lint.Twin{{"old", []string{"ours"}, nil}}, "", nil},
		{"the same bundle and event", []lint.Twin{{"old", []string{"theirs", "ours"}, []string{"support/ticket.TicketCreated"}}}, "", []string{"/resources/s/properties/event_type old"}},
		{"ours is off", []lint.Twin{{"old", []string{"ours"}, []string{"support/ticket.TicketCreated"}}}, "s", nil},
		{"two of them", []lint.Twin{{"old", []string{"ours"}, []string{"support/ticket.TicketCreated", "support/user.UserCreated"}}, {"older", []string{"ours"}, []string{"support/user.UserCreated"}}}, "", []string{
			"/resources/s/properties/event_type old", "/resources/t/properties/event_type old", "/resources/t/properties/event_type older",
		}},
	} {
		var got []string
		for _, d := range lint.Twins([]*zis.Bundle{ours}, tt.others, func(spec string) bool { return spec != tt.off }) {
			_, rest, _ := strings.Cut(d.Message, `the integration "`)
			name, _, _ := strings.Cut(rest, `"`)
			got = append(got, d.Pointer+" "+name)
			if d.Rule != lint.RuleTwinIntegration || d.Severity != diag.Warning || d.Help == "" {
				t.Errorf("%s: %+v", tt.name, d)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

// Every rule has its explanation, and what is no rule has none.
func TestRulesAreExplained(t *testing.T) {
	if e, ok := lint.Explain("no-such-rule"); ok || e.Text != "" {
		t.Errorf("explained: %+v", e)
	}
	for _, r := range lint.Rules() {
		if e, ok := lint.Explain(r.ID); !ok || e.Rule.ID != r.ID || (e.Text == "" && r.ID != "internal") {
			t.Errorf("%s: %v %q", r.ID, ok, e.Text)
		}
	}
}

// Of one rule the first findings are shown, and the others counted, also where
// a finding has a lower severity or a second place.
func TestFurtherFindingsOfARuleAreCounted(t *testing.T) {
	var states, specs strings.Builder
	for i := range diag.MostFindings + 20 {
		fmt.Fprintf(&states, `"S%d": {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"expr": ".a[]?", "data": "{}"}, "ResultPath": "$.r", "Next": "S%d"},`, i, i+1)
		fmt.Fprintf(&specs, `, "j%d": {"type": "ZIS::JobSpec", "properties": {"name": "j%d", "event_source": "support", "event_type": "user.UserCreated", "flow_name": "zis:acme:flow:g"}}`, i, i)
	}
	states.WriteString(fmt.Sprintf(`"S%d": {"Type": "Succeed"}`, diag.MostFindings+20))
	b := bundle(t, "many", startsG+specs.String()+`, "g": {"type": "ZIS::Flow", "properties": {"name": "g", "definition": {"StartAt": "S0", "States": {`+states.String()+`}}}}`)
	found, _ := lint.Run([]*source.Document{b.Doc}, lint.Options{})
	told, more := map[string]int{}, map[string]int{}
	for _, d := range found {
		told[d.Rule]++
		more[d.Rule] += d.More
		if d.Rule == "duplicate-event" && len(d.Related) != 1 {
			t.Errorf("%s: %d places", d.Message, len(d.Related))
		}
	}
	for rule, counted := range map[string]int{"jq-outputs": 20, "duplicate-event": 20} {
		if told[rule] != diag.MostFindings || more[rule] != counted {
			t.Errorf("%s: %d told and %d more, want %d and %d", rule, told[rule], more[rule], diag.MostFindings, counted)
		}
	}
}
