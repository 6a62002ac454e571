package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// accounts are a Worker without a network: what runs where is a table.
type accounts struct {
	mu       sync.Mutex
	runs     map[string]string // release by target; "" and absent: nothing
	since    map[string]time.Time
	dead     map[string]bool  // never answer
	broken   map[string]error // answer so
	latency  time.Duration
	slow     map[string]time.Duration
	observed []string
	written  []string
	ended    map[string]time.Time
}

const release = "v2"

func (a *accounts) wait(ctx context.Context, name string) error {
	took := a.latency
	if d := a.slow[name]; d > 0 {
		took = d
	}
	if a.dead[name] {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	select {
	case <-time.After(took):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return a.broken[name]
}

func (a *accounts) Observe(ctx context.Context, t *project.Target) (fleet.Standing, error) {
	name := t.Name.Value
	err := a.wait(ctx, name)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.observed = append(a.observed, name)
	if a.ended == nil {
		a.ended = map[string]time.Time{}
	}
	a.ended[name] = time.Now()
	s := fleet.Standing{Content: fleet.Foreign}
	switch a.runs[name] {
	case release:
		s.Content = fleet.This
	case "":
		s.Content = fleet.Nothing
	case release + " without a job spec":
		s.Content, s.Specs = fleet.This, fleet.Specs{Off: []string{"on_created"}}
	case release + " and another bundle's":
		s.Content, s.Others = fleet.This, []fleet.Other{{Name: "theirs", Firing: 1}}
	case release + " and one more":
		s.Content, s.Specs = fleet.This, fleet.Specs{On: 1, More: []string{"on_old"}}
	}
	if since, ok := a.since[name]; ok {
		s.Record = &fleet.Record{Release: release, Since: since, Current: true}
	}
	return s, err
}

func (a *accounts) Deliver(ctx context.Context, t *project.Target) (fleet.Delivery, error) {
	name := t.Name.Value
	err := a.wait(ctx, name)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended == nil {
		a.ended = map[string]time.Time{}
	}
	a.ended[name] = time.Now()
	switch {
	case err != nil:
		return fleet.Delivery{}, err
	case a.runs[name] == release:
		return fleet.Delivery{Sentence: "no changes"}, nil
	case t.Via == project.App:
		return fleet.Delivery{Pending: true, Changes: 1}, nil
	}
	a.runs[name] = release
	a.written = append(a.written, name)
	return fleet.Delivery{Wrote: true, Changes: 1}, nil
}

func (a *accounts) Foresee(ctx context.Context, t *project.Target) (fleet.Delivery, error) {
	return fleet.Delivery{Planned: a.runs[t.Name.Value] != release, Changes: 1}, a.wait(ctx, t.Name.Value)
}

const rings = "record: config\nrings:\n  - sandbox\n  - {name: canary, soak: 1h}\n  - {name: rest, parallel: 4, max-failures: 2}\ntargets:\n"

func parsed(t testing.TB, text string) *project.Project {
	t.Helper()
	p, err := project.Read(fstest.MapFS{project.File: {Data: []byte(text)}}, project.File)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ringsOf is a project whose targets are named by ring and number.
func ringsOf(t testing.TB, head string, sizes map[string]int) *project.Project {
	var b strings.Builder
	b.WriteString(head)
	for _, ring := range []string{"sandbox", "canary", "rest"} {
		for i := range sizes[ring] {
			fmt.Fprintf(&b, "  %s-%d: {subdomain: %s-%d, integration: %s_%d, ring: %s}\n", ring, i, ring, i, ring, i, ring)
		}
	}
	return parsed(t, b.String())
}

func promotion(p *project.Project, ring string, a *accounts) fleet.Promotion {
	return fleet.Promotion{Project: p, Ring: ring, Targets: p.In(ring), Release: fleet.Release{Name: release}, Worker: a, Timeout: time.Minute}
}

// refused runs a promotion that must be refused before anything is written.
func refused(t *testing.T, p fleet.Promotion, a *accounts, want string) fleet.Report {
	t.Helper()
	r, err := p.Run(t.Context())
	if err == nil || verdict.ReasonOf(err) != verdict.NotPromotable || verdict.ExitCode(err) != verdict.ExitFailed || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want a refusal with %q", err, want)
	}
	if len(a.written) > 0 {
		t.Errorf("written: %v", a.written)
	}
	if r.Outcome != verdict.Failed || r.Count(fleet.NotStarted) != len(p.Targets) {
		t.Errorf("report: %s %+v", r.Outcome, r.Rows)
	}
	return r
}

// Accident of others: production was deployed before the canary, because a
// status of last week said that the canary ran the release.
func TestProductionBeforeCanaryBecauseAnOldStatusWasBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, rings, map[string]int{"sandbox": 1, "canary": 1, "rest": 3})
		long := time.Now().Add(-48 * time.Hour)
		// The record in the account says that it runs the release since two days.
		// The account itself, read now, holds something else.
		a := &accounts{runs: map[string]string{"sandbox-0": release, "canary-0": "v1"}, since: map[string]time.Time{"canary-0": long}}
		refused(t, promotion(p, "rest", a), a, "the ring before, \"canary\", is not proven to run v2: 1 of 1 target is not (canary-0)")
		a.runs["canary-0"] = release
		if r, err := promotion(p, "rest", a).Run(t.Context()); err != nil || r.Count(fleet.Succeeded) != 3 {
			t.Errorf("once the canary runs it: %v %s", err, r.Sentence)
		}
	})
}

