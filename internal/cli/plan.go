package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/cli/flows"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func planVerb(p *program.Program) *cobra.Command {
	return p.Verb("plan", "BUNDLE...", "Show what a deploy would change; writes nothing", runPlan)
}

func runPlan(ctx context.Context, p *program.Program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	r := &report.Report{Command: "plan"}
	p.Around = true
	s, err := p.Planned(ctx, args)
	defer func() { s.Close(ctx) }() // there is a session beside an error too
	r.Of(s)
	r.Behaviour = flows.Behaviour(ctx, p, s)
	if err == nil && p.PlanFile != "" {
		err = verdict.At(verdict.Plan, savePlan(p, s))
	}
	if err := p.Conclude(ctx, r, err); err != nil {
		return err
	}
	if code := r.Outcome.Exit(p.DetailedExitcode); code != verdict.ExitDone {
		return program.ExitError(code)
	}
	return nil
}

func savePlan(p *program.Program, s *account.Session) error {
	text, err := s.Prepared.Save(s.Where())
	if err != nil {
		return err
	}
	if err := p.Workspace.Write(p.PlanFile, diag.JSON(text)); err != nil {
		return program.Usage(err)
	}
	if p.Workflow != nil {
		p.Workflow.PlanFile = p.PlanFile
	}
	return nil
}
