package lint

import (
	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

var machineRules = []Rule{
	{
		ID: "unreachable-state", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/understanding-flow-states: a flow begins at StartAt and follows Next; deployed bundles hold such states (observed)",
		Summary: "no way leads to a state",
		Machine: unreachableStates,
	},
}

// unreachableStates reports the states that no way from StartAt leads to. Of
// a group that only leads to itself each is reported: each can be removed.
// While a transition leads nowhere (unknown-state tells that), nobody knows
// where it was meant to lead, so nothing is said.
func unreachableStates(p *Pass, m *bundle.Machine) {
	seen, complete := reached(m)
	if !complete {
		return
	}
	for _, s := range m.States {
		if !seen[s.Name] {
			p.AtKey(s.Node, "remove it, or lead a Next to it", "no way leads to the state %q", s.Name)
		}
	}
}

// reached follows the ways from StartAt; complete is false if one of them
// leads to a state that is not there.
func reached(m *bundle.Machine) (seen map[string]bool, complete bool) {
	states := byName(m)
	seen, complete = map[string]bool{m.StartAt.Value: true}, states[m.StartAt.Value] != nil
	for todo := []*bundle.State{states[m.StartAt.Value]}; complete && len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, e := range s.Edges() {
			to := states[e.To.Value]
			if to == nil {
				return seen, false
			}
			if !seen[to.Name] {
				seen[to.Name] = true
				todo = append(todo, to)
			}
		}
	}
	return seen, complete
}

func byName(m *bundle.Machine) map[string]*bundle.State {
	states := make(map[string]*bundle.State, len(m.States))
	for _, s := range m.States {
		states[s.Name] = s
	}
	return states
}
