package fleet

import (
	"cmp"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Version is that of the report's form.
const Version = 1

// Report is what a run on many accounts found and did. Its schema is
// schemas/fleet.schema.json.
type Report struct {
	Version  int             `json:"version"`
	Command  string          `json:"command"` // promote, status or drift
	Outcome  verdict.Outcome `json:"result"`
	Reason   string          `json:"failureReason,omitempty"`
	Sentence string          `json:"sentence"`
	Next     string          `json:"next,omitempty"`
	Release  Release         `json:"release"`
	Ring     string          `json:"ring,omitempty"`
	Shard    string          `json:"shard,omitempty"`
	Time     time.Time       `json:"time"` // when the run began
	Before   []Row           `json:"before,omitempty"`
	Rows     []Row           `json:"targets"` // fixed before the first write
	Notes    []string        `json:"notes,omitempty"`
}

// Verdict is how it went with one target, or what it runs.
type Verdict string

// The verdicts of promote.
const (
	Succeeded  Verdict = "succeeded"   // written, and read back
	NoChanges  Verdict = "no-changes"  // it ran the release already
	Pending    Verdict = "pending"     // an admin has to apply the release in the account
	Planned    Verdict = "changes"     // of a dry run: something would be written
	Failed     Verdict = "failed"      //
	Unproven   Verdict = "unproven"    // written, and not read back
	NotStarted Verdict = "not-started" // nothing was asked of the account
	Unfinished Verdict = "unfinished"  // the run had not got there when this was written
)

// The verdicts of status and drift are those of Content, and Unread.
const Unread Verdict = "unread" // the account could not be read

// Row is one target of a report.
type Row struct {
	Name        string               `json:"name"`
	Ring        string               `json:"ring,omitempty"`
	Account     string               `json:"account,omitempty"`
	Integration string               `json:"integration,omitempty"`
	Verdict     Verdict              `json:"verdict"`
	Sentence    string               `json:"sentence"`
	Reason      string               `json:"failureReason,omitempty"`
	Next        string               `json:"next,omitempty"`
	Link        string               `json:"link,omitempty"` // where an admin applies the release
	Drift       bool                 `json:"drift,omitempty"`
	Proven      bool                 `json:"proven,omitempty"` // of the ring before: it runs this very release
	Changes     int                  `json:"changes,omitempty"`
	Specs       *Specs               `json:"jobSpecs,omitempty"`
	Others      []Other              `json:"otherBundles,omitempty"`
	Record      *Record              `json:"record,omitempty"`
	Wildcards   int                  `json:"wildcards,omitempty"`
	Differences []Difference         `json:"differences,omitempty"`
	Accepted    []Acceptance         `json:"accepted,omitempty"`
	Sentences   []sentences.Sentence `json:"sentences,omitempty"` // what a deploy of the release would change
	Notes       []string             `json:"notes,omitempty"`
	Took        time.Duration        `json:"tookNs,omitempty"`
}

// Acceptance is a difference that is no drift, and why.
type Acceptance struct {
	Difference
	Reason string `json:"reason"`
	Until  string `json:"until"` // the last day, as 2027-01-31
}

// weights order verdicts, worst first.
var weights = []Verdict{
	Failed, Unproven, Unread, Unfinished, NotStarted, Verdict(Foreign), Verdict(Nothing), Verdict(Settings), Verdict(Recorded), Planned, Pending,
	Succeeded, NoChanges, Verdict(This),
}

// Worst orders rows: the worst first, equal ones by name. What nobody has
// given a verdict is the worst of all.
func Worst(rows []Row) []Row {
	list := slices.Clone(rows)
	slices.SortStableFunc(list, func(a, b Row) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func weight(r Row) int {
	w := slices.Index(weights, r.Verdict) * 4
	if r.Drift {
		w -= 2
	}
	if r.Specs != nil && len(r.Specs.Off)+len(r.Specs.More) > 0 {
		w--
	}
	return w
}

// Asked tells whether anything was asked of an account: of those that were not
// begun, and those that lack what a request takes, nothing was.
func (r *Report) Asked() bool {
	return slices.ContainsFunc(slices.Concat(r.Before, r.Rows), func(row Row) bool {
		lacking := row.Reason == string(verdict.InvalidInput) || row.Reason == string(verdict.MissingCredentials)
		return row.Verdict != NotStarted && (!lacking || row.Specs != nil || row.Changes > 0)
	})
}

// Count counts the rows with a verdict.
func (r *Report) Count(v ...Verdict) int {
	n := 0
	for _, row := range r.Rows {
		if slices.Contains(v, row.Verdict) {
			n++
		}
	}
	return n
}
