package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func renderVerb(p *program.Program) *cobra.Command {
	return p.Verb("render", "BUNDLE...", "Print the bundles as they would be uploaded to an integration", renderBundles)
}

// renderBundles prints what would be uploaded, secrets as (secret). What is printed
// with secrets in it is for people, not for uploading.
func renderBundles(ctx context.Context, p *program.Program, args []string) error {
	r := &report.Report{Command: "render"}
	p.Offline = true
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	checked, err := program.Within(ctx, p, func() (check.Result, error) { return p.CheckFiles(args, diag.Error) })
	r.Findings, r.Notes = checked.Findings, checked.Notes
	if err != nil {
		p.Stdout, p.OutPaint = p.Stderr, p.ErrPaint // stdout is for bundles alone
		return p.Conclude(ctx, r, err)
	}
	for _, d := range checked.Documents {
		if _, err := p.Stdout.Write(d.Shown()); err != nil {
			return err
		}
	}
	return nil
}
