package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var referenceRules = []Rule{
	{
		ID: "unknown-flow", Severity: diag.Warning, Evidence: Observed,
		Source:  "docs/platform.md 10: a job spec whose flow is missing is accepted at upload, and never runs",
		Summary: "a job spec starts a flow that is not there",
		JobSpec: unknownFlow,
	},
	{
		ID: "unknown-action", Severity: diag.Warning, Evidence: Inferred,
		Source:  "docs/platform.md 3.3: an action is looked up in the integration at run time; the documentation contradicts itself on other bundles",
		Summary: "a state calls an action that is not there",
		State:   unknownAction,
	},
	{
		ID: "unknown-state", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/understanding-flow-states: StartAt, Next, Default and a Catch's Next name a state of the same States object",
		Summary: "a transition leads to a state that is not there",
		Machine: unknownStates,
	},
}

func unknownFlow(p *Pass, s *zis.JobSpec) {
	if !s.FlowName.Given() {
		return
	}
	arn, ok := zis.ParseARN(s.FlowName.Value)
	switch {
	case ok && variable(arn.Name): // whatever is filled in
	case !ok:
		p.At(s.FlowName.Node, cmp.Or(meantResource(p, zis.KindFlow, s.FlowName.Value), "write zis:INTEGRATION:flow:NAME"), "%q is not the ARN of a flow", s.FlowName.Value)
	case arn.Kind != zis.KindFlow:
		p.At(s.FlowName.Node, cmp.Or(meantResource(p, zis.KindFlow, s.FlowName.Value), "write zis:"+arn.Integration+":flow:NAME"),
			"%q names a resource of the kind %q, not a flow", s.FlowName.Value, arn.Kind)
	case !p.facts.Has(zis.KindFlow, arn.Name) && !p.facts.Uncertain(zis.KindFlow):
		p.At(s.FlowName.Node, p.didYouMean(arn.Name, p.facts.Names(zis.KindFlow)), "no flow is named %q; the job spec would start nothing", arn.Name)
	}
}

func unknownAction(p *Pass, s *zis.State) {
	n, text := s.ActionName.Node, s.ActionName.Value
	arn, ok := zis.ParseARN(text)
	switch {
	case n == nil, ok && variable(arn.Name):
	case !ok:
		p.At(n, cmp.Or(meantAction(p, text), "write zis:INTEGRATION:action:NAME, or a built-in such as zis:common:transform:Jq"), "%q is not the ARN of an action", text)
	case arn.Integration == zis.Common:
		if zis.BuiltInOf(text) == nil {
			p.At(n, builtInHelp(p, arn.Name), "no built-in action is named %q", text)
		}
	case arn.Kind != zis.KindAction:
		p.At(n, fmt.Sprintf("write zis:%s:action:%s", arn.Integration, arn.Name), "%q names a resource of the kind %q, not an action", text, arn.Kind)
	case !p.facts.Has(zis.KindAction, arn.Name) && !p.facts.Uncertain(zis.KindAction):
		help := p.didYouMean(arn.Name, p.facts.Names(zis.KindAction))
		if b := builtInNamed(arn.Name); b != nil {
			help = english.DidYouMean(b.ARN)
		}
		p.At(n, help, "no action is named %q", arn.Name)
	}
}

// meantAction is a help text: the action that a text which is no ARN was
// probably meant to name; "" if there is none.
func meantAction(p *Pass, text string) string {
	name := lastPart(text)
	if b := builtInNamed(name); b != nil {
		return english.DidYouMean(b.ARN)
	}
	if help := meantResource(p, zis.KindAction, text); help != "" {
		return help
	}
	if strings.EqualFold(name, "Http") {
		return "write zis:INTEGRATION:action:NAME with the name of an action of your own, ZIS::Action::Http"
	}
	return ""
}

