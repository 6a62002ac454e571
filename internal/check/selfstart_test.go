package check_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// selfStarts are requests that change what an event reports, from the
// documentation of the endpoints and of the events.
var selfStarts = []struct{ event, method, path, body string }{
	{"ticket.CommentAdded", "PUT", "tickets/{{$.id}}.json", `{"ticket": {"comment": {"body": "{{$.text}}"}}}`},
	{"ticket.CommentAdded", "PUT", "tickets/{{$.id}}", `{"ticket": {"comment": {"body": "again", "public": false}}}`},
	{"ticket.CommentAdded", "PUT", "tickets/update_many.json?ids={{$.id}}", `{"ticket": {"comment": {"body": "{{$.text}}"}}}`},
	{"ticket.StatusChanged", "PUT", "tickets/{{$.id}}.json", `{"ticket": {"status": "{{$.text}}"}}`},
	{"ticket.PriorityChanged", "PUT", "tickets/update_many.json?ids={{$.id}}", `{"ticket": {"priority": "{{$.text}}"}}`},
	{"ticket.TagsChanged", "PUT", "tickets/{{$.id}}/tags.json", `{"tags": ["{{$.text}}"]}`},
	{"ticket.TagsChanged", "DELETE", "tickets/{{$.id}}/tags", `{"tags": ["{{$.text}}"]}`},
	{"ticket.TicketCreated", "POST", "tickets.json", `{"ticket": {"comment": {"body": "{{$.text}}"}}}`},
}

// TestSelfStartSeeds plants, before all that the first flow of each bundle
// does, a request that causes the event that starts it; and as a control the
// same request where another event starts the flow.
func TestSelfStartSeeds(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/public/*.json")
	for _, f := range append(files, "testdata/kinds/base.json") {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range selfStarts {
			if mutant := startItself(src, s.event, s.method, s.path, s.body); mutant != nil && !tellsSelfStart(mutant, s.event) {
				t.Errorf("%s: %s %s isn't told to cause %s", filepath.Base(f), s.method, s.path, s.event)
			}
			const other = "ticket.BrandChanged"
			if mutant := startItself(src, other, s.method, s.path, s.body); mutant != nil && tellsSelfStart(mutant, other) {
				t.Errorf("%s: %s %s is told to cause %s", filepath.Base(f), s.method, s.path, other)
			}
		}
	}
}

func tellsSelfStart(bundle []byte, event string) bool {
	return slices.ContainsFunc(seedFindings(bundle), func(d diag.Diagnostic) bool {
		return d.Rule == "self-start" && strings.Contains(d.Message, `"planted"`) && strings.Contains(d.Message, event)
	})
}

// startItself adds to a bundle a flow "planted" that the event starts and that
// first makes the request, and then what the bundle's first flow does. It is
// nil if the bundle has no flow.
func startItself(src []byte, event, method, path, body string) []byte {
	var root struct {
		Version   string                    `json:"zis_template_version"`
		Name      string                    `json:"name"`
		Resources map[string]map[string]any `json:"resources"`
	}
	if json.Unmarshal(src, &root) != nil {
		return nil
	}
	keys := slices.Sorted(maps.Keys(root.Resources))
	first := slices.IndexFunc(keys, func(key string) bool { return root.Resources[key]["type"] == "ZIS::Flow" })
	if first < 0 {
		return nil
	}
	machine, _ := root.Resources[keys[first]]["properties"].(map[string]any)["definition"].(map[string]any)
	states, _ := machine["States"].(map[string]any)
	states["Planted"] = map[string]any{
		"Type": "Action", "ActionName": "zis:acme:action:planted_request", "Next": machine["StartAt"],
		"Parameters": map[string]any{"id.$": "$.input.ticket_event.ticket.id", "text.$": "$.input.ticket_event.ticket.updated_at"},
	}
	machine["StartAt"] = "Planted"
	resource := func(kind string, properties map[string]any) map[string]any {
		return map[string]any{"type": kind, "properties": properties}
	}
	root.Resources["planted"] = resource("ZIS::Flow", map[string]any{"name": "planted", "definition": machine})
	delete(root.Resources, keys[first])
	root.Resources["planted_request"] = resource("ZIS::Action::Http", map[string]any{"name": "planted_request", "definition": map[string]any{
		"method": method, "path": "/api/v2/" + path, "connectionName": "zendesk", "requestBody": json.RawMessage(body),
	}})
	root.Resources["planted_spec"] = resource("ZIS::JobSpec", map[string]any{
		"name": "planted_spec", "event_source": "support", "event_type": event, "flow_name": "zis:acme:flow:planted",
	})
	mutant, _ := json.Marshal(root)
	return mutant
}
