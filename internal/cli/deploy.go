package cli

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/cli/flows"
	"github.com/zisdeploy/zis-deploy/internal/cli/targets"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func deployVerb(p *program.Program) *cobra.Command {
	return p.Verb("deploy", "BUNDLE...", "Upload bundles, install their job specs, and read both back", runDeploy)
}

func runDeploy(ctx context.Context, p *program.Program, args []string) error {
	signal := ctx
	r := &report.Report{Command: "deploy", DryRun: p.DryRun}
	if p.Via == string(project.App) {
		return viaApp(ctx, p, args, r)
	}
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	p.Uploads, p.Around = !p.DryRun, p.DryRun
	s, err := p.Planned(ctx, args)
	defer func() { s.Close(signal) }() // there is a session beside an error too
	r.Of(s)
	r.Behaviour = flows.Behaviour(ctx, p, s)
	if err == nil {
		s.TellUnlooked()
		err = checkSaved(p, s)
	}
	if err != nil || p.DryRun || s.Prepared.Empty() && !s.Prepared.Unproven() {
		if err == nil && !p.DryRun {
			targets.RecordRelease(ctx, p, s)
			r.Of(s)
		}
		return p.Conclude(ctx, r, err)
	}
	return carryOut(ctx, signal, p, s, r, "Deploy this to "+r.Where+"?")
}

// carryOut asks where a person can be asked, and does what is planned. signal
// ends with a signal alone, ctx with the run's time as well.
func carryOut(ctx, signal context.Context, p *program.Program, s *account.Session, r *report.Report, question string) error {
	if p.Asks() && !s.Prepared.Empty() {
		if err := p.Confirmed(signal, r, question); err != nil {
			return p.Conclude(ctx, r, err)
		}
		limited, cancel := p.Limited(signal) // nobody has to decide within the time of a run
		defer cancel()
		ctx = limited
	}
	if filepath.Dir(s.Journal) == p.Workspace.StateDir() {
		if err := p.Workspace.KeepState(); err != nil {
			return p.Conclude(ctx, r, verdict.At(verdict.Snapshot, err))
		}
	}
	until, _ := ctx.Deadline()
	err := s.Apply(signal, deploy.Settings{NoRollback: p.NoRollback, Settle: p.Settle, Until: until, Late: p.Late()})
	p.Progress.Clear()
	if err == nil {
		targets.RecordRelease(ctx, p, s)
	}
	if s.Saved && p.Workflow != nil && p.BackupFile == "" && r.Command != "restore" {
		s.Notes = append(s.Notes, endsWithJob)
	}
	r.Of(s)
	return p.Conclude(ctx, r, err)
}

// endsWithJob is said in the action, where a runner is thrown away with all
// that was written to it.
const endsWithJob = "the former state is in the journal alone, and ends with this job unless that file is kept: give backup-file, and keep what is written there, to be able to go back later"

// maxPlan bounds a plan file, in bytes.
const maxPlan = 256 << 20

// checkSaved refuses a plan that is not the one that a person has seen, if
// that one is given.
func checkSaved(p *program.Program, s *account.Session) error {
	if p.PlanFile == "" {
		return nil
	}
	text, err := p.Workspace.Read(p.PlanFile, maxPlan)
	if err != nil {
		return verdict.At(verdict.Input, program.Usagef("%s: %w", p.Option("plan-file"), err))
	}
	return s.CheckSaved(text)
}
