package flow

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Read is a path that a state reads, as names from the root up to an index.
type Read struct {
	State      *zis.State
	Node       *source.Node
	Start, End int // in the text of Node
	Names      []string
	Beyond     []string // names that follow behind an index: tags[0].name
}

// Path is the path as people write it.
func (r Read) Path() string { return Dotted(r.Names) }

// Dotted writes names as a path: $.a.b.
func Dotted(names []string) string { return "$." + strings.Join(names, ".") }

// maxNames is how many names at the beginning of a path are looked at; nobody's
// data is that deep.
const maxNames = 100

// Reads are the paths that a state reads where a missing one ends the run:
// not those that a condition asks for by IsPresent or IsNull.
func (x *Facts) Reads(s *zis.State) []Read {
	f := x.state(s)
	if f.reads == nil {
		f.reads = readsIn(s, f.readings)
	}
	return f.reads
}

func readsIn(s *zis.State, readings []Reading) []Read {
	var list []Read
	guarded := map[string]bool{}
	for _, r := range readings {
		if r.Kind == Fixed || r.Kind == ProgramText && r.Node.Name != "expr.$" || r.Node.Name == "ResultPath" {
			continue
		}
		for _, part := range r.Paths {
			names := namesOf(part.Path.Segments)
			names = names[:min(len(names), maxNames)]
			if r.Node.Name == "Variable" && (r.Node.Parent.Get("IsPresent") != nil || r.Node.Parent.Get("IsNull") != nil) {
				guarded[pathKey(names)] = true
			} else if len(names) > 0 {
				list = append(list, Read{s, r.Node, part.Start, part.End, names, beyond(part.Path.Segments)})
			}
		}
	}
	if len(guarded) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(r Read) bool {
		for i := range r.Names {
			if guarded[pathKey(r.Names[:i+1])] {
				return true
			}
		}
		return false
	})
}

// beyond are the names behind the first index of a path.
func beyond(path []expr.Segment) []string {
	i := slices.IndexFunc(path, func(s expr.Segment) bool { return s.Kind == expr.Index })
	if i < 0 {
		return nil
	}
	return namesOf(path[i+1:])
}

// Unset is a read of a path that isn't there, always or sometimes.
type Unset struct {
	Read
	Names     []string // the beginning of the path that isn't there
	Sometimes bool
	Event     *zis.JobSpec // whose event doesn't bring it; nil if it isn't to be expected of an event
	Suggest   Suggestion
}

// Unset are the reads of a machine whose path isn't there. It is empty where
// something that is wrong elsewhere may be why, and of a Map's Iterator, whose
// items have any shape.
func (x *Facts) Unset(m *zis.Machine) []Unset {
	f := x.machine(m)
	if f.data {
		return f.unset
	}
	f.data = true
	g := x.dataGraph(m)
	if g == nil {
		return nil
	}
	for _, s := range m.States {
		if g.entry(s) < 0 {
			continue
		}
		for _, r := range x.Reads(s) {
			if u, found := g.check(r); found {
				f.unset = append(f.unset, u)
			}
		}
	}
	return f.unset
}

// dataGraph is nil where the ways or the data of a machine aren't known.
func (x *Facts) dataGraph(m *zis.Machine) *dataGraph {
	f := x.machine(m)
	if f.flow == nil {
		f.flow = &dataGraph{}
		if len(m.States) > 0 && m.States[0].Map == nil {
			ways := x.Graph(m)
			if ways.Start != nil && !ways.Broken && !slices.ContainsFunc(m.States, x.losesResult) {
				f.flow = newDataGraph(x, m, ways)
			}
		}
	}
	if f.flow.nodes == nil {
		return nil
	}
	return f.flow
}

// losesResult tells whether a misspelt field may be where a result goes.
func (x *Facts) losesResult(s *zis.State) bool {
	return s.ResultPath == nil && x.Misspelt(s, "ResultPath")
}

// ShapeAt is the shape of what a state reads at a path, where one thing alone
// can have put it there: the event, or one state. nil where it isn't known.
func (x *Facts) ShapeAt(s *zis.State, names []string) *zis.Shape {
	g := x.dataGraph(s.Machine)
	if g == nil || len(names) == 0 || g.entry(s) < 0 {
		return nil
	}
	return g.shapeAt(names)
}
