package deploy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// snapshot reads the state once more and saves it: what was planned against
// must still be there. Then one job spec is installed that is installed: if
// that is refused, nothing is lost yet. That takes a round trip, in which
// somebody else may deploy, so the bundle is looked at again beside it.
func (a *apply) snapshot(ctx context.Context) error {
	if err := a.asPlanned(ctx); err != nil {
		return err
	}
	journal, err := beginJournal(a.set, a.plan)
	if err != nil {
		return verdict.Errorf(verdict.Internal, "nothing was written; without a place for the former state there is no way back", "save the former state: %w", err)
	}
	a.journal, a.result.Saved = journal, a.set.Journal != "" || a.set.Backup != ""
	if err := journal.mark(0, a.plan.Steps[0], InFlight, nil); err != nil {
		return verdict.Errorf(verdict.Internal, "nothing was written; make room for the journal and run again", "journal: %w", err)
	}
	next := slices.IndexFunc(a.plan.Bundles, func(b BundlePlan) bool { return b.Action != compare.Keep })
	trial := slices.IndexFunc(a.plan.JobSpecs, func(s SpecPlan) bool { return s.Installed && s.Action == SpecInstall })
	if next < 0 || trial < 0 {
		return nil
	}
	var waited bool
	var mayInstall, overtaken error
	var wg sync.WaitGroup
	wg.Go(func() { waited, mayInstall = a.mayInstall(ctx, a.plan.JobSpecs[trial].Name) })
	wg.Go(func() { overtaken = a.overtaken(ctx, a.plan.upload(next)) })
	wg.Wait()
	if waited {
		a.looked = time.Time{} // what was seen beside it is no longer new
	}
	return cmp.Or(mayInstall, overtaken)
}

// asPlanned reads whether the account still is as the plan has found it.
func (a *apply) asPlanned(ctx context.Context) error {
	names := namesOf(a.plan.want)
	have, err := agreed(ctx, func() (Remote, error) { return a.readBack(ctx, names) }, func(have Remote) bool {
		return have.unreadable(bundleKind, names) == nil && changed(a.plan.before, have, names) == ""
	})
	if err == nil {
		err = have.unreadable(bundleKind, names)
	}
	if err != nil {
		return err
	}
	a.looked = have.looked
	if what := changed(a.plan.before, have, names); what != "" {
		return withHint(verdict.Errorf(verdict.PlanChanged, "", "since the plan was made, %s", what), verdict.Hint{Code: verdict.PlanAgain})
	}
	return nil
}

// mayInstall installs one job spec again that is installed, before the first
// upload: it proves that the credential may install, and that there is quota
// left, while nothing is lost. waited says that it was tried more than once.
func (a *apply) mayInstall(ctx context.Context, name string) (waited bool, err error) {
	spec := installation{a.plan.Integration, name, true}
	noted := registry.BeforeAgain(ctx, func(context.Context) error {
		waited = true
		return nil
	})
	for attempt := 1; ; attempt++ {
		err := spec.write(noted, a.reg)
		if err == nil || isInstalledAlready(err) {
			return waited || attempt > 1, nil
		}
		if !registry.Unknown(err) && !registry.Doubtful(err) || attempt >= max(1, a.set.Attempts) || registry.Sleep(ctx, pause(attempt)) != nil {
			return true, fmt.Errorf("before the upload, to see whether job specs can be installed after it: %w", err)
		}
	}
}

// isInstalledAlready tells whether an install was turned down in a way that
// speaks of the job spec and not of the caller: the list says it is installed.
func isInstalledAlready(err error) bool {
	return registry.Refused(err) && verdict.ReasonOf(err) != verdict.AuthFailed && verdict.ReasonOf(err) != verdict.RateLimited
}

// changed says in words how two readings of an account differ, or "". Bodies
// are compared of the named bundles alone.
func changed(before, now Remote, names []string) string {
	for _, k := range kinds {
		if what := k.changed(before, now, names); what != "" {
			return what
		}
	}
	return ""
}
