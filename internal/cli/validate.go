package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func (c *command) validateVerb() *cobra.Command {
	return c.verb("validate", "BUNDLE...", "Check bundle files; needs no network and no credentials", c.validate)
}

func (c *command) validate(ctx context.Context, args []string) error {
	r := &report.Report{Command: "validate"}
	checked, err := c.check(args, diag.Warning)
	r.Findings, r.Notes = checked.Findings, checked.Notes
	return c.conclude(ctx, r, err)
}

// conclude gives the report to the person who asked, in the asked format, and
// turns the error into the exit code.
func (c *command) conclude(ctx context.Context, r *report.Report, err error) error {
	err = c.passOver(err)
	if verdict.IsUsage(err) && c.format != "json" {
		c.begun = r
		return err // told on stderr: there is no result
	}
	err = interrupted(ctx, err)
	r.Conclude(err, c.say)
	if c.timings {
		r.Timings = c.measured()
	}
	if err := c.write(*r); err != nil {
		return err
	}
	c.tellTimings(r.Timings)
	if err := c.publish(r); err != nil {
		return err
	}
	if err != nil {
		return exitError(verdict.ExitCode(err))
	}
	return nil
}

// interrupted names the signal in an error that it has caused.
func interrupted(ctx context.Context, err error) error {
	cause, ok := errors.AsType[verdict.Interrupted](context.Cause(ctx))
	if err == nil || !ok {
		return err
	}
	return verdict.At(verdict.StageOf(err), &verdict.Error{
		Reason: verdict.Cancelled, Err: fmt.Errorf("%w (%v)", cause, err),
		Next: "run again: it reads what is there and does what is left",
	})
}

// write gives the report to stdout in the asked format.
func (c *command) write(r report.Report) error {
	if c.format == "github" {
		return github.Annotations(c.Stdout, c.Getenv, r)
	}
	if out := report.Formats[c.format]; out != nil {
		return out(c.Stdout, r)
	}
	return report.Text(c.Stdout, r, c.outPaint)
}