// meantResource is a help text: the ARN of the resource whose name, alone or
// behind other words, stands in the place of an ARN; "" if there is none.
func meantResource(p *Pass, kind, text string) string {
	names, name := p.facts.Names(kind), lastPart(text)
	best := p.facts.Nearest(name, names)
	if slices.Contains(names, name) {
		best = name
	}
	if best == "" {
		return ""
	}
	return english.DidYouMean(zis.ARN{Integration: integrationOf(p), Kind: kind, Name: best}.String())
}

// integrationOf is the name that an ARN is to have: the target's, or that of
// the first ARN which has one.
func integrationOf(p *Pass) string {
	if p.Options.Integration != "" {
		return p.Options.Integration
	}
	for _, b := range p.facts.Bundles {
		for s := range b.ARNs {
			if arn, ok := zis.ParseARN(s.Value); ok && arn.Integration != zis.Common && zis.ValidIntegration(arn.Integration) {
				return arn.Integration
			}
		}
	}
	return "INTEGRATION"
}

// builtInNamed is the built-in action that was meant by a short name; nil if
// none was. CreateTicket is near to CreateLink in its letters alone.
func builtInNamed(name string) *zis.BuiltIn {
	if b := zis.BuiltInNamed(name); b != nil {
		return b
	}
	const shortest, longest = 5, 40 // where two letters are a slip
	for i, b := range zis.BuiltIns {
		if len(name) >= shortest && len(name) <= longest && english.Distance(strings.ToLower(name), strings.ToLower(b.Short())) <= 2 {
			return &zis.BuiltIns[i]
		}
	}
	return nil
}

// lastPart is what stands behind the last colon.
func lastPart(text string) string {
	return strings.TrimSpace(text[strings.LastIndexByte(text, ':')+1:])
}

// builtInHelp says what to call in the place of a built-in action that doesn't
// exist: the one whose name is nearly the same, or a request of one's own.
func builtInHelp(p *Pass, name string) string {
	if b := builtInNamed(name); b != nil {
		return english.DidYouMean(b.ARN)
	}
	if p.facts.Has(zis.KindAction, name) {
		return english.DidYouMean(zis.ARN{Integration: integrationOf(p), Kind: zis.KindAction, Name: name}.String())
	}
	return "make the request with an action of your own, ZIS::Action::Http; " + thereIs(zis.BuiltInNames())
}

func unknownStates(p *Pass, m *zis.Machine) {
	known := p.facts.States(m)
	if len(known) == 0 {
		return
	}
	maps := slices.DeleteFunc(slices.Clone(m.States), func(s *zis.State) bool { return s.Iterator == nil })
	check := func(to zis.String, what string) {
		if to.Given() && known[to.Value] == nil {
			p.At(to.Node, stateHelp(p, m, maps, to.Value), "%s leads to %q, and no state here is named so", what, to.Value)
		}
	}
	check(m.StartAt, "StartAt")
	for _, s := range m.States {
		for e := range s.Edges {
			check(e.To, edgeWords[e.Kind])
		}
	}
}

var edgeWords = map[string]string{"next": "Next", "default": "Default", "choice": "Next", "catch": "the Next of a Catch"}

// stateHelp says what else the name of a missing state may mean. maps are the
// states of the machine with an Iterator.
func stateHelp(p *Pass, m *zis.Machine, maps []*zis.State, missing string) string {
	const closed = "the state %q stands %s: the states of an Iterator lead only to each other"
	if !p.facts.MayCompare(len(maps)) {
		return ""
	}
	for _, s := range maps {
		if p.facts.States(s.Iterator)[missing] != nil {
			return fmt.Sprintf(closed, missing, fmt.Sprintf("inside the Map %q", s.Name))
		}
	}
	if len(m.States) > 0 && m.States[0].Map != nil && p.facts.States(m.States[0].Map.Machine)[missing] != nil {
		return fmt.Sprintf(closed, missing, "outside of the Map")
	}
	return p.didYouMean(missing, p.facts.StateNames(m))
}
