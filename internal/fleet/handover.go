package fleet

import (
	"context"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/app"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// handOver pushes the app in which an admin of the account applies what is
// planned. An app that is there with this very release is left alone.
func (a *Accounts) handOver(ctx context.Context, s *account.Session, t *project.Target, d *Delivery) error {
	if err := a.Keys.MissingForApp(t); err != nil {
		return err
	}
	subdomain := s.Target.Subdomain()
	if subdomain == "" {
		return verdict.At(verdict.Plan, verdict.Errorf(verdict.InvalidInput, "give the target a subdomain, or a base-url that ends in /accounts/NAME",
			"which account the app is for can't be told from %s", s.Where()))
	}
	release, err := app.NewRelease(*s.Prepared, app.About{Subdomain: subdomain, Tag: a.Keeper.Release.Name, Commit: a.Keeper.Release.Commit})
	if err != nil {
		return verdict.At(verdict.Plan, err)
	}
	pushed, err := app.Push(ctx, zendesk.Apps{Client: s.Client()}, release)
	if err != nil {
		return verdict.At(verdict.Upload, err)
	}
	if pushed.Note != "" {
		d.Notes = append(d.Notes, pushed.Note)
	}
	d.Pending, d.Link = true, release.Link(s.Target.URL)
	d.Sentence = fmt.Sprintf("waits for an admin of %s: %s", subdomain, d.Link)
	return nil
}