// Accident of others: one of many targets was verified, and the ring was taken
// for done.
func TestOneOfManyVerifiedTakenForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, strings.ReplaceAll(rings, ", soak: 1h", ""), map[string]int{"canary": 40, "rest": 1, "sandbox": 1})
		a := &accounts{runs: map[string]string{}}
		for i := range 40 {
			a.runs[fmt.Sprintf("canary-%d", i)] = release
		}
		for name, state := range map[string]string{
			"the last": "v1", "none": "", "a job spec off": release + " without a job spec", "one more on": release + " and one more",
			"another bundle's on": release + " and another bundle's",
		} {
			a.runs["canary-39"] = state
			r := refused(t, promotion(p, "rest", a), a, "1 of 40 targets is not (canary-39)")
			if len(r.Before) != 40 || r.Before[39].Proven || !r.Before[0].Proven {
				t.Errorf("%s: %+v", name, r.Before[39])
			}
		}
		a.runs["canary-39"] = release
		a.broken = map[string]error{"canary-17": errors.New("503 from the registry")}
		refused(t, promotion(p, "rest", a), a, "canary-17: 503 from the registry")
	})
}

// Accident of others: one member that was offline stopped everybody.
func TestOneOfflineMemberStoppingEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, rings, map[string]int{"sandbox": 30})
		a := &accounts{runs: map[string]string{}, latency: 400 * time.Millisecond, dead: map[string]bool{"sandbox-3": true}}
		start := time.Now()
		r, err := promotion(p, "sandbox", a).Run(t.Context())
		if err == nil || r.Count(fleet.Succeeded) != 29 || r.Count(fleet.Failed) != 1 || r.Rows[3].Reason != string(verdict.Timeout) {
			t.Fatalf("%v: %s", err, r.Sentence)
		}
		// Eight at a time, 400 ms each: 29 others take 5 rounds of the 7 places left at most.
		for name, ended := range a.ended {
			if name != "sandbox-3" && ended.Sub(start) > 5*400*time.Millisecond {
				t.Errorf("%s was done after %s", name, ended.Sub(start))
			}
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("the run took %s, not the dead account's own time", took)
		}
		a.dead, a.written = nil, nil
		r, err = promotion(p, "sandbox", a).Run(t.Context())
		if err != nil || len(a.written) != 1 || a.written[0] != "sandbox-3" || r.Count(fleet.NoChanges) != 29 {
			t.Errorf("again: %v, written %v", err, a.written)
		}
	})
}

// Accident of others: partitioning was off below a threshold of targets, and
// everybody got the release at once.
func TestPartitioningSilentlyOffBelowAThreshold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for size := range 4 {
			p := ringsOf(t, strings.ReplaceAll(rings, ", soak: 1h", ""), map[string]int{"canary": size, "rest": 1, "sandbox": 1})
			a := &accounts{runs: map[string]string{}}
			want := "not proven to run"
			if size == 0 {
				want = `the ring before, "canary", has no targets (zis.yml:4:12)`
			}
			refused(t, promotion(p, "rest", a), a, want)
		}
	})
}

func TestASoakMustHaveElapsedAndBeKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, rings, map[string]int{"sandbox": 1, "canary": 1, "rest": 1})
		a := &accounts{runs: map[string]string{"canary-0": release}, since: map[string]time.Time{}}
		refused(t, promotion(p, "rest", a), a, "since when can't be known (soak, zis.yml:4:26)")
		a.since["canary-0"] = time.Now().Add(time.Minute)
		refused(t, promotion(p, "rest", a), a, "which is in the future")
		a.since["canary-0"] = time.Now().Add(-59 * time.Minute)
		r := refused(t, promotion(p, "rest", a), a, "and 1h0m0s is asked for")
		if want := "run again after " + time.Now().Add(time.Minute).Format(time.RFC3339); r.Next != want {
			t.Errorf("next: %s, want %s", r.Next, want)
		}
		a.since["canary-0"] = time.Now().Add(-time.Hour)
		if _, err := promotion(p, "rest", a).Run(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAnyOfTheRingBeforeIsEnoughOnlyWhereTheRingSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, "rings: [sandbox, {name: rest, after: any}]\ntargets:\n", map[string]int{"sandbox": 3, "rest": 1})
		a := &accounts{runs: map[string]string{}, dead: map[string]bool{"sandbox-0": true}}
		refused(t, promotion(p, "rest", a), a, "3 of 3 targets")
		a.runs["sandbox-2"] = release
		if r, err := promotion(p, "rest", a).Run(t.Context()); err != nil || r.Count(fleet.Succeeded) != 1 {
			t.Errorf("%v %s", err, r.Sentence)
		}
	})
}

func TestMaxFailuresStopsNewStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, "rings: [{name: rest, parallel: 2, max-failures: 2}]\ntargets:\n", map[string]int{"rest": 20})
		a := &accounts{runs: map[string]string{}, latency: time.Second, broken: map[string]error{}}
		for _, i := range []int{1, 4, 5} {
			a.broken[fmt.Sprintf("rest-%d", i)] = errors.New("broken")
		}
		r, err := promotion(p, "rest", a).Run(t.Context())
		if err == nil || r.Count(fleet.Failed) != 3 || r.Count(fleet.Unfinished) != 0 {
			t.Fatalf("%v: %s", err, r.Sentence)
		}
		if started := len(r.Rows) - r.Count(fleet.NotStarted); started > 7 {
			t.Errorf("%d targets were started", started)
		}
		if !strings.Contains(r.Rows[19].Sentence, "max-failures") {
			t.Error(r.Rows[19].Sentence)
		}
	})
}

// A job of a matrix knows its part of the ring alone: of a number it has its
// share, of a percentage the same.
func TestAShardHasItsShareOfMaxFailures(t *testing.T) {
	for _, c := range []struct {
		limit, shard    string
		targets, failed int // of the part, and how many fail before nobody else is started
	}{
		{"4", "", 10, 5},
		{"4", "s1", 10, 3}, // 2 of 4
		{"4", "s1", 20, 5},
		{"1", "s1", 10, 1}, // less than one of one
		{"10%", "s1", 10, 2},
		{"10%", "", 10, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := ringsOf(t, "rings: [{name: rest, parallel: 1, max-failures: "+c.limit+"}]\ntargets:\n", map[string]int{"rest": 20})
			a := &accounts{runs: map[string]string{}, broken: map[string]error{}}
			for i := range 20 {
				a.broken[fmt.Sprintf("rest-%d", i)] = errors.New("refused")
			}
			part := promotion(p, "rest", a)
			part.Targets, part.Shard = part.Targets[:c.targets], c.shard
			r, err := part.Run(t.Context())
			if err == nil || r.Count(fleet.Failed) != c.failed || r.Count(fleet.NotStarted) != c.targets-c.failed || r.Shard != c.shard {
				t.Errorf("max-failures %s, shard %q of %d: %s", c.limit, c.shard, c.targets, r.Sentence)
			}
			if last := r.Rows[c.targets-1].Sentence; c.shard != "" && c.targets < 20 && !strings.Contains(last, "for this part, 10 of the ring's 20") {
				t.Errorf("the one that wasn't started: %s", last)
			}
		})
	}
}

