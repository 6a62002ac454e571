package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func validateVerb(p *program) *cobra.Command {
	return p.verb("validate", "BUNDLE...", "Check bundle files; needs no network and no credentials", runValidate)
}

func runValidate(ctx context.Context, p *program, args []string) error {
	r := &report.Report{Command: "validate"}
	checked, err := p.check(args, diag.Warning)
	r.Findings, r.Notes = checked.Findings, checked.Notes
	return p.conclude(ctx, r, err)
}
