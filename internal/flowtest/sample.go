package flowtest

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// sampleEvent is an event with everything that is known of its kind.
func sampleEvent(e *zis.Event) any {
	input, _ := sampleOf(e.Payload, nil).(map[string]any)
	for _, wrapper := range e.Payload.Fields() {
		event, _ := input[wrapper].(map[string]any)
		event["type"] = e.Shown
		maps.Copy(event, extras[e.Type])
	}
	return input
}

// sampleOf is a value of a shape.
func sampleOf(s *zis.Shape, path jq.Path) any {
	if s == nil {
		return sample(path)
	}
	switch s.Type {
	case zis.Object:
		object := map[string]any{}
		for _, name := range s.Fields() {
			object[name] = sampleOf(s.Members[name], append(path, name))
		}
		return object
	case zis.List:
		return []any{sampleOf(s.Items, path)}
	case zis.Number:
		return json.Number("1234567")
	case zis.Boolean:
		return true
	}
	if v := sample(path); scalarOf(s.Type, v) {
		return v
	}
	return "text"
}

// sample is a value for a member of which nothing is known but its name.
func sample(path jq.Path) any {
	name := ""
	for _, step := range path {
		if s, ok := step.(string); ok {
			name = strings.ToLower(s)
		}
	}
	if v, ok := usual[name]; ok {
		return v
	}
	switch {
	case name == "id" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "count") || strings.HasSuffix(name, "number"):
		return json.Number("1234567")
	case strings.Contains(name, "email"):
		return "user@example.com"
	case strings.HasSuffix(name, "_at"):
		return Instant.Format(time.RFC3339)
	}
	return "text"
}

// usual are values of members that have few.
var usual = map[string]any{
	"status": "open", "priority": "normal", "channel": "web", "version": "1.0", "role": "end-user",
	"tags": []any{"text"}, "position": json1, "total": json1,
	"custom_object_fields": map[string]any{}, "attributes": map[string]any{}, "properties": map[string]any{},
}

// extras are what some events bring beside the thing that changed, where the
// form of it isn't in the tables (documented: the samples of API/ticket-events).
var extras = map[string]map[string]any{
	"ticket.CommentAdded": {"comment": map[string]any{"id": json.Number("77"), "body": "text", "is_public": true, "author": map[string]any{"id": json.Number("4"), "is_staff": false, "name": "text"}}},
	"ticket.TagsChanged":  {"tags_added": []any{"text"}, "tags_removed": []any{}},
	"user.TagsChanged":    {"tags_added": []any{"text"}, "tags_removed": []any{}},
	"ticket.CustomFieldChanged": {
		"custom_field": map[string]any{"id": json.Number("1234567"), "type": "text", "title": "text", "raw_title": "text"},
		"previous":     nil, "current": "text",
	},
	"ticket.StatusChanged":   {"previous": "new", "current": "open"},
	"ticket.PriorityChanged": {"previous": "low", "current": "normal"},
	"ticket.AttachmentLinkedToComment": {
		"comment":    map[string]any{"id": json.Number("77")},
		"attachment": map[string]any{"id": json.Number("78"), "filename": "text", "content_type": "text/plain", "content_url": "https://example.zendesk.com/attachments/78", "is_public": true},
	},
}
