package deploy

import (
	"context"
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

// The kinds of steps, in the order in which they can come.
const (
	Snapshot     StepKind = "snapshot"      // the former state goes to the journal
	Upload       StepKind = "upload"        // one bundle
	Install      StepKind = "install"       // one job spec
	Verify       StepKind = "verify"        // read back and compare
	Uninstall    StepKind = "uninstall"     // prune one job spec
	VerifyPruned StepKind = "verify-pruned" // read back what pruning did as well
)

// stage is the step as a stage of the run: they are named alike.
func (s Step) stage() verdict.Stage { return verdict.Stage(s.Kind) }

func (s Step) String() string { return strings.TrimSpace(string(s.Kind) + " " + s.Name) }

// resource is one thing of an account as it should be: the one thing that all
// kinds of what a deploy writes have in common. A kind is one file that makes
// them; carrying out, proving and going back ask only this.
type resource interface {
	// step is what writing it is called.
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

// task is a step and the resource that it writes; nil where it writes none.
type task struct {
	Step
	resource resource
}

// tasks are the steps of the plan with what they write.
func (p Prepared) tasks() []task {
	list := make([]task, len(p.Steps))
	for i, s := range p.Steps {
		list[i] = task{Step: s}
		switch s.Kind {
		case Upload:
			list[i].resource = p.upload(p.index(s.Name))
		case Install, Uninstall:
			list[i].resource = installation{p.Integration, shortName(s.Name), s.Kind == Install}
		}
	}
	return list
}

// index is the place of a bundle of the plan, by its name; -1 for none.
func (p Prepared) index(name string) int {
	for i, b := range p.Bundles {
		if b.Name == name {
			return i
		}
	}
	return -1
}

func (p Prepared) bundle(name string) *BundlePlan {
	for i := range p.Bundles {
		if one(p.Bundles[i].Name) == one(name) {
			return &p.Bundles[i]
		}
	}
	return nil
}
