package lint

import (
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

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
