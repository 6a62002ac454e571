package fleet

import (
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Merge makes one report of those of shards, with a row for each of the
// targets: one that no shard has told of is unfinished, never left out.
func Merge(reports []Report, targets []*project.Target) (Report, error) {
	if len(reports) == 0 {
		return Report{}, verdict.Errorf(verdict.InvalidInput, "give the report files of the shards", "no report is given")
	}
	all := Report{Version: Version, Command: reports[0].Command, Release: reports[0].Release, Ring: reports[0].Ring, Time: reports[0].Time, Before: reports[0].Before}
	rows := map[string]Row{}
	for _, r := range reports {
		if r.Command != all.Command || r.Release.Digest != all.Release.Digest {
			return Report{}, verdict.Errorf(verdict.InvalidInput, "merge the reports of one run",
				"the reports are of different runs: %s of %s, and %s of %s", all.Command, all.Release, r.Command, r.Release)
		}
		if r.Time.Before(all.Time) {
			all.Time = r.Time
		}
		if r.Ring != all.Ring {
			all.Ring = ""
		}
		for _, row := range r.Rows {
			if former, twice := rows[row.Name]; twice && weight(former) < weight(row) {
				continue // the worse one counts
			}
			rows[row.Name] = row
		}
		for _, n := range r.Notes {
			if !slices.Contains(all.Notes, n) {
				all.Notes = append(all.Notes, n)
			}
		}
	}
	for _, t := range targets {
		told, ok := rows[t.Name.Value]
		if !ok {
			told = row(t, Unfinished, "no shard has told of it: its job has not run, or its report is missing")
		}
		all.Rows = append(all.Rows, told)
		delete(rows, t.Name.Value)
	}
	for name := range rows {
		return Report{}, verdict.Errorf(verdict.InvalidInput, "merge with the zis.yml and the ring that the shards ran with", "a report tells of the target %q, which is not asked for", name)
	}
	all.total(reports)
	return all, nil
}

// total gives a merged report its verdict.
func (r *Report) total(shards []Report) {
	if r.Command != "promote" {
		r.survey()
		if n := r.Count(Unfinished); n > 0 {
			r.Outcome = verdict.Unproven
		}
		return
	}
	p := promotion{Promotion: Promotion{Ring: r.Ring, Release: r.Release}, report: *r}
	p.conclude(nil)
	*r = p.report
	refused := 0
	for _, s := range shards {
		if s.Outcome == verdict.Failed && s.Count(NotStarted) == len(s.Rows) {
			refused++
			r.Next = s.Next
		}
	}
	if refused > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s refused to begin: see why in its report", english.Plural(refused, "shard")))
	}
}
