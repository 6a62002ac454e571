package fleet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Survey reads what many targets run.
type Survey struct {
	Command  string // status or drift
	Targets  []*project.Target
	Release  Release
	Shard    string
	Parallel int           // targets at a time; 0: DefaultSurvey
	Timeout  time.Duration // for each target; 0: none
	Worker   Worker
	Now      time.Time     // the day on which accepted differences are judged
	Say      verdict.Words // the words for hints; may be nil
	Told     func(Row)     // for each target that was read; calls don't overlap; may be nil
}

// DefaultSurvey is how many targets are read at a time: reading disturbs
// nobody, and the rate limits of accounts are their own.
const DefaultSurvey = 32

// Refused is the report of a survey that may not begin.
func (s Survey) Refused(err error) Report {
	r := s.begin()
	r.Outcome, r.Reason, r.Next = verdict.Failed, string(verdict.ReasonOf(err)), verdict.NextOf(err, s.Say)
	r.Sentence = fmt.Sprintf("%s refused: %v", s.Command, err)
	return r
}

func (s Survey) begin() Report {
	r := Report{Version: Version, Command: s.Command, Release: s.Release, Shard: s.Shard, Time: time.Now().UTC(), Rows: make([]Row, len(s.Targets))}
	for i, t := range s.Targets {
		r.Rows[i] = row(t, NotStarted, "nothing was asked of the account")
	}
	return r
}

// Run reads the targets. The report has a row for each, in their order.
func (s Survey) Run(ctx context.Context) Report {
	r := s.begin()
	told := make(chan int)
	go func() {
		defer close(told)
		pool{parallelOr(s.Parallel), s.Timeout}.run(ctx, len(s.Targets), always, func(ctx context.Context, i int) {
			r.Rows[i] = s.read(ctx, s.Targets[i])
			told <- i
		})
	}()
	for i := range told {
		if s.Told != nil {
			s.Told(r.Rows[i])
		}
	}
	r.survey()
	return r
}

func parallelOr(n int) int {
	if n > 0 {
		return n
	}
	return DefaultSurvey
}

func (s Survey) read(ctx context.Context, t *project.Target) Row {
	start := time.Now()
	standing, err := s.Worker.Observe(ctx, t)
	row := observed(t, standing, err, s.Release, s.Say)
	row.Took = time.Since(start)
	if err == nil {
		row.judgeDrift(t, standing, s.Now)
	}
	return row
}

// observed is the row of a target that was read.
func observed(t *project.Target, s Standing, err error, release Release, say verdict.Words) Row {
	r := row(t, Verdict(s.Content), "")
	if s.Account != "" {
		r.Account = s.Account
	}
	if err != nil {
		r.Verdict, r.Sentence = Unread, err.Error()
		r.Reason, r.Next = string(verdict.ReasonOf(err)), verdict.NextOf(err, say)
		return r
	}
	r.Specs, r.Others, r.Record, r.Wildcards, r.Changes, r.Notes = &s.Specs, s.Others, s.Record, s.Wildcards, s.Changes, s.Notes
	r.Differences, r.Sentences = most(s.Difference), s.Sentences
	r.Sentence = s.sentence(release)
	return r
}

// sentence says in words what an account runs.
func (s Standing) sentence(release Release) string {
	var b strings.Builder
	switch s.Content {
	case This:
		fmt.Fprintf(&b, "runs %s", release)
	case Settings:
		fmt.Fprintf(&b, "runs %s with other settings", release)
	case Recorded:
		fmt.Fprintf(&b, "runs %s, as its record says", s.Record.Name())
	case Nothing:
		b.WriteString("has none of the bundles")
	default:
		b.WriteString("runs something that is not in the files")
		if s.Record != nil {
			fmt.Fprintf(&b, " and not what its record says, %s: somebody has changed it by hand, or from elsewhere", s.Record.Name())
		}
	}
	if n := len(s.Specs.Off); n > 0 && s.Content != Nothing {
		fmt.Fprintf(&b, "; %d of %s off: %s", n, english.Plural(n+s.Specs.On, "job spec"), some(s.Specs.Off))
	}
	if n := len(s.Specs.More); n > 0 {
		fmt.Fprintf(&b, "; %s more on: %s", english.Plural(n, "job spec"), some(s.Specs.More))
	}
	if n := len(s.Others); n > 0 {
		fmt.Fprintf(&b, "; %s that the files don't know", english.Plural(n, "bundle"))
		if firing := s.otherFiring(); firing > 0 {
			fmt.Fprintf(&b, ", with %s on", english.Plural(firing, "job spec"))
		}
	}
	if s.Wildcards > 0 {
		fmt.Fprintf(&b, "; %s not compared, only the account knows the values", english.Plural(s.Wildcards, "place"))
	}
	return b.String()
}

// survey gives the report of a reading its verdict.
func (r *Report) survey() {
	counts := map[Verdict]int{}
	drift := 0
	for _, row := range r.Rows {
		counts[row.Verdict]++
		if row.Drift {
			drift++
		}
	}
	var parts []string
	for _, v := range weights {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[v]))
		}
	}
	r.Sentence = fmt.Sprintf("%s of %s: %s", r.Command, english.Plural(len(r.Rows), "target"), strings.Join(parts, ", "))
	unread := counts[Unread] + counts[NotStarted]
	switch {
	case unread > 0:
		r.Outcome = verdict.Unproven
		r.Next = "what could not be read is not known; see the lines of these targets"
	case drift > 0:
		r.Outcome = verdict.Changes
	case r.Command == "status" && counts[Verdict(This)] < len(r.Rows):
		r.Outcome = verdict.Changes
	default:
		r.Outcome = verdict.NoChanges
	}
	if r.Command == "drift" && drift > 0 {
		r.Sentence += fmt.Sprintf("; %d drifted", drift)
	}
}

// words are the verdicts as people say them.
var words = map[Verdict]string{
	Failed: "failed", Unproven: "not proven", Unread: "could not be read", Unfinished: "unfinished", NotStarted: "not started",
	Verdict(Foreign): "with unknown content", Verdict(Nothing): "with nothing deployed", Verdict(Settings): "with other settings",
	Verdict(Recorded): "on another release", Planned: "to be changed", Pending: "pending", Succeeded: "written", NoChanges: "unchanged", Verdict(This): "on this release",
}
