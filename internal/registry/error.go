package registry

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Error is a call that didn't succeed. No text in it holds a credential, a
// control character or more of an answer than a line.
type Error struct {
	Op           string // what was tried: "install zis:x:job_spec:a"
	Method, Path string
	Status       int           // 0: no answer, or half of one
	Message      string        // what the server said; data
	Meaning      string        // what that means, if known
	Hint         verdict.Hint  // the way out, if known
	Sent         bool          // a connection was in hand, so the request may have arrived
	RetryAfter   time.Duration // as the server asked, not capped; 0: it didn't
	Reason       verdict.Reason
	Err          error // the cause without an answer; its text is cleaned

	permanent bool // to try again is of no use
	harmless  bool // the write may be made twice
	expired   bool // a minted token isn't known, or no longer
}

// Error tells what was tried, what was answered and what that means:
//
//	install zis:x:job_spec:a: 401 "Authentication failed": the token is missing, malformed or expired
func (e *Error) Error() string {
	parts := []string{e.Op}
	if a := e.answer(); a != "" {
		parts = append(parts, a)
	}
	if e.Meaning != "" {
		parts = append(parts, e.Meaning)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

func (e *Error) answer() string {
	switch {
	case e.Message != "":
		return fmt.Sprintf("%d %q", e.Status, e.Message)
	case e.Status >= http.StatusMultipleChoices:
		return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	}
	return ""
}

// Verdict is the reason of a run that ends with this call, and what to do.
func (e *Error) Verdict() (verdict.Reason, verdict.Hint) { return e.Reason, e.Hint }

// Unwrap returns the cause: of a cancelled call the cause of its context.
func (e *Error) Unwrap() error { return e.Err }

// Unknown says that err is of a write whose effect is not known: it was sent,
// and the connection broke, time ran out, or the answer was a 5xx or none that
// the registry gives. Read back before repeating it.
func Unknown(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Method != http.MethodGet && e.Sent && undecided(e.Status) && !(e.Status == http.StatusServiceUnavailable && e.RetryAfter > 0)
}

// Doubtful says that err is of a write that was answered, and the answer
// doesn't tell whether it took effect: somebody else was quicker, it is locked
// or in the making, or a success with errors in it. Read back; it may be made
// once more.
func Doubtful(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Method == http.MethodGet {
		return false
	}
	switch e.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusRequestTimeout,
		http.StatusConflict, http.StatusLocked, http.StatusTooEarly:
		return true
	}
	return e.Status >= 200 && e.Status < 300
}

// Refused says that err is an answer that turns a request down: it had no
// effect, and the same again is refused again.
func Refused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status >= 300 && e.Status < 500 && !Doubtful(err)
}

// UnknownJobSpec says that err is of an install or uninstall whose job spec
// the registry doesn't know: soon after an upload, not yet.
func UnknownJobSpec(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Status == http.StatusNotFound || e.Hint.Code == verdict.UploadFirst)
}

// undecided: a 408 is a server that stopped reading, so it may have begun to
// act. A 2xx became an error because its body couldn't be used.
func undecided(status int) bool {
	return status < 300 || status == http.StatusRequestTimeout || status >= 500
}

// repeatable says whether the same request may be made again without asking.
func (e *Error) repeatable() bool {
	switch {
	case e.permanent:
		return false
	case e.Status == http.StatusTooManyRequests, e.Status == http.StatusServiceUnavailable && e.RetryAfter > 0:
		return true // turned away: no write took effect
	case e.Method == http.MethodGet || e.harmless:
		return e.Status == 0 || e.Status == http.StatusRequestTimeout || e.Status >= 500
	}
	return e.Status == 0 && !e.Sent
}

// Odd says that err is a reading whose answer was none that the registry gives,
// though nothing was refused.
func Odd(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Method == http.MethodGet && e.Status >= 200 && e.Status < 400
}

// Gone says that err is a 404: what was asked for is not there, or not yet.
func Gone(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound
}

// Answered says that err is of a request that the registry itself answered:
// what it was told is decided. A proxy's answer is none, and leaves it open.
func Answered(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status != 0 && e.Status != http.StatusBadGateway && e.Status != http.StatusServiceUnavailable &&
		e.Status != http.StatusGatewayTimeout && e.Status != http.StatusRequestTimeout
}
