package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// usage makes err the person's to correct: the call can't be carried out as it
// was typed.
func usage(err error) error {
	if err == nil || verdict.IsUsage(err) {
		return err
	}
	return &verdict.Error{Reason: verdict.InvalidInput, Err: err}
}

func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// missing is the error of an option that has to be given.
func missing(option, format string, args ...any) error {
	return &verdict.Error{
		Reason: verdict.InvalidInput, Err: fmt.Errorf(format, args...),
		Hint: verdict.Hint{Code: verdict.GiveOption, Of: option},
	}
}

// exitError is an exit code whose story has been told already.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// exit tells an error that no report has told, and finds the exit code.
func (p *program) exit(err error) int {
	if err == nil {
		return verdict.ExitDone
	}
	if code, ok := errors.AsType[exitError](err); ok {
		return int(code)
	}
	if !p.started { // flags and arguments are checked before a verb begins
		err = verdict.At(verdict.Input, usage(err))
	}
	fmt.Fprintln(p.Stderr, "zis: "+report.Plain(err.Error()))
	if next := verdict.NextOf(err, p.say); next != "" {
		fmt.Fprintln(p.Stderr, "next: "+report.Plain(next))
	}
	r := cmp.Or(p.begun, &report.Report{Command: "zis"})
	r.Conclude(err, p.say)
	if err := p.publish(r); err != nil {
		fmt.Fprintln(p.Stderr, "zis: "+report.Plain(err.Error()))
	}
	return verdict.ExitCode(err)
}

// conclude gives the report to the person who asked, in the asked format, and
// turns the error into the exit code.
func (p *program) conclude(ctx context.Context, r *report.Report, err error) error {
	err = p.passOver(err)
	if verdict.IsUsage(err) && p.Format != "json" {
		p.begun = r
		return err // told on stderr: there is no result
	}
	err = interrupted(ctx, err)
	r.Conclude(err, p.say)
	if p.Timings {
		r.Timings = p.measured()
	}
	if err := p.write(*r); err != nil {
		return err
	}
	p.tellTimings(r.Timings)
	if err := p.publish(r); err != nil {
		return err
	}
	if err != nil {
		return exitError(verdict.ExitCode(err))
	}
	return nil
}

// passOver turns missing credentials into a run that was skipped, where that
// was asked for.
func (p *program) passOver(err error) error {
	if err == nil || p.Missing != "skip" || verdict.ReasonOf(err) != verdict.MissingCredentials {
		return err
	}
	return &verdict.Pass{Outcome: verdict.Skipped, Why: err.Error(), Next: verdict.NextOf(err, p.say)}
}

// interrupted names the signal in an error that it has caused.
func interrupted(ctx context.Context, err error) error {
	cause, ok := errors.AsType[verdict.Interrupted](context.Cause(ctx))
	if err == nil || !ok {
		return err
	}
	return verdict.At(verdict.StageOf(err), verdict.Errorf(verdict.Cancelled,
		"run again: it reads what is there and does what is left", "%w (%v)", cause, err))
}
