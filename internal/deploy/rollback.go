package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Rollback says what became of the former state after a failure.
type Rollback string

// The outcomes of a rollback.
const (
	NotNeeded  Rollback = "not-needed" // nothing was changed, or what was is right
	Restored   Rollback = "restored"   // the former state was read back
	Partial    Rollback = "partial"    // some of it; ByHand says what is left
	Impossible Rollback = "impossible" // none of it; ByHand says what to do
)

// rollbackTime bounds a rollback: it must also end when the deploy ran out of
// its own time.
const rollbackTime = 2 * time.Minute

// afterFailure decides what a deploy that has failed leaves behind: whether
// the former state is brought back, and what is to be said of the account now.
// It returns the error to be told.
//
// A way back is gone only after a write was refused, or after job specs showed
// off although they were installed again. That a proof is missing is no reason:
// everything was accepted.
func (a *apply) afterFailure(ctx context.Context, cause error) error {
	switch {
	case !a.touched() || a.verified():
		return cause // nothing was changed; or only pruning failed, and going back would make it worse
	case errors.Is(cause, errUnproven):
		return cause
	case isCollateral(cause):
		return cause
	case a.signal.came() != nil:
		return a.stopped(cause)
	case a.onlySwitched() && a.plan.former == nil:
		return a.halfOn(cause)
	}
	return a.back(ctx, cause)
}

func isCollateral(err error) bool {
	_, ok := errors.AsType[*collateral](err)
	return ok
}

// touched tells whether a write of ours may have taken effect.
func (a *apply) touched() bool {
	return slices.ContainsFunc(a.result.Steps, func(r StepResult) bool {
		return r.Kind.writes() && (r.State == Done || r.State == Unknown) ||
			r.Kind == Upload && r.State == Failed && len(a.uploaded) > 0
	})
}

// onlySwitched tells whether job specs are all that a write was begun of.
func (a *apply) onlySwitched() bool {
	return !slices.ContainsFunc(a.result.Steps, func(r StepResult) bool {
		return r.Kind.writes() && r.Kind != Install && r.Kind != Uninstall && r.State != NotRun
	})
}

// verified tells whether the new state was read back already.
func (a *apply) verified() bool {
	return slices.ContainsFunc(a.result.Steps, func(r StepResult) bool { return r.Kind == Verify && r.State == Done })
}

// stopped is the error of a deploy that a signal has ended behind an upload.
// What the account does now comes first.
func (a *apply) stopped(cause error) error {
	if a.written() {
		a.result.Rollback = NotNeeded
		return fmt.Errorf("%s; it was not read back: %w", a.standing(), cause)
	}
	a.result.Rollback = Impossible
	a.result.ByHand = []string{"the run was interrupted, and after that nothing new is begun: run the deploy again, it goes on where this one ended"}
	a.result.ByHand = append(a.result.ByHand, a.offByHand()...)
	return fmt.Errorf("%s; %w", a.standing(), cause)
}

// written tells whether all steps that write are done, those that prune aside.
func (a *apply) written() bool {
	return !slices.ContainsFunc(a.result.Steps, func(r StepResult) bool {
		return r.Kind.writes() && r.Kind != Uninstall && r.State != Done
	})
}

func (a *apply) offByHand() []string {
	var list []string
	for _, s := range a.plan.JobSpecs {
		if (s.Action == SpecInstall || s.Action == SpecKeep) && a.off[one(s.Name)] {
			list = append(list, "install the job spec "+s.ARN)
		}
	}
	return list
}

// halfOn is the error of a deploy that uploads nothing and could not install
// all: what it has installed is what the files say, and stays.
func (a *apply) halfOn(cause error) error {
	var on, off int
	for _, r := range a.result.Steps {
		switch {
		case r.Kind == Install && r.State == Done:
			on++
		case r.Kind == Install:
			off++
		}
	}
	if on == 0 {
		return cause
	}
	return fmt.Errorf("%d of %d job specs were installed and stay so: %w", on, on+off, cause)
}

// back brings the former state back, if that can do no harm. It returns the
// error to be told: where job specs stay off, that comes first.
func (a *apply) back(ctx context.Context, cause error) error {
	a.goBackIfHarmless(ctx)
	if a.result.Rollback != Partial && a.result.Rollback != Impossible {
		return cause
	}
	if len(a.off) == 0 || len(a.offByHand()) == 0 {
		return cause
	}
	return fmt.Errorf("%s; %w", a.standing(), cause)
}

