package verdict_test

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// answer is an error of a lower floor.
type answer struct {
	reason verdict.Reason
	hint   verdict.Hint
}

func (a answer) Error() string                           { return "refused" }
func (a answer) Verdict() (verdict.Reason, verdict.Hint) { return a.reason, a.hint }

func say(h verdict.Hint) string { return string(h.Code) + " of " + h.Of }

func TestHowARunEnds(t *testing.T) {
	cause := errors.New("cause")
	register := verdict.Hint{Code: verdict.Register, Of: "crm"}
	for name, c := range map[string]struct {
		err    error
		reason verdict.Reason
		next   string
		exit   int
	}{
		"an error":             {verdict.Errorf(verdict.PlanChanged, "plan again", "changed: %w", cause), verdict.PlanChanged, "plan again", 1},
		"wrapped":              {fmt.Errorf("x: %w", &verdict.Error{Reason: verdict.InvalidInput, Err: cause}), verdict.InvalidInput, "", 3},
		"no credentials":       {&verdict.Error{Reason: verdict.MissingCredentials, Err: cause}, verdict.MissingCredentials, "", 3},
		"a code and words":     {&verdict.Error{Reason: verdict.NotFound, Err: cause, Next: "words", Hint: register}, verdict.NotFound, "register of crm", 1},
		"an answer":            {fmt.Errorf("x: %w", answer{verdict.AuthFailed, register}), verdict.AuthFailed, "register of crm", 1},
		"an answer, no reason": {answer{}, verdict.Internal, "", 1},
		"of an answer's input": {answer{verdict.InvalidInput, verdict.Hint{}}, verdict.InvalidInput, "", 1},
		"an error around an answer": {
			&verdict.Error{Reason: verdict.VerifyFailed, Err: answer{verdict.AuthFailed, register}},
			verdict.VerifyFailed, "register of crm", 1,
		},
		"out of time": {fmt.Errorf("x: %w", context.DeadlineExceeded), verdict.Timeout, "", 1},
		"given up":    {context.Canceled, verdict.Cancelled, "", 1},
		"anything":    {cause, verdict.Internal, "", 1},
		"a signal":    {&verdict.Error{Reason: verdict.Cancelled, Err: verdict.Interrupted{Signal: syscall.SIGTERM}}, verdict.Cancelled, "", 143},
		"passed over": {&verdict.Pass{Outcome: verdict.Skipped, Why: "no", Hint: register}, verdict.Internal, "register of crm", 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := verdict.ReasonOf(c.err); got != c.reason {
				t.Errorf("reason %q, want %q", got, c.reason)
			}
			if got := verdict.NextOf(c.err, say); got != c.next {
				t.Errorf("next %q, want %q", got, c.next)
			}
			if got := verdict.ExitCode(c.err); got != c.exit {
				t.Errorf("exit code %d, want %d", got, c.exit)
			}
		})
	}
	if verdict.ExitCode(nil) != 0 {
		t.Error("no error is no success")
	}
}

func TestTheStageClosestToTheCauseCounts(t *testing.T) {
	cause := verdict.Errorf(verdict.UploadRejected, "", "refused")
	err := verdict.At(verdict.Plan, fmt.Errorf("apply: %w", verdict.At(verdict.Upload, cause)))
	if got := verdict.StageOf(err); got != verdict.Upload {
		t.Errorf("stage %q", got)
	}
	if err.Error() != "apply: refused" || verdict.ReasonOf(err) != verdict.UploadRejected {
		t.Errorf("the stage changes the error: %v, %s", err, verdict.ReasonOf(err))
	}
	if verdict.At(verdict.Plan, nil) != nil {
		t.Error("no error has a stage")
	}
	if got := verdict.StageOf(cause); got != "" {
		t.Errorf("stage %q out of nothing", got)
	}
}

func TestExitCodesOfOutcomes(t *testing.T) {
	for outcome, codes := range map[verdict.Outcome][2]int{
		verdict.Succeeded: {0, 0}, verdict.NoChanges: {0, 0}, verdict.Skipped: {0, 0}, verdict.PassedOver: {0, 0},
		verdict.Changes: {0, 2}, verdict.Pending: {0, 2}, verdict.Failed: {1, 1}, verdict.Unproven: {1, 1},
	} {
		if got := [2]int{outcome.Exit(false), outcome.Exit(true)}; got != codes {
			t.Errorf("%s: %v, want %v", outcome, got, codes)
		}
	}
}
