package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

func (c *command) planVerb() *cobra.Command {
	return c.verb("plan", "BUNDLE...", "Show what a deploy would change; writes nothing", c.plan)
}

func (c *command) plan(ctx context.Context, args []string) error {
	ctx, cancel := c.limited(ctx)
	defer cancel()
	r := &report.Report{Command: "plan"}
	acc, err := c.makePlan(ctx, args, r)
	defer acc.close()
	if err == nil && c.planFile != "" {
		err = verdict.At(verdict.Plan, c.savePlan(r.Plan.Plan, acc.where))
	}
	if err := c.conclude(ctx, r, err); err != nil {
		return err
	}
	if c.detailedExitcode && r.Outcome == verdict.Changes {
		return exitError(verdict.ExitChanges)
	}
	return nil
}

// makePlan is the first half of the line that deploy follows to its end: the
// files are read and checked, the account is read, the two are compared.
func (c *command) makePlan(ctx context.Context, args []string, r *report.Report) (acc *account, err error) {
	docs, err := c.loadValid(args, r, diag.Error)
	if err != nil {
		return nil, err
	}
	acc, err = c.connect(ctx)
	if err != nil {
		return nil, verdict.At(verdict.Input, err)
	}
	r.Where = acc.where
	looking, stop := context.WithCancel(ctx)
	defer stop()
	found := c.lookForNeeds(looking, acc, docs)
	ended := c.progress.begin("read " + acc.where)
	have, err := deploy.Read(ctx, acc.client, c.integration)
	ended(err)
	if err != nil {
		stop()
		found(&report.Report{})
		return acc, verdict.At(verdict.Read, err)
	}
	found(r)
	plan, err := deploy.NewPlan(bundles(docs), have, c.planOptions(acc))
	if err != nil {
		return acc, verdict.At(verdict.Plan, err)
	}
	r.Plan = &plan
	return acc, nil
}

func bundles(docs []*source.Document) []*zis.Bundle {
	list := make([]*zis.Bundle, len(docs))
	for i, d := range docs {
		list[i] = zis.Read(d)
	}
	return list
}

func (c *command) planOptions(acc *account) deploy.Options {
	return deploy.Options{
		JobSpecs: deploy.ParseSelection(c.jobSpecs), Prune: c.prune, PruneOrphans: c.pruneOrphans,
		PruneLimit: c.pruneLimit, AllowEmpty: c.allowEmpty, Owned: c.owned(acc),
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
func (c *command) checkSaved(p deploy.Plan, target string) error {
	if c.planFile == "" {
		return nil
	}
	text, err := os.ReadFile(c.planFile)
	if err != nil {
		return usage(err)
	}
	saved, err := deploy.Load(text)
	if err != nil {
		return err
	}
	return p.Same(saved, target)
}
