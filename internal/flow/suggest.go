package flow

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Suggestion says what a path that isn't there may have been meant to be.
type Suggestion struct {
	Path    []string // what it was probably meant to be; nil if nothing is near
	Below   bool     // Path is the same, below the event's data
	Behind  bool     // it is set, but on no way to the reader
	Instead []string // what there is in the place of the missing name, sorted; nil if that isn't known
}

// suggest looks for what was meant by names, the beginning of a path that isn't
// there.
func (g *dataGraph) suggest(path, names []string) Suggestion {
	last, above := names[len(names)-1], names[:len(names)-1]
	if !g.facts.MayCompare(len(g.names) + len(g.setters[names[0]])) {
		return Suggestion{}
	}
	if len(names) == 1 {
		return g.suggestRoot(path, last)
	}
	known := g.start.below(above)
	written := false
	for _, i := range g.setters[names[0]] {
		n := g.nodes[i]
		if n.known {
			continue
		}
		if len(n.sets) >= len(names) && startsWith(n.sets, above) {
			known = append(known, n.sets[len(names)-1])
			written = written || n.sets[len(names)-1] == last
		} else if startsWith(above, n.sets) {
			known = append(known, n.shape.At(above[len(n.sets):]...).Fields()...)
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	if written {
		return Suggestion{Behind: true}
	}
	s := Suggestion{Instead: known}
	if deeper := g.deeper(above, last); deeper != nil {
		s.Path = deeper
		return s
	}
	if best := g.facts.Nearest(last, known); best != "" && best != last {
		s.Path = append(slices.Clone(above), best)
	}
	return s
}

// deeper finds a name one object further in: $.link.uuid of $.uuid.
func (g *dataGraph) deeper(above []string, last string) []string {
	for _, i := range g.setters[above[0]] {
		n := g.nodes[i]
		if n.known || !startsWith(above, n.sets) {
			continue
		}
		shape := n.shape.At(above[len(n.sets):]...)
		for _, name := range shape.Fields() {
			if below := shape.At(name); below != nil && slices.Contains(below.Fields(), last) {
				return slices.Concat(above, []string{name, last})
			}
		}
	}
	return nil
}

// suggestRoot looks at a name at the root of the data.
func (g *dataGraph) suggestRoot(path []string, name string) Suggestion {
	if slices.Contains(g.names, name) {
		return Suggestion{Behind: true}
	}
	if best := g.facts.Nearest(name, slices.Concat(g.names, zis.RootNames.Names())); best != "" {
		return Suggestion{Path: []string{best}}
	}
	if below := g.belowInput(path); below != nil {
		return Suggestion{Path: below, Below: true}
	}
	if name == "accountId" { // of a sample in DG/zis-built-in-actions
		return Suggestion{Path: []string{"account_id"}}
	}
	return Suggestion{}
}

// belowInput finds a path of the event's data that was written without its
// beginning: below $.input, where a webhook's body stands, or below the object
// in it that holds an event.
func (g *dataGraph) belowInput(path []string) []string {
	for _, e := range g.start.Events {
		if e.Payload == nil {
			return slices.Concat([]string{"input"}, path)
		}
		if _, has := e.Payload.Below(path[0]); has {
			return slices.Concat([]string{"input"}, path)
		}
		for _, wrapper := range e.Payload.Fields() {
			shape := e.Payload.At(wrapper)
			if _, listed := shape.Members[path[0]]; listed && !shape.Lacks(path) {
				return slices.Concat([]string{"input", wrapper}, path)
			}
		}
	}
	return nil
}
