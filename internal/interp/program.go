// Package interp runs flows as the platform is thought to run them, without
// the platform: states, HTTP at a boundary, a virtual clock, a trace. Where
// nobody knows what the platform does, a run says which assumptions it relied
// on (Questions), and can be told to read each otherwise.
//
// It is written from the rules that docs/testing.md tells, and shares nothing with the
// checks of lint: a third reading of the same pages.
package interp

import (
	"slices"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Program is what the bundles of an integration do, compiled once. It may be
// run by several goroutines at a time.
type Program struct {
	flows       []*Flow
	actions     map[string]*action // by name; of equal names the last bundle's counts
	files       map[*source.Node]*diag.File
	connections []string // of all actions

	mu       sync.Mutex
	programs map[string]*compiledJq // by their text
}

// Flow is a flow that can be run.
type Flow struct {
	Name string
	Zis  *zis.Flow // where it stands

	program     *Program
	machine     *machine
	connections []string // of the actions that its states name
}

// machine is a state machine, compiled.
type machine struct {
	start *state
	node  *source.Node
	names map[string]*state
}

// Compile reads the flows and actions of the bundles of one integration, in
// the order in which they are uploaded. What is wrong in a bundle fails when a
// run comes to it.
func Compile(bundles ...*zis.Bundle) *Program {
	p := &Program{actions: map[string]*action{}, files: map[*source.Node]*diag.File{}, programs: map[string]*compiledJq{}}
	for _, b := range bundles {
		p.files[b.Doc.Root] = b.Doc.File
		for _, a := range b.Actions {
			p.actions[a.Name.Value] = compileAction(a)
		}
	}
	for _, a := range p.actions {
		p.connections = append(p.connections, a.connection)
	}
	p.connections = names(p.connections)
	for _, b := range bundles {
		for _, f := range b.Flows {
			p.flows = append(p.flows, p.flow(f))
		}
	}
	return p
}

// names are the names in a list, sorted, each once.
func names(list []string) []string {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// Flows are the flows in the order of their bundles.
func (p *Program) Flows() []*Flow { return p.flows }

// Flow is the flow of that name, or nil. Of several the last counts, as for
// actions.
func (p *Program) Flow(name string) *Flow {
	for _, f := range slices.Backward(p.flows) {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func (p *Program) file(n *source.Node) *diag.File { return p.files[n.Root()] }

func (p *Program) flow(f *zis.Flow) *Flow {
	flow := &Flow{Name: f.Name.Value, Zis: f, program: p}
	if f.Machine != nil {
		flow.machine = p.machine(f.Machine)
	}
	for s := range f.All {
		if a := p.actions[actionName(s.ActionName.Value)]; a != nil {
			flow.connections = append(flow.connections, a.connection)
		}
	}
	flow.connections = names(flow.connections)
	return flow
}

func actionName(arn string) string {
	a, ok := zis.ParseARN(arn)
	if !ok || a.Integration == zis.Common || a.Kind != zis.KindAction {
		return ""
	}
	return a.Name
}

func (p *Program) machine(m *zis.Machine) *machine {
	c := &machine{node: m.Node, names: make(map[string]*state, len(m.States))}
	for _, s := range m.States {
		c.names[s.Name] = p.state(s) // of duplicates the last counts
	}
	for _, s := range c.names {
		s.link(c)
	}
	c.start = c.names[m.StartAt.Value]
	return c
}

// compiledJq is a jq program, or what is wrong with it.
type compiledJq struct {
	once sync.Once
	jq   *jq.Program
	errs []expr.Error
}

// maxPrograms bounds how many jq programs are kept: those that placeholders
// are filled into are another text each time.
const maxPrograms = 1000

// jq compiles a program once.
func (p *Program) jq(text string) *compiledJq {
	p.mu.Lock()
	compiled := p.programs[text]
	if compiled == nil {
		compiled = new(compiledJq)
		if len(p.programs) < maxPrograms {
			p.programs[text] = compiled
		}
	}
	p.mu.Unlock()
	compiled.once.Do(func() { compiled.jq, compiled.errs = jq.Compile(text) })
	return compiled
}

// Connections are the names of those that the actions of the flows use, sorted.
func (p *Program) Connections() []string {
	var list []string
	for _, f := range p.flows {
		list = append(list, f.connections...)
	}
	return names(list)
}
