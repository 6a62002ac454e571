package lint

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
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

func catchErrors(p *Pass, s *zis.State) {
	for _, c := range s.Catches {
		list := c.Node.Get("ErrorEquals")
		if !list.IsArray() {
			continue
		}
		if len(list.Members) == 0 {
			p.AtKey(list, `write "ErrorEquals": ["States.ALL"]`, "the Catch is for no error")
			p.Only(diag.Warning) // nobody has seen it refused
		}
		for _, n := range list.Members {
			if name, ok := n.Text(); ok && !zis.ErrorNames.Has(name) {
				p.At(n, `write "States.ALL", and tell errors apart by a Choice on the Cause of the error`, "a Catch can't be for %q alone", name)
			}
		}
	}
}

func catchesReplaceData(p *Pass, m *zis.Machine) {
	readers := map[string]*dataReader{} // by the state that a Catch leads to
	budget := maxAfter
	for _, s := range m.States {
		for _, c := range s.Catches {
			if path := c.Node.Get("ResultPath"); path != nil && path.Value != "$" || !c.Next.Given() {
				continue
			}
			r, known := readers[c.Next.Value]
			if !known && budget > 0 {
				r = readsAfter(p.facts, m, c.Next.Value, &budget)
				readers[c.Next.Value] = r
			}
			if r != nil {
				p.At(c.Next.Node, `add "ResultPath": "$.error" to the Catch`,
					"the Catch replaces all data with the error, and the state %q then reads %q", r.state.Name, r.path)
				p.Related(r.state.Node, fmt.Sprintf("reads %q", r.path))
			}
		}
	}
}

// maxAfter is how many states are looked at behind the Catches of a machine,
// which bounds the work for hostile ones; beyond it they pass.
const maxAfter = 200_000

// dataReader is a state that reads a path.
type dataReader struct {
	state *zis.State
	path  string // as it is written, cut
}

// readsAfter finds a state at or after the first that reads what an error
// replaced: anything but the fields of the error and what states after it put
// there. It doesn't look beyond a state that may replace all data again.
func readsAfter(x *flow.Facts, m *zis.Machine, first string, budget *int) *dataReader {
	states := x.States(m)
	if states[first] == nil {
		return nil
	}
	after, seen := []*zis.State{states[first]}, make([]bool, len(m.States))
	seen[states[first].Index] = true
	there := map[string]bool{"Error": true, "Cause": true}
	for i := 0; i < len(after); i++ {
		noteResults(after[i], there)
		if replacesAll(after[i]) {
			continue
		}
		for e := range after[i].Edges {
			if to := states[e.To.Value]; to != nil && !seen[to.Index] {
				seen[to.Index] = true
				after = append(after, to)
			}
		}
	}
	*budget -= len(m.States)
	for _, s := range after {
		for _, r := range x.Readings(s) {
			for _, part := range r.Paths {
				if first := flow.FirstName(part.Path); first != "" && !there[first] && r.Node.Name != "ResultPath" {
					return &dataReader{s, diag.Cut(part.Path.String(), diag.Quoted)}
				}
			}
		}
	}
	return nil
}

// noteResults adds the names at the root that a state puts data under.
func noteResults(s *zis.State, there map[string]bool) {
	paths := []*source.Node{s.ResultPath}
	for _, c := range s.Catches {
		paths = append(paths, c.Node.Get("ResultPath"))
	}
	for _, n := range paths {
		there[flow.FirstName(flow.PathOf(n))] = true
	}
}

// replacesAll tells whether a state may put its result in the place of all data.
func replacesAll(s *zis.State) bool {
	path := s.ResultPath
	switch s.Type.Value {
	case zis.StateAction, zis.StateMap:
		return path == nil || path.Value == "$"
	case zis.StatePass:
		return path == nil && s.Result != nil || path != nil && path.Value == "$"
	}
	return false
}
