package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func verifyVerb(p *program.Program) *cobra.Command {
	return p.Verb("verify", "BUNDLE...", "Prove that the account runs exactly this, whoever deployed it; writes nothing", runVerify)
}

func runVerify(ctx context.Context, p *program.Program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	r := &report.Report{Command: "verify"}
	s, err := p.Planned(ctx, args)
	defer func() { s.Close(ctx) }() // there is a session beside an error too
	r.Of(s)
	if err == nil {
		err = proven(s)
	}
	return p.Conclude(ctx, r, err)
}

// proven says of what was just read whether the account runs exactly what was
// planned: a Pass that succeeded, or what is missing.
func proven(s *account.Session) error {
	of := fmt.Sprintf("%q on %s", s.Target.Integration, s.Where())
	if lacks := s.Prepared.Lacks(); len(lacks) > 0 {
		return verdict.At(verdict.Verify, verdict.Errorf(verdict.VerifyFailed, "a plan shows what would be changed, a deploy changes it",
			"%s does not run exactly this: %s", of, strings.Join(lacks, "; ")))
	}
	return &verdict.Pass{
		Outcome: verdict.Succeeded,
		Why: fmt.Sprintf("%s runs exactly this: %s read back, %s on, nothing more of it fires",
			of, english.Plural(len(s.Prepared.Bundles), "bundle"), english.Plural(len(s.Prepared.Installed()), "job spec")),
	}
}
