package lint

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var selfStartRules = []Rule{
	{
		ID: "self-start", Severity: diag.Note, Evidence: Inferred,
		Source:  "API/trigger-events: a change made through the API is an event like any other",
		Summary: "a flow makes the change that starts it",
		Bundles: selfStarts,
	},
}

// selfStarts reports a job spec whose flow makes a change of the kind that it
// waits for, on a way without a Choice: nothing keeps it from starting again.
func selfStarts(p *Pass, all []*zis.Bundle) {
	flows := map[string]*zis.Flow{}
	for _, b := range all {
		for _, f := range b.Flows {
			flows[f.Name.Value] = f
		}
	}
	c := causes{facts: p.facts, events: map[*zis.Action][]string{}}
	causing := map[*zis.Flow]map[string]*zis.State{}
	for _, b := range all {
		for _, s := range b.JobSpecs {
			arn, _ := zis.ParseARN(s.FlowName.Value)
			f := flows[arn.Name]
			if f == nil || f.Machine == nil || s.EventSource.Value != "support" {
				continue
			}
			if causing[f] == nil {
				causing[f] = c.of(f.Machine)
			}
			if state := causing[f][s.EventType.Value]; state != nil {
				p.At(s.EventType.Node, "lead the flow through a Choice that looks for a mark of its own changes, such as a tag or the author",
					"the flow %q itself causes %s, which starts it again", arn.Name, s.EventType.Value)
				p.Related(state.Node, "caused here")
			}
		}
	}
}

// causes knows which events actions cause.
type causes struct {
	facts  *flow.Facts
	events map[*zis.Action][]string
}

// of are the events that a machine causes on the ways from its start up to
// the first Choice, and the states that do.
func (c causes) of(m *zis.Machine) map[string]*zis.State {
	caused, seen := map[string]*zis.State{}, map[*zis.State]bool{}
	states := c.facts.States(m)
	for s := states[m.StartAt.Value]; s != nil && !seen[s] && s.Type.Value != zis.StateChoice; s = states[s.Next.Value] {
		seen[s] = true
		for _, event := range c.called(s) {
			caused[event] = s
		}
	}
	return caused
}

// called are the events that the action of a state causes.
func (c causes) called(s *zis.State) []string {
	a := c.facts.Called(s)
	if a == nil {
		return nil
	}
	events, known := c.events[a]
	if !known {
		events = eventsCaused(a.Definition)
		c.events[a] = events
	}
	return events
}

// eventsCaused are the events that a request to the account's own API causes
// in any case: a ticket or user created, a comment added, a field set to what
// only the run knows. A field that is set to a fixed value changes once.
func eventsCaused(definition *source.Node) []string {
	method, _ := definition.Get("method").Text()
	resource, id := zendeskResource(definition)
	body := definition.Get("requestBody")
	switch {
	case method == "POST" && resource == "tickets" && id == "":
		return []string{"ticket.TicketCreated"}
	case method == "POST" && resource == "users" && id == "":
		return []string{"user.UserCreated"}
	case method == "PUT" && resource == "tickets" && id != "":
		return changes(body.Get("ticket"), ticketEvent)
	case method == "PUT" && resource == "users" && id != "":
		return changes(body.Get("user"), userEvent)
	}
	return nil
}

func changes(object *source.Node, event func(field string) string) (events []string) {
	if !object.IsObject() {
		return nil
	}
	for _, n := range object.Members {
		name := parameterName(n)
		if name == "comment" || n.Name != name || readsData(n) {
			if e := event(name); e != "" && !slices.Contains(events, e) {
				events = append(events, e)
			}
		}
	}
	return events
}

// readsData tells whether a value holds anything that only a run knows.
func readsData(n *source.Node) bool {
	r := readsOf(n)
	return r.all || len(r.names) > 0
}

// ticketEvent is the event of a ticket's field (documented: API/trigger-events).
func ticketEvent(field string) string {
	switch field {
	case "comment":
		return "ticket.CommentAdded"
	case "custom_fields":
		return "ticket.CustomFieldChanged"
	case "tags", "additional_tags":
		return "ticket.TagsChanged"
	case "subject":
		return "ticket.SubjectChanged"
	case "status":
		return "ticket.StatusChanged"
	case "priority":
		return "ticket.PriorityChanged"
	case "external_id":
		return "ticket.ExternalIdChanged"
	}
	return ""
}

func userEvent(field string) string {
	switch field {
	case "user_fields":
		return "user.CustomFieldChanged"
	case "tags":
		return "user.TagsChanged"
	case "name":
		return "user.UserNameChanged"
	case "notes":
		return "user.UserNotesChanged"
	case "details":
		return "user.UserDetailsChanged"
	}
	return ""
}

// zendeskResource reads /api/v2/RESOURCE/ID.json, in a path or in the URL of
// an account. Both are "" for any other address.
func zendeskResource(definition *source.Node) (resource, id string) {
	address, ok := field(definition, "path").Text()
	if !ok {
		address, _ = field(definition, "url").Text()
		if !strings.Contains(address, ".zendesk.com/") && !strings.Contains(address, "zendeskHost") {
			return "", ""
		}
	}
	_, rest, ok := strings.Cut(address, "/api/v2/")
	rest, _, _ = strings.Cut(rest, "?")
	resource, id, _ = strings.Cut(strings.TrimSuffix(rest, ".json"), "/")
	if !ok || strings.Contains(id, "/") {
		return "", ""
	}
	return resource, id
}
