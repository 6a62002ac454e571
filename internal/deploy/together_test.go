package deploy_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// delays makes every request take about latency, half of it before it takes
// effect; by how much more or less the seed decides.
func (r *rig) delays(seed uint64) {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 1))
	half := func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return latency/2 + time.Duration(random.Int64N(int64(latency/4))) - latency/8
	}
	r.server.SetFault(func(_ *http.Request, real http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			time.Sleep(half())
			real.ServeHTTP(w, req)
			time.Sleep(half())
		})
	})
}

// beside is another run on the same account, from another machine.
func (r *rig) beside() *rig {
	return &rig{t: r.t, server: r.server, client: r.client, journal: r.journal + "-of-another"}
}

// Two deploys of different bundles to one account, in 200 orders. What is told
// done is not overwritten by anybody who has not seen it, and the other way
// round: whoever is overwritten unseen is not told done. A deploy after that
// converges. Without job specs a deploy has the fewest requests, and so the
// least time to notice.
func TestTwoDeploysAtOnce(t *testing.T) {
	orders := uint64(100)
	if testing.Short() { // with the race detector each takes five times as long
		orders = 30
	}
	for _, two := range []together{
		{before, [2]string{after, bundleText("a", "three", "keep")}, [2][]string{{"keep", "new"}, {"keep"}}},
		{bundleText("a", "one"), [2]string{bundleText("a", "two"), bundleText("a", "three")}, [2][]string{}},
	} {
		count := map[string]int{}
		for seed := range orders {
			synctest.Test(t, func(t *testing.T) {
				count[two.play(t, seed)]++
			})
		}
		t.Log(count)
	}
}

// together are two deploys to one account.
type together struct {
	before  string
	sources [2]string
	specs   [2][]string // that each has on
}

// play has one begin some time after the other, and tells how they ended.
func (two together) play(t *testing.T, seed uint64) string {
	r := newRig(t)
	defer r.stop()
	if _, res := r.deploy(t.Context(), deploy.Options{}, two.before); res.Err != nil {
		t.Fatal(res.Err)
	}
	r.delays(seed)
	var plans [2]deploy.Prepared
	var results [2]deploy.Result
	var wg sync.WaitGroup
	wg.Go(func() { plans[0], results[0] = r.deploy(t.Context(), deploy.Options{}, two.sources[0]) })
	wg.Go(func() {
		time.Sleep(time.Duration(seed*7%1200) * time.Millisecond)
		plans[1], results[1] = r.beside().deploy(t.Context(), deploy.Options{}, two.sources[1])
	})
	wg.Wait()
	digests, on := r.holds()
	var ends strings.Builder
	for i := range two.sources {
		mine, other := read(t, two.sources[i]).Doc.Digest(), 1-i
		switch {
		case results[i].Err != nil:
			ends.WriteString(" failed")
			continue
		case slices.Equal(digests, []string{mine}):
			for _, s := range two.specs[i] {
				if !slices.Contains(on, s) {
					t.Errorf("seed %d: deploy %d is told done, and %q is off", seed, i, s)
				}
			}
		case plans[other].Bundles[0].Before != mine:
			t.Errorf("seed %d: deploy %d is told done, and was overwritten by one that had not seen it", seed, i)
		}
		ends.WriteString(" done")
	}
	r.server.SetFault(nil)
	if _, res := r.deploy(t.Context(), deploy.Options{Prune: true, PruneOrphans: true, PruneLimit: 5}, two.sources[0]); res.Err != nil {
		t.Errorf("seed %d: a deploy after that: %v", seed, res.Err)
	}
	r.wants(fmt.Sprintf("seed %d, then run again", seed), two.sources[0], two.specs[0]...)
	return ends.String()
}

