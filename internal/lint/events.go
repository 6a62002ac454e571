package lint

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var eventRules = []Rule{
	{
		ID: "unknown-event", Severity: diag.Warning, Evidence: Observed,
		Source:  "API/trigger-events lists the events; others are accepted at upload and never happen (ticket.Created and ticket.created were seen)",
		Summary: "a job spec waits for an event that does not exist",
		JobSpec: unknownEvent,
	},
	{
		ID: "duplicate-event", Severity: diag.Warning, Evidence: Inferred,
		Source:  "each installed job spec starts its flow (API/trigger-events)",
		Summary: "two job specs start the same flow on the same event",
		Bundles: duplicateEvents,
	},
	{
		ID: "unstarted-flow", Severity: diag.Note, Evidence: Inferred,
		Source:  "DG/developing-private-zis-integrations: job specs start flows; nothing else does but the ZIS Playground",
		Summary: "no job spec starts a flow",
		Bundles: unstartedFlows,
	},
}

// unlisted are kinds of events whose lists are lost in every copy of the
// documentation: what isn't known of them may exist.
var unlisted = []string{"organization.", "activity."}

func unknownEvent(p *Pass, s *zis.JobSpec) {
	source, event := s.EventSource.Value, s.EventType.Value
	if !s.EventSource.Given() || !s.EventType.Given() || variable(source) || variable(event) {
		return
	}
	known := zis.EventsOf(source)
	if slices.Contains(known, event) {
		return
	}
	if right := sourceOf(event); right != "" {
		p.At(s.EventSource.Node, "write "+quoteAll([]string{right}), "%q has no event %s; %q has", source, event, right)
		return
	}
	best := p.facts.Nearest(event, known)
	switch {
	case known == nil:
		if i := slices.IndexFunc(zis.EventSources, func(k string) bool { return strings.EqualFold(k, source) }); i >= 0 {
			p.At(s.EventSource.Node, quoteHint(zis.EventSources[i]), "no event source is named %q", source)
		}
	case !slices.ContainsFunc(unlisted, func(kind string) bool { return strings.HasPrefix(event, kind) }) || strings.EqualFold(best, event):
		p.At(s.EventType.Node, eventHelp(event, best, known), "%q has no event %q; the flow would never start", source, event)
	}
}

// eventHelp names the nearest event, or those of the same kind.
func eventHelp(event, best string, known []string) string {
	if best != "" {
		return quoteHint(best)
	}
	kind, action, _ := strings.Cut(event, ".")
	var same []string
	for _, k := range known {
		of, name, _ := strings.Cut(k, ".")
		if strings.EqualFold(of, kind) {
			same = append(same, k)
			if action != "" && strings.Contains(strings.ToLower(name), strings.ToLower(action)) {
				return quoteHint(k)
			}
		}
	}
	return listed(same)
}

// sourceOf is the event source that has the event; "" if none has.
func sourceOf(event string) string {
	for _, source := range zis.EventSources {
		if slices.Contains(zis.EventsOf(source), event) {
			return source
		}
	}
	return ""
}

func duplicateEvents(p *Pass, all []*zis.Bundle) {
	type start struct{ source, event, flow string }
	first := map[start]*zis.JobSpec{}
	for _, b := range all {
		for _, s := range b.JobSpecs {
			arn, ok := zis.ParseARN(s.FlowName.Value)
			if !ok || !s.EventSource.Given() || !s.EventType.Given() {
				continue
			}
			key := start{s.EventSource.Value, s.EventType.Value, arn.Name}
			if before := first[key]; before != nil {
				p.At(s.EventType.Node, "remove one of the job specs", "the flow %q is started by %s twice; each event would run it two times", arn.Name, s.Event())
				p.Related(before.EventType.Node, "first here")
				continue
			}
			first[key] = s
		}
	}
}

// unstartedFlows is silent where a job spec starts nothing: it may have meant
// the flow, and unknown-flow tells of it. Where there is no job spec at all,
// they are kept elsewhere, or the flow is for the Playground.
func unstartedFlows(p *Pass, all []*zis.Bundle) {
	if p.facts.Uncertain(zis.KindJobSpec) {
		return
	}
	started := map[string]bool{}
	for _, b := range all {
		for _, s := range b.JobSpecs {
			arn, ok := zis.ParseARN(s.FlowName.Value)
			if !ok || !p.facts.Has(zis.KindFlow, arn.Name) {
				return
			}
			started[arn.Name] = true
		}
	}
	for _, b := range all {
		for _, f := range b.Flows {
			if len(started) > 0 && f.Name.Given() && !started[f.Name.Value] {
				p.At(f.Name.Node, "add a ZIS::JobSpec with the flow_name zis:INTEGRATION:flow:"+diag.Cut(f.Name.Value, diag.Quoted), "no job spec starts the flow %q", f.Name.Value)
			}
		}
	}
}
