package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func (c *command) deployVerb() *cobra.Command {
	return c.verb("deploy", "BUNDLE...", "Upload bundles, install their job specs, and read both back", c.deploy)
}

func (c *command) deploy(ctx context.Context, args []string) error {
	ctx, cancel := c.limited(ctx)
	defer cancel()
	r := &report.Report{Command: "deploy", DryRun: c.dryRun}
	s, err := c.planned(ctx, args)
	defer s.Close(ctx)
	r.Of(s)
	if err == nil {
		err = verdict.At(verdict.Plan, c.checkSaved(s))
	}
	if err != nil || c.dryRun || s.Prepared.Empty() {
		return c.conclude(ctx, r, err)
	}
	if filepath.Dir(s.Journal) == c.stateDir() {
		if err := c.keepOutOfGit(); err != nil {
			return c.conclude(ctx, r, verdict.At(verdict.Snapshot, err))
		}
	}
	err = s.Apply(ctx, c.noRollback)
	c.progress.clear()
	r.Of(s)
	return c.conclude(ctx, r, err)
}

// journalPath is one file for each integration of each account.
func (c *command) journalPath(s *account.Session) string {
	if c.journal != "" {
		return c.journal
	}
	return filepath.Join(c.journalDir(), account.JournalName(s.Target.Where, s.Target.Integration))
}

// note tells something on the way, on stderr.
func (c *command) note(format string, args ...any) {
	fmt.Fprintln(c.Stderr, report.Plain(fmt.Sprintf(format, args...)))
}

// ended tells on stderr how a step has ended.
func (c *command) ended(state deploy.State, what string) {
	fmt.Fprintln(c.Stderr, c.errPaint.State(state, fmt.Sprintf("%-8s", state)), report.Plain(what))
}
