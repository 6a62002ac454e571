// Package probe makes a bundle that asks a real account how it runs flows: one
// small flow for each open question, each of which says in the integration log
// what it found. It also reads such a log.
package probe

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Names of what the probe needs in the account.
const (
	Source = "zis_probe" // source_system of the inbound webhook
	Type   = "ask"       // its event_type
	Scope  = "zis_probe" // of the config
)

// Config is the config that has to be there.
func Config() map[string]any {
	return map[string]any{"k": "v", "o": map[string]any{"a": 1}}
}

// Event is what is posted to the inbound webhook; sent is the time in seconds.
func Event(sent int64) map[string]any {
	return map[string]any{"zis_probe": true, "sent": sent, "n": 12, "none": nil, "object": map[string]any{"a": 1}}
}

// Bundle is the bundle of an integration. echo is the address of a service that
// answers like httpbin.org: /status/N, /anything, /redirect-to?url=; without
// one the questions about HTTP are left out.
func Bundle(integration, echo string) ([]byte, error) {
	if echo != "" {
		u, err := url.Parse(echo)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("%q is no https address", echo)
		}
	}
	resources := map[string]any{}
	for _, q := range questions {
		if !q.alone && (!q.http || echo != "") {
			q.add(resources, integration)
		}
	}
	if echo != "" {
		for name, definition := range actions(strings.TrimSuffix(echo, "/")) {
			resources[name] = resource("ZIS::Action::Http", map[string]any{"name": name, "definition": definition})
		}
	}
	return written("zis_probe", resources)
}

// Missing is the connection that must not be there for the bundle of
// Connections.
const Missing = "zis_probe_no_connection"

// Connections is a bundle beside the first one, with an action whose connection
// doesn't exist and that no flow uses. It has to be deployed when the other
// flows have had their say: it may be that none starts any more.
func Connections(integration string) ([]byte, error) {
	resources := map[string]any{"probe_unused": resource("ZIS::Action::Http", map[string]any{"name": "probe_unused", "definition": map[string]any{
		"method": "GET", "path": "/api/v2/users/me.json", "connectionName": Missing,
	}})}
	for _, q := range questions {
		if q.alone {
			q.add(resources, integration)
		}
	}
	return written("zis_probe_connections", resources)
}

// add adds the flow that asks, and what starts it.
func (q question) add(resources map[string]any, integration string) {
	name := "probe_" + strings.ToLower(q.id)
	f := &builder{integration: integration, states: map[string]any{}}
	q.build(f)
	resources[name] = resource("ZIS::Flow", map[string]any{"name": name, "definition": f.definition(q)})
	resources["on_"+name] = resource("ZIS::JobSpec", map[string]any{
		"name": "on_" + name, "event_source": Source, "event_type": Type, "flow_name": "zis:" + integration + ":flow:" + name,
	})
}

func written(name string, resources map[string]any) ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"name": name, "zis_template_version": "2019-10-14", "resources": resources,
		"description": "Asks this account how it runs flows; uninstall it afterwards",
	}, "", "  ")
}

func resource(kind string, properties map[string]any) map[string]any {
	return map[string]any{"type": kind, "properties": properties}
}

func actions(echo string) map[string]any {
	get := func(path string) map[string]any { return map[string]any{"method": "GET", "url": echo + path} }
	post := func(body any) map[string]any {
		return map[string]any{"method": "POST", "url": echo + "/anything", "requestBody": body}
	}
	return map[string]any{
		"probe_500":      get("/status/500"),
		"probe_204":      get("/status/204"),
		"probe_redirect": get("/redirect-to?status_code=302&url=" + url.QueryEscape(echo+"/anything")),
		"probe_data":     get("/anything/{{$.input.n}}"),
		"probe_account":  get("/anything/{{$.account_id}}"),
		"probe_body":     post(map[string]any{"list": []any{map[string]any{"x.$": "$.n"}}}),
		"probe_missing":  post(map[string]any{"x": "-{{$.zis_probe_missing}}"}),
		"probe_plain":    post(map[string]any{"x": "y"}),
	}
}

// builder makes the states of one flow, one after the other.
type builder struct {
	integration string
	states      map[string]any
	order       []string // of the main line
	count       int
	found       []string // assumptions whose readings stand in $.found
}

func (b *builder) name(kind string) string {
	b.count++
	return fmt.Sprintf("%02d.%s", b.count, kind)
}

// then adds a state of the main line: the one before leads to it.
func (b *builder) then(kind string, state map[string]any) string {
	name := b.name(kind)
	b.states[name] = state
	b.order = append(b.order, name)
	return name
}

// choice is a way that a question may turn out.
type choice struct {
	rule    map[string]any // of a Choice; nil: whatever is left
	reading string
}

// decide stores the reading whose rule is true first.
func (b *builder) decide(assumption string, choices ...choice) {
	b.found = append(b.found, assumption)
	state := map[string]any{"Type": "Choice"}
	after := b.name("Joined")
	var rules []any
	for _, c := range choices {
		pass := b.name("Found")
		b.states[pass] = map[string]any{"Type": "Pass", "Result": c.reading, "ResultPath": "$.found." + assumption, "Next": after}
		if c.rule == nil {
			state["Default"] = pass
			continue
		}
		c.rule["Next"] = pass
		rules = append(rules, c.rule)
	}
	state["Choices"] = rules
	b.then("Decide", state)
	b.states[after] = map[string]any{"Type": "Pass"}
	b.order = append(b.order, after)
}

// try adds an Action whose failure is caught: $.failed tells.
func (b *builder) try(action map[string]any) {
	b.then("Begin", map[string]any{"Type": "Pass", "Result": map[string]any{"yes": false}, "ResultPath": "$.failed"})
	failed, after := b.name("Failed"), b.name("Tried")
	action["Type"] = "Action"
	action["Catch"] = []any{map[string]any{"ErrorEquals": []any{"States.ALL"}, "ResultPath": "$.error", "Next": failed}}
	b.then("Try", action)
	b.states[failed] = map[string]any{"Type": "Pass", "Result": map[string]any{"yes": true}, "ResultPath": "$.failed", "Next": after}
	b.states[after] = map[string]any{"Type": "Pass"}
	b.order = append(b.order, after)
}

// definition joins the main line: it runs only for its own kind of event, and
// ends with a message.
func (b *builder) definition(q question) map[string]any {
	var message strings.Builder
	message.WriteString("zis-probe " + q.id)
	for _, a := range b.found {
		message.WriteString(fmt.Sprintf(" %s={{$.found.%s}}", a, a))
	}
	b.then("Tell", map[string]any{"Type": "Succeed", "Message": message.String() + q.says})
	for i, name := range b.order {
		state := b.states[name].(map[string]any)
		if i+1 < len(b.order) && state["Type"] != "Choice" {
			state["Next"] = b.order[i+1]
		}
	}
	own := map[string]any{"Variable": "$.input.zis_probe", "IsPresent": true, "Next": b.order[0]}
	start := map[string]any{"Type": "Choice", "Choices": []any{own}, "Default": "Other"}
	if q.array {
		own["Next"], start["Default"] = "Other", b.order[0]
	}
	b.states["Start"], b.states["Other"] = start, map[string]any{"Type": "Succeed"}
	return map[string]any{"StartAt": "Start", "States": b.states}
}
