// Package flow says what is true of the flows of one integration: who leads to
// whom, what is read where, what is there when it is read, which loops can't be
// left, what a program gives out. It judges nothing; its exported names are the
// list of facts that a rule may ask for.
package flow

import (
	"slices"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Facts is what is found out about the bundles of one integration, each thing
// when it is first asked for. It serves one goroutine.
type Facts struct {
	Bundles []*zis.Bundle

	named      map[resourceName]*zis.Resource // the first of each name
	actions    map[string]*zis.Action         // by name, the first of each
	names      map[string][]string            // of resources by kind; made when first asked for
	uncertain  map[string]bool                // by kind
	comparable int                            // names that may still be compared for suggestions
	programs   func() map[*zis.Machine][]Program
	machines   map[*zis.Machine]*machineFacts
	specs      map[string][]*zis.JobSpec // by the name of the flow they start
	starts     map[string]*Start         // by the name of the flow
	readings   map[*zis.Action][]Reading
	callers    map[*zis.Action][]*zis.State // made when first asked for
	defined    map[*source.Node]*zis.Action // by definition; made when first asked for
}

// resourceName is what ARNs tell resources apart by.
type resourceName struct{ kind, name string }

// maxCompared bounds the work for suggestions in a file where every name is
// wrong; later findings go without.
const maxCompared = 200_000

// New begins with the bundles as they are. The jq programs are read aside.
func New(bundles []*zis.Bundle) *Facts {
	x := &Facts{
		Bundles: bundles,
		named:   map[resourceName]*zis.Resource{}, actions: map[string]*zis.Action{},
		comparable: maxCompared, uncertain: map[string]bool{},
		machines: map[*zis.Machine]*machineFacts{}, specs: map[string][]*zis.JobSpec{}, starts: map[string]*Start{},
		readings: map[*zis.Action][]Reading{},
	}
	for _, b := range bundles {
		x.note(b)
	}
	x.programs = aside(func() map[*zis.Machine][]Program { return readPrograms(bundles) })
	return x
}

// Fork is the same knowledge for another goroutine: what either finds out later
// it keeps for itself, but the jq programs.
func (x *Facts) Fork() *Facts {
	fork := *x
	fork.names, fork.callers, fork.defined = nil, nil, nil
	fork.uncertain, fork.machines, fork.starts = map[string]bool{}, map[*zis.Machine]*machineFacts{}, map[string]*Start{}
	fork.readings = map[*zis.Action][]Reading{}
	return &fork
}

func (x *Facts) note(b *zis.Bundle) {
	for _, r := range b.Resources {
		n := resourceName{r.Kind(), r.Name.Value}
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

// aside computes a value while the caller goes on. The result waits for it, and
// panics where computing it did.
func aside[T any](compute func() T) func() T {
	value := sync.OnceValue(compute)
	go func() {
		defer func() { _ = recover() }() // whoever asks for the value gets it
		value()
	}()
	return value
}

// Named is the first resource of that kind and name; nil if there is none.
func (x *Facts) Named(kind, name string) *zis.Resource { return x.named[resourceName{kind, name}] }

// Has tells whether a resource of that kind and name is in any of the bundles.
func (x *Facts) Has(kind, name string) bool { return x.Named(kind, name) != nil }

// Names are the names of all resources of a kind, sorted.
func (x *Facts) Names(kind string) []string {
	if x.names == nil {
		x.names = map[string][]string{}
		for n := range x.named {
			x.names[n.kind] = append(x.names[n.kind], n.name)
		}
		for _, list := range x.names {
			slices.Sort(list)
		}
	}
	return x.names[kind]
}

// Called is the custom action that a state calls; nil if it calls none, or one
// that is in no bundle.
func (x *Facts) Called(s *zis.State) *zis.Action {
	arn, ok := zis.ParseARN(s.ActionName.Value)
	if !ok || arn.Integration == zis.Common || arn.Kind != zis.KindAction {
		return nil
	}
	return x.actions[arn.Name]
}

// Uncertain tells whether a resource that can't be read may be the one of that
// kind that something refers to.
func (x *Facts) Uncertain(kind string) bool {
	uncertain, known := x.uncertain[kind]
	if !known {
		uncertain = slices.ContainsFunc(x.Bundles, func(b *zis.Bundle) bool { return unreadable(b, kind) })
		x.uncertain[kind] = uncertain
	}
	return uncertain
}

func unreadable(b *zis.Bundle, kind string) bool {
	if n := b.Doc.Root.Get("resources"); n != nil && !n.IsObject() {
		return true
	}
	return slices.ContainsFunc(b.Resources, func(r *zis.Resource) bool {
		return r.Kind() == "" || r.Kind() == kind && !r.Name.Given()
	})
}

// ReadingsOf are the texts of an action's definition in which the platform
// looks for paths.
func (x *Facts) ReadingsOf(a *zis.Action) []Reading {
	list, ok := x.readings[a]
	if !ok && a.Definition != nil {
		list = definitionReadings(nil, a.Definition)
		x.readings[a] = list
	}
	return list
}

// machineFacts is what is found out about a machine.
type machineFacts struct {
	byName map[string]*zis.State
	names  []string // of its states, sorted
	states []stateFacts
	graph  *Graph
	flow   *dataGraph // without nodes where nothing is known
	unset  []Unset
	data   bool // unset is known
}

// stateFacts is what several rules ask of a state.
type stateFacts struct {
	known    bool
	readings []Reading
	odd      []*source.Node // members that are no field of anything
	reads    []Read         // nil until Reads is asked
}

func (x *Facts) machine(m *zis.Machine) *machineFacts {
	f := x.machines[m]
	if f == nil {
		f = &machineFacts{states: make([]stateFacts, len(m.States))}
		x.machines[m] = f
	}
	return f
}

func (x *Facts) state(s *zis.State) *stateFacts {
	f := &x.machine(s.Machine).states[s.Index]
	if !f.known {
		*f = stateFacts{known: true, readings: stateReadings(s), odd: oddMembers(s.Node)}
	}
	return f
}

// Callers are the states that call a custom action, those of all bundles.
func (x *Facts) Callers(a *zis.Action) []*zis.State {
	if x.callers == nil {
		x.callers = map[*zis.Action][]*zis.State{}
		for _, b := range x.Bundles {
			for _, f := range b.Flows {
				for s := range f.All {
					if called := x.Called(s); called != nil {
						x.callers[called] = append(x.callers[called], s)
					}
				}
			}
		}
	}
	return x.callers[a]
}

// DefinedAt is the action in whose definition n stands; nil if in none.
func (x *Facts) DefinedAt(n *source.Node) *zis.Action {
	if x.defined == nil {
		x.defined = map[*source.Node]*zis.Action{}
		for _, b := range x.Bundles {
			for _, a := range b.Actions {
				x.defined[a.Definition] = a
			}
		}
	}
	for ; n != nil; n = n.Parent {
		if a := x.defined[n]; a != nil {
			return a
		}
	}
	return nil
}
