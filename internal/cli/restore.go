package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func restoreVerb(p *program.Program) *cobra.Command {
	cmd := p.Verb("restore", "JOURNAL", "Go back to the state that a journal or backup file holds: planned, carried out and read back", runRestore)
	cmd.Args = cobra.MaximumNArgs(1)
	return cmd
}

// runRestore plans and carries out the way back to what a file holds.
func runRestore(ctx context.Context, p *program.Program, args []string) error {
	signal := ctx
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	r := &report.Report{Command: "restore", DryRun: p.DryRun}
	s := p.Session()
	defer s.Close(signal)
	path := p.BackupFile
	if len(args) > 0 {
		path = args[0]
	}
	if path == "" {
		return p.Conclude(ctx, r, verdict.At(verdict.Input, program.Missing("backup-file", "the file with the state to go back to is missing")))
	}
	past, err := deploy.ReadJournal(p.OnDisk(path))
	if err == nil && past == nil {
		err = verdict.Errorf(verdict.InvalidInput, "name the journal or backup file of a deploy", "there is no saved state in %q", path)
	}
	if err != nil {
		return p.Conclude(ctx, r, verdict.At(verdict.Input, program.Usage(err)))
	}
	p.Integration = cmp.Or(p.Integration, past.Integration)
	s.Target.Integration = p.Integration
	if err = p.Connect(s); err == nil {
		s.Journal = p.JournalPath(s)
		err = s.Restore(ctx, past)
	}
	r.Of(s)
	if err != nil || p.DryRun || s.Prepared.Empty() && !s.Prepared.Unproven() {
		return p.Conclude(ctx, r, err)
	}
	return carryOut(ctx, signal, p, s, r, "Bring this back on "+r.Where+"?")
}
