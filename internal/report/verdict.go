package report

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Done is the report of a command that has neither files nor a plan, and did
// what it says.
func Done(command, what string) Report {
	return Report{Command: command, Outcome: verdict.Succeeded, Sentence: strings.TrimSuffix(command+": "+what, ": ")}
}

// Conclude fills in the verdict from how the run ended: the one place that
// decides it, so that outputs, summary and exit code can't disagree. say has the
// words of the medium for hints.
func (r *Report) Conclude(err error, say verdict.Words) {
	r.Stage = verdict.StageOf(err)
	if r.Plan != nil {
		told := sentences.Of(*r.Plan)
		r.told = &told
	}
	pass, passed := errors.AsType[*verdict.Pass](err)
	switch {
	case passed:
		r.Outcome, r.Next, r.Stage = pass.Outcome, verdict.NextOf(err, say), ""
		r.Sentence = fmt.Sprintf("%s %s: %s", r.Command, pass.Outcome, pass.Why)
	case verdict.ReasonOf(err) == verdict.NotProven:
		r.Outcome, r.Reason, r.Next = verdict.Unproven, verdict.NotProven, verdict.NextOf(err, say)
		r.Sentence = fmt.Sprintf("%s%s unproven: %v", r.Command, r.at(), err)
	case err != nil:
		r.Outcome, r.Reason, r.Next = verdict.Failed, verdict.ReasonOf(err), verdict.NextOf(err, say)
		r.Sentence = fmt.Sprintf("%s%s failed: %v%s", r.Command, r.at(), err, r.aftermath())
	case r.Plan == nil:
		r.Outcome = verdict.Succeeded
		r.Sentence = fmt.Sprintf("%s: %s in %s", r.Command, r.Tally(), r.Paths())
	case r.Plan.Empty() && r.Plan.Unproven():
		r.Outcome, r.Reason = verdict.Unproven, verdict.NotProven
		r.Sentence = fmt.Sprintf("%s%s unproven: the account shows the last upload of this content otherwise than it was sent", r.Command, r.at())
	case r.Plan.Empty() && r.Plan.Changes() > 0:
		r.Outcome, r.Next = verdict.Changes, r.pruneNext(say)
		if r.Command == "deploy" && !r.DryRun {
			r.Outcome = verdict.Succeeded // there was nothing to write
		}
		r.Sentence = fmt.Sprintf("%s%s: the account runs what the files say%s", r.Command, r.at(), r.extra())
	case r.Plan.Empty():
		r.Outcome = verdict.NoChanges
		r.Sentence = fmt.Sprintf("%s%s: no changes, %s", r.Command, r.at(), r.already())
	case r.Deploy == nil:
		r.Outcome = verdict.Changes
		r.Sentence = fmt.Sprintf("%s%s: would %s", r.Command, r.at(), r.would())
		r.Next = "nothing is written yet; a deploy carries it out"
		if r.DryRun {
			r.Next = "nothing was written (dry run)"
		}
	default:
		r.Outcome = verdict.Succeeded
		r.Sentence = fmt.Sprintf("%s%s: done and read back, %s", r.Command, r.at(), r.did())
		r.Next = cmp.Or(r.pruneNext(say), r.tryNext())
	}
}

// already says why there is nothing to do.
func (r *Report) already() string {
	switch r.Command {
	case "install":
		return "these job specs are on"
	case "uninstall":
		return "none of these job specs is on"
	case "restore":
		return "the account is as it was saved"
	}
	return "the account runs what the files say"
}

func (r *Report) at() string {
	if r.Plan != nil {
		return fmt.Sprintf(" of %q on %s", r.Plan.Integration, r.Where)
	}
	if r.Where != "" {
		return " on " + r.Where
	}
	return ""
}

// aftermath says what a failed deploy has left behind.
func (r *Report) aftermath() string {
	switch r.Rollback() {
	case deploy.Restored:
		return "; the former state was brought back"
	case deploy.Partial:
		return "; the former state was brought back only in part"
	case deploy.Impossible:
		return "; the former state was not brought back"
	}
	return ""
}
