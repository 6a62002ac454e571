package fleet

import (
	"fmt"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
)

// judgeDrift decides whether what a target runs still is what was brought
// there: this release, or the one that its record tells. Differences that
// zis.yml accepts are none until their last day is over.
func (row *Row) judgeDrift(t *project.Target, s Standing, now time.Time) {
	row.accept(t, s, now)
	switch s.Content {
	case This, Recorded:
	default:
		row.Drift = len(row.Differences) > 0 || s.Content == Nothing || len(row.Accepted) == 0
	}
	if len(s.Specs.Off)+len(s.Specs.More) > 0 {
		row.Drift = true
	}
	for _, o := range s.Others {
		row.Drift = row.Drift || o.Firing > 0
	}
	if n := len(row.Accepted); n > 0 && !row.Drift {
		row.Sentence += fmt.Sprintf("; %s accepted", english.Plural(n, "difference"))
	}
	row.Differences, row.Accepted = most(row.Differences), most(row.Accepted)
}

// accept takes the accepted differences out of the others.
func (row *Row) accept(t *project.Target, s Standing, now time.Time) {
	used, expired := make([]bool, len(t.Accept)), make([]bool, len(t.Accept))
	var left []Difference
	for _, d := range s.Difference {
		i := accepting(t.Accept, d)
		if i < 0 {
			left = append(left, d)
			continue
		}
		used[i] = true
		a := t.Accept[i]
		if !now.Before(a.Until) {
			left = append(left, d)
			if expired[i] {
				continue
			}
			expired[i] = true
			row.Notes = append(row.Notes, fmt.Sprintf("%s: the difference at %s was accepted until %s, and counts again", a.Pointer.At, d.Pointer, lastDay(a)))
			continue
		}
		row.Accepted = append(row.Accepted, Acceptance{d, a.Reason.Value, lastDay(a)})
	}
	row.Differences = left
	for i, a := range t.Accept {
		if !used[i] && s.Content != Recorded {
			row.Notes = append(row.Notes, fmt.Sprintf("%s: no difference is at %s any more; remove the entry", a.Pointer.At, a.Pointer.Value))
		}
	}
}

func lastDay(a project.Accepted) string { return a.Until.AddDate(0, 0, -1).Format(time.DateOnly) }

// accepting finds the entry for a difference, or -1.
func accepting(list []project.Accepted, d Difference) int {
	for i, a := range list {
		if a.Bundle.Value != "" && a.Bundle.Value != d.Bundle {
			continue
		}
		if d.Pointer == a.Pointer.Value || strings.HasPrefix(d.Pointer, strings.TrimSuffix(a.Pointer.Value, "/")+"/") {
			return i
		}
	}
	return -1
}
