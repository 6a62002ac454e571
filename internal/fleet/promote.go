package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Promotion brings a release to the targets of one ring.
type Promotion struct {
	Project  *project.Project
	Ring     string
	Targets  []*project.Target // of the ring
	Release  Release
	Shard    string        // name of the part of the ring that Targets are; "": they are not one of several parts
	Parallel int           // targets at a time; 0: as the ring says
	Timeout  time.Duration // for each target; 0: none
	DryRun   bool          // everything but writing: tell what would change
	Worker   Worker
	Say      verdict.Words // the words for hints; may be nil

	// Save keeps the report. It is called before the first write, and the run
	// ends if it fails; after that with what is known so far. Calls don't
	// overlap. Nil keeps nothing.
	Save func(Report) error
	// Told is called for each target that has ended. Calls don't overlap. May
	// be nil.
	Told func(Row)
}

// Run proves that the ring before runs the release, then delivers it. The
// report is there in any case; the error says why the run failed, and is nil
// also if targets are pending.
func (p Promotion) Run(ctx context.Context) (Report, error) {
	r := p.begin()
	err := r.run(ctx)
	r.conclude(err)
	return r.report, errors.Join(r.err(err), r.save())
}

// Refused is the report of a promotion that may not begin.
func (p Promotion) Refused(err error) Report {
	r := p.begin()
	r.conclude(err)
	return r.report
}

func (p Promotion) begin() *promotion {
	r := &promotion{Promotion: p, began: time.Now()}
	r.report = Report{
		Version: Version, Command: "promote", Release: p.Release, Ring: p.Ring, Shard: p.Shard, Time: r.began.UTC(),
		Outcome: verdict.Failed, Sentence: "the run has not ended",
	}
	if r.whole = len(p.Targets); p.Shard != "" {
		r.whole = max(r.whole, len(p.Project.In(p.Ring)))
	}
	for _, t := range p.Targets {
		r.report.Rows = append(r.report.Rows, row(t, NotStarted, "nothing was asked of the account"))
	}
	return r
}

type promotion struct {
	Promotion
	began time.Time
	whole int // how many targets max-failures is about

	mu     sync.Mutex // guards report, failed and saved; held over Save and Told
	report Report
	failed int
	saved  time.Time
}

func row(t *project.Target, v Verdict, sentence string) Row {
	account := t.BaseURL.Value
	if t.Subdomain.Value != "" {
		account = t.Subdomain.Value + ".zendesk.com"
	}
	return Row{
		Name: t.Name.Value, Ring: t.Ring.Value, Integration: t.Integration.Value, Verdict: v, Sentence: sentence,
		Account: strings.TrimPrefix(strings.TrimPrefix(account, "https://"), "http://"),
	}
}

func (r *promotion) run(ctx context.Context) error {
	if len(r.Targets) == 0 {
		return verdict.Errorf(verdict.InvalidInput, "give targets this ring in zis.yml", "the ring %q has no targets", r.Ring)
	}
	if err := r.gate(ctx); err != nil {
		return err
	}
	for i := range r.report.Rows {
		r.report.Rows[i].Verdict, r.report.Rows[i].Sentence = Unfinished, "the run had not ended"
	}
	if err := r.save(); err != nil {
		return verdict.Errorf(verdict.InvalidInput, "nothing was written; give the report a place", "the report can't be kept: %w", err)
	}
	begun := make([]bool, len(r.Targets))
	pool{r.parallel(), r.Timeout}.run(ctx, len(r.Targets), r.goOn, func(ctx context.Context, i int) {
		begun[i] = true
		r.deliver(ctx, i)
	})
	r.left(ctx, begun)
	return nil
}

func (r *promotion) parallel() int {
	ring, _ := r.Project.Ring(r.Ring)
	switch {
	case r.Parallel > 0:
		return r.Parallel
	case ring != nil && ring.Parallel > 0:
		return ring.Parallel
	}
	return project.DefaultParallel
}

// goOn tells whether another target may be started.
func (r *promotion) goOn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.stopped()
}

func (r *promotion) stopped() bool {
	ring, _ := r.Project.Ring(r.Ring)
	return ring != nil && ring.MaxFailures.ExceededIn(r.failed, len(r.Targets), r.whole)
}

// left gives those that were not begun their verdict.
func (r *promotion) left(ctx context.Context, begun []bool) {
	why := "more targets than max-failures allows have failed"
	if r.whole > len(r.Targets) {
		why = fmt.Sprintf("more targets have failed than max-failures allows for this part, %d of the ring's %d", len(r.Targets), r.whole)
	}
	if ctx.Err() != nil {
		why = fmt.Sprintf("the run ended before: %v", context.Cause(ctx))
	}
	for i := range r.report.Rows {
		if !begun[i] {
			r.report.Rows[i].Verdict, r.report.Rows[i].Sentence = NotStarted, why
		}
	}
}

