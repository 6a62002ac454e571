package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

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
	acc, err := c.makePlan(ctx, args, r)
	defer acc.close()
	if err == nil {
		err = verdict.At(verdict.Plan, c.checkSaved(r.Plan.Plan, acc.where))
	}
	if err != nil || c.dryRun || r.Plan.Empty() {
		return c.conclude(ctx, r, err)
	}
	journal := c.journalPath(acc)
	if filepath.Dir(journal) == c.stateDir() {
		if err := c.keepOutOfGit(); err != nil {
			return c.conclude(ctx, r, verdict.At(verdict.Snapshot, err))
		}
	}
	result := deploy.Apply(ctx, acc.client, *r.Plan, deploy.Settings{
		Journal: journal, Target: acc.where, Attempts: 1 + c.maxRetries, NoRollback: c.noRollback, On: c.progress.step,
	})
	c.progress.clear()
	r.Deploy = &result
	if result.Steps[0].State == deploy.Done { // the snapshot
		r.Journal = journal
	}
	return c.conclude(ctx, r, result.Err)
}

// journalPath is one file for each integration of each account.
func (c *command) journalPath(acc *account) string {
	if c.journal != "" {
		return c.journal
	}
	name := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, acc.where)
	return filepath.Join(c.journalDir(), "zis-"+name+"-"+c.integration+".journal")
}

// owned are the job specs that our bundles had before the last deploy from
// here: it may have ended between upload and prune. One that did not end is
// told about.
func (c *command) owned(acc *account) []string {
	past, err := deploy.ReadJournal(c.journalPath(acc))
	if err != nil || past == nil || past.Target != acc.where || past.Integration != c.integration {
		return nil
	}
	if !past.Ended {
		c.note("the deploy of %s did not end: %s; the account is read again and the rest is done",
			past.Time.Local().Format(time.DateTime), past.Standing())
	}
	return past.Owned
}

// note tells something on the way, on stderr.
func (c *command) note(format string, args ...any) {
	fmt.Fprintln(c.Stderr, report.Plain(fmt.Sprintf(format, args...)))
}

// ended tells on stderr how a step has ended.
func (c *command) ended(state deploy.State, what string) {
	fmt.Fprintln(c.Stderr, c.errPaint.State(state, fmt.Sprintf("%-8s", state)), report.Plain(what))
}
