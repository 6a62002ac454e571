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
// converges.
func TestTwoDeploysAtOnce(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			r.start()
			r.delays(seed)
			sources := []string{after, bundleText("a", "three", "keep")}
			specs := [][]string{{"keep", "new"}, {"keep"}}
			var plans [2]deploy.Prepared
			var results [2]deploy.Result
			var wg sync.WaitGroup
			wg.Go(func() { plans[0], results[0] = r.deploy(t.Context(), deploy.Options{}, sources[0]) })
			wg.Go(func() {
				time.Sleep(time.Duration(seed*7%1200) * time.Millisecond)
				plans[1], results[1] = r.beside().deploy(t.Context(), deploy.Options{}, sources[1])
			})
			wg.Wait()
			digests, on := r.holds()
			var ends strings.Builder
			for i := range sources {
				mine, other := read(t, sources[i]).Doc.Digest(), 1-i
				switch {
				case results[i].Err != nil:
					ends.WriteString(" failed")
					continue
				case slices.Equal(digests, []string{mine}):
					for _, s := range specs[i] {
						if !slices.Contains(on, s) {
							t.Errorf("seed %d: deploy %d is told done, and %q is off", seed, i, s)
						}
					}
				case plans[other].Bundles[0].Before != mine:
					t.Errorf("seed %d: deploy %d is told done, and was overwritten by one that had not seen it", seed, i)
				}
				ends.WriteString(" done")
			}
			count[ends.String()]++
			r.server.SetFault(nil)
			if _, res := r.deploy(t.Context(), deploy.Options{Prune: true, PruneOrphans: true, PruneLimit: 5}, after); res.Err != nil {
				t.Errorf("seed %d: a deploy after that: %v", seed, res.Err)
			}
			r.wants(fmt.Sprintf("seed %d, then run again", seed), after, "keep", "new")
		})
	}
	t.Log(count)
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
