package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// gate decides whether a run may begin: what is only proposed must not be
// deployed, nor what the branch has left behind. It asks before anything is
// read, and nothing else is written.
func (c *command) gate(ctx context.Context, step *github.Action) error {
	on := func(name string) bool { return strings.EqualFold(value(step, row(name)), "true") }
	verb := value(step, row("command"))
	if !slices.Contains([]string{"deploy", "register", "token"}, verb) || on("dry-run") {
		return nil
	}
	event := step.Event()
	if event.OnPullRequest() && !on("allow-pr-deploy") && step.Input("target") != "local" {
		return verdict.At(verdict.Input, &verdict.Error{
			Reason: verdict.InvalidInput,
			Err:    fmt.Errorf("the event %s runs code that nobody has accepted yet: %s does not write there", event.Name, verb),
			Next:   "plan on pull requests and deploy on push; allow-pr-deploy: true lets it write, for an account that is only for tests",
		})
	}
	if verb != "deploy" {
		return nil
	}
	return newest(ctx, step, event)
}

// newest asks whether the commit that was pushed is still the head of its
// branch.
func newest(ctx context.Context, step *github.Action, event github.Event) error {
	choice := strings.ToLower(value(step, row("superseded")))
	if event.Branch == "" || choice == "allow" {
		return nil
	}
	head, err := step.Head(ctx, event)
	if err != nil {
		step.Notice(fmt.Sprintf("whether %s still is the head of its branch can't be checked: %v", event.Commit, err))
		return nil
	}
	if head == event.Commit {
		return nil
	}
	why := fmt.Sprintf("the branch %q is at %s and this run is for %s: deploying it would take the account back", event.Branch, head, event.Commit)
	next := "run the workflow of the newest commit; superseded: allow deploys an old one"
	if choice == "skip" {
		return &verdict.Pass{Outcome: verdict.PassedOver, Why: why, Next: next}
	}
	return &verdict.Error{Reason: verdict.Superseded, Err: errors.New(why), Next: next}
}

// passOver turns missing credentials into a run that was skipped, where that
// was asked for.
func (c *command) passOver(err error) error {
	if err == nil || c.missing != "skip" || verdict.ReasonOf(err) != verdict.MissingCredentials {
		return err
	}
	return &verdict.Pass{Outcome: verdict.Skipped, Why: err.Error(), Next: verdict.NextOf(err, c.say)}
}

// commentKey is for what the run's comment stands. It is known before
// anything is read, so that a broken file changes the same comment as its
// repair. A check is of no account.
func (c *command) commentKey(step *github.Action, bundles string) github.Key {
	key := github.Key{Version: 1, Integration: step.Input("integration"), Bundles: lines(bundles)}
	if value(step, row("command")) == "validate" {
		return key
	}
	if key.Target = step.Input("target"); key.Target != "" {
		return key
	}
	asked := command{Env: c.Env}
	asked.subdomain, asked.baseURL = step.Input("subdomain"), step.Input("base-url")
	if base, where, err := asked.address(); err == nil {
		if key.Target = where; asked.baseURL != "" {
			key.Target = host(base)
		}
	}
	return key
}

// host is all of an address that may be shown.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// inDirectory makes paths, one a line, that are relative to dir relative to
// the workspace root, so that findings in them are annotated there.
func inDirectory(dir, root, paths string) (string, error) {
	if filepath.IsAbs(dir) {
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return "", usage(err)
		}
		dir = rel
	}
	if !filepath.IsLocal(dir) {
		return "", usagef("the working-directory %q is outside the workspace", dir)
	}
	list := lines(paths)
	for i, p := range list {
		if !filepath.IsAbs(p) {
			list[i] = path.Join(filepath.ToSlash(dir), filepath.ToSlash(p))
		}
	}
	return strings.Join(list, "\n"), nil
}
