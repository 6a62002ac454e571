package lint

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
)

// keepsData tells whether the flow itself shows that a result without a
// ResultPath leaves the data alone: what stood there before is read after it.
// Otherwise the result may have replaced all of it.
func keepsData(x *index, m *bundle.Machine, ways *graph) bool {
	states := x.statesOf(m)
	var after []*bundle.State
	named := map[string]bool{}
	for _, name := range slices.Concat(rootNames, tolerated) {
		named[name] = true
	}
	for _, s := range m.States {
		if names := namesOf(pathOf(s.Node.Get("ResultPath")).Segments); len(names) > 0 {
			named[names[0]] = true
		} else if s.Node.Get("ResultPath") == nil && (s.Type.Value == bundle.StateAction || s.Node.Get("Result") != nil) {
			if next := states[s.Next.Value]; next != nil {
				after = append(after, next)
			}
		}
	}
	for i, reached := range reach(after, ways.to) {
		if reached && slices.ContainsFunc(x.dataReads(m.States[i]), func(r dataRead) bool { return named[r.names[0]] }) {
			return true
		}
	}
	return false
}

// overwrittenInput finds results that stand in the place of the event, though
// a later state reads the event. A jq program may have made the new input from
// the old one, and is left alone.
func overwrittenInput(p *Pass, m *bundle.Machine) {
	for _, s := range m.States {
		path := s.Node.Get("ResultPath")
		if path == nil || path.Value != "$.input" && path.Value != "$" || s.Map != nil || isJq(s) || s.Type.Value == bundle.StatePass {
			continue
		}
		if reader := inputReader(p.index, m, p.index.statesOf(m)[s.Next.Value]); reader != nil {
			p.At(path, "write another path, such as $.result", "the result takes the place of the event, which the state %q reads", reader.state.Name)
			p.Related(reader.node, "read here")
			return // the others of the machine are alike
		}
	}
}

// inputReader finds a state at or after start that reads something of the
// event.
func inputReader(x *index, m *bundle.Machine, start *bundle.State) *dataRead {
	if start == nil {
		return nil
	}
	for i, reached := range reach([]*bundle.State{start}, x.graph(m).to) {
		if !reached {
			continue
		}
		for _, r := range x.dataReads(m.States[i]) {
			if len(r.names) > 1 && r.names[0] == "input" && strings.HasSuffix(r.names[1], "_event") {
				return &r
			}
		}
	}
	return nil
}

// outsideOfItem finds states of an Iterator that read $.input, unless the
// items may have such a member: nothing in the flow that could make them so
// speaks of it.
func outsideOfItem(p *Pass, m *bundle.Machine) {
	if len(m.States) == 0 || m.States[0].Map == nil {
		return
	}
	around := m.States[0].Map
	for _, s := range m.States {
		for _, r := range p.index.dataReads(s) {
			if r.names[0] != "input" || len(r.names) < 2 || itemsMayHave(around, "input") || setsInside(m, "input") {
				continue
			}
			p.Inside(r.node, r.start, r.end, "put what the iterations need into the items, with "+jqTransform+" in a state before the Map",
				"an iteration sees nothing but its item: %s is outside", dotted(r.names))
			return // the others of the Iterator are alike
		}
	}
}

// itemsMayHave tells whether a program or literal of the outer flow names a
// member so.
func itemsMayHave(around *bundle.State, member string) bool {
	for _, s := range around.Machine.States {
		parameters := s.Node.Get("Parameters")
		for _, key := range []string{"expr", "expr.$"} {
			if text, ok := parameters.Get(key).Text(); ok && (strings.Contains(text, member+":") || strings.Contains(text, `"`+member+`"`) || strings.Contains(text, "."+member+" =") || strings.Contains(text, "{$"+member)) {
				return true
			}
		}
		if s.Node.Get("Result") != nil {
			return true
		}
	}
	return false
}

// setsInside tells whether the Iterator itself puts something there.
func setsInside(m *bundle.Machine, member string) bool {
	for _, s := range m.States {
		if names := namesOf(pathOf(s.Node.Get("ResultPath")).Segments); len(names) > 0 && names[0] == member {
			return true
		}
	}
	return false
}
