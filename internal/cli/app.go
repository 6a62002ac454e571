package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/app"
	"github.com/zisdeploy/zis-deploy/internal/cli/targets"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

func appVerb(p *program.Program) *cobra.Command {
	cmd := &cobra.Command{Use: "app", Short: "Build or push the private Zendesk app in which an admin applies a release"}
	build := p.Verb("app build", "BUNDLE...", "Plan, and pack the plan and its bundles into an app", runAppBuild)
	build.Use = "build BUNDLE..."
	push := p.Verb("app push", "BUNDLE...", "Build the app, and install or update it in the account", runAppPush)
	push.Use = "push BUNDLE..."
	cmd.AddCommand(build, push)
	return cmd
}

func runAppPush(ctx context.Context, p *program.Program, args []string) error {
	return viaApp(ctx, p, args, &report.Report{Command: "app push"})
}

// viaApp plans, and hands the plan to an admin of the account: it is pending
// until that person applies it. With --wait the account is read until it runs
// the release.
func viaApp(ctx context.Context, p *program.Program, args []string, r *report.Report) error {
	limited, cancel := p.Limited(ctx)
	defer cancel()
	s, err := p.Planned(limited, args)
	defer func() { s.Close(ctx) }() // there is a session beside an error too
	r.Of(s)
	if err == nil {
		err = checkSaved(p, s)
	}
	if err == nil && !r.DryRun {
		if !s.Prepared.Empty() {
			r.Link, err = handOver(ctx, limited, p, s)
		}
		if s.Prepared.Empty() {
			targets.RecordRelease(ctx, p, s)
		}
		r.Of(s)
	}
	if err := p.Conclude(ctx, r, err); err != nil && !errors.Is(err, program.ExitError(verdict.ExitDone)) {
		return err
	}
	if code := r.Outcome.Exit(p.DetailedExitcode); code != verdict.ExitDone {
		return program.ExitError(code)
	}
	return nil
}

// handOver pushes the app within the run's time, and waits for an admin as long
// as was asked.
func handOver(ctx, limited context.Context, p *program.Program, s *account.Session) (link string, err error) {
	link, err = push(limited, p, s)
	if pass, pending := errors.AsType[*verdict.Pass](err); pending && p.Wait > 0 {
		err = await(ctx, p, s, pass)
	}
	return link, err
}

// push brings the app into the account. Its result is a Pass: pending, and
// where.
func push(ctx context.Context, p *program.Program, s *account.Session) (link string, err error) {
	release, err := release(p, s)
	if err != nil {
		return "", verdict.At(verdict.Plan, err)
	}
	ended := p.Progress.Begin(fmt.Sprintf("push the app %q to %s", release.Name(), s.Where()))
	done, err := app.Push(ctx, zendesk.Apps{Client: s.Client()}, release)
	ended(err)
	if err != nil {
		return "", verdict.At(verdict.Upload, err)
	}
	if done.Note != "" {
		s.Notes = append(s.Notes, done.Note)
	}
	link = release.Link(s.Target.URL)
	return link, &verdict.Pass{
		Outcome: verdict.Pending,
		Why:     fmt.Sprintf("%q waits for an admin of %s: %s", s.Target.Integration, release.Subdomain, link),
		Next:    "an administrator opens the address and applies the release; verify then proves that the account runs it",
	}
}

// pollEvery is how long await lets the account be between two readings, if it
// waits so long.
const pollEvery = 15 * time.Second

// await reads the account until it runs the release, or the time is over: then
// it is as pending as before. A reading that fails is made again.
func await(ctx context.Context, p *program.Program, s *account.Session, pending error) error {
	p.Note("waits up to %s: %v", p.Wait, pending)
	ctx, cancel := context.WithTimeout(ctx, p.Wait)
	defer cancel()
	notes := slices.Clip(s.Notes) // each reading has notes of its own, and the last one's are told
	for {
		select {
		case <-ctx.Done():
			if cause, ok := errors.AsType[verdict.Interrupted](context.Cause(ctx)); ok {
				return cause
			}
			return pending
		case <-time.After(min(pollEvery, p.Wait/4)):
		}
		s.Notes = notes
		err := s.Plan(ctx, p.Change.Options())
		switch {
		case verdict.ReasonOf(err) == verdict.AuthFailed:
			return err
		case err == nil && s.Prepared.Empty():
			return applied(s)
		}
	}
}

// applied is the result of a release that an admin has applied: what the plan
// leaves firing is told, as after any deploy.
func applied(s *account.Session) error {
	err := proven(s)
	if pass, ok := errors.AsType[*verdict.Pass](err); ok {
		return pass
	}
	return &verdict.Pass{Outcome: verdict.Succeeded, Why: "the release was applied and read back, but " + err.Error(), Next: "uninstall what is not wanted: prune does that"}
}

func runAppBuild(ctx context.Context, p *program.Program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	if p.Out == "" {
		return program.Missing("out", "there is no file that takes the app's package")
	}
	r := &report.Report{Command: "app build"}
	s, err := p.Planned(ctx, args)
	defer func() { s.Close(ctx) }() // there is a session beside an error too
	r.Of(s)
	if err != nil {
		return p.Conclude(ctx, r, err)
	}
	release, pack, err := pack(p, s)
	if err != nil {
		return p.Conclude(ctx, r, verdict.At(verdict.Plan, err))
	}
	if err := p.Workspace.Write(p.Out, pack); err != nil {
		return program.Usage(err)
	}
	p.Tell("app build: %s holds the version %s of the app %q, %d bytes", p.Out, release.Version, release.Name(), len(pack))
	return nil
}

func pack(p *program.Program, s *account.Session) (app.Release, []byte, error) {
	release, err := release(p, s)
	if err != nil {
		return release, nil, err
	}
	pack, err := release.Package()
	return release, pack, err
}

// release is what the session has planned, as the app carries it.
func release(p *program.Program, s *account.Session) (app.Release, error) {
	subdomain, err := ownSubdomain(p, s)
	if err != nil {
		return app.Release{}, err
	}
	about := app.About{Subdomain: subdomain, Commit: p.Getenv("GITHUB_SHA"), Tag: p.Release}
	if about.Tag == "" && p.Getenv("GITHUB_REF_TYPE") == "tag" {
		about.Tag = p.Getenv("GITHUB_REF_NAME")
	}
	return app.NewRelease(*s.Prepared, about)
}

// ownSubdomain is the account that the app is for: the page refuses to work in
// any other.
func ownSubdomain(p *program.Program, s *account.Session) (string, error) {
	if name := cmp.Or(p.Subdomain, s.Target.Subdomain(), p.Getenv("ZENDESK_SUBDOMAIN")); name != "" {
		return name, nil
	}
	return "", &verdict.Error{
		Reason: verdict.InvalidInput, Err: fmt.Errorf("which account the app is for can't be told from %s", s.Target.Where),
		Hint: verdict.Hint{Code: verdict.GiveOption, Of: "subdomain"},
	}
}
