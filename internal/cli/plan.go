package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func planVerb(p *program) *cobra.Command {
	return p.verb("plan", "BUNDLE...", "Show what a deploy would change; writes nothing", runPlan)
}

func runPlan(ctx context.Context, p *program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	r := &report.Report{Command: "plan"}
	p.around = true
	s, err := p.planned(ctx, args)
	defer func() { s.Close(ctx) }() // there is a session beside an error too
	r.Of(s)
	r.Behaviour = p.behaviour(ctx, s)
	if err == nil && p.PlanFile != "" {
		err = verdict.At(verdict.Plan, savePlan(p, s))
	}
	if err := p.conclude(ctx, r, err); err != nil {
		return err
	}
	if code := r.Outcome.Exit(p.DetailedExitcode); code != verdict.ExitDone {
		return exitError(code)
	}
	return nil
}

func savePlan(p *program, s *account.Session) error {
	text, err := s.Prepared.Save(s.Where())
	if err != nil {
		return err
	}
	if err := p.files.Write(p.PlanFile, diag.JSON(text)); err != nil {
		return usage(err)
	}
	if p.workflow != nil {
		p.workflow.planFile = p.PlanFile
	}
	return nil
}
