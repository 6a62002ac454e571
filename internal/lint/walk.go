package lint

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Options are a person's choices about a check.
type Options struct {
	Integration string   // of the target; "" if there is none
	Disable     []string // ids of rules whose findings are only counted
}

// Run checks the bundles of one integration. The findings are sorted;
// disabled counts those of rules that are switched off. A value that several
// rules find fault with keeps the most telling finding.
func Run(docs []*source.Document, opt Options) (found []diag.Diagnostic, disabled int) {
	schema := aside(func() []*schemaCheck { return checkSchemas(docs) })
	bundles := make([]*zis.Bundle, len(docs))
	for i, d := range docs {
		bundles[i] = zis.Read(d)
	}
	pass := &Pass{
		Options: opt, facts: flow.New(bundles), files: newFiles(docs),
		damage: sync.OnceValue(func() damage { return damageOf(schema()) }),
	}
	own := *pass
	own.facts, own.files = pass.facts.Fork(), newFiles(docs) // both remember what they were asked
	values := aside(func() []diag.Diagnostic { return newWalk(&own).values(docs) })
	parts := newWalk(pass).all(bundles)
	found = slices.Concat(values(), parts)
	byRules := found
	for _, c := range schema() {
		found = append(found, c.findings(byRules)...)
	}
	return Filter(diag.Sort(found), opt.Disable)
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

// walk asks every rule about every part of the bundles, once. Its lists hold
// the rules by what they are asked about.
type walk struct {
	facts *flow.Facts
	found []diag.Diagnostic

	together []asked[[]*zis.Bundle]
	bundles  []asked[*zis.Bundle]
	actions  []asked[*zis.Action]
	jobSpecs []asked[*zis.JobSpec]
	flows    []asked[*zis.Flow]
	machines []asked[*zis.Machine]
	states   []asked[*zis.State]
	readings []asked[flow.Reading]
	texts    []asked[*source.Node]
	numbers  []asked[*source.Node]
}

// asked is one rule's function and what it reports to.
type asked[T any] struct {
	ask  func(*Pass, T)
	pass *Pass
}

// newWalk makes a Pass for each rule from one without.
func newWalk(of *Pass) *walk {
	w := &walk{facts: of.facts}
	for _, r := range Rules() {
		p := *of
		p.rule, p.found = &r, &w.found
		w.together = add(w.together, r.Bundles, &p)
		w.bundles = add(w.bundles, r.Bundle, &p)
		w.actions = add(w.actions, r.Action, &p)
		w.jobSpecs = add(w.jobSpecs, r.JobSpec, &p)
		w.flows = add(w.flows, r.Flow, &p)
		w.machines = add(w.machines, r.Machine, &p)
		w.states = add(w.states, r.State, &p)
		w.readings = add(w.readings, r.Reading, &p)
		w.texts = add(w.texts, r.Text, &p)
		w.numbers = add(w.numbers, r.Number, &p)
	}
	return w
}

func add[T any](list []asked[T], ask func(*Pass, T), p *Pass) []asked[T] {
	if ask == nil {
		return list
	}
	return append(list, asked[T]{ask, p})
}

func askAll[T any](list []asked[T], about T) {
	for _, a := range list {
		a.ask(a.pass, about)
	}
}

// all asks about parts before wholes: rules about wholes want to know what is
// found out aside meanwhile.
func (w *walk) all(bundles []*zis.Bundle) []diag.Diagnostic {
	for _, b := range bundles {
		w.parts(b)
	}
	for _, b := range bundles {
		for _, f := range b.Flows {
			askAll(w.flows, f)
			if f.Machine != nil {
				w.machine(f.Machine)
			}
		}
	}
	askAll(w.together, bundles)
	return w.found
}

// values asks about each text and number.
func (w *walk) values(docs []*source.Document) []diag.Diagnostic {
	for _, d := range docs {
		w.value(d.Root)
	}
	return w.found
}

func (w *walk) parts(b *zis.Bundle) {
	for _, a := range b.Actions {
		askAll(w.actions, a)
		w.read(w.facts.ReadingsOf(a))
	}
	for _, s := range b.JobSpecs {
		askAll(w.jobSpecs, s)
	}
	for _, f := range b.Flows {
		for s := range f.All {
			askAll(w.states, s)
			w.read(w.facts.Readings(s))
		}
	}
	askAll(w.bundles, b)
}

func (w *walk) read(list []flow.Reading) {
	for _, r := range list {
		askAll(w.readings, r)
	}
}

func (w *walk) machine(m *zis.Machine) {
	askAll(w.machines, m)
	for _, s := range m.States {
		if s.Iterator != nil {
			w.machine(s.Iterator)
		}
	}
}

func (w *walk) value(n *source.Node) {
	switch n.Value.(type) {
	case string:
		askAll(w.texts, n)
	case json.Number:
		askAll(w.numbers, n)
	}
	for _, m := range n.Members {
		w.value(m)
	}
}
