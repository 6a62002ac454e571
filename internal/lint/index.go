package lint

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// index is what rules look up, made once for all bundles of the integration.
type index struct {
	bundles []*zis.Bundle
	files   map[*source.Node]*diag.File // by root
	named   map[name]*zis.Resource      // the first of each name
	actions map[string]*zis.Action      // by name, the first of each
	lists   map[string][]string         // of names by kind; made when first asked for
	hints   int                         // names that may still be compared for suggestions
	unsure  map[string]bool             // by kind, as uncertain found out

	last struct { // that source was asked for
		node   *source.Node
		source *expr.Source
	}

	damage   func() damage                       // waits for the schema check
	programs func() map[*zis.Machine][]jqProgram // by the index of a state; waits until all are read
	machines map[*zis.Machine]*machineFacts
	specs    map[string][]*zis.JobSpec // by the name of the flow they start
	starts   map[string]startData      // by the name of the flow
	texts    map[*zis.Action][]reading
}

// machineFacts is what is found out about a machine, each when it is first
// asked for.
type machineFacts struct {
	byName map[string]*zis.State
	names  []string // of its states, sorted
	states []stateFacts
	graph  *graph
	flow   *dataFlow
}

// stateFacts is what several rules ask of a state.
type stateFacts struct {
	known    bool
	readings []reading
	odd      []*source.Node // members that are no field of anything
	data     []dataRead     // nil until dataReads is asked
}

// of are the facts about a machine.
func (x *index) of(m *zis.Machine) *machineFacts {
	f := x.machines[m]
	if f == nil {
		f = &machineFacts{states: make([]stateFacts, len(m.States))}
		x.machines[m] = f
	}
	return f
}

func (x *index) state(s *zis.State) *stateFacts {
	f := &x.of(s.Machine).states[s.Index]
	if !f.known {
		*f = stateFacts{known: true, readings: stateReadings(s), odd: odd(s.Node)}
	}
	return f
}

// name is what ARNs tell resources apart by.
type name struct{ kind, name string }

// maxHints bounds the work for suggestions in a file where every name is
// wrong; later findings go without.
const maxHints = 200_000

func newIndex(docs []*source.Document) *index {
	x := &index{
		files: map[*source.Node]*diag.File{}, named: map[name]*zis.Resource{}, actions: map[string]*zis.Action{},
		hints: maxHints, unsure: map[string]bool{},
		machines: map[*zis.Machine]*machineFacts{}, specs: map[string][]*zis.JobSpec{}, starts: map[string]startData{},
		texts: map[*zis.Action][]reading{},
	}
	for _, d := range docs {
		b := zis.Read(d)
		x.bundles = append(x.bundles, b)
		x.files[d.Root] = d.File
		for _, r := range b.Resources {
			n := name{r.Kind(), r.Name.Value}
			if r.Name.Given() && x.named[n] == nil {
				x.named[n] = r
			}
		}
		for _, spec := range b.JobSpecs {
			if arn, ok := zis.ParseARN(spec.FlowName.Value); ok {
				x.specs[arn.Name] = append(x.specs[arn.Name], spec)
			}
		}
		for _, a := range b.Actions {
			if x.actions[a.Name.Value] == nil {
				x.actions[a.Name.Value] = a
			}
		}
	}
	return x
}

// source is the string n as the file writes it; nil where the file writes
// something else than its value. The last one is kept: one string may have
// thousands of findings.
func (x *index) source(n *source.Node) *expr.Source {
	if x.last.node == n {
		return x.last.source
	}
	x.last.node, x.last.source = n, nil
	literal := x.files[n.Root()].Src[n.Span.Start:n.Span.End]
	var written string
	if err := json.Unmarshal(literal, &written); err == nil && written == n.Value {
		x.last.source = expr.NewSource(literal)
	}
	return x.last.source
}

// has tells whether a resource of that kind and name is in any of the bundles.
func (x *index) has(kind, resource string) bool { return x.named[name{kind, resource}] != nil }

// names are the names of all resources of a kind, sorted.
func (x *index) names(kind string) []string {
	if x.lists == nil {
		x.lists = map[string][]string{}
		for n := range x.named {
			x.lists[n.kind] = append(x.lists[n.kind], n.name)
		}
		for _, list := range x.lists {
			slices.Sort(list)
		}
	}
	return x.lists[kind]
}

// called is the custom action that a state calls, or nil.
func (x *index) called(s *zis.State) *zis.Action {
	arn, ok := zis.ParseARN(s.ActionName.Value)
	if !ok || arn.Integration == zis.Common || arn.Kind != zis.KindAction {
		return nil
	}
	return x.actions[arn.Name]
}

// statesOf are a machine's states by name; of a duplicate name the last.
func (x *index) statesOf(m *zis.Machine) map[string]*zis.State {
	f := x.of(m)
	if f.byName == nil {
		f.byName = make(map[string]*zis.State, len(m.States))
		for _, s := range m.States {
			f.byName[s.Name] = s
		}
	}
	return f.byName
}

// stateNames are the names of a machine's states, sorted.
func (x *index) stateNames(m *zis.Machine) []string {
	f := x.of(m)
	if f.names == nil {
		f.names = slices.Sorted(maps.Keys(x.statesOf(m)))
	}
	return f.names
}

// nearest is the known word that was meant; "" also once the hints are used up.
func (x *index) nearest(word string, known []string) string {
	if x.hints -= len(known); x.hints < 0 {
		return ""
	}
	return nearest(word, known)
}

// didYouMean is a help text: the nearest of the known words, or all of them.
func (x *index) didYouMean(word string, known []string) string {
	if x.hints -= len(known); x.hints < 0 {
		return ""
	}
	if best := nearest(word, known); best != "" {
		return quoteHint(best)
	}
	return listed(known)
}
