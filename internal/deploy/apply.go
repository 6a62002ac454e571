package deploy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// State is how far a step has got.
type State string

// The states of a step. Unknown is one of them: a write that got no answer is
// neither done nor failed until the account was asked.
const (
	NotRun   State = "not-run"
	InFlight State = "in-flight"
	Done     State = "done"
	Failed   State = "failed"
	Unknown  State = "unknown"
)

// Event tells the outside that a step has changed its state.
type Event struct {
	Index int // into the result's steps
	Of    int // how many these are; those of a rollback come to them
	Step  Step
	State State
	Took  time.Duration
	Err   error
}

// StepResult is a step and how it ended.
type StepResult struct {
	Step
	State State  `json:"state"`
	Error string `json:"error,omitempty"`
}

// Result is what a deploy did.
type Result struct {
	Steps       []StepResult // those of the plan, then those of a rollback
	UUIDs       []string     // of the bundles, in the plan's order, as read back
	Installed   []string     // ARNs that were read back as installed
	Uninstalled []string     // ARNs that were read back as not installed
	Rollback    Rollback
	ByHand      []string // what a person must do where the rollback could not
	Err         error    // nil: everything was read back as wanted
}

// Settings are how a plan is carried out.
type Settings struct {
	Journal    string      // path of the journal; "" keeps none
	Target     string      // what the journal calls the account
	Attempts   int         // how often a write is tried that got no answer; at least once
	NoRollback bool        // leave a failed deploy as it is
	On         func(Event) // told about each step; may be nil; calls don't overlap
}

// Apply carries the plan out. It succeeds only if the registry gives back the
// bundles that were sent and says that every wanted job spec is installed. A
// plan without steps makes no request.
//
// When ctx is cancelled no new write starts; one that is in flight is waited
// for by the registry client.
func Apply(ctx context.Context, reg *registry.Client, p Prepared, set Settings) Result {
	a := &apply{reg: reg, plan: p, set: set, result: Result{Rollback: NotNeeded}}
	if p.Empty() {
		a.result.UUIDs, a.result.Installed = p.uuids(), p.Installed()
		return a.result
	}
	a.append(p.Steps)
	err := a.run(ctx, p.Steps, 0)
	if err != nil {
		a.rollback(ctx, err)
	}
	if a.journal != nil {
		err = verdict.At(p.Steps[len(p.Steps)-1].stage(), errors.Join(err, a.journal.end(err)))
	}
	a.result.Err = err
	return a.result
}

type apply struct {
	reg     *registry.Client
	plan    Prepared
	set     Settings
	journal *Journal
	back    *goal // set while rolling back: where to

	mu     sync.Mutex // guards result and set.On
	result Result
}

func (a *apply) append(steps []Step) {
	for _, s := range steps {
		a.result.Steps = append(a.result.Steps, StepResult{Step: s, State: NotRun})
	}
}

// run carries out steps, which stand in the result from index first on.
func (a *apply) run(ctx context.Context, steps []Step, first int) error {
	for len(steps) > 0 {
		n := wave(steps)
		if err := a.together(ctx, steps[:n], first); err != nil {
			return err
		}
		steps, first = steps[n:], first+n
	}
	return nil
}

// wave counts the first steps that may run side by side: installs, or
// uninstalls, that follow each other.
func wave(steps []Step) int {
	kind := steps[0].Kind
	if kind != Install && kind != Uninstall {
		return 1
	}
	n := 1
	for n < len(steps) && steps[n].Kind == kind {
		n++
	}
	return n
}

