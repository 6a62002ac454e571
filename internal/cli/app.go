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

func (c *command) appVerb() *cobra.Command {
	cmd := &cobra.Command{Use: "app", Short: "Build or push the private Zendesk app in which an admin applies a release"}
	build := c.verb("app build", "BUNDLE...", "Plan, and pack the plan and its bundles into an app", c.appBuild)
	build.Use = "build BUNDLE..."
	cmd.AddCommand(build)
	return cmd
}

func (c *command) appBuild(ctx context.Context, args []string) error {
	ctx, cancel := c.limited(ctx)
	defer cancel()
	if c.out == "" {
		return usagef("--out is missing: the file that takes the app's package")
	}
	r := &report.Report{Command: "app build"}
	s, err := c.planned(ctx, args)
	defer s.Close(ctx)
	r.Of(s)
	if err != nil {
		return c.conclude(ctx, r, err)
	}
	release, err := c.release(s)
	if err != nil {
		return err
	}
	pack, err := release.Package()
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.out, pack, 0o644); err != nil {
		return usage(err)
	}
	c.tell("app build: %s holds the version %s of the app %q, %d bytes", c.out, release.Version, release.Name(), len(pack))
	return nil
}

// release is what the session has planned, as the app carries it.
func (c *command) release(s *account.Session) (app.Release, error) {
	subdomain, err := c.ownSubdomain(s)
	if err != nil {
		return app.Release{}, err
	}
	about := app.About{Subdomain: subdomain, Commit: c.Getenv("GITHUB_SHA")}
	if c.Getenv("GITHUB_REF_TYPE") == "tag" {
		about.Tag = c.Getenv("GITHUB_REF_NAME")
	}
	return app.NewRelease(*s.Prepared, about)
}

// ownSubdomain is the account that the app is for: the page refuses to work in
// any other.
func (c *command) ownSubdomain(s *account.Session) (string, error) {
	if given := cmp.Or(c.subdomain, c.Getenv("ZENDESK_SUBDOMAIN")); given != "" {
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
