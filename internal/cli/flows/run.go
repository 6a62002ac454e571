package flows

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// runOptions are the options of zis run.
type runOptions struct {
	playing
	event, config    string // files
	caseName, format string
	step             bool
	reply            int
	several          bool // flows run side by side: each line names its own
	in               io.Reader
}

// RunVerb is `zis run`: one run of a flow, step by step.
func RunVerb(p *program.Program) *cobra.Command {
	var o runOptions
	cmd := p.Verb("run", "FLOW", "Run one flow on an event, state by state; with --target local, cause the event in the local account", nil)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o.in = cmd.InOrStdin()
		return runRun(cmd.Context(), p, o, args)
	}
	cmd.Args = cobra.MaximumNArgs(1)
	fs := cmd.Flags()
	o.flags(fs)
	fs.StringVar(&o.event, "event", "", "`FILE` with the event as JSON; - is the standard input")
	fs.StringVar(&o.config, "config", "", "`FILE` with the configs as JSON, by scope")
	fs.StringVar(&o.caseName, "case", "", "take event, configs and mocks from the case of this `NAME`")
	fs.BoolVar(&o.step, "step", false, "stop after each state: Enter goes on, d shows the data, c goes on to the end, q ends")
	fs.IntVar(&o.reply, "reply", 0, "answer requests that no mock is for with this `STATUS` and {}")
	fs.StringVar(&o.format, "format", "text", "form of the result: text, json")
	return cmd
}

// errQuit ends a run that somebody has seen enough of.
var errQuit = errors.New("ended after this state")

func runRun(ctx context.Context, p *program.Program, o runOptions, args []string) error {
	if o.format != "text" && o.format != "json" {
		return program.Usagef("--format is %q; it can be text, json", o.format)
	}
	suite, dirs, err := suite(p, o.playing)
	if err != nil {
		return err
	}
	c, err := caseToRun(p, suite, dirs, o, args)
	if err != nil {
		return err
	}
	if p.Target == "local" {
		return cause(ctx, p, o, suite, c)
	}
	var reply *interp.Reply
	if o.reply != 0 {
		reply = &interp.Reply{Status: o.reply, Body: []byte("{}")}
	}
	var each func(*interp.Step) error
	if o.format == "text" {
		each = follow(p, o)
	}
	r, problems := suite.Once(ctx, c, each, reply)
	for _, problem := range problems {
		p.Note("%s", problem.Lines())
	}
	if r == nil {
		return program.Usagef("the flow could not be run")
	}
	if o.format == "json" {
		if err := flowtest.WriteRun(p.Stdout, r); err != nil {
			return err
		}
	} else {
		p.Tell("%s", flowtest.Ending(r))
		p.Note("%s", flowtest.Summary(r))
	}
	return program.Interrupted(ctx, ran(r, problems))
}

// ran is the error of a run that failed.
func ran(r *interp.Result, problems []flowtest.Problem) error {
	switch {
	case r.Err == nil || r.Err.Kind == interp.Stopped && r.Err.Text == errQuit.Error():
		return nil
	case len(problems) > 0:
		return verdict.Errorf(verdict.TestFailed, "name a case that has mocks with --case, give --reply STATUS, or --live HOST", "a request was not answered")
	}
	return program.ExitError(verdict.ExitFailed)
}

// caseToRun is the case that is named, or one made of an event.
func caseToRun(p *program.Program, suite *flowtest.Suite, dirs []string, o runOptions, args []string) (*flowtest.Case, error) {
	if o.caseName != "" {
		if len(args) > 0 || o.event != "" || o.config != "" {
			return nil, program.Usagef("--case brings its own flow, event and configs")
		}
		found, err := flowtest.Find(p.Workspace.FS(), dirs, []string{o.caseName})
		if err == nil {
			err = mistaken(p, found)
		}
		if err != nil {
			return nil, program.Usage(err)
		}
		if cases := found.Cases(); len(cases) != 1 {
			return nil, program.Usagef("%d cases have %q in their names: name one of them", len(cases), o.caseName)
		}
		return found.Cases()[0], nil
	}
	if len(args) == 0 {
		return nil, program.Usagef("no flow is named")
	}
	if o.event == "" {
		return nil, program.Usagef("--event FILE is missing: the event that starts the flow")
	}
	event, err := jsonFile(p, o.in, o.event)
	if err != nil {
		return nil, err
	}
	c, err := suite.Start(args[0], event)
	if err != nil || o.config == "" {
		return c, program.Usage(err)
	}
	config, err := jsonFile(p, o.in, o.config)
	if err != nil {
		return nil, err
	}
	var ok bool
	if c.Config, ok = config.(map[string]any); !ok {
		return nil, program.Usagef("%s holds no object of configs by scope", o.config)
	}
	return c, nil
}

// jsonFile reads a file of JSON; - is the standard input.
func jsonFile(p *program.Program, in io.Reader, name string) (any, error) {
	if name != "-" {
		f, err := p.Workspace.Open(name)
		if err != nil {
			return nil, program.Usage(err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, tree.MaxDataBytes+1))
	if err != nil {
		return nil, program.Usage(err)
	}
	if len(text) > tree.MaxDataBytes {
		return nil, program.Usagef("%s is larger than %d MiB", name, tree.MaxDataBytes>>20)
	}
	v, err := interp.Decode(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, program.Usagef("%s holds no JSON: %w", name, err)
	}
	return v, nil
}

// follow prints each state that has ended, and waits if that was asked for.
func follow(p *program.Program, o runOptions) func(*interp.Step) error {
	in := bufio.NewScanner(o.in)
	waits, first := o.step, true
	return func(s *interp.Step) error {
		name := ""
		if o.several {
			name = "[" + flowtest.FlowOf(s) + "] "
		}
		for _, line := range flowtest.StepLines(s, first) {
			fmt.Fprintln(p.Stdout, report.Plain(name+line))
		}
		first = false
		for waits {
			fmt.Fprint(p.Stderr, "[Enter, d, c, q] ")
			if !in.Scan() {
				return errQuit
			}
			switch typed := strings.TrimSpace(in.Text()); typed {
			case "":
				return nil
			case "d":
				fmt.Fprintln(p.Stdout, report.Plain(flowtest.Shown(s.Output)))
			case "c":
				waits = false
			case "q":
				return errQuit
			default:
				p.Note("%s is none of Enter, d, c, q", strconv.Quote(typed))
			}
		}
		return nil
	}
}
