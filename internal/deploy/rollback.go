package deploy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
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

// rollback brings the former bundles and installed job specs back after a
// deploy that has failed behind an upload. It is not tried where it could do
// harm: after an interrupt no write starts, and what somebody else has
// uploaded meanwhile is not overwritten.
func (a *apply) rollback(ctx context.Context, cause error) {
	uploaded := a.uploaded()
	if len(uploaded) == 0 && !a.touched(Install) || a.verified() {
		return
	}
	steps, back := a.wayBack(uploaded)
	if why := a.noWayBack(ctx, cause, uploaded); why != "" {
		a.result.Rollback, a.result.ByHand = Impossible, append([]string{why}, byHand(steps)...)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
	defer cancel()
	first := len(a.result.Steps)
	a.back = &back
	a.append(steps)
	if err := a.run(ctx, steps, first); err != nil {
		a.result.Rollback, a.result.ByHand = a.judge(first)
		return
	}
	a.result.Rollback = Restored
}

// uploaded are the bundles whose upload may have taken effect, in order.
func (a *apply) uploaded() []BundlePlan {
	var list []BundlePlan
	for _, r := range a.result.Steps {
		if r.Kind == Upload && (r.State == Done || r.State == Unknown) {
			i := slices.IndexFunc(a.plan.Bundles, func(b BundlePlan) bool { return b.Name == r.Name })
			list = append(list, a.plan.Bundles[i])
		}
	}
	return list
}

func (a *apply) touched(kind StepKind) bool {
	return slices.ContainsFunc(a.result.Steps, func(r StepResult) bool {
		return r.Kind == kind && (r.State == Done || r.State == Unknown)
	})
}

// verified tells whether the new state was read back already: then only
// pruning has failed, and going back would make it worse.
func (a *apply) verified() bool {
	return slices.ContainsFunc(a.result.Steps, func(r StepResult) bool { return r.Kind == Verify && r.State == Done })
}

// noWayBack says why a rollback must not be tried, or "".
func (a *apply) noWayBack(ctx context.Context, cause error, uploaded []BundlePlan) string {
	switch {
	case a.set.NoRollback:
		return "rollback is switched off"
	case verdict.ReasonOf(context.Cause(ctx)) != verdict.Timeout && ctx.Err() != nil:
		return "the run was interrupted, and after that nothing is written: run the deploy again, it goes on where this one ended"
	case verdict.ReasonOf(cause) == verdict.VerifyFailed && a.foreign(ctx, uploaded):
		return "somebody else has uploaded this bundle meanwhile; agree with them, then run the deploy again"
	}
	return ""
}

// foreign tells whether an uploaded bundle now is neither ours nor the former
// one.
func (a *apply) foreign(ctx context.Context, uploaded []BundlePlan) bool {
	have, err := a.readBack(ctx, bundleNames(uploaded))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(uploaded, func(b BundlePlan) bool {
		stored, err := have.find(b.Name)
		if err != nil || stored == nil {
			return false
		}
		now := stored.Doc.Digest()
		return now != b.After && now != b.Before
	})
}

// wayBack are the steps to the former state, last upload first, and that
// state as a goal. A bundle can't be deleted: of one that was not there
// before, the job specs are uninstalled, which switches it off.
func (a *apply) wayBack(uploaded []BundlePlan) ([]Step, goal) {
	var steps []Step
	var back goal
	was := a.plan.before.installed()
	slices.Reverse(uploaded)
	for _, b := range uploaded {
		stored, err := a.plan.before.find(b.Name)
		if err != nil || stored == nil {
			continue
		}
		back.bundles = append(back.bundles, goalBundle{b.Name, stored.Doc, b.Before})
		steps = append(steps, Step{Upload, b.Name})
		for _, s := range zis.Read(stored.Doc).JobSpecs {
			if was[s.Name.Value] {
				back.installed = append(back.installed, specARN(a.plan.Integration, s.Name.Value))
			}
		}
	}
	for _, arn := range back.installed {
		steps = append(steps, Step{Install, arn})
	}
	for _, r := range a.result.Steps {
		if r.Kind == Install && r.State != NotRun && !was[shortName(r.Name)] {
			back.uninstalled = append(back.uninstalled, r.Name)
			steps = append(steps, Step{Uninstall, r.Name})
		}
	}
	return append(steps, Step{Verify, "read back the former state"}), back
}

// judge tells how far a rollback that failed has got.
func (a *apply) judge(first int) (Rollback, []string) {
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
			list = append(list, "look with zis plan at what the account runs: it could not be read back")
		}
	}
	return list
}
