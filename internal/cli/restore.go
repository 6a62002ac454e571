package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func restoreVerb(p *program) *cobra.Command {
	cmd := p.verb("restore", "JOURNAL", "Go back to the state that a journal or backup file holds: planned, carried out and read back", runRestore)
	cmd.Args = cobra.MaximumNArgs(1)
	return cmd
}

// runRestore plans and carries out the way back to what a file holds.
func runRestore(ctx context.Context, p *program, args []string) error {
	signal := ctx
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	r := &report.Report{Command: "restore", DryRun: p.DryRun}
	s := p.session()
	defer s.Close(signal)
	path := p.BackupFile
	if len(args) > 0 {
		path = args[0]
	}
	past, err := deploy.ReadJournal(path)
	if err == nil && past == nil {
		err = verdict.Errorf(verdict.InvalidInput, "name the journal or backup file of a deploy", "there is no saved state in %q", path)
	}
	if err != nil {
		return p.conclude(ctx, r, verdict.At(verdict.Input, usage(err)))
	}
	p.Integration = cmp.Or(p.Integration, past.Integration)
	s.Target.Integration = p.Integration
	if err = p.connect(s); err == nil {
		s.Journal = p.journalPath(s)
		err = s.Restore(ctx, past)
	}
	r.Of(s)
	if err != nil || p.DryRun || s.Prepared.Empty() && !s.Prepared.Unproven() {
		return p.conclude(ctx, r, err)
	}
	return p.carryOut(ctx, signal, s, r, "Bring this back on "+r.Where+"?")
}
