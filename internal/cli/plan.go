package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func (c *command) planVerb() *cobra.Command {
	return c.verb("plan", "BUNDLE...", "Show what a deploy would change; writes nothing", c.plan)
}

func (c *command) plan(ctx context.Context, args []string) error {
	ctx, cancel := c.limited(ctx)
	defer cancel()
	r := &report.Report{Command: "plan"}
	s, err := c.planned(ctx, args)
	defer s.Close(ctx)
	r.Of(s)
	if err == nil && c.planFile != "" {
		err = verdict.At(verdict.Plan, c.savePlan(s.Prepared.Plan, s.Where()))
	}
	if err := c.conclude(ctx, r, err); err != nil {
		return err
	}
	if c.detailedExitcode && r.Outcome == verdict.Changes {
		return exitError(verdict.ExitChanges)
	}
	return nil
}

// planned is the first half of the line that deploy follows to its end: the
// files are read and checked, the account is read, the two are compared. The
// session is there even if that fails.
func (c *command) planned(ctx context.Context, args []string) (*account.Session, error) {
	s := c.session()
	if err := c.load(s, args, diag.Error); err != nil {
		return s, err
	}
	if err := c.connect(s); err != nil {
		return s, err
	}
	s.Journal = c.journalPath(s)
	return s, s.Plan(ctx, c.planOptions())
}

func (c *command) planOptions() deploy.Options {
	return deploy.Options{
		JobSpecs: deploy.ParseSelection(c.jobSpecs), Prune: c.prune, PruneOrphans: c.pruneOrphans,
		PruneLimit: c.pruneLimit, AllowEmpty: c.allowEmpty,
	}
}

// limited bounds the whole run.
func (c *command) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("the run took longer than --timeout %s: %w", c.timeout, context.DeadlineExceeded))
}

func (c *command) savePlan(p deploy.Plan, target string) error {
	text, err := p.Save(target)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.planFile, text, 0o644); err != nil {
		return usage(err)
	}
	c.planWritten = c.planFile
	return nil
}

// checkSaved refuses a plan that is not the one in --plan-file.
func (c *command) checkSaved(s *account.Session) error {
	if c.planFile == "" {
		return nil
	}
	text, err := os.ReadFile(c.planFile)
	if err != nil {
		return usage(err)
	}
	return s.CheckSaved(text)
}
