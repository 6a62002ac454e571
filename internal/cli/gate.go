package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// gate decides whether a run may begin: what is only proposed must not be
// deployed, nor what the branch has left behind. It asks before anything is
// read, and nothing else is written.
func gate(ctx context.Context, step *github.Action) error {
	on := func(name string) bool { return strings.EqualFold(input(step, name), "true") }
	verb := input(step, "command")
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
	choice := strings.ToLower(input(step, "superseded"))
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

// commentKey is for what the run's comment stands. It is known before
// anything is read, so that a broken file changes the same comment as its
// repair. A check is of no account.
func commentKey(p *program, step *github.Action, bundles string) github.Key {
	key := github.Key{Version: 1, Integration: step.Input("integration"), Bundles: option.Lines(bundles)}
	if input(step, "command") == "validate" {
		return key
	}
	if key.Target = step.Input("target"); key.Target != "" {
		return key
	}
	baseURL := step.Input("base-url")
	if base, where, err := account.Address(cmp.Or(step.Input("subdomain"), p.Getenv("ZENDESK_SUBDOMAIN")), baseURL); err == nil {
		if key.Target = where; baseURL != "" {
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
	list := option.Lines(paths)
	for i, p := range list {
		if !filepath.IsAbs(p) {
			list[i] = path.Join(filepath.ToSlash(dir), filepath.ToSlash(p))
		}
	}
	return strings.Join(list, "\n"), nil
}
