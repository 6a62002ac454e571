package flowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// native is what the events of a kind bring (documented: API/trigger-events).
type native struct {
	wrapper string   // the one member of input
	object  string   // the member with the thing that changed
	members []string // all that it has; nil: unknown
}

// natives are the kinds of events, by source and the beginning of their type.
var natives = map[string]native{
	"support/ticket": {"ticket_event", "ticket", []string{
		"assignee_id", "brand_id", "created_at", "external_id", "form_id", "group_id", "id", "organization_id",
		"priority", "requester_id", "status", "submitter_id", "tags", "type", "updated_at", "via",
	}},
	"support/user":         {"user_event", "user", []string{"id", "external_id", "role", "email", "created_at", "updated_at", "organization_id", "default_group_id"}},
	"support/organization": {"organization_event", "organization", []string{"id", "external_id", "name", "created_at", "updated_at", "shared_tickets", "shared_comments", "group_id"}},
	"support/customobject": {"custom_object_event", "custom_object_record", []string{
		"account_id", "custom_object_key", "external_id", "id", "name", "custom_object_fields",
		"created_at", "created_by_user_id", "updated_at", "updated_by_user_id",
	}},
	"sunshine/customobject": {"custom_object_event", "custom_object", []string{"account_id", "object_type", "id", "external_id", "attributes", "created_at", "updated_at"}},
	"sunshine/activity": {"activity_event", "user_activity", []string{
		"created_at", "description", "id", "namespace", "profile_id", "properties", "source", "type", "user_id",
	}},
}

// nativeOf is the kind of event that starts a job spec; ok is false for the
// events of an inbound webhook.
func nativeOf(spec *zis.JobSpec) (n native, ok bool) {
	kind, _, _ := strings.Cut(spec.EventType.Value, ".")
	n, ok = natives[spec.EventSource.Value+"/"+kind]
	return n, ok
}

// inputOf is the input of an event in any of its forms.
func inputOf(event any) any {
	object, _ := event.(map[string]any)
	if input, ok := object["input"]; ok {
		if _, whole := object["account_id"]; whole {
			return input
		}
	}
	return event
}

// checkEvent compares the event of a case with what its job spec gets: a test
// of an event that never comes shows nothing.
func (s *Suite) checkEvent(c *Case) *Problem {
	spec := s.spec(c.JobSpec)
	if c.JobSpec == "" || spec == nil {
		return nil
	}
	n, ok := nativeOf(spec)
	if !ok {
		return nil
	}
	input, _ := inputOf(c.Event).(map[string]any)
	wrong := func(help, format string, args ...any) *Problem {
		text := fmt.Sprintf("the event is not one of %s: ", spec.Event()) + fmt.Sprintf(format, args...)
		return &Problem{Text: text, Help: help, Test: c.event, Usage: true}
	}
	if interp.Wrapper(input) != n.wrapper {
		return wrong("", "its input has %s, and should have %s alone", list(slices.Sorted(maps.Keys(input))), n.wrapper)
	}
	event, _ := input[n.wrapper].(map[string]any)
	object, has := event[n.object].(map[string]any)
	if !has {
		return nil // deletions have none; a path that needs it fails by itself
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if slices.Contains(n.members, name) {
			continue
		}
		help := ""
		if near := english.Nearest(name, n.members); near != "" {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		return wrong(help, "%s.%s has no member %q", n.wrapper, n.object, name)
	}
	return nil
}

func list(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return english.Join(names)
}
