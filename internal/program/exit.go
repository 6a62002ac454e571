package program

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Usage makes err the person's to correct: the call can't be carried out as it
// was typed.
func Usage(err error) error {
	if err == nil || verdict.IsUsage(err) {
		return err
	}
	return &verdict.Error{Reason: verdict.InvalidInput, Err: err}
}

func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }

// Missing is the error of an option that has to be given.
func Missing(option, format string, args ...any) error {
	return &verdict.Error{
		Reason: verdict.InvalidInput, Err: fmt.Errorf(format, args...),
		Hint: verdict.Hint{Code: verdict.GiveOption, Of: option},
	}
}

// ExitError is an exit code whose story has been told already.
type ExitError int

func (e ExitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Exit tells an error that no report has told, and finds the exit code.
func (p *Program) Exit(err error) int {
	if err == nil {
		return verdict.ExitDone
	}
	if code, ok := errors.AsType[ExitError](err); ok {
		return int(code)
	}
	if !p.Started { // flags and arguments are checked before a verb begins
		err = verdict.At(verdict.Input, Usage(err))
	}
	fmt.Fprintln(p.Stderr, "zis: "+lines(err))
	if next := verdict.NextOf(err, p.Say); next != "" {
		fmt.Fprintln(p.Stderr, "next: "+report.Plain(next))
	}
	r := cmp.Or(p.begun, &report.Report{Command: "zis"})
	if len(r.Findings.Files) == 0 {
		r.Findings = mistakes(err)
	}
	r.Conclude(err, p.Say)
	if err := p.Publish(r); err != nil {
		fmt.Fprintln(p.Stderr, "zis: "+report.Plain(err.Error()))
	}
	return verdict.ExitCode(err)
}

// mistakes are those of zis.yml, as findings in its files: a workflow shows them
// at their places.
func mistakes(err error) (found check.Findings) {
	list, _ := errors.AsType[project.Errors](err)
	for _, d := range list {
		if n := len(found.Files); n == 0 || found.Files[n-1].Path != d.File.Path {
			found.Files = append(found.Files, check.File{Path: d.File.Path})
		}
		last := &found.Files[len(found.Files)-1]
		last.Findings = append(last.Findings, d)
	}
	return found
}

// lines is an error fit to be shown: mistakes of zis.yml one a line, anything
// else on one.
func lines(err error) string {
	list, ok := errors.AsType[project.Errors](err)
	if !ok {
		return report.Plain(err.Error())
	}
	each := strings.Split(list.Error(), "\n")
	for i := range each {
		each[i] = report.Plain(each[i])
	}
	return strings.Join(each, "\n")
}

// Conclude gives the report to the person who asked, in the asked format, and
// turns the error into the exit code.
func (p *Program) Conclude(ctx context.Context, r *report.Report, err error) error {
	err = p.passOver(err)
	if verdict.IsUsage(err) && p.Format != "json" {
		p.begun = r
		return err // told on stderr: there is no result
	}
	err = Interrupted(ctx, err)
	r.Conclude(err, p.Say)
	if p.Timings {
		r.Timings = p.measured()
	}
	if err := p.Write(*r); err != nil {
		return err
	}
	p.tellTimings(r.Timings)
	if err := p.Publish(r); err != nil {
		return err
	}
	if err != nil {
		return ExitError(verdict.ExitCode(err))
	}
	return nil
}

// passOver turns missing credentials into a run that was skipped, where that
// was asked for.
func (p *Program) passOver(err error) error {
	if err == nil || p.Missing != "skip" || verdict.ReasonOf(err) != verdict.MissingCredentials {
		return err
	}
	return &verdict.Pass{Outcome: verdict.Skipped, Why: err.Error(), Next: verdict.NextOf(err, p.Say)}
}

// Interrupted names the signal in an error that it has caused.
func Interrupted(ctx context.Context, err error) error {
	cause, ok := errors.AsType[verdict.Interrupted](context.Cause(ctx))
	if err == nil || !ok {
		return err
	}
	return verdict.At(verdict.StageOf(err), verdict.Errorf(verdict.Cancelled,
		"run again: it reads what is there and does what is left", "%w (%v)", cause, err))
}
