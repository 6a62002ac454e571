package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

func document(t testing.TB, text string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("b.json", []byte(text)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

// whole is a bundle with one of everything; the tests put parts in the place
// of others.
const whole = `{"name": "b", "zis_template_version": "2019-10-14", "description": "d", "resources": {
	"act": {"type": "ZIS::Action::Http", "properties": {"name": "act", "definition": {
		"method": "POST", "path": "/api", "connectionName": "zendesk",
		"headers": [{"key": "Accept", "value": "a"}, {"key": "X-One", "value": "1"}],
		"queryParams": [{"key": "q", "value": "1"}, {"key": "r", "value": "2"}],
		"requestBody": {"a": "", "n": 1, "list": [1, null, 2]}}}},
	"flow": {"type": "ZIS::Flow", "properties": {"name": "flow", "definition": {"StartAt": "A", "States": {
		"A": {"Type": "Action", "ActionName": "zis:acme:action:act", "Parameters": {"p": null, "o": {}}, "Next": "C",
			"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}], "Comment": "why"},
		"C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEquals": "", "Next": "E"}], "Default": "E"},
		"E": {"Type": "Pass", "Result": {}, "End": true}}}}},
	"spec": {"type": "ZIS::JobSpec", "properties": {"name": "spec", "event_source": "support",
		"event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:flow"}}}}`

// How a registry may give back what it was sent. Equal: nothing differs. Noted:
// nothing that counts, and a note says what. Assumed: it counts unless the
// upload was ours. Different: it always counts.
func TestMeaning(t *testing.T) {
	const equal, noted, supposed, different = "equal", "noted", "assumed", "different"
	for _, tt := range []struct{ name, at, sent, shown, then string }{
		{"as sent", `d`, `d`, `d`, equal},
		{"integer as float", `"n": 1,`, `"n": 1,`, `"n": 1.0,`, equal},
		{"integer with exponent", `"n": 1,`, `"n": 1,`, `"n": 1e0,`, equal},
		{"long id as float", `"n": 1,`, `"n": 1260800799110,`, `"n": 1.26080079911e12,`, equal},
		{"rounded", `"n": 1,`, `"n": 12345678901234567891,`, `"n": 1.2345678901234567e19,`, noted},
		{"rounded, exact digits", `"n": 1,`, `"n": 9007199254740993,`, `"n": 9007199254740992,`, noted},
		{"not what float64 makes of it", `"n": 1,`, `"n": 9007199254740992,`, `"n": 9007199254740993,`, different},
		{"another long number", `"n": 1,`, `"n": 12345678901234567891,`, `"n": 1.2345678901234569e19,`, different},
		{"number as text", `"n": 1,`, `"n": 1,`, `"n": "1",`, different},
		{"true as text", `"End": true`, `"End": true`, `"End": "true"`, different},
		{"minus zero", `"n": 1,`, `"n": 0,`, `"n": -0.0,`, equal},
		{"empty description null", `"description": "d"`, `"description": ""`, `"description": null`, equal},
		{"empty description gone", `"description": "d", `, `"description": "", `, ``, equal},
		{"empty description added", `"description": "d", `, ``, `"description": "", `, equal},
		{"empty headers gone", `"path": "/api"`, `"path": "/api", "query": []`, `"path": "/api"`, equal},
		{"headers null added", `"path": "/api"`, `"path": "/api"`, `"path": "/api", "query": null`, equal},
		{"empty catch added", `"Type": "Pass"`, `"Type": "Pass"`, `"Type": "Pass", "Catch": []`, equal},
		{"empty next added", `"Type": "Pass"`, `"Type": "Pass"`, `"Type": "Pass", "Next": ""`, equal},
		{"empty member of a body gone", `"a": "", `, `"a": "", `, ``, supposed},
		{"empty member of a body null", `"a": "", `, `"a": "", `, `"a": null, `, supposed},
		{"empty member added to a body", `"n": 1,`, `"n": 1,`, `"n": 1, "z": null,`, different},
		{"null in a list gone", `[1, null, 2]`, `[1, null, 2]`, `[1, 2]`, different},
		{"null parameter gone", `"p": null, `, `"p": null, `, ``, supposed},
		{"empty object in parameters null", `"o": {}`, `"o": {}`, `"o": null`, supposed},
		{"hollow object gone", `"o": {}`, `"q": 1, "o": {"x": {"y": null}}`, `"q": 1`, supposed},
		{"hollow object emptied", `"o": {}`, `"o": {"x": {"y": null}}`, `"o": {}`, supposed},
		{"hollow object of other names", `"o": {}`, `"o": {"x": null}`, `"o": {"y": null}`, different},
		{"empty Result gone", `"Result": {}, `, `"Result": {}, `, ``, supposed},
		{"Result null added", `"Result": {}, `, ``, `"Result": null, `, supposed},
		{"empty operand gone", `"StringEquals": "", `, `"StringEquals": "", `, ``, different},
		{"empty operand null", `"StringEquals": ""`, `"StringEquals": ""`, `"StringEquals": null`, different},
		{"full member of a body gone", `"n": 1, `, `"n": 1, `, ``, different},
		{"a parameter gone", `"p": null, `, `"p": 1, `, ``, different},
		{"Unicode form of a value", `"Comment": "why"`, "\"Comment\": \"caf\u00e9\"", "\"Comment\": \"cafe\u0301\"", noted},
		{"Unicode form of a name", `"n": 1,`, "\"E\u0301\": 1,", "\"\u00c9\": 1,", equal},
		{"two Unicode forms of one name", `"n": 1,`, "\"E\u0301\": 1,", "\"\u00c9\": 1, \"E\u0301\": 1,", different},
		{"another letter", `"path": "/api"`, `"path": "/api"`, `"path": "/API"`, different},
		{"flow by its short name", `"zis:acme:flow:flow"`, `"zis:acme:flow:flow"`, `"flow"`, equal},
		{"flow by its full name", `"zis:acme:flow:flow"`, `"flow"`, `"zis:acme:flow:flow"`, equal},
		{"flow of another integration", `"zis:acme:flow:flow"`, `"zis:acme:flow:flow"`, `"zis:other:flow:flow"`, different},
		{"another flow", `"zis:acme:flow:flow"`, `"zis:acme:flow:flow"`, `"flow2"`, different},
		{"no flow", `"zis:acme:flow:flow"`, `"zis:acme:flow:flow"`, `""`, different},
		{"headers in another order", `{"key": "Accept", "value": "a"}, {"key": "X-One", "value": "1"}`, `{"key": "Accept", "value": "a"}, {"key": "X-One", "value": "1"}`, `{"key": "X-One", "value": "1"}, {"key": "Accept", "value": "a"}`, equal},
		{"query in another order", `{"key": "q", "value": "1"}, {"key": "r", "value": "2"}`, `{"key": "q", "value": "1"}, {"key": "r", "value": "2"}`, `{"key": "r", "value": "2"}, {"value": "1", "key": "q"}`, equal},
		{"values of headers exchanged", `{"key": "Accept", "value": "a"}, {"key": "X-One", "value": "1"}`, `{"key": "Accept", "value": "a"}, {"key": "X-One", "value": "1"}`, `{"key": "Accept", "value": "1"}, {"key": "X-One", "value": "a"}`, different},
		{"a list in a body in another order", `[1, null, 2]`, `[1, null, 2]`, `[2, null, 1]`, different},
		{"one header gone", `, {"key": "X-One", "value": "1"}`, `, {"key": "X-One", "value": "1"}`, ``, different},
		{"one header more", `{"key": "X-One", "value": "1"}`, `{"key": "X-One", "value": "1"}`, `{"key": "X-Two", "value": "2"}, {"key": "X-One", "value": "1"}`, different},
		{"a header twice", `{"key": "X-One", "value": "1"}`, `{"key": "X-One", "value": "1"}`, `{"key": "X-One", "value": "1"}, {"key": "X-One", "value": "1"}`, different},
		{"a header in other capitals", `"X-One"`, `"X-One"`, `"X-ONE"`, supposed},
		{"a query name in other capitals", `"key": "q"`, `"key": "q"`, `"key": "Q"`, different},
		{"method in other capitals", `"POST"`, `"POST"`, `"post"`, supposed},
		{"another method", `"POST"`, `"POST"`, `"PUT"`, different},
		{"uuid at the top", `"name": "b"`, `"name": "b"`, `"name": "b", "uuid": "u"`, equal},
		{"times at the top", `"name": "b"`, `"name": "b"`, `"name": "b", "created_at": "2026"`, noted},
		{"installation_type in a resource", `"type": "ZIS::JobSpec"`, `"type": "ZIS::JobSpec"`, `"type": "ZIS::JobSpec", "installation_type": "manual"`, noted},
		{"uuid in properties", `"event_source": "support"`, `"event_source": "support"`, `"event_source": "support", "uuid": "u"`, noted},
		{"unknown in a definition", `"method": "POST"`, `"method": "POST"`, `"method": "POST", "timeout": 5`, supposed},
		{"unknown in a state", `"Type": "Choice"`, `"Type": "Choice"`, `"Type": "Choice", "Version": 2`, supposed},
		{"unknown in a header", `"value": "a"`, `"value": "a"`, `"value": "a", "id": 2`, supposed},
		{"known added to a definition", `"path": "/api"`, `"path": "/api"`, `"path": "/api", "url": "https://x"`, different},
		{"connection gone", `, "connectionName": "zendesk"`, `, "connectionName": "zendesk"`, ``, different},
		{"a state more", `"E": {"Type": "Pass"`, `"E": {"Type": "Pass"`, `"F": {"Type": "Succeed"}, "E": {"Type": "Pass"`, different},
		{"a state less", `"E": {"Type": "Pass"`, `"F": {}, "E": {"Type": "Pass"`, `"E": {"Type": "Pass"`, different},
		{"a resource more", `"spec": {"type"`, `"spec": {"type"`, `"x": {"type": "ZIS::X", "properties": {"name": "x"}}, "spec": {"type"`, different},
		{"a hollow resource more", `"spec": {"type"`, `"spec": {"type"`, `"x": {}, "spec": {"type"`, different},
		{"a hollow resource less", `"resources": {`, `"resources": {"x": {"type": ""},`, `"resources": {`, different},
		{"an operator more", `"Variable": "$.x", `, `"Variable": "$.x", `, `"Variable": "$.x", "IsPresent": false, `, different},
		{"default of Catch", `"Next": "E"}]`, `"Next": "E"}]`, `"Next": "E", "ResultPath": "$"}]`, noted},
		{"another ResultPath", `"Next": "E"}]`, `"Next": "E"}]`, `"Next": "E", "ResultPath": "$.e"}]`, different},
		{"End false", `"Next": "C"`, `"Next": "C"`, `"Next": "C", "End": false`, noted},
		{"End true", `"Next": "C"`, `"Next": "C"`, `"Next": "C", "End": true`, different},
		{"the version added", `"zis_template_version": "2019-10-14", `, ``, `"zis_template_version": "2019-10-14", `, noted},
		{"another version", `2019-10-14`, `2019-10-14`, `2019-02-28`, different},
		{"a remark gone", `, "Comment": "why"`, `, "Comment": "why"`, ``, supposed},
		{"another remark", `"Comment": "why"`, `"Comment": "why"`, `"Comment": "because"`, different},
		{"a remark cut", `"Comment": "why"`, `"Comment": "why"`, `"Comment": "w"`, supposed},
		{"a description gone", `"description": "d", `, `"description": "d", `, ``, supposed},
		{"unknown at the top gone", `"name": "b"`, `"name": "b", "x_note": "n"`, `"name": "b"`, supposed},
		{"unknown in a definition gone", `"method": "POST"`, `"method": "POST", "timeout": 5`, `"method": "POST"`, different},
		{"unknown type of resource, a member more", `"spec": {"type"`, `"x": {"type": "ZIS::X", "properties": {"name": "x"}}, "spec": {"type"`, `"x": {"type": "ZIS::X", "properties": {"name": "x", "y": 1}}, "spec": {"type"`, supposed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(whole, tt.at) {
				t.Fatalf("%q is not in the bundle", tt.at)
			}
			want := document(t, strings.Replace(whole, tt.at, tt.sent, 1))
			have := document(t, strings.Replace(whole, tt.at, tt.shown, 1))
			if got := classify(want, have); got != tt.then {
				t.Errorf("%s, want %s\nsent  %s\nshown %s", got, tt.then, want.Canonical(), have.Canonical())
			}
		})
	}
}

func classify(want, have *source.Document) string {
	loose, strict := Bundles(want, have, "acme", false), Bundles(want, have, "acme", true)
	switch {
	case !loose.Same():
		return "different"
	case !strict.Same():
		if len(loose.Assumed) == 0 {
			return fmt.Sprintf("assumed without a note: %v", loose)
		}
		return "assumed"
	case len(strict.Notes) > 0:
		return "noted"
	}
	return "equal"
}