func (r *promotion) deliver(ctx context.Context, i int) {
	start := time.Now()
	work := r.Worker.Deliver
	if r.DryRun {
		work = r.Worker.Foresee
	}
	d, err := work(ctx, r.Targets[i])
	done := row(r.Targets[i], Succeeded, d.Sentence)
	done.Took = time.Since(start)
	done.take(d)
	switch {
	case err != nil:
		done.fail(err, r.Say)
	case d.Planned:
		done.Verdict = Planned
	case d.Pending:
		done.Verdict = Pending
		done.Next = "an administrator opens the address and applies the release"
	case !d.Wrote:
		done.Verdict = NoChanges
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.failed++
	}
	r.report.Rows[i] = done
	if r.Told != nil {
		r.Told(done)
	}
	if r.Save != nil && time.Since(r.saved) >= saveEvery {
		_ = r.keep() // the last one, at the end, is reported
	}
}

func (row *Row) take(d Delivery) {
	if d.Account != "" {
		row.Account = d.Account
	}
	row.Changes, row.Record, row.Notes, row.Link, row.Sentences = d.Changes, d.Record, d.Notes, d.Link, d.Sentences
	if d.Specs.On+len(d.Specs.Off)+len(d.Specs.More) > 0 {
		row.Specs = &d.Specs
	}
}

// fail says why a target has failed.
func (row *Row) fail(err error, say verdict.Words) {
	row.Verdict = Failed
	if e, ok := errors.AsType[*OutcomeError](err); ok {
		row.Verdict = e.Verdict
	}
	row.Sentence, row.Reason, row.Next = err.Error(), string(verdict.ReasonOf(err)), verdict.NextOf(err, say)
}

// OutcomeError is the error of a delivery that has not simply failed.
type OutcomeError struct {
	Verdict Verdict // Unproven
	Err     error
}

func (e *OutcomeError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *OutcomeError) Unwrap() error { return e.Err }

// saveEvery is how often the report is kept while the run goes on. What is in
// it is true at any time: a target that isn't known to have ended is unfinished.
const saveEvery = time.Second

func (r *promotion) save() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keep()
}

func (r *promotion) keep() error {
	if r.Save == nil {
		return nil
	}
	r.saved = time.Now()
	return r.Save(r.report)
}

// conclude gives the report its verdict.
func (r *promotion) conclude(err error) {
	rep := &r.report
	failed, left, pending := rep.Count(Failed, Unproven), rep.Count(NotStarted, Unfinished), rep.Count(Pending)
	did := fmt.Sprintf("%s written and read back, %d ran it already", english.Plural(rep.Count(Succeeded), "target"), rep.Count(NoChanges))
	title := fmt.Sprintf("promote of %s to %s", r.Release, cmp.Or(r.Ring, english.Plural(len(rep.Rows), "target")))
	planned := rep.Count(Planned)
	if r.DryRun || planned > 0 { // the report of a part doesn't say that it was dry
		title += " (dry run)"
		did = fmt.Sprintf("%s would be written to, %d run it already; nothing was written", english.Plural(planned, "target"), rep.Count(NoChanges))
	}
	switch {
	case err != nil:
		rep.Outcome, rep.Reason, rep.Next = verdict.Failed, string(verdict.ReasonOf(err)), verdict.NextOf(err, r.Say)
		rep.Sentence = fmt.Sprintf("%s refused: %v", title, err)
	case failed+left > 0:
		rep.Outcome, rep.Reason = verdict.Failed, string(r.reason())
		rep.Sentence = fmt.Sprintf("%s failed: %s failed, %d not started; %s", title, english.Plural(failed, "target"), left, did)
		rep.Next = "run again when the cause is gone: it touches only what isn't there"
	case planned > 0:
		rep.Outcome, rep.Sentence = verdict.Changes, title+": "+did
	case pending > 0:
		rep.Outcome = verdict.Pending
		rep.Sentence = fmt.Sprintf("%s pending: an admin has to apply it in %s; %s", title, english.Plural(pending, "account"), did)
		rep.Next = "the ring isn't done before they run it; run again then, or zis status"
	case rep.Count(Succeeded) == 0:
		rep.Outcome = verdict.NoChanges
		rep.Sentence = fmt.Sprintf("%s: no changes, all %s run it", title, english.Plural(len(rep.Rows), "target"))
	default:
		rep.Outcome = verdict.Succeeded
		rep.Sentence = fmt.Sprintf("%s: done and read back; %s", title, did)
	}
}

// reason is the reason of the first target that has one.
func (r *promotion) reason() verdict.Reason {
	for _, row := range r.report.Rows {
		if row.Reason != "" {
			return verdict.Reason(row.Reason)
		}
	}
	return verdict.Cancelled
}

// err is the error of a run: that of the gate, or of the targets.
func (r *promotion) err(gate error) error {
	if gate != nil || r.report.Outcome != verdict.Failed {
		return gate
	}
	return &verdict.Error{Reason: r.reason(), Err: errors.New(r.report.Sentence), Next: r.report.Next}
}
