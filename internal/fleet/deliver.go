package fleet

import (
	"context"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Deliver brings the release to a target.
func (a *Accounts) Deliver(ctx context.Context, t *project.Target) (Delivery, error) {
	s, err := a.open(t)
	if err != nil {
		return Delivery{}, err
	}
	defer s.Close(context.WithoutCancel(ctx))
	d := Delivery{Account: s.Where()}
	former, err := a.prepare(ctx, s, t, &d)
	switch {
	case err != nil:
	case t.Via == project.App && !s.Prepared.Empty():
		err = a.handOver(ctx, s, t, &d)
	default:
		err = a.apply(ctx, s, former, &d)
	}
	return d, err
}

// Foresee tells what Deliver would do.
func (a *Accounts) Foresee(ctx context.Context, t *project.Target) (Delivery, error) {
	s, err := a.open(t)
	if err != nil {
		return Delivery{}, err
	}
	defer s.Close(context.WithoutCancel(ctx))
	d := Delivery{Account: s.Where()}
	if _, err := a.prepare(ctx, s, t, &d); err != nil {
		return d, err
	}
	changes := english.Plural(d.Changes, "change")
	switch d.Planned = !s.Prepared.Empty() || s.Prepared.Unproven(); {
	case !d.Planned:
		d.Sentence = "runs the release already"
		return d, nil
	case t.Via == project.App:
		d.Sentence = changes + " would be handed to an admin of the account, in its app"
	default:
		d.Sentence = changes + " would be made"
	}
	d.Sentences = sentences.Of(*s.Prepared).All()
	return d, nil
}

// prepare makes the plan of a target. The record, which it returns, is read
// beside that.
func (a *Accounts) prepare(ctx context.Context, s *account.Session, t *project.Target, d *Delivery) (reading, error) {
	if err := a.load(s, t); err != nil {
		return reading{}, err
	}
	recorded := a.recordOf(ctx, s)
	if err := s.Plan(ctx, a.Options(t)); err != nil {
		return reading{}, err
	}
	former := recorded()
	d.Specs, d.Changes, d.Record, d.Notes = specsOf(s.Prepared.Plan), s.Prepared.Changes(), former.record, s.Notes
	return former, sameAccount(former.record, former.account, s.Prepared.Before())
}

func (a *Accounts) apply(ctx context.Context, s *account.Session, former reading, d *Delivery) error {
	d.Sentence = "ran the release already"
	if !s.Prepared.Empty() || s.Prepared.Unproven() {
		how := deploy.Settings{Late: context.DeadlineExceeded}
		how.Until, _ = ctx.Deadline()
		err := s.Apply(runOf(ctx), how)
		d.Notes = s.Notes
		if err != nil {
			return unproven(err)
		}
		d.Wrote = true
		d.Sentence = "done and read back: " + english.Plural(d.Changes, "change")
		d.Specs = d.Specs.after(*s.Result)
	}
	if !a.Records {
		return nil
	}
	record, wrote, err := a.Keeper.Keep(ctx, s.Client(), s.Target.Integration, *s.Prepared, former.record)
	switch {
	case err != nil: // absent it is no error: the deploy stands
		d.Notes = append(d.Notes, fmt.Sprintf("the record was not written: %v", err))
	case wrote:
		d.Notes = append(d.Notes, "the record was written")
		fallthrough
	default:
		d.Record = record
	}
	return nil
}

// recordOf begins to read the record, and returns a function that waits for it.
func (a *Accounts) recordOf(ctx context.Context, s *account.Session) func() reading {
	if !a.Records {
		return func() reading { return reading{} }
	}
	found := make(chan reading, 1)
	go func() {
		var r reading
		r.record, r.account, r.noWord = readRecord(ctx, s.Client(), s.Target.Integration)
		found <- r
	}()
	return func() reading { return <-found }
}

// load renders the bundles for a target. All its values must be there.
func (a *Accounts) load(s *account.Session, t *project.Target) error {
	secrets, missing, err := a.Keys.Secrets(t)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return a.Keys.MissingSecret(t, missing[0])
	}
	given := values(t)
	given.Secrets = secrets
	s.Checked = a.Bundles.For(check.Options{
		Integration: t.Integration.Value, Unresolved: diag.Error, Disable: a.Disable,
		Values: given,
	})
	return verdict.At(verdict.Validate, s.Checked.Err())
}

// unproven marks a deploy that was written and could not be read back.
func unproven(err error) error {
	if verdict.ReasonOf(err) == verdict.NotProven {
		return &OutcomeError{Unproven, err}
	}
	return err
}
