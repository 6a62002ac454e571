package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/lint/eventname"
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
	{
		ID: "no-job-spec", Severity: diag.Note, Evidence: Inferred,
		Source:  "DG/developing-private-zis-integrations: job specs start flows, those that an inbound webhook feeds too; nothing else does but the ZIS Playground",
		Summary: "no job spec starts any of the flows",
		Bundles: noJobSpec,
	},
	{
		ID: "uncalled-action", Severity: diag.Note, Evidence: Inferred,
		Source:  "DG/zis-custom-actions: an action runs where a state calls it",
		Summary: "no state calls an action",
		Bundles: uncalledActions,
	},
}

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
	switch {
	case known == nil:
		if right := nearest(source, zis.EventSources.Names()); strings.EqualFold(right, source) {
			p.At(s.EventSource.Node, english.DidYouMean(right), "no event source is named %q", source)
		}
	case !mayBeUnlisted(event) || isMeant(event) || strings.EqualFold(p.facts.Nearest(event, known), event):
		p.At(s.EventType.Node, eventHelp(p, source, event, known), "%q has no event %q; the flow would never start", source, event)
	}
}

// mayBeUnlisted tells whether an event may exist although it isn't known: the
// list of organizations' events is lost in every copy of the documentation.
// Names of events are made of words with capitals.
func mayBeUnlisted(event string) bool {
	name, ok := strings.CutPrefix(event, "organization.")
	return ok && name != "" && 'A' <= name[0] && name[0] <= 'Z' && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "" &&
		len(eventname.Words(name)) > 1 && !eventname.AnyChange(event)
}

// isMeant tells whether an event is a known one in other words.
func isMeant(event string) bool { return len(eventname.Meant(event)) > 0 }

// eventHelp says what a name means, or names the nearest event, or those of the
// same kind.
func eventHelp(p *Pass, source, event string, known []string) string {
	meant := eventname.Meant(event)
	switch {
	case len(meant) == 1:
		return english.DidYouMean(meant[0]) + elsewhereEvent(source, meant[0])
	case len(meant) > 1:
		return "there is: " + quoteAll(meant)
	case strings.HasPrefix(event, eventname.WebhookPrefix):
		return "this is an event of Zendesk's webhooks: let one post to an inbound webhook of the integration, whose source_system and event_type a job spec names"
	case eventname.AnyChange(event):
		return "no event stands for any change: name the single changes; " + thereIs(sameKind(event, known))
	}
	same := sameKind(event, known)
	if best := p.facts.Nearest(event, known); best != "" && eventname.Slip(event, best) {
		return english.DidYouMean(best)
	}
	if len(same) == 0 && strings.Contains(event, ".") {
		return "ZIS has events of tickets, users, organizations and custom objects; of anything else let a webhook post to an inbound webhook of the integration, whose source_system and event_type a job spec names"
	}
	return thereIs(same)
}

// elsewhereEvent says that an event has another source.
func elsewhereEvent(source, event string) string {
	if of := sourceOf(event); of != source {
		return fmt.Sprintf(" Its source is %q", of)
	}
	return ""
}

func sameKind(event string, known []string) (same []string) {
	kind, _, _ := strings.Cut(strings.TrimPrefix(event, eventname.WebhookPrefix), ".")
	for _, k := range known {
		if of, _, _ := strings.Cut(k, "."); strings.EqualFold(of, kind) {
			same = append(same, k)
		}
	}
	return same
}

// sourceOf is the event source that has the event; "" if none has.
func sourceOf(event string) string {
	for _, source := range zis.EventSources.Names() {
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
			if before := first[key]; before != nil && before.Name.Value == s.Name.Value {
				continue // two of the same name: another rule tells
			} else if before != nil {
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

// noJobSpec is about all bundles of the integration that are given, and those
// of the account where they were read.
func noJobSpec(p *Pass, all []*zis.Bundle) {
	var first *zis.Bundle
	flows := 0
	for _, b := range all {
		if len(b.JobSpecs) > 0 {
			return
		}
	}
	for _, b := range all {
		if len(b.Flows) > 0 && first == nil {
			first = b
		}
		flows += len(b.Flows)
	}
	if holdsNothing(all) {
		p.At(all[0].Doc.Root.Get("resources"), "add a flow and a job spec", "the bundle holds nothing; uploaded, it takes the place of what a bundle of its name had")
		return
	}
	if first == nil || p.facts.Uncertain(zis.KindJobSpec) {
		return
	}
	what := "the flow"
	if flows > 1 {
		what = fmt.Sprintf("any of the %d flows", flows)
	}
	p.At(first.Doc.Root.Get("resources"), `add a ZIS::JobSpec with an event; for an inbound webhook with its source_system and event_type`, "no job spec: no event ever starts %s", what)
}

// holdsNothing tells whether no bundle has any resource, all being objects.
func holdsNothing(all []*zis.Bundle) bool {
	return !slices.ContainsFunc(all, func(b *zis.Bundle) bool {
		resources := b.Doc.Root.Get("resources")
		return !resources.IsObject() || len(resources.Members) > 0
	}) && len(all) > 0
}

// uncalledActions is silent where a state may mean any action, and in bundles
// without flows, whose actions others call.
func uncalledActions(p *Pass, all []*zis.Bundle) {
	called := map[string]bool{}
	flows := 0
	for _, b := range all {
		flows += len(b.Flows)
		for s := range b.ARNs {
			if arn, ok := zis.ParseARN(s.Value); ok {
				called[arn.Name] = true
			} else {
				return
			}
		}
	}
	if flows == 0 || p.facts.Uncertain(zis.KindFlow) || slices.ContainsFunc(all, missesFlow(p)) || slices.ContainsFunc(all, missesAction(p)) {
		return
	}
	for _, b := range all {
		for _, f := range b.Flows {
			if f.Machine == nil || p.facts.Graph(f.Machine).Broken || p.damage().anywhere(f.Node) {
				return // what is wrong there may be why
			}
		}
	}
	for _, b := range all {
		for _, a := range b.Actions {
			if a.Name.Given() && !called[a.Name.Value] && p.facts.Named(zis.KindAction, a.Name.Value) == a.Resource {
				p.At(a.Name.Node, "call it from a state, or remove it", "no state calls the action %q", a.Name.Value)
			}
		}
	}
}

// missesFlow tells of a bundle whether one of its job specs starts a flow that
// isn't there.
func missesFlow(p *Pass) func(*zis.Bundle) bool {
	return func(b *zis.Bundle) bool {
		return slices.ContainsFunc(b.JobSpecs, func(s *zis.JobSpec) bool {
			arn, ok := zis.ParseARN(s.FlowName.Value)
			return !ok || !p.facts.Has(zis.KindFlow, arn.Name)
		})
	}
}

// missesAction tells of a bundle whether one of its states calls an action that
// isn't there: it may have meant another one.
func missesAction(p *Pass) func(*zis.Bundle) bool {
	return func(b *zis.Bundle) bool {
		for _, f := range b.Flows {
			for s := range f.All {
				arn, ok := zis.ParseARN(s.ActionName.Value)
				if ok && arn.Integration != zis.Common && !p.facts.Has(zis.KindAction, arn.Name) || !ok && s.Type.Value == zis.StateAction {
					return true
				}
			}
		}
		return false
	}
}
