package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Reason is the word for why a run failed: the output failure-reason.
type Reason string

// Reasons that deploying itself finds; those of a single request come from
// registry.Error.
const (
	InvalidInput       Reason = "invalid-input"
	InvalidBundle      Reason = "invalid-bundle"
	MissingCredentials Reason = "missing-credentials"
	PlanChanged        Reason = "plan-changed"
	PruneLimit         Reason = "prune-limit"
	UploadRejected     Reason = "upload-rejected"
	VerifyFailed       Reason = "verify-failed"
	Timeout            Reason = "timeout"
	Cancelled          Reason = "cancelled"
	Internal           Reason = "internal"
)

// Error says why planning or deploying ended, and what to do next.
type Error struct {
	Reason Reason
	Err    error
	Next   string // a hint for the person who reads it; may be empty
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func fail(reason Reason, next, format string, args ...any) *Error {
	return &Error{Reason: reason, Err: fmt.Errorf(format, args...), Next: next}
}

// ReasonOf finds the word for any error that comes out of this package.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	if e, ok := errors.AsType[*registry.Error](err); ok && e.Reason != "" {
		return Reason(e.Reason)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Timeout
	}
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	return Internal
}

// NextOf finds the hint of an error, or "".
func NextOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Next != "" {
		return e.Next
	}
	if e, ok := errors.AsType[*registry.Error](err); ok {
		return e.Hint
	}
	return ""
}
