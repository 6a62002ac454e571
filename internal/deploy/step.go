package deploy

import (
	"context"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Step is one thing Apply does, as plans, journals and reports tell it.
type Step struct {
	Kind StepKind `json:"kind"`
	Name string   `json:"name"` // of the bundle, or the ARN of the job spec
}

// StepKind is what a step does.
type StepKind string

// The kinds of steps that write nothing. Those that write stand with what they
// write.
const (
	Snapshot     StepKind = "snapshot"      // the former state goes to the journal
	Verify       StepKind = "verify"        // read back and compare
	VerifyPruned StepKind = "verify-pruned" // read back what pruning did as well
)

// writes tells whether such a step changes something in the account.
func (k StepKind) writes() bool { return k != Snapshot && k != Verify && k != VerifyPruned }

// stage is the step as a stage of the run: they are named alike.
func (s Step) stage() verdict.Stage { return verdict.Stage(s.Kind) }

func (s Step) String() string { return strings.TrimSpace(string(s.Kind) + " " + s.Name) }

// resource is one thing of an account as it should be: carrying out and proving
// ask only this. Each kind of what a deploy writes makes its own.
type resource interface {
	// step is what writing it is called; the name is unique in its kind.
	step() Step
	// write carries it out, once. Writing the same twice does no harm.
	write(ctx context.Context, reg *registry.Client) error
	// look compares it with a reading of the account.
	look(have Remote) look
}

// look is how a reading of the account stands to a resource.
type look struct {
	state  standing
	likely bool           // asBefore, but the account may well hold it: it looks the same
	what   string         // what the account lacks, in words
	notes  []compare.Note // differences that make none
	seen   *Seen          // of a bundle: what was shown
}

// standing is whether the account holds a resource as it should be.
type standing int

const (
	held     standing = iota
	asBefore          // it is as it was, or not there yet
	other             // it is neither as it should be nor as it was
	unclear           // the reading doesn't tell
)

// intent is a resource that a plan wants, and what the plan does about it.
type intent struct {
	resource
	write bool // false: it is as it should be, and must stay so
	prune bool // written after all else was proven
	keep  bool // a job spec that must not be left off, though it isn't ours
	// Digests of what is there and of what will be: they are part of the plan's
	// identity. "" if the step says it all.
	before, after string
}

// settle asks the kinds what is to be done, once the plan knows all of it: its
// steps and its identity come from that.
func (p *Prepared) settle() error {
	p.intents = nil
	for _, k := range kinds {
		list, err := k.intents(*p)
		if err != nil {
			return err
		}
		p.intents = append(p.intents, list...)
	}
	p.Steps = nil
	for _, t := range p.tasks() {
		p.Steps = append(p.Steps, t.Step)
	}
	p.Digest = p.identity()
	return nil
}

// task is a step and the resource that it writes; nil where it writes none.
type task struct {
	Step
	resource resource
}

// tasks are what Apply will do: everything that is to be written, in the order
// of the kinds, read back, and then what is pruned, read back again.
func (p Prepared) tasks() []task {
	list := slices.Concat(p.writes(false), p.writes(true))
	if len(list) > 0 {
		list = slices.Insert(list, 0, task{Step: Step{Snapshot, "former state"}})
	}
	return list
}

func (p Prepared) writes(pruned bool) []task {
	var list []task
	for _, i := range p.intents {
		if i.write && i.prune == pruned {
			list = append(list, task{i.step(), i.resource})
		}
	}
	switch {
	case len(list) == 0:
		return nil
	case pruned:
		return append(list, task{Step: Step{VerifyPruned, "read back"}})
	}
	return append(list, task{Step: Step{Verify, "read back"}})
}

func (p Prepared) bundle(name string) *BundlePlan {
	for i := range p.Bundles {
		if one(p.Bundles[i].Name) == one(name) {
			return &p.Bundles[i]
		}
	}
	return nil
}
