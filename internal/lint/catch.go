package lint

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

var catchRules = []Rule{
	{
		ID: "catch-replaces-data", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/state-retry-error-handling: a Catch's ResultPath is $ by default, which replaces all data, $.input too; projects' notes tell of it (observed)",
		Summary: "after a Catch without ResultPath a state reads data that the error has replaced",
		Machine: catchesReplaceData,
	},
	{
		ID: "catch-errors", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/state-retry-error-handling: the only valid value of ErrorEquals is States.ALL",
		Summary: "a Catch names an error other than States.ALL",
		State:   catchErrors,
	},
}

func catchErrors(p *Pass, s *bundle.State) {
	for _, c := range s.Catches {
		list := c.Node.Get("ErrorEquals")
		if !list.IsArray() {
			continue
		}
		for _, n := range list.Members {
			if name, ok := n.Text(); ok && name != "States.ALL" {
				p.At(n, `write "States.ALL", and tell errors apart by a Choice on the Cause of the error`, "a Catch can't be for %q alone", name)
			}
		}
	}
}

func catchesReplaceData(p *Pass, m *bundle.Machine) {
	for _, s := range m.States {
		for _, c := range s.Catches {
			if path := c.Node.Get("ResultPath"); path != nil && path.Value != "$" || !c.Next.Given() {
				continue
			}
			if reader, read := readsAfter(p.index, m, c.Next.Value); reader != nil {
				p.At(c.Next.Node, `add "ResultPath": "$.error" to the Catch`,
					"the Catch replaces all data with the error, and the state %q then reads %s", reader.Name, read)
				p.Related(reader.Type.Node, "reads "+read)
			}
		}
	}
}

// readsAfter finds a state at or after start that reads what an error replaced:
// anything but the fields of the error and what states after start put there.
// It doesn't look beyond a state that may replace all data again.
func readsAfter(x *index, m *bundle.Machine, first string) (reader *bundle.State, read string) {
	states := x.statesOf(m)
	start := states[first]
	if start == nil {
		return nil, ""
	}
	after := []*bundle.State{start}
	seen := map[*bundle.State]bool{start: true}
	there := map[string]bool{"Error": true, "Cause": true}
	for i := 0; i < len(after); i++ {
		noteResults(after[i], there)
		if replacesAll(after[i]) {
			continue
		}
		for e := range after[i].Edges {
			if to := states[e.To.Value]; to != nil && !seen[to] {
				seen[to] = true
				after = append(after, to)
			}
		}
	}
	for _, s := range after {
		for _, r := range x.readings(s) {
			if r.node.Name == "ResultPath" {
				continue
			}
			for _, part := range r.paths {
				if first := firstName(part.Path); first != "" && !there[first] {
					return s, fmt.Sprintf("%q", part.Path.String())
				}
			}
		}
	}
	return nil, ""
}

// noteResults adds the names at the root that a state puts data under.
func noteResults(s *bundle.State, there map[string]bool) {
	paths := []*bundle.Node{s.Node.Get("ResultPath")}
	for _, c := range s.Catches {
		paths = append(paths, c.Node.Get("ResultPath"))
	}
	for _, n := range paths {
		there[firstName(pathOf(n))] = true
	}
}

// replacesAll tells whether a state may put its result in the place of all data.
func replacesAll(s *bundle.State) bool {
	path := s.Node.Get("ResultPath")
	switch s.Type.Value {
	case bundle.StateAction, bundle.StateMap:
		return path == nil || path.Value == "$"
	case bundle.StatePass:
		return path == nil && s.Node.Get("Result") != nil || path != nil && path.Value == "$"
	}
	return false
}