func TestMembersStandInTheReportBeforeTheFirstWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, "rings: [rest]\ntargets:\n", map[string]int{"rest": 9})
		a := &accounts{runs: map[string]string{"rest-1": release}, latency: time.Second}
		run := promotion(p, "rest", a)
		var first *fleet.Report
		run.Save = func(r fleet.Report) error {
			if first == nil {
				first = &r
				if len(a.written) > 0 || len(r.Rows) != 9 || r.Count(fleet.Unfinished) != 9 || r.Outcome != verdict.Failed {
					t.Errorf("the first report: %s, %d rows, written %v", r.Outcome, len(r.Rows), a.written)
				}
			}
			return nil
		}
		if _, err := run.Run(t.Context()); err != nil || first == nil {
			t.Error(err)
		}
		a.written, a.runs = nil, map[string]string{}
		run.Save = func(fleet.Report) error { return errors.New("disk full") }
		if _, err := run.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "disk full") || len(a.written) > 0 {
			t.Errorf("without a place for the report: %v, written %v", err, a.written)
		}
	})
}

func TestADryRunWritesNothingAndSaysWhatItWould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, rings, map[string]int{"sandbox": 1, "canary": 3})
		a := &accounts{runs: map[string]string{"sandbox-0": release, "canary-1": release}}
		dry := promotion(p, "canary", a)
		dry.DryRun = true
		r, err := dry.Run(t.Context())
		if err != nil || r.Outcome != verdict.Changes || r.Count(fleet.Planned) != 2 || r.Count(fleet.NoChanges) != 1 || len(a.written) > 0 {
			t.Fatalf("%v %s, written %v", err, r.Sentence, a.written)
		}
		if want := "(dry run): 2 targets would be written to, 1 run it already; nothing was written"; !strings.Contains(r.Sentence, want) {
			t.Errorf("got %q, want %q", r.Sentence, want)
		}
		if all, err := fleet.Merge([]fleet.Report{r}, p.In("canary")); err != nil || all.Outcome != verdict.Changes || all.Sentence != r.Sentence {
			t.Errorf("merged: %v %s", err, all.Sentence)
		}
		a.runs["sandbox-0"] = "v1"
		refused(t, dry, a, "sandbox-0: runs something that is not in the files")
	})
}

func TestTargetsByAppArePendingAndKeepTheRingFromBeingDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := parsed(t, "rings: [a, b]\ntargets:\n  x: {subdomain: x, integration: x, ring: a, via: app}\n  y: {subdomain: y, integration: y, ring: a}\n  z: {subdomain: z, integration: z, ring: b}\n")
		a := &accounts{runs: map[string]string{}}
		r, err := promotion(p, "a", a).Run(t.Context())
		if err != nil || r.Outcome != verdict.Pending || r.Rows[0].Verdict != fleet.Pending || len(a.written) != 1 {
			t.Fatalf("%v %s %v", err, r.Sentence, a.written)
		}
		a.written = nil
		refused(t, promotion(p, "b", a), a, "x: has none of the bundles")
		a.runs["x"] = release // the admin has applied it
		r, err = promotion(p, "a", a).Run(t.Context())
		if err != nil || r.Outcome != verdict.NoChanges {
			t.Errorf("%v %s", err, r.Sentence)
		}
	})
}

func TestACancelledRunStartsNobodyAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, "rings: [{name: rest, parallel: 2}]\ntargets:\n", map[string]int{"rest": 10})
		a := &accounts{runs: map[string]string{}, latency: time.Second}
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(1500*time.Millisecond, func() { cancel(errors.New("interrupted: terminated")) })
		r, err := promotion(p, "rest", a).Run(ctx)
		if err == nil || r.Count(fleet.Succeeded) != 2 || r.Count(fleet.Failed) != 2 || r.Count(fleet.NotStarted) != 6 {
			t.Errorf("%v: %s", err, r.Sentence)
		}
	})
}

// 500 targets at 8 requests of 50 ms each, 32 at a time: the scheduling itself
// may cost 15 % of the ideal at most.
func TestTimeIsNearTheIdeal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := ringsOf(t, "rings: [{name: rest, parallel: 32}]\ntargets:\n", map[string]int{"rest": 500})
		a := &accounts{runs: map[string]string{}, latency: 400 * time.Millisecond, slow: map[string]time.Duration{"rest-7": 30 * time.Second}}
		start := time.Now()
		if _, err := promotion(p, "rest", a).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		ideal := 400 * time.Millisecond * 500 / 32
		for name, ended := range a.ended {
			if took := ended.Sub(start); name != "rest-7" && took > ideal*115/100 {
				t.Errorf("%s was done after %s, the ideal is %s", name, took, ideal)
			}
		}
	})
}
