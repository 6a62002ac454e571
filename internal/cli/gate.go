package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// unknownInput refuses inputs that the action doesn't have: one that is
// misspelt would be ignored, and dry_run: true deploy.
func unknownInput(environ []string) error {
	var names []string
	known := map[string]bool{}
	for _, row := range option.Table() {
		if !row.Typed {
			names = append(names, row.Name)
			known[inputVariable(row.Name)] = true
		}
	}
	for _, pair := range environ {
		variable, _, _ := strings.Cut(pair, "=")
		given, isInput := strings.CutPrefix(variable, "INPUT_")
		if !isInput || known[variable] {
			continue
		}
		next := "remove it; the README lists the inputs"
		if near := english.Nearest(strings.ReplaceAll(strings.ToLower(given), "_", "-"), names); near != "" {
			next = "did you mean " + near + "?"
		}
		return &verdict.Error{Reason: verdict.InvalidInput, Err: fmt.Errorf("the action has no input %s", strings.ToLower(given)), Next: next}
	}
	return nil
}

// inputVariable is the variable in which the runner gives an input (actions
// runner, Handlers/Handler.cs): hyphens stay.
func inputVariable(name string) string {
	return "INPUT_" + strings.ToUpper(strings.ReplaceAll(name, " ", "_"))
}

// gate decides whether a run may begin: what is only proposed must not be
// deployed, nor what something newer has taken the place of. It asks before
// anything is read of the account, and nothing else is written.
func gate(ctx context.Context, p *program.Program, step *github.Action, bundles []string) error {
	on := func(name string) bool { return strings.EqualFold(input(step, name), "true") }
	verb := input(step, "command")
	if !option.Writes(verb) || on("dry-run") || step.Input("target") == "local" {
		return nil
	}
	event := step.Event()
	if !event.Accepted() && !on("allow-pr-deploy") {
		return verdict.At(verdict.Input, &verdict.Error{
			Reason: verdict.InvalidInput,
			Err:    fmt.Errorf("the event %s runs code that nobody has accepted yet: %s does not write there", event, verb),
			Next:   "plan on pull requests and deploy on push; allow-pr-deploy: true lets it write, for an account that is only for tests",
		})
	}
	if verb == "register" || verb == "token" || !event.Accepted() {
		return nil
	}
	return superseded(ctx, p, step, event, bundles)
}

// superseded refuses to take the account back: the branch of the run, or a
// newer tag, has other files by now. What can't be found out refuses as well.
func superseded(ctx context.Context, p *program.Program, step *github.Action, event github.Event, bundles []string) error {
	choice := strings.ToLower(input(step, "superseded"))
	if choice == "allow" {
		return nil
	}
	now, err := step.Newest(ctx, event)
	other := ""
	if err == nil && now.Commit != event.Commit {
		other, err = differs(ctx, p, step, event, now, bundles)
	}
	if err != nil {
		return &verdict.Error{
			Reason: verdict.Superseded,
			Err:    fmt.Errorf("whether something newer is to be deployed can't be found out: %w", err),
			Next:   "the input github-token needs the permission contents: read; superseded: allow deploys without asking",
		}
	}
	if other == "" {
		return nil
	}
	why := fmt.Sprintf("%s is at %s with another %s, and this run is for %s: deploying it would take the account back", now.Ref, now.Commit, other, event.Commit)
	next := "run the workflow of the newest commit; superseded: allow deploys an old one"
	if choice == "skip" {
		return &verdict.Pass{Outcome: verdict.PassedOver, Why: why, Next: next}
	}
	return &verdict.Error{Reason: verdict.Superseded, Err: errors.New(why), Next: next}
}

// differs names the first file that is another at the newest state than the
// one that this run would deploy; "" if none is. A file that the repository
// doesn't have is made by the workflow: then the commit counts.
func differs(ctx context.Context, p *program.Program, step *github.Action, event github.Event, now github.Version, bundles []string) (string, error) {
	for _, path := range append(bundles, p.ProjectFile()) {
		ours, err := content(p, path)
		if err != nil {
			return "", err
		}
		theirs, err := step.File(ctx, event, now.Commit, path)
		if err != nil {
			return "", err
		}
		if ours == nil && theirs == nil || sameContent(ours, theirs) {
			continue
		}
		return path, nil
	}
	return "", nil
}

// content is a file of the workspace; nil if it isn't there.
func content(p *program.Program, path string) ([]byte, error) {
	text, err := p.Workspace.Read(filepath.FromSlash(path), source.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// sameContent compares bundles by what they say, anything else by its bytes.
func sameContent(a, b []byte) bool {
	if a == nil || b == nil {
		return false
	}
	if bytes.Equal(a, b) {
		return true
	}
	one, _ := source.Parse(diag.NewFile("a", a))
	two, _ := source.Parse(diag.NewFile("b", b))
	return one != nil && two != nil && one.Digest() == two.Digest()
}
