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
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/version"
	"github.com/zisdeploy/zis-deploy/internal/workspace"
)

func actionVerb(p *program.Program) *cobra.Command {
	return &cobra.Command{
		Use:   "action",
		Short: "Run as a step of a GitHub workflow: inputs come from INPUT_ variables",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return runAction(cmd.Context(), p) },
	}
}

// runAction turns the inputs into the arguments of a verb and runs it: the same
// line as on the command line, told to the workflow as well.
func runAction(ctx context.Context, outer *program.Program) error {
	step := github.New(outer.Stdout, outer.Getenv)
	stdout, stderr := github.Inert(outer.Stdout), github.Inert(outer.Stderr)
	p := program.New(program.Env{Stdout: stdout, Stderr: stderr, Getenv: inputEnv(step, outer.Getenv), Environ: outer.Environ})
	var published error
	told := false
	p.Workflow = newWorkflow(step, outer.Getenv)
	p.Workflow.Publish = func(r report.Report) {
		told = true
		step.Facts.PlanFile, step.Facts.Version, step.Facts.Matrix = p.Workflow.PlanFile, version.String(), p.MatrixText
		if r.Fleet != nil && r.Command == "drift" && strings.EqualFold(input(step, "drift-issue"), "true") {
			if err := step.DriftIssues(ctx, *r.Fleet); err != nil {
				step.Notice(fmt.Sprintf("not all issues of drift could be kept up to date (the job needs issues: write): %v", err))
			}
		}
		published = errors.Join(stdout.Flush(), stderr.Flush(), step.Publish(ctx, r))
	}
	step.Redact = p.Secrets.Clean
	p.BranchHolds = func(ctx context.Context, branch string, r fleet.Release) (bool, string, error) {
		if outer.Getenv("GITHUB_REF_TYPE") != "tag" {
			return true, branch, nil // no tag is promoted
		}
		return step.OnBranch(ctx, step.Event(), branch, r.Commit)
	}
	for _, secret := range confidential(p, step) {
		p.Workflow.Mask(secret)
	}
	code := p.Exit(p.Safely(func() error { return enter(ctx, p, step) }))
	if !told {
		p.Workflow.Publish(report.Done(input(step, "command"), p.Told))
	}
	if err := errors.Join(published, stdout.Flush(), stderr.Flush()); err != nil {
		fmt.Fprintln(outer.Stderr, "zis: "+err.Error())
		code = max(code, verdict.ExitFailed)
	}
	if code == verdict.ExitDone {
		return nil
	}
	return program.ExitError(code)
}

func newWorkflow(step *github.Action, getenv func(string) string) *program.Workflow {
	masked := map[string]bool{}
	var masking sync.Mutex
	w := &program.Workflow{
		Mask: func(secret string) {
			masking.Lock()
			defer masking.Unlock()
			if !masked[secret] {
				masked[secret] = true
				step.Mask(secret)
			}
		},
		NoSecrets: step.Event().NoSecrets(),
	}
	w.Keep = func(secret string) {
		step.Mask(secret)
		step.Facts.Token = secret
	}
	if getenv("RUNNER_DEBUG") == "1" {
		w.Debug = step.Debug
		step.OnRequest = func(r github.Request) {
			step.Debug(fmt.Sprintf("GitHub: %s %s: %d in %s", r.Method, r.Path, r.Status, r.Took.Round(time.Millisecond)))
		}
	}
	return w
}

// enter runs the verb inside the workspace, if the gate lets it.
func enter(ctx context.Context, p *program.Program, step *github.Action) error {
	if err := unknownInput(p.Environ()); err != nil {
		return err
	}
	files, err := workspace.Confine(cmp.Or(p.Getenv("GITHUB_WORKSPACE"), "."), p.Getenv("RUNNER_TEMP"))
	if err != nil {
		return program.Usage(err)
	}
	defer files.Close()
	p.Workspace = files
	if p.Directory, err = directory(input(step, "working-directory"), files.Dir); err != nil {
		return err
	}
	bundles, err := actionBundles(p, step)
	if err != nil {
		return err
	}
	args, err := inputArgs(step, bundles)
	if err != nil {
		return err
	}
	step.Comment, step.Key = strings.ToLower(input(step, "comment")), commentKey(p, step, bundles)
	if err := gate(ctx, p, step, option.Lines(bundles)); err != nil {
		return p.Conclude(ctx, &report.Report{Command: args[0]}, verdict.At(verdict.Check, err))
	}
	if code := execute(ctx, p, args); code != verdict.ExitDone {
		return program.ExitError(code)
	}
	return nil
}

