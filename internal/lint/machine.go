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
func unreachableStates(p *Pass, m *bundle.Machine) {
	states := make(map[string]*bundle.State, len(m.States))
	for _, s := range m.States {
		states[s.Name] = s
	}
	start := states[m.StartAt.Value]
	if start == nil {
		return // unknown-state tells that
	}
	seen := map[*bundle.State]bool{start: true}
	for todo := []*bundle.State{start}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, e := range s.Edges() {
			if to := states[e.To.Value]; to != nil && !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	for _, s := range m.States {
		if !seen[s] {
			p.AtKey(s.Node, "remove it, or lead a Next to it", "no way leads to the state %q", s.Name)
		}
	}
}
