package flow

import (
	"cmp"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Suggestion says what a path that isn't there may have been meant to be.
type Suggestion struct {
	Path    []string // what it was probably meant to be; nil if nothing is near
	Below   bool     // Path is the same, below the event's data
	Behind  bool     // it is set, but not on every way to the reader
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
	best := cmp.Or(g.facts.Nearest(last, known), completed(path[len(above):], known))
	switch {
	case best != "" && best != last:
		s.Path = append(slices.Clone(above), best)
	case names[0] == "input":
		s.Path = g.inEvent(path[1:])
	}
	return s
}

// completed is the one known name of an id of which a name is the beginning:
// group_id of group, account_id of account. What is read below it is no more
// than that.
func completed(path, known []string) string {
	if len(path) > 2 || len(path) == 2 && path[1] != "id" {
		return ""
	}
	longer := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k != path[0]+"_id" && k != path[0]+"_key" })
	if len(longer) != 1 {
		return ""
	}
	return longer[0]
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
	if slices.Contains(zis.RootNames.Names(), name) {
		return Suggestion{} // it was written well, and taken away
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
	if best := completed(path, zis.RootNames.Names()); best != "" {
		return Suggestion{Path: []string{best}}
	}
	return Suggestion{Path: g.sameBelow(path)}
}

// sameBelow is the one thing in the data that is known to have what is read
// below a name that nothing sets: $.error.Cause of $.err.Cause.
func (g *dataGraph) sameBelow(path []string) (found []string) {
	if len(path) < 2 {
		return nil
	}
	for _, name := range g.names {
		for _, i := range g.setters[name] {
			n := g.nodes[i]
			if n.known || n.shape == nil || n.shape.Members[path[1]] == nil || n.shape.Lacks(path[1:]) {
				continue
			}
			if found != nil && !slices.Equal(found, n.sets) {
				return nil
			}
			found = n.sets
		}
	}
	return found
}

// belowInput finds a path of the event's data that was written without its
// beginning, or with another one: below $.input, where a webhook's body stands,
// or below the objects in it that hold an event.
func (g *dataGraph) belowInput(path []string) []string {
	for _, e := range g.start.Events {
		if e.Payload == nil {
			return slices.Concat([]string{"input"}, path)
		}
		if _, has := e.Payload.Below(path[0]); has {
			return slices.Concat([]string{"input"}, path)
		}
	}
	return g.inEvent(path)
}

// inEvent finds a path, or its end, in the objects of an event.
func (g *dataGraph) inEvent(path []string) []string {
	for _, e := range g.start.Events {
		for i := range path {
			if where := holder(e.Payload, path[i:]); where != nil {
				return slices.Concat([]string{"input"}, where, path[i:])
			}
		}
	}
	return nil
}

// holder is the object of an event, or the one object in it, that has the path.
func holder(payload *zis.Shape, path []string) []string {
	for _, wrapper := range payload.Fields() {
		event := payload.At(wrapper)
		if has(event, path) {
			return []string{wrapper}
		}
		for _, object := range event.Fields() {
			if object != "meta" && has(event.At(object), path) {
				return []string{wrapper, object}
			}
		}
	}
	return nil
}

func has(s *zis.Shape, path []string) bool {
	if s == nil {
		return false
	}
	_, listed := s.Members[path[0]]
	return listed && !s.Lacks(path)
}
