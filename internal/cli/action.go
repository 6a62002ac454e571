package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/version"
)

func (c *command) actionVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "action",
		Short: "Run as a step of a GitHub workflow: inputs come from INPUT_ variables",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return c.action(cmd.Context()) },
	}
}

// action turns the inputs into the arguments of a verb and runs it: the same
// line as on the command line, told to the workflow as well.
func (c *command) action(ctx context.Context) error {
	step := github.New(c.Stdout, c.Getenv)
	stdout, stderr := github.Inert(c.Stdout), github.Inert(c.Stderr)
	inner := &command{inAction: true}
	if c.Getenv("RUNNER_DEBUG") == "1" {
		inner.debug = step.Debug
		step.OnRequest = func(r github.Request) {
			step.Debug(fmt.Sprintf("GitHub: %s %s: %d in %s", r.Method, r.Path, r.Status, r.Took.Round(time.Millisecond)))
		}
	}
	inner.Env = Env{Stdout: stdout, Stderr: stderr, Getenv: c.inputEnv(step)}
	var published error
	observed := false
	inner.keepOutOfLogs = func(secret string) { step.Mask(secret) }
	inner.keepSecret = func(secret string) {
		step.Mask(secret)
		step.Facts.Token = secret
	}
	inner.observe = func(r report.Report) {
		observed = true
		step.Facts.PlanFile, step.Facts.Version = inner.planWritten, version.String()
		published = errors.Join(stdout.Flush(), stderr.Flush(), step.Publish(ctx, r))
	}
	step.Redact = inner.fence
	step.Mask(inner.confidential(step)...)
	code := inner.enter(ctx, step)
	if !observed {
		inner.observe(report.Done(value(step, row("command")), inner.told))
	}
	if err := errors.Join(published, stdout.Flush(), stderr.Flush()); err != nil {
		fmt.Fprintln(c.Stderr, "zis: "+err.Error())
		code = max(code, verdict.ExitFailed)
	}
	if code == verdict.ExitDone {
		return nil
	}
	return exitError(code)
}

func (c *command) enter(ctx context.Context, step *github.Action) int {
	dir := c.Getenv("GITHUB_WORKSPACE")
	if dir == "" {
		dir = "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return c.exit(usage(err))
	}
	defer root.Close()
	c.root, c.rootDir = root, dir
	bundles, err := inDirectory(value(step, row("working-directory")), dir, value(step, row("bundle")))
	if err != nil {
		return c.exit(err)
	}
	args, err := inputArgs(step, bundles)
	if err != nil {
		return c.exit(err)
	}
	step.Comment, step.Key = strings.ToLower(value(step, row("comment"))), c.commentKey(step, bundles)
	c.noSecrets = step.Event().NoSecrets()
	if err := c.gate(ctx, step); err != nil {
		return c.exit(c.conclude(ctx, &report.Report{Command: args[0]}, verdict.At(verdict.Check, err)))
	}
	return c.main(ctx, args)
}

// inputEnv is the environment in which the credentials among the inputs stand
// under the names that they have on the command line.
func (c *command) inputEnv(step *github.Action) func(string) string {
	return func(name string) string {
		for _, in := range inputs() {
			if in.env == name && name != "" && step.Input(in.name) != "" {
				return step.Input(in.name)
			}
		}
		return c.Getenv(name)
	}
}

// confidential are the values that must be masked before anything is printed,
// with the Basic header made of them: the runner masks no derived value.
func (c *command) confidential(step *github.Action) []string {
	values := []string{c.Getenv("GITHUB_TOKEN")}
	for _, secret := range c.credentials().Secrets() {
		values = append(values, secret.Reveal())
	}
	for _, name := range lines(step.Input("secret-variables")) {
		values = append(values, c.Getenv(name))
	}
	return values
}

// inputArgs are the arguments that a person would type for the same run.
func inputArgs(step *github.Action, bundles string) ([]string, error) {
	verb := value(step, inputs()[0])
	if !slices.Contains(inputs()[0].oneOf, verb) {
		return nil, usagef("the input command is %q; it can be %s", verb, listed(inputs()[0].oneOf))
	}
	args := []string{verb}
	for _, in := range inputs() {
		v := value(step, in)
		if err := in.check(v); err != nil {
			return nil, err
		}
		if in.cliUse || in.value == nil || !slices.Contains(in.verbs, verb) {
			continue
		}
		if in.name == "bundle" {
			v = bundles
		}
		if v != "" {
			args = append(args, "--"+in.name+"="+v)
		}
	}
	return args, nil
}

func value(step *github.Action, in input) string {
	if v := step.Input(in.name); v != "" {
		return v
	}
	return in.def
}

// row is the row of the table with this name.
func row(name string) input {
	table := inputs()
	return table[slices.IndexFunc(table, func(in input) bool { return in.name == name })]
}

// check refuses what is neither true nor false, as YAML writes them, and what
// is not among the values of an input that is no flag.
func (in input) check(v string) error {
	if in.value == nil {
		if len(in.oneOf) > 0 && !slices.Contains(in.oneOf, strings.ToLower(v)) {
			return usagef("the input %s is %q; it can be %s", in.name, v, listed(in.oneOf))
		}
		return nil
	}
	if _, isBool := in.value(&options{}).(*bool); !isBool {
		return nil
	}
	if low := strings.ToLower(v); low != "true" && low != "false" {
		return usagef("the input %s is %q; it can be true or false", in.name, v)
	}
	return nil
}