// A person uploads or installs by hand at any moment of a deploy. Before the
// upload the deploy notices and writes nothing; what comes later is never
// overwritten and told done.
func TestAPersonBetweenPlanAndUpload(t *testing.T) {
	theirs := bundleText("a", "by hand", "keep")
	for ms := 25; ms < 2000; ms += 50 { // between the moments at which requests take effect
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			r.start()
			r.slow()
			var wg sync.WaitGroup
			var uploaded time.Time
			wg.Go(func() {
				time.Sleep(time.Duration(ms) * time.Millisecond)
				if err := r.client.Upload(t.Context(), "acme", read(t, theirs).Doc.JSON()); err != nil {
					t.Error(err)
				}
				uploaded = time.Now()
			})
			_, res := r.deploy(t.Context(), deploy.Options{}, after)
			ended := time.Now()
			digests, _ := r.holds()
			ours := slices.Equal(digests, []string{read(t, after).Doc.Digest()})
			if res.Err == nil && !ours {
				t.Errorf("%d ms: told done, and the account holds the person's bundle", ms)
			}
			if res.Rollback == deploy.Restored && !uploaded.IsZero() && !slices.Equal(digests, []string{read(t, before).Doc.Digest()}) {
				t.Errorf("%d ms: told restored, and it is not", ms)
			}
			wg.Wait()
			if uploaded.Before(ended) && res.Err != nil && res.Rollback == deploy.Restored {
				t.Errorf("%d ms: the way back has overwritten what a person uploaded", ms)
			}
		})
	}
}

// A person uploads while a deploy waits to repeat a request: what was looked at
// before the pause tells nothing any more. Nothing is uploaded over it.
func TestAPersonWhileARequestIsRepeated(t *testing.T) {
	theirs := bundleText("a", "by hand", "keep")
	for _, c := range []struct {
		name    string
		request string
		answer  func(w http.ResponseWriter)
	}{
		{"the upload is turned away for half a minute", "POST /api/services/zis/registry/acme/bundles ", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "30")
			http.Error(w, "too many", http.StatusTooManyRequests)
		}},
		{"the upload is turned away by a gateway", "POST /api/services/zis/registry/acme/bundles ", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "2")
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}},
		{"the trial is turned away", "POST /api/services/zis/registry/job_specs/install ", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "30")
			http.Error(w, "too many", http.StatusTooManyRequests)
		}},
		{"the trial fails", "POST /api/services/zis/registry/job_specs/install ", func(w http.ResponseWriter) {
			http.Error(w, "broken", http.StatusInternalServerError)
		}},
		{"the trial is slow", "POST /api/services/zis/registry/job_specs/install ", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				r.start()
				var once sync.Once
				byHand := func() {
					if err := r.client.Upload(t.Context(), "acme", read(t, theirs).Doc.JSON()); err != nil {
						t.Error(err)
					}
				}
				r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
					if !strings.HasPrefix(line(req), c.request) {
						return real
					}
					handler := real
					once.Do(func() {
						handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
							time.AfterFunc(100*time.Millisecond, byHand) // after a look beside this request
							if c.answer == nil {
								time.Sleep(10 * time.Second)
								real.ServeHTTP(w, req)
								return
							}
							c.answer(w)
						})
					})
					return handler
				})
				_, res := r.deploy(t.Context(), deploy.Options{}, after)
				if verdict.ReasonOf(res.Err) != verdict.PlanChanged || res.Rollback != deploy.NotNeeded {
					t.Errorf("%v, rollback %q", res.Err, res.Rollback)
				}
				if digests, _ := r.holds(); !slices.Equal(digests, []string{read(t, theirs).Doc.Digest()}) {
					t.Errorf("what the person uploaded is gone: %v", digests)
				}
			})
		})
	}
}

