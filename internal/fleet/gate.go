package fleet

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// gate refuses the promotion unless the ring before runs this very release, by
// a reading made now. No earlier reading, no record and no status counts.
func (r *promotion) gate(ctx context.Context) error {
	ring, i := r.Project.Ring(r.Ring)
	if ring == nil || i == 0 {
		return nil
	}
	before := r.Project.Rings[i-1]
	targets := r.Project.In(before.Name.Value)
	if len(targets) == 0 {
		return verdict.Errorf(verdict.NotPromotable, "give a target this ring, or remove the ring: without one nothing proves a release",
			"the ring before, %q, has no targets (%s)", before.Name.Value, before.Name.At)
	}
	r.report.Before = make([]Row, len(targets))
	pool{r.parallel(), r.Timeout}.run(ctx, len(targets), always, func(ctx context.Context, i int) {
		r.report.Before[i] = r.prove(ctx, targets[i], before)
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.judge(ring, before)
}

// prove reads one target of the ring before.
func (r *promotion) prove(ctx context.Context, t *project.Target, ring project.Ring) Row {
	start := time.Now()
	s, err := r.Worker.Observe(ctx, t)
	proof := observed(t, s, err, r.Release, r.Say)
	proof.Took = time.Since(start)
	if err != nil || !s.Runs() {
		if err == nil && s.Content == This && len(s.Specs.More) > 0 {
			proof.Next = "promote to " + ring.Name.Value + " with prune: it switches off what a release has no longer (prune-orphans: what is in no bundle)"
		}
		return proof
	}
	if why, next := unsoaked(s, ring, time.Now()); why != "" {
		proof.Sentence += "; " + why
		proof.Next = next
		return proof
	}
	proof.Proven = true
	return proof
}

// unsoaked says why a release has not run long enough, or "", and what to do.
func unsoaked(s Standing, ring project.Ring, now time.Time) (why, next string) {
	since := s.Since()
	const again = "promote writes the record and this run reads it, both with the target's ZIS OAuth token"
	switch {
	case ring.Soak == 0:
		return "", ""
	case since.IsZero():
		return fmt.Sprintf("since when can't be known (soak, %s): %s", ring.SoakAt, cmp.Or(s.NoRecord, "no record of this release is in the account")), again
	case since.After(now):
		return fmt.Sprintf("since when can't be known (soak, %s): the record says %s, which is in the future", ring.SoakAt, since.Format(time.RFC3339)), again
	case now.Sub(since) < ring.Soak:
		return fmt.Sprintf("only since %s, and %s is asked for (soak, %s)", since.Format(time.RFC3339), ring.Soak, ring.SoakAt), "run again after " + since.Add(ring.Soak).Format(time.RFC3339)
	}
	return "", ""
}

// judge decides on what was read: all of the ring before, unless the ring says
// that any is enough.
func (r *promotion) judge(ring *project.Ring, before project.Ring) error {
	proven, wildcards := 0, 0
	var lacking []string
	var first Row
	for _, row := range r.report.Before {
		wildcards += row.Wildcards
		if row.Proven {
			proven++
			continue
		}
		if len(lacking) == 0 {
			first = row
		}
		lacking = append(lacking, row.Name)
	}
	if wildcards > 0 {
		r.report.Notes = append(r.report.Notes, fmt.Sprintf(
			"%s of the ring before could not be compared: the values of secret variables that this run doesn't have", english.Plural(wildcards, "place")))
	}
	if len(lacking) == 0 || ring.After == project.Any && proven > 0 {
		return nil
	}
	next := first.Next
	if next == "" {
		next = fmt.Sprintf("promote to %s first, and see that it runs", before.Name.Value)
	}
	are := "are"
	if len(lacking) == 1 {
		are = "is"
	}
	return verdict.Errorf(verdict.NotPromotable, next, "the ring before, %q, is not proven to run %s: %d of %s %s not (%s); %s: %s",
		before.Name.Value, r.Release, len(lacking), english.Plural(len(r.report.Before), "target"), are, some(lacking), first.Name, first.Sentence)
}

// some names the first few.
func some(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
