package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func validateVerb(p *program.Program) *cobra.Command {
	return p.Verb("validate", "[BUNDLE...]", "Check bundle files, for every target of zis.yml; needs no network and no credentials", runValidate)
}

func runValidate(ctx context.Context, p *program.Program, args []string) error {
	r := &report.Report{Command: "validate"}
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	checked, err := program.Within(ctx, p, func() (check.Result, error) { return checkAll(p, args) })
	r.Findings, r.Notes = checked.Findings, checked.Notes
	return p.Conclude(ctx, r, err)
}

// checkAll checks the bundles as they are, for the target that is named, or
// for every target of zis.yml.
func checkAll(p *program.Program, args []string) (check.Result, error) {
	if p.Named != nil {
		paths, err := p.BundlePaths(args)
		if err != nil {
			return check.Result{}, err
		}
		return p.CheckFor(paths)
	}
	if checked, done, err := p.CheckTargets(args); done || err != nil {
		return checked, err
	}
	return p.CheckFiles(args, diag.Warning)
}
