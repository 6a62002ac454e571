package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func validateVerb(p *program) *cobra.Command {
	return p.verb("validate", "[BUNDLE...]", "Check bundle files, for every target of zis.yml; needs no network and no credentials", runValidate)
}

func runValidate(ctx context.Context, p *program, args []string) error {
	r := &report.Report{Command: "validate"}
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	checked, err := within(ctx, p, func() (check.Result, error) { return p.checkAll(args) })
	r.Findings, r.Notes = checked.Findings, checked.Notes
	return p.conclude(ctx, r, err)
}

// checkAll checks the bundles as they are, for the target that is named, or
// for every target of zis.yml.
func (p *program) checkAll(args []string) (check.Result, error) {
	if p.named != nil {
		paths, err := p.bundlePaths(args)
		if err != nil {
			return check.Result{}, err
		}
		return p.checkFor(paths)
	}
	if checked, done, err := p.checkTargets(args); done || err != nil {
		return checked, err
	}
	return p.check(args, diag.Warning)
}
