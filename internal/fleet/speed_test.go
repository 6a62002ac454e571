package fleet_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

const latency = 50 * time.Millisecond

// fleetOf is a world of n targets in one ring, 32 at a time, whose requests
// take 50 ms each. Target 7 answers in 30 s if slow.
func fleetOf(t testing.TB, n int, slow bool) *world {
	var b strings.Builder
	b.WriteString("rings: [{name: all, parallel: 32}]\ntargets:\n")
	for i := range n {
		b.WriteString(target(fmt.Sprintf("t%d", i), "all", ""))
	}
	return newWorld(t, b.String(), func(s *emulator.Server) {
		s.Latency = latency
		if slow && s.Subdomain == "t7" {
			s.Latency = 30 * time.Second
		}
	})
}

// full is how many targets a test has: ZIS_TARGETS, or few.
func full(few int) int {
	if n, err := strconv.Atoi(os.Getenv("ZIS_TARGETS")); err == nil {
		return n
	}
	if testing.Short() {
		return few / 2
	}
	return few
}

// survey reads all targets, and tells when each was done.
func (w *world) survey(places int, done map[string]time.Duration) {
	start := time.Now()
	fleet.Survey{
		Command: "status", Targets: w.project.All(), Release: w.worker.Keeper.Release, Timeout: 3 * time.Minute, Worker: w.worker, Now: start, Parallel: places,
		Told: func(row fleet.Row) {
			done[row.Name] = time.Since(start)
			if row.Verdict != fleet.Verdict(fleet.This) && row.Name != "t7" {
				w.t.Errorf("%+v", row)
			}
		},
	}.Run(w.t.Context())
}

// Many targets at 50 ms a request, 32 at a time, in virtual time: ZIS_TARGETS
// says how many. What one target takes alone are its requests on the critical
// path.
func TestManyTargetsTakeLittleMoreThanTheIdeal(t *testing.T) {
	n := full(128)
	const places = 32
	for _, c := range []struct {
		name string
		slow bool
	}{{"all at 50 ms", false}, {"one at 30 s", true}} {
		bubble(t, func(t *testing.T) {
			one := fleetOf(t, 1, false)
			start := time.Now()
			one.must("all")
			promoted := time.Since(start)
			alone := map[string]time.Duration{}
			one.survey(1, alone)

			w, places := fleetOf(t, n, c.slow), places
			if c.slow {
				places-- // the slow one keeps its place, and costs nobody else more
			}
			done := map[string]time.Duration{}
			start = time.Now()
			r, err := fleet.Promotion{
				Project: w.project, Ring: "all", Targets: w.project.In("all"), Release: w.worker.Keeper.Release, Timeout: 5 * time.Minute, Worker: w.worker,
				Told: func(row fleet.Row) { done[row.Name] = time.Since(start) },
			}.Run(t.Context())
			if err != nil || r.Count(fleet.Succeeded) != n {
				t.Fatal(err, r.Sentence)
			}
			within(t, c.name+", promote", done, promoted, n, places)
			clear(done)
			w.survey(32, done)
			within(t, c.name+", check of unchanged targets", done, alone["t0"], n, places)
		})
	}
}

// Eight shards side by side, each a part of the targets and 32 at a time: in
// virtual time, so what is held is that none waits for another.
func TestShardsDoNotWaitForEachOther(t *testing.T) {
	n := full(128)
	const shards, places = 8, 32
	bubble(t, func(t *testing.T) {
		one := fleetOf(t, 1, false)
		start := time.Now()
		one.must("all")
		alone := time.Since(start)
		w := fleetOf(t, n, false)
		jobs, err := fleet.Jobs(w.project.In("all"), shards)
		if err != nil || len(jobs) != shards {
			t.Fatal(jobs, err)
		}
		start = time.Now()
		var g sync.WaitGroup
		reports := make([]fleet.Report, shards)
		for i, job := range jobs {
			g.Go(func() {
				var part []*project.Target
				for name := range strings.SplitSeq(job.Targets, ",") {
					part = append(part, w.project.Target(name))
				}
				reports[i], _ = fleet.Promotion{
					Project: w.project, Ring: "all", Targets: part, Shard: job.Shard, Release: w.worker.Keeper.Release, Timeout: 3 * time.Minute, Worker: w.worker,
				}.Run(t.Context())
			})
		}
		g.Wait()
		took, ideal := time.Since(start), time.Duration(int64(alone)*int64((n/shards+places-1)/places))
		t.Logf("%d targets in %d shards after %s, the ideal is %s", n, shards, took, ideal)
		if took > ideal*125/100 {
			t.Errorf("%s is more than 1.25 times %s", took, ideal)
		}
		all, err := fleet.Merge(reports, w.project.In("all"))
		if err != nil || all.Outcome != verdict.Succeeded || all.Count(fleet.Succeeded) != n {
			t.Errorf("merged: %v %s", err, all.Sentence)
		}
		if all, err = fleet.Merge(reports[1:], w.project.In("all")); err != nil || all.Outcome != verdict.Failed || all.Count(fleet.Unfinished) != n/shards {
			t.Errorf("without the report of a shard: %v %s", err, all.Sentence)
		}
	})
}

// within holds the time after which all but the slow target were done.
func within(t *testing.T, what string, done map[string]time.Duration, one time.Duration, n, places int) {
	t.Helper()
	ideal := time.Duration(int64(one) * int64((n+places-1)/places))
	last := time.Duration(0)
	for name, took := range done {
		if name != "t7" {
			last = max(last, took)
		}
	}
	t.Logf("%s: %d targets after %s, the ideal is %s (%d requests one after the other, %d targets at a time)", what, n, last, ideal, one/latency, places)
	if last > ideal*115/100 {
		t.Errorf("%s: %s is more than 1.15 times %s", what, last, ideal)
	}
}

// Memory is measured on the targets' side alone: the emulated accounts are
// there before.
func TestMemoryGrowsLittleWithTheTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("measures memory")
	}
	bubble(t, func(t *testing.T) {
		n := full(200)
		w := fleetOf(t, n, false)
		peak := make(chan uint64)
		stop := make(chan struct{})
		runtime.GC()
		debug.FreeOSMemory()
		before := inUse()
		go func() {
			most := uint64(0)
			for {
				select {
				case <-stop:
					peak <- most
					return
				case <-time.After(time.Second):
					most = max(most, inUse())
				}
			}
		}()
		w.must("all")
		close(stop)
		grown := int64(<-peak) - int64(before)
		limit := int64(40<<20 + n*(20<<10))
		t.Logf("%d targets: %d KiB above what the accounts hold, the limit is %d KiB", n, grown>>10, limit>>10)
		if grown > limit {
			t.Errorf("%d bytes are more than %d", grown, limit)
		}
	})
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// BenchmarkPromote is the machine's own time, the emulated accounts' included:
// there is no latency.
func BenchmarkPromote(b *testing.B) {
	n := full(100)
	for b.Loop() {
		b.StopTimer()
		w := fleetOf(b, n, false)
		for _, name := range w.accounts.Names() {
			w.accounts.Account(name).Latency = 0
		}
		b.StartTimer()
		w.must("all")
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/target")
}
