package lint

import (
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const (
	ruleStateType = "state-type"
	ruleStateEnd  = "state-end"
)

var stateRules = []Rule{
	{
		ID: ruleStateType, Severity: diag.Error, Evidence: Documented,
		Source:  "DG/understanding-flow-states: seven types of states, nothing else; DG/flow-state-limitations: no Task, no Parallel",
		Summary: "a state has a type that does not exist",
		State:   stateType,
	},
	{
		ID: ruleStateEnd, Severity: diag.Error, Evidence: Documented,
		Source:  "DG/understanding-flow-states: most states have exactly one of Next and End, End is true; Choice, Succeed and Fail have neither",
		Summary: "it is not clear where a state leads",
		State:   stateEnd,
	},
}

func stateType(p *Pass, s *zis.State) {
	if !s.Type.Given() || zis.StateFields(s.Type.Value) != nil {
		return
	}
	help := ""
	switch s.Type.Value {
	case "Task":
		help = `use "Action" with "ActionName"`
	case "Parallel":
		help = "put the states one after the other, or into a Map"
	default:
		help = didYouMean(s.Type.Value, zis.StateTypeNames())
	}
	p.At(s.Type.Node, help, "no type of state is named %q", s.Type.Value)
}

func stateEnd(p *Pass, s *zis.State) {
	next, end := s.Node.Get("Next"), s.End
	switch s.Type.Value {
	case zis.StateAction, zis.StateMap, zis.StatePass, zis.StateWait:
		nextOrEnd(p, s, next, end)
	case zis.StateChoice:
		forbidden(p, s, next, `each rule has its own Next; for no rule at all there is "Default"`)
		forbidden(p, s, end, "lead a rule or Default to a state that ends the flow")
	case zis.StateSucceed, zis.StateFail:
		forbidden(p, s, next, "remove it: the flow ends here")
		forbidden(p, s, end, "remove it: the flow ends here in any case")
	}
}

func nextOrEnd(p *Pass, s *zis.State, next, end *source.Node) {
	switch {
	case next == nil && end == nil:
		if m := misspeltEnd(s.Node); m != nil {
			p.AtKey(m, didYouMean(m.Name, []string{"Next", "End"}), "the state %q has neither Next nor End, but %q", s.Name, m.Name)
			return
		}
		p.AtKey(s.Node, `add "Next": "STATE", or "End": true`, "the state %q has neither Next nor End", s.Name)
	case next != nil && end != nil:
		help := `remove "End": the flow goes on here`
		if end.Value == true {
			help = "remove one of them"
		}
		p.AtKey(end, help, "the state %q has Next and End", s.Name)
	case end != nil && end.Value == false:
		p.At(end, `write "End": true, or name the next state: "Next": "STATE"`, "End can't be false")
	}
}

// misspeltEnd is the member that was meant to be Next or End.
func misspeltEnd(n *source.Node) *source.Node {
	if m := flow.Slip(n, "Next"); m != nil {
		return m
	}
	return flow.Slip(n, "End")
}

func forbidden(p *Pass, s *zis.State, n *source.Node, help string) {
	if n != nil {
		p.AtKey(n, help, "a state of the type %s has no %s", s.Type.Value, n.Name)
	}
}

var machineRules = []Rule{
	{
		ID: "unreachable-state", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/understanding-flow-states: a flow begins at StartAt and follows Next; deployed bundles hold such states (observed)",
		Summary: "no way leads to a state",
		Machine: unreachableStates,
	},
	{
		ID: "endless-loop", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/flow-state-limitations: a flow is ended after 100 seconds",
		Summary: "no way leads from a state to an end",
		Machine: endlessLoops,
	},
}

// unreachableStates reports the states that no way from StartAt leads to: each
// of them can be removed. Where a loop can't be left, that is why the states
// behind it aren't reached.
func unreachableStates(p *Pass, m *zis.Machine) {
	g := p.facts.Graph(m)
	if g.Broken || len(g.Loops) > 0 {
		return // another rule tells where the way is lost
	}
	seen := flow.Reach([]*zis.State{g.Start}, g.To)
	for i, s := range m.States {
		if !seen[i] && p.facts.States(m)[s.Name] == s && !p.damage().below(m.Node, wayFields...) {
			p.AtKey(s.Node, "remove it, or lead a Next to it", "no way leads to the state %q", s.Name)
		}
	}
}

func endlessLoops(p *Pass, m *zis.Machine) {
	for _, s := range p.facts.Graph(m).Loops {
		if p.damage().below(m.Node, wayFields...) {
			return
		}
		p.AtKey(s.Node, "lead one of the transitions to a state that ends", "no way leads from the state %q to an end", s.Name)
	}
	for _, s := range p.facts.Graph(m).Stuck {
		if p.damage().below(m.Node, wayFields...) {
			return
		}
		p.AtKey(s.Node, "lead one of the transitions to a state that ends, such as by a Choice that counts", "no way but an error leads from the state %q to an end", s.Name)
	}
}
