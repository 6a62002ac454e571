package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func installVerb(p *program.Program) *cobra.Command {
	return p.Verb("install", "[JOB_SPEC...]", "Switch job specs on: the named ones, or all of the integration", func(ctx context.Context, p *program.Program, args []string) error {
		return runSwitch(ctx, p, true, args)
	})
}

func uninstallVerb(p *program.Program) *cobra.Command {
	return p.Verb("uninstall", "[JOB_SPEC...]", "Switch job specs off: the named ones, or all, which disables the integration", func(ctx context.Context, p *program.Program, args []string) error {
		return runSwitch(ctx, p, false, args)
	})
}

// runSwitch reads the account, switches job specs on or off and reads back.
func runSwitch(ctx context.Context, p *program.Program, on bool, args []string) error {
	signal := ctx
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	verb := map[bool]string{true: "install", false: "uninstall"}[on]
	r := &report.Report{Command: verb, DryRun: p.DryRun}
	s := p.Session()
	defer s.Close(signal)
	err := planSwitch(ctx, p, s, on, args)
	r.Of(s)
	if err == nil && p.Save != "" {
		err = verdict.At(verdict.Plan, saveSwitch(p, s))
	}
	if err != nil || p.DryRun || s.Prepared.Empty() {
		return p.Conclude(ctx, r, err)
	}
	question := fmt.Sprintf("Switch these job specs %s on %s?", map[bool]string{true: "on", false: "off"}[on], r.Where)
	return carryOut(ctx, signal, p, s, r, question)
}

func planSwitch(ctx context.Context, p *program.Program, s *account.Session, on bool, args []string) error {
	if err := p.Connect(s); err != nil {
		return err
	}
	names, err := switched(p, s, args)
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	s.Journal, s.Backup = p.JournalPath(s), p.OnDisk(p.BackupFile)
	return s.Switch(ctx, on, names)
}

// switched are the job specs that are named: as arguments, by the option, or
// in the file of an earlier uninstall. None are all.
func switched(p *program.Program, s *account.Session, args []string) ([]string, error) {
	names := slices.Clone(args)
	switch listed := option.Lines(p.JobSpecs); {
	case slices.Equal(listed, []string{"all"}):
	case slices.Equal(listed, []string{"none"}):
		return nil, program.Usagef("no job spec is named: `none` are not to be switched")
	default:
		names = append(names, listed...)
	}
	if p.From == "" {
		return names, nil
	}
	if len(names) > 0 {
		return nil, program.Usagef("job specs are named, and %s says which: give one of them", p.Option("from"))
	}
	text, err := p.Workspace.Read(p.From, maxPlan)
	if err != nil {
		return nil, program.Usagef("%s: %w", p.Option("from"), err)
	}
	if names, err = deploy.ReadWasOn(text, s.Target.Where, s.Target.Integration); err == nil && len(names) == 0 {
		err = program.Usagef("%s says that no job spec was on: there is nothing to switch on", p.From)
	}
	return names, err
}

// saveSwitch writes which job specs are about to be switched off, before they
// are.
func saveSwitch(p *program.Program, s *account.Session) error {
	text, err := s.Prepared.WasOn(s.Where())
	if err != nil {
		return err
	}
	if s.Prepared.Empty() {
		return nil // a file of what was on before would be lost
	}
	if p.DryRun {
		return nil
	}
	f, err := p.NewSecretFile(p.Save)
	if err != nil {
		return err
	}
	return f.Keep(text)
}
