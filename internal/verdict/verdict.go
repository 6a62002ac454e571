// Package verdict is how a run can end: its outcome, why it failed, in which
// stage, what to do next, and the exit code. Nothing else decides one of them.
package verdict

import (
	"context"
	"errors"
	"fmt"
	"syscall"
)

// Outcome is the verdict in one word: the output result.
type Outcome string

// The outcomes.
const (
	Succeeded  Outcome = "succeeded"  // done, and read back
	NoChanges  Outcome = "no-changes" // the account runs it already
	Changes    Outcome = "changes"    // a plan that would change something, or a drift
	Skipped    Outcome = "skipped"    // on purpose: there are no credentials
	PassedOver Outcome = "superseded" // on purpose: something newer is to be deployed
	Failed     Outcome = "failed"
	Unproven   Outcome = "unproven" // what the account runs is not known: no success, no difference either
	Pending    Outcome = "pending"  // handed over; somebody has to act in the account before it runs
)

// Stage is where a run was: the output failed-stage. The stages of a deploy's
// steps are named like the kinds of steps.
type Stage string

// The stages, in the order in which a deploy goes through them.
const (
	Input        Stage = "input"    // flags, inputs, files of the caller's
	Check        Stage = "check"    // may this run begin, at this commit?
	Validate     Stage = "validate" // the bundle files
	Read         Stage = "read"     // what the account holds
	Plan         Stage = "plan"     // what would be changed
	Snapshot     Stage = "snapshot" // the former state is saved
	Upload       Stage = "upload"
	Install      Stage = "install"
	Verify       Stage = "verify" // what was written is read back
	Uninstall    Stage = "uninstall"
	VerifyPruned Stage = "verify-pruned"
)

// Error says why a run ended, and what to do next.
type Error struct {
	Reason Reason
	Err    error
	Next   string // what to do, in words that hold in every medium; may be empty
	Hint   Hint   // the same as a code, where the words depend on the medium; comes before Next
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error from a reason, what to do next, and what happened.
func Errorf(reason Reason, next, format string, args ...any) *Error {
	return &Error{Reason: reason, Err: fmt.Errorf(format, args...), Next: next}
}

// Pass is the error of a run that ends before it has done its work because it
// was told to in such a case: it has not failed.
type Pass struct {
	Outcome Outcome // Skipped or PassedOver
	Why     string
	Next    string
	Hint    Hint
}

func (p *Pass) Error() string { return p.Why }

// Interrupted is the cause of a context that a signal has cancelled.
type Interrupted struct{ Signal syscall.Signal }

func (i Interrupted) Error() string { return "interrupted: " + i.Signal.String() }

// Reasoned is an error of a lower floor that knows its own reason and hint,
// such as the refusal of a request. The reason may be empty.
type Reasoned interface {
	error
	Verdict() (Reason, Hint)
}

// ReasonOf finds the word for any error that ends a run: the outermost one
// that has a reason tells it.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	if e, ok := errors.AsType[Reasoned](err); ok {
		if reason, _ := e.Verdict(); reason != "" {
			return reason
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.Is(err, context.Canceled):
		return Cancelled
	}
	return Internal
}

// NextOf finds what to do about an error, in the words that say has for
// hints; "" if nothing is known.
func NextOf(err error, say Words) string {
	if p, ok := errors.AsType[*Pass](err); ok {
		return next(p.Hint, p.Next, say)
	}
	if e, ok := errors.AsType[*Error](err); ok {
		if text := next(e.Hint, e.Next, say); text != "" {
			return text
		}
	}
	if e, ok := errors.AsType[Reasoned](err); ok {
		_, hint := e.Verdict()
		return next(hint, "", say)
	}
	return ""
}

func next(h Hint, text string, say Words) string {
	if h.Code != "" && say != nil {
		return say(h)
	}
	return text
}
