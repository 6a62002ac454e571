package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func (c *command) renderVerb() *cobra.Command {
	return c.verb("render", "BUNDLE...", "Print the bundles as they would be uploaded to an integration", c.render)
}

// render prints what would be uploaded, secrets as (secret). What is printed
// with secrets in it is for people, not for uploading.
func (c *command) render(ctx context.Context, args []string) error {
	r := &report.Report{Command: "render"}
	checked, err := c.check(args, diag.Error)
	r.Findings, r.Notes = checked.Findings, checked.Notes
	if err != nil {
		c.Stdout, c.outPaint = c.Stderr, c.errPaint // stdout is for bundles alone
		return c.conclude(ctx, r, err)
	}
	for _, d := range checked.Documents {
		if _, err := c.Stdout.Write(d.Shown()); err != nil {
			return err
		}
	}
	return nil
}