// together runs steps side by side, as many as there may be requests. One that
// fails doesn't keep the others from being tried: each installed job spec is a
// flow that lives.
func (a *apply) together(ctx context.Context, steps []Step, first int) error {
	errs := make([]error, len(steps))
	var g errgroup.Group
	g.SetLimit(max(1, a.reg.MaxConcurrency))
	for i, s := range steps {
		g.Go(func() error { errs[i] = a.step(ctx, s, first+i); return nil })
	}
	_ = g.Wait() // errs has them in the order of the steps
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// step carries a step out. Its error knows the stage.
func (a *apply) step(ctx context.Context, s Step, i int) error {
	if ctx.Err() != nil {
		return verdict.At(s.stage(), context.Cause(ctx))
	}
	start := time.Now()
	if err := a.mark(i, InFlight, 0, nil); err != nil {
		return verdict.At(s.stage(), err)
	}
	err := a.do(ctx, s)
	state := Done
	if err != nil {
		state = Failed
		if registry.Unknown(err) {
			state = Unknown
		}
	}
	return verdict.At(s.stage(), errors.Join(err, a.mark(i, state, time.Since(start), err)))
}

func (a *apply) do(ctx context.Context, s Step) error {
	switch s.Kind {
	case Snapshot:
		return a.snapshot(ctx)
	case Upload:
		return a.upload(ctx, a.goal(false).bundle(s.Name))
	case Install:
		return a.settle(ctx, func() error { return a.reg.Install(ctx, s.Name) }, a.listed(s.Name, true))
	case Uninstall:
		return a.settle(ctx, func() error { return a.reg.Uninstall(ctx, s.Name) }, a.listed(s.Name, false))
	case Verify, VerifyPruned:
		g := a.goal(s.Kind == VerifyPruned)
		have, err := a.verify(ctx, g)
		if err == nil && a.back == nil {
			a.result.UUIDs, a.result.Installed, a.result.Uninstalled = g.uuids(have), g.installed, g.uninstalled
		}
		return err
	}
	return fmt.Errorf("step %q is unknown", s.Kind)
}

func (a *apply) goal(pruned bool) goal {
	if a.back != nil {
		return *a.back
	}
	return a.plan.goal(pruned)
}

// mark notes the state in the journal first, then tells the outside.
func (a *apply) mark(i int, state State, took time.Duration, cause error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := &a.result.Steps[i]
	if a.journal != nil {
		if err := a.journal.mark(i, r.Step, state, cause); err != nil {
			return verdict.Errorf(verdict.Internal, "nothing further was written to the account; make room for the journal and run again", "journal: %w", err)
		}
	}
	r.State = state
	if cause != nil {
		r.Error = cause.Error()
	}
	if a.set.On != nil {
		a.set.On(Event{Index: i, Of: len(a.result.Steps), Step: r.Step, State: state, Took: took, Err: cause})
	}
	return nil
}

// snapshot reads the state once more and saves it. What was planned against
// must still be there: the registry has no conditional writes, so this is the
// last moment at which somebody else's deploy can be noticed before ours.
func (a *apply) snapshot(ctx context.Context) error {
	have, err := read(ctx, a.reg, a.plan.before, everyBundle)
	if err != nil {
		return err
	}
	if what := changed(a.plan.before, have); what != "" {
		return verdict.Errorf(verdict.PlanChanged, "nothing was written; plan again", "since the plan was made, %s", what)
	}
	journal, err := beginJournal(a.set.Journal, a.set.Target, a.plan)
	if err != nil {
		return verdict.Errorf(verdict.Internal, "nothing was written; without a place for the former state there is no way back", "save the former state: %w", err)
	}
	a.journal = journal
	return journal.mark(0, a.plan.Steps[0], InFlight, nil)
}

func (a *apply) upload(ctx context.Context, b *goalBundle) error {
	return a.settle(ctx,
		func() error { return a.reg.Upload(ctx, a.plan.Integration, b.doc.JSON()) },
		func(ctx context.Context) (bool, error) {
			have, err := a.readBack(ctx, []string{b.name})
			if err != nil {
				return false, err
			}
			stored, err := have.find(b.name)
			return stored != nil && stored.Doc.Digest() == b.digest, err
		})
}

// settle makes a write whose effect is known when it returns nil: after an
// answer that tells nothing (5xx, broken connection, time-out) the account is
// asked whether the write took effect, and only if not it is tried again.
func (a *apply) settle(ctx context.Context, write func() error, took func(context.Context) (bool, error)) error {
	for attempt := 1; ; attempt++ {
		err := write()
		if err == nil || !registry.Unknown(err) {
			return err
		}
		done, readErr := took(ctx)
		if done {
			return nil
		}
		if readErr != nil || attempt >= a.set.Attempts || sleep(ctx, pause(attempt)) != nil {
			return err
		}
	}
}

// pause grows with the attempts, up to half a minute, and is random so that
// several runs don't knock together.
func pause(attempt int) time.Duration {
	return time.Second/2 + rand.N(min(30*time.Second, time.Second<<attempt))
}

func (a *apply) listed(arn string, installed bool) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		specs, err := a.reg.JobSpecs(ctx, a.plan.Integration)
		have := Remote{JobSpecs: specs}
		return have.installed()[shortName(arn)] == installed, err
	}
}
