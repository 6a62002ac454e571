// Package cli is the program: one file a verb, each from flags to a call, to
// a report, to an exit code.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/version"
)

// Env is what the program has of the world.
type Env struct {
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// Main runs the program with args (without the program's name) and returns
// its exit code.
func Main(ctx context.Context, args []string, env Env) int {
	c := &command{Env: env}
	if file := screen(env.Stderr, env.Getenv); file != nil {
		c.progress.live = &live{file: file}
		c.Stderr = c.progress.live
	}
	c.outPaint, c.errPaint = report.Paint(colours(env.Stdout, env.Getenv)), report.Paint(colours(env.Stderr, env.Getenv))
	return c.main(ctx, args)
}

// command is one run of the program.
type command struct {
	Env
	options

	started  bool                // a verb has begun: its errors are no usage errors
	observe  func(report.Report) // is given each report, in the action
	client   *registry.Client    // once an account is spoken to
	progress progress
	inAction bool
	told     string // by a verb that has no report

	keepSecret func(string) // takes what token mints, masked, in the action

	planWritten string         // the file that a plan was saved to
	begun       *report.Report // of a verb that could not go on: it has findings already

	noSecrets string       // why GitHub gives this run no secrets
	debug     func(string) // shown when a run is repeated for debugging; nil: not at all
	published bool
	fences    fences // that take secrets out of what is written

	keepOutOfLogs func(string) // masks what is minted, in the action

	outPaint, errPaint report.Paint // of Stdout and of Stderr

	root    *os.Root // where bundle files may be; nil: anywhere
	rootDir string
	read    *project.Project // zis.yml; nil until it is asked for
}

func (c *command) main(ctx context.Context, args []string) int {
	c.progress.fence, c.progress.note, c.progress.line = c.fence, c.note, c.ended
	c.Stdout, c.Stderr = c.fenced(c.Stdout), c.fenced(c.Stderr)
	root := c.verbs()
	root.SetArgs(args)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	return c.exit(c.execute(ctx, root))
}

// execute makes an error of a fault of ours: what ends so is told like any
// other failure.
func (c *command) execute(ctx context.Context, root *cobra.Command) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			c.started = true
			c.progress.clear()
			fmt.Fprintf(c.Stderr, "%s", debug.Stack())
			err = &verdict.Error{
				Reason: verdict.Internal, Err: fmt.Errorf("a fault of zis itself: %v", fault),
				Next: "please report it with the lines above and the bundle, if that is possible; a deploy that was running is finished by the next one",
			}
		}
	}()
	return root.ExecuteContext(ctx)
}

// usage makes err the person's to correct: the call can't be carried out as it
// was typed.
func usage(err error) error {
	if verdict.IsUsage(err) {
		return err
	}
	return &verdict.Error{Reason: verdict.InvalidInput, Err: err}
}

func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// exitError is an exit code whose story has been told already.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// exit tells an error that no report has told, and finds the exit code.
func (c *command) exit(err error) int {
	if err == nil {
		return verdict.ExitDone
	}
	if code, ok := errors.AsType[exitError](err); ok {
		return int(code)
	}
	if !c.started { // flags and arguments are checked before a verb begins
		err = verdict.At(verdict.Input, usage(err))
	}
	fmt.Fprintln(c.Stderr, "zis: "+report.Plain(err.Error()))
	if next := verdict.NextOf(err, c.say); next != "" {
		fmt.Fprintln(c.Stderr, "next: "+report.Plain(next))
	}
	r := cmp.Or(c.begun, &report.Report{Command: "zis"})
	r.Conclude(err, c.say)
	if err := c.publish(r); err != nil {
		fmt.Fprintln(c.Stderr, "zis: "+report.Plain(err.Error()))
	}
	return verdict.ExitCode(err)
}

func (c *command) verbs() *cobra.Command {
	root := &cobra.Command{
		Use:           "zis",
		Short:         "Deploy Zendesk Integration Services bundles, and prove that they run",
		Version:       version.String(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if err := c.checkChoices(); err != nil {
				return err
			}
			c.started = true
			return nil
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetVersionTemplate("zis {{.Version}}\n")
	root.AddCommand(c.validateVerb(), c.planVerb(), c.deployVerb(), c.appVerb(), c.registerVerb(), c.tokenVerb(), c.doctorVerb(), c.renderVerb(), c.graphVerb(), c.rulesVerb(), c.emulatorVerb(), c.versionVerb(), c.actionVerb())
	return root
}

// verb makes a command whose flags come from the table of inputs.
func (c *command) verb(name, usage, short string, run func(context.Context, []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:   strings.TrimSpace(name + " " + usage),
		Short: short,
		RunE:  func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args) },
	}
	c.addFlags(cmd.Flags(), name)
	return cmd
}
