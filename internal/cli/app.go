package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/app"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func appVerb(p *program) *cobra.Command {
	cmd := &cobra.Command{Use: "app", Short: "Build or push the private Zendesk app in which an admin applies a release"}
	build := p.verb("app build", "BUNDLE...", "Plan, and pack the plan and its bundles into an app", runAppBuild)
	build.Use = "build BUNDLE..."
	cmd.AddCommand(build)
	return cmd
}

func runAppBuild(ctx context.Context, p *program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	if p.Out == "" {
		return missing("out", "there is no file that takes the app's package")
	}
	r := &report.Report{Command: "app build"}
	s, err := p.planned(ctx, args)
	defer s.Close(ctx)
	r.Of(s)
	if err != nil {
		return p.conclude(ctx, r, err)
	}
	release, err := p.release(s)
	if err != nil {
		return err
	}
	pack, err := release.Package()
	if err != nil {
		return err
	}
	if err := os.WriteFile(p.Out, pack, 0o644); err != nil {
		return usage(err)
	}
	p.tell("app build: %s holds the version %s of the app %q, %d bytes", p.Out, release.Version, release.Name(), len(pack))
	return nil
}

// release is what the session has planned, as the app carries it.
func (p *program) release(s *account.Session) (app.Release, error) {
	subdomain, err := p.ownSubdomain(s)
	if err != nil {
		return app.Release{}, err
	}
	about := app.About{Subdomain: subdomain, Commit: p.Getenv("GITHUB_SHA")}
	if p.Getenv("GITHUB_REF_TYPE") == "tag" {
		about.Tag = p.Getenv("GITHUB_REF_NAME")
	}
	return app.NewRelease(*s.Prepared, about)
}

// ownSubdomain is the account that the app is for: the page refuses to work in
// any other.
func (p *program) ownSubdomain(s *account.Session) (string, error) {
	if given := cmp.Or(p.Subdomain, p.Getenv("ZENDESK_SUBDOMAIN")); given != "" {
		return given, nil
	}
	if name, ok := strings.CutSuffix(s.Target.Where, ".zendesk.com"); ok {
		return name, nil
	}
	return "", &verdict.Error{
		Reason: verdict.InvalidInput, Err: fmt.Errorf("which account the app is for can't be told from %s", s.Target.Where),
		Hint: verdict.Hint{Code: verdict.GiveOption, Of: "subdomain"},
	}
}