func (a *apply) goBackIfHarmless(ctx context.Context) {
	ctx, cancel := a.backTime(ctx)
	defer cancel()
	was := a.former()
	have, err := a.readPatiently(ctx)
	if err != nil {
		a.noWayBack(fmt.Sprintf("the account could not be read, so it is not known what is there now: %v", err), a.wayBack(was, Remote{}))
		return
	}
	a.lookAt(have)
	way := a.wayBack(was, have)
	if len(way.tasks)+len(way.lost) == 0 {
		a.result.Rollback = NotNeeded // nothing has taken effect
		return
	}
	if why := a.mayNotGoBack(have, way); why != "" {
		a.noWayBack(why, way)
		return
	}
	for _, name := range way.other {
		a.result.Notes = append(a.result.Notes, fmt.Sprintf("somebody else has changed the bundle %q meanwhile: it and its job specs are left as they are", name))
	}
	first := len(a.result.Steps)
	way.tasks = append(way.tasks, task{Step: Step{Verify, "read back the former state"}})
	a.append(way.tasks)
	if err := a.goBack(ctx, way, first); err != nil {
		a.result.Rollback, a.result.ByHand = a.howFarBack(first)
		if verdict.ReasonOf(err) == verdict.PlanChanged {
			a.result.ByHand = append([]string{agreeFirst}, a.result.ByHand...)
		}
		return
	}
	a.result.Rollback = Restored
	for _, name := range way.lost {
		a.result.Notes = append(a.result.Notes, fmt.Sprintf("the bundle %q was not there before and is there now: a bundle can't be deleted; the job specs that are on are those of before", name))
	}
}

// backTime is the time of a rollback: it outlives the run's own time, and ends
// with a signal.
func (a *apply) backTime(ctx context.Context) (context.Context, context.CancelFunc) {
	run, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime+2*a.quiet())
	run, end := context.WithCancelCause(run)
	stop := a.signal.after(func() { end(a.signal.came()) })
	return run, func() { stop(); end(context.Canceled); cancel() }
}

// former is the state to go back to: that of the oldest run that has not
// settled, or of this one.
func (a *apply) former() Former {
	if a.plan.former != nil {
		return *a.plan.former
	}
	f := Former{Integration: a.plan.Integration, Installed: a.plan.before.installedNames()}
	for _, stored := range a.plan.current {
		if stored != nil {
			f.Bundles = append(f.Bundles, *stored)
		}
	}
	return f
}

// readPatiently reads what a way back must know, again while it fails, and
// while the reading may be an old one.
func (a *apply) readPatiently(ctx context.Context) (Remote, error) {
	until := time.Now().Add(notYet)
	for i := 0; ; i++ {
		have, err := a.readBack(ctx, a.backNames())
		a.looked = have.looked
		if err == nil {
			err = have.unreadable(bundleKind, a.backNames())
		}
		wait := lookAgain(i)
		if err == nil && !a.mayBeOld(have) || time.Now().Add(wait).After(until) || registry.Sleep(ctx, wait) != nil {
			return have, err
		}
	}
}

// mayBeOld tells whether an upload that was accepted doesn't show in a reading,
// or somebody else's seems to.
func (a *apply) mayBeOld(have Remote) bool {
	return slices.ContainsFunc(a.uploaded, func(u upload) bool {
		l := u.look(have)
		return l.state == asBefore && a.accepted[u.name] || l.state == other && a.foreign(u, have)
	})
}

// backNames are those of the bundles that this run or an unfinished one has
// uploaded.
func (a *apply) backNames() []string {
	var names []string
	for _, b := range a.plan.Bundles {
		names = append(names, b.Name)
	}
	return names
}

// noWayBack leaves the account as it is, and says why and what to do.
func (a *apply) noWayBack(why string, w wayBack) {
	a.result.Rollback = Impossible
	a.result.ByHand = append([]string{why}, byHand(w.steps())...)
}

// howFarBack tells how far a rollback that failed has got.
func (a *apply) howFarBack(first int) (Rollback, []string) {
	outcome := Impossible
	var left []Step
	for _, r := range a.result.Steps[first:] {
		if r.State == Done {
			outcome = Partial
			continue
		}
		left = append(left, r.Step)
	}
	return outcome, byHand(left)
}

// byHand says steps in the words of somebody who has to do them.
func byHand(steps []Step) []string {
	var list []string
	for _, s := range steps {
		switch s.Kind {
		case Upload:
			list = append(list, fmt.Sprintf("upload the former bundle %q; its body is in the journal", s.Name))
		case Install, Uninstall:
			list = append(list, fmt.Sprintf("%s the job spec %s", s.Kind, s.Name))
		case Verify:
			list = append(list, "plan again to see what the account runs: it could not be read back")
		default:
			list = append(list, s.String())
		}
	}
	return list
}
