package lint

import (
	"maps"
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
			if f == nil || f.Machine == nil || s.EventSource.Value != zis.SourceSupport {
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
		if s.Iterator != nil {
			maps.Copy(caused, c.of(s.Iterator))
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
	if body := a.Definition.Get("requestBody.$"); body != nil {
		return eventsCaused(a.Definition, passedBody(s, body))
	}
	events, known := c.events[a]
	if !known {
		events = eventsCaused(a.Definition, a.Definition.Get("requestBody"))
		c.events[a] = events
	}
	return events
}

// passedBody is the whole body that a state passes to an action; nil where it
// is only known at run time.
func passedBody(s *zis.State, body *source.Node) *source.Node {
	names := flow.NamesOf(flow.PathOf(body))
	if len(names) != 1 {
		return nil
	}
	return s.Parameters.Get(names[0])
}

// eventsCaused are the events that a request to the account's own API causes
// in any case: a ticket created, a comment or tag added, a field set to what
// only the run knows. A field that is set to a fixed value changes once.
func eventsCaused(definition, body *source.Node) []string {
	method, _ := definition.Get("method").Text()
	e := zis.EffectOf(method, accountPath(definition))
	if e == nil {
		return nil
	}
	events := slices.Clone(e.Events)
	objects := []*source.Node{body.Get(e.Body)}
	if list := body.Get(e.Many); list.IsArray() {
		objects = append(objects, list.Members...)
	}
	for _, object := range objects {
		if !object.IsObject() {
			continue
		}
		for _, n := range object.Members {
			name := parameterName(n)
			event := e.Fields[name]
			if event != "" && (alwaysChanges(name) || n.Name != name || readsData(n)) && !slices.Contains(events, event) {
				events = append(events, event)
			}
		}
	}
	return events
}

// alwaysChanges tells whether a field makes an event each time it is sent,
// although its value is the same.
func alwaysChanges(field string) bool { return field == "comment" }

// readsData tells whether a value holds anything that only a run knows.
func readsData(n *source.Node) bool {
	r := readsOf(n)
	return r.all || len(r.names) > 0
}

// accountPath is what stands behind /api/v2/, in a path or in the URL of an
// account; "" for any other address.
func accountPath(definition *source.Node) string {
	address, ok := field(definition, "path").Text()
	if !ok {
		address, _ = field(definition, "url").Text()
		if !strings.Contains(address, ".zendesk.com/") && !strings.Contains(address, "zendeskHost") {
			return ""
		}
	}
	_, rest, _ := strings.Cut(address, "/api/v2/")
	return rest
}
