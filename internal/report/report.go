// Package report says what a run found and did: one Report value, written as
// text, JSON or Markdown. Every medium has one function through which text
// from bundles and servers passes, so that it stays text.
package report

import (
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Report is everything that is told about one run.
type Report struct {
	Command  string
	Outcome  verdict.Outcome
	Reason   verdict.Reason // why it failed; "" if it did not
	Stage    verdict.Stage  // where it failed; "" if it did not
	Sentence string         // the verdict: what, where, why; the same in every medium
	Next     string         // what to do about it; may be empty
	Link     string         // where an admin acts, if the run waits for one; it stands in Sentence

	check.Findings // of each file, in the order given

	Target string           // its name in zis.yml; may be empty
	Where  string           // the account, as people call it
	DryRun bool             // a deploy that was only planned
	Plan   *deploy.Prepared // nil for validate, and where planning failed
	Deploy *deploy.Result   // nil unless a deploy was carried out
	Tests  *Tests           // of flows; nil unless they were run

	Behaviour *Behaviour    // of recorded events; nil where there are none, or nothing changes
	Fleet     *fleet.Report // of many targets; nil of one

	Notes   []string // what is not known, and doesn't change the verdict
	Journal string   // the file that keeps the former state; "" if none was begun
	Record  string   // the file of --report-file
	Timings *Timings // nil: not asked for, or no account was spoken to

	Shown bool // the plan was shown already, by Proposal

	told *sentences.Told // what Plan changes, since Conclude
}

// Timings tell how the requests of a run went. Durations are in milliseconds.
type Timings struct {
	Requests int   `json:"requests"`
	Retries  int   `json:"retries"`    // of Requests, those that repeat one
	Total    int64 `json:"totalMs"`    // of all requests, as if one ran after the other
	Chain    int   `json:"chain"`      // requests in the longest chain, each begun when the former had ended
	Critical int64 `json:"criticalMs"` // what that chain took
}
