package targets

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// StatusVerb is `zis status`: what each target runs.
func StatusVerb(p *program.Program) *cobra.Command {
	return p.Many("status", "", "Tell who runs what, over all targets of zis.yml", runSurvey("status"))
}

// DriftVerb is `zis drift`: whether each target still runs what it was given.
func DriftVerb(p *program.Program) *cobra.Command {
	return p.Many("drift", "", "Tell which accounts no longer run what was brought there", runSurvey("drift"))
}

func runSurvey(command string) func(context.Context, *program.Program, []string) error {
	return func(ctx context.Context, p *program.Program, _ []string) error {
		r, err := survey(ctx, p, command)
		return concludeFleet(ctx, p, r, err)
	}
}

func survey(ctx context.Context, p *program.Program, command string) (fleet.Report, error) {
	c, err := gather(p)
	if err != nil {
		return fleet.Report{}, err
	}
	survey := fleet.Survey{
		Command: command, Targets: c.targets, Release: c.release, Parallel: p.Parallel, Timeout: p.TargetTimeout, Shard: p.Shard,
		Worker: c.worker, Now: time.Now(), Told: func(r fleet.Row) { surveyed(p, r) }, Say: p.Say,
	}
	if err := checkCrew(p, c, c.targets); err != nil {
		return survey.Refused(err), err
	}
	r := survey.Run(ctx)
	return r, judgeSurvey(p, &r)
}

// surveyed tells on the way only what could not be read.
func surveyed(p *program.Program, r fleet.Row) {
	if r.Verdict == fleet.Unread {
		toldRow(p, r)
	}
}

// judgeSurvey is the error of a survey: what could not be read, and drift if
// that was asked to fail.
func judgeSurvey(p *program.Program, r *fleet.Report) error {
	if unread := r.Count(fleet.Unread, fleet.NotStarted); unread > 0 {
		r.Reason = string(firstReason(r))
		return &verdict.Error{Reason: verdict.Reason(r.Reason), Err: errors.New(r.Sentence), Next: r.Next}
	}
	if r.Command == "drift" && r.Outcome == verdict.Changes && p.FailOnDrift {
		r.Outcome, r.Reason = verdict.Failed, string(verdict.Drifted)
		r.Next = "look at the lines of the targets that have drifted; promote brings the release there again"
		return &verdict.Error{Reason: verdict.Drifted, Err: fmt.Errorf("%s", r.Sentence), Next: r.Next}
	}
	return nil
}

func firstReason(r *fleet.Report) verdict.Reason {
	for _, row := range r.Rows {
		if row.Reason != "" {
			return verdict.Reason(row.Reason)
		}
	}
	return verdict.Cancelled
}