// A person uploads the second of two bundles while the first is on its way. It
// is neither overwritten by the deploy nor by its way back.
func TestAPersonBetweenTwoBundles(t *testing.T) {
	theirs := bundleText("b", "by hand", "other")
	for _, c := range []struct {
		name   string
		refuse bool // the install after the first upload
		takes  time.Duration
	}{
		{"the first upload is slow", false, 5 * time.Second},
		{"an install of the first is refused", true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				one, other := bundleText("a", "one", "keep"), bundleText("b", "one", "other")
				if _, res := r.deploy(t.Context(), deploy.Options{}, one, other); res.Err != nil {
					t.Fatal(res.Err)
				}
				uploads := 0
				r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
					install := strings.HasPrefix(line(req), "POST /api/services/zis/registry/job_specs/install ")
					if c.refuse && install && strings.HasSuffix(req.URL.Query().Get("job_spec_name"), ":new") {
						return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
					}
					if !strings.HasPrefix(line(req), "POST /api/services/zis/registry/acme/bundles ") {
						return real
					}
					if uploads++; uploads > 1 {
						return real
					}
					return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
						real.ServeHTTP(w, req)
						time.Sleep(c.takes)
						if err := r.client.Upload(t.Context(), "acme", read(t, theirs).Doc.JSON()); err != nil {
							t.Error(err)
						}
					})
				})
				_, res := r.deploy(t.Context(), deploy.Options{}, bundleText("a", "two", "keep", "new"), bundleText("b", "two", "other"))
				if res.Err == nil {
					t.Error("told done")
				}
				digests, _ := r.holds()
				if !slices.Contains(digests, read(t, theirs).Doc.Digest()) {
					t.Errorf("what the person uploaded is gone; %v, rollback %q, %q", res.Err, res.Rollback, res.ByHand)
				}
				if was := read(t, one).Doc.Digest(); (res.Rollback == deploy.Restored) != slices.Contains(digests, was) {
					t.Errorf("rollback %q, %v, %q; the account holds %v", res.Rollback, res.Err, res.ByHand, digests)
				}
			})
		})
	}
}

// A person uploads while the way back waits to repeat its upload: that is not
// gone over either.
func TestAPersonWhileTheWayBackWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		theirs := bundleText("a", "by hand", "keep")
		uploads := 0
		r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
			if req.URL.Query().Get("job_spec_name") == "zis:acme:job_spec:new" {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
			}
			if !strings.HasPrefix(line(req), "POST /api/services/zis/registry/acme/bundles ") {
				return real
			}
			if uploads++; uploads != 2 {
				return real
			}
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if err := r.client.Upload(t.Context(), "acme", read(t, theirs).Doc.JSON()); err != nil {
					t.Error(err)
				}
				w.Header().Set("Retry-After", "5")
				http.Error(w, "too many", http.StatusTooManyRequests)
			})
		})
		_, res := r.deploy(t.Context(), deploy.Options{}, after)
		digests, _ := r.holds()
		if res.Rollback == deploy.Restored || !slices.Equal(digests, []string{read(t, theirs).Doc.Digest()}) {
			t.Errorf("rollback %q, %v, %q; the account holds %v", res.Rollback, res.Err, res.ByHand, digests)
		}
		if len(res.ByHand) == 0 || !strings.HasPrefix(res.ByHand[0], "somebody else has uploaded this bundle meanwhile") {
			t.Errorf("what is to be done by hand doesn't begin with whom to ask: %q", res.ByHand)
		}
	})
}

// A refused install leads back, but not over an upload that came meanwhile.
func TestNoWayBackOverSomebodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		theirs := bundleText("a", "by hand", "keep")
		var once sync.Once
		r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
			if req.Method != http.MethodPost || req.URL.Query().Get("job_spec_name") != "zis:acme:job_spec:new" {
				return real
			}
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				once.Do(func() {
					if err := r.client.Upload(t.Context(), "acme", read(t, theirs).Doc.JSON()); err != nil {
						t.Error(err)
					}
				})
				http.Error(w, "Only admin user is allowed", http.StatusForbidden)
			})
		})
		_, res := r.deploy(t.Context(), deploy.Options{}, after)
		digests, _ := r.holds()
		if res.Rollback != deploy.Impossible || !slices.Equal(digests, []string{read(t, theirs).Doc.Digest()}) {
			t.Errorf("rollback %q, %v, %q; the account holds %v", res.Rollback, res.Err, res.ByHand, digests)
		}
	})
}