// actionBundles are the bundle files that the input names, else those of
// zis.yml, else the default.
func actionBundles(p *program.Program, step *github.Action) (string, error) {
	if step.Input("bundle") == "" {
		z, err := p.Project()
		if err != nil {
			return "", err
		}
		if len(z.Bundles) > 0 {
			return strings.Join(program.Texts(z.Bundles), "\n"), nil
		}
	}
	return inDirectory(p.Directory, input(step, "bundle")), nil
}

// inputEnv is the environment in which the credentials among the inputs stand
// under the names that they have on the command line.
func inputEnv(step *github.Action, getenv func(string) string) func(string) string {
	return func(name string) string {
		for _, row := range option.Table() {
			if row.Env == name && name != "" && step.Input(row.Name) != "" {
				return step.Input(row.Name)
			}
		}
		return getenv(name)
	}
}

// confidential are the values that must be masked before anything is printed,
// with the Basic header made of them: the runner masks no derived value.
func confidential(p *program.Program, step *github.Action) []string {
	values := []string{p.Getenv("GITHUB_TOKEN")}
	for _, secret := range p.Credentials().Secrets() {
		values = append(values, secret.Reveal())
	}
	for _, name := range (option.Files{SecretVariables: step.Input("secret-variables")}).SecretNames() {
		values = append(values, p.Getenv(name))
	}
	return values
}

// inputArgs are the arguments that a person would type for the same run.
func inputArgs(step *github.Action, bundles string) ([]string, error) {
	verb := input(step, "command")
	if !slices.Contains(option.Commands, verb) {
		return nil, program.Usagef("the input command is %q; it can be %s", verb, option.Listed(option.Commands))
	}
	args := []string{verb}
	for _, row := range option.Table() {
		value := input(step, row.Name)
		if err := row.CheckInput(value); err != nil {
			return nil, err
		}
		if row.Typed || row.Value == nil || !slices.Contains(row.Verbs, verb) {
			continue
		}
		if row.Name == "bundle" {
			value = bundles
		}
		if value != "" {
			args = append(args, "--"+row.Name+"="+value)
		}
	}
	return args, nil
}

// input is the value of an input, or its default.
func input(step *github.Action, name string) string {
	if v := step.Input(name); v != "" {
		return v
	}
	return option.Find(name).Default
}

// commentKey is for what the run's comment stands. It is known before
// anything is read, so that a broken file changes the same comment as its
// repair. A check is of no account.
func commentKey(p *program.Program, step *github.Action, bundles string) github.Key {
	key := github.Key{Version: 1, Integration: step.Input("integration"), Bundles: option.Lines(bundles)}
	if verb := input(step, "command"); verb == "validate" || verb == "test" {
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

// directory is a path, which may be absolute, as one below root.
func directory(dir, root string) (string, error) {
	if filepath.IsAbs(dir) {
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return "", program.Usage(err)
		}
		dir = rel
	}
	if !filepath.IsLocal(dir) {
		return "", program.Usagef("the working-directory %q is outside the workspace", dir)
	}
	return path.Clean(filepath.ToSlash(dir)), nil
}

// inDirectory makes paths, one a line, that are relative to dir relative to
// the workspace root, so that findings in them are annotated there.
func inDirectory(dir, paths string) string {
	list := option.Lines(paths)
	for i, p := range list {
		if !filepath.IsAbs(p) {
			list[i] = path.Join(dir, filepath.ToSlash(p))
		}
	}
	return strings.Join(list, "\n")
}
