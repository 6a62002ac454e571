package deploy_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// latency is what each request takes.
const latency = 100 * time.Millisecond

// slow makes every request of the account take latency.
func (r *rig) slow() {
	r.server.SetFault(func(_ *http.Request, real http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			time.Sleep(latency)
			real.ServeHTTP(w, req)
		})
	})
}

// TestSpeed holds a deploy to its critical path: what no program could do in
// fewer round trips, four requests at a time. The documented script of curl
// calls, which reads nothing and proves nothing, is timed in the same run.
func TestSpeed(t *testing.T) {
	var specs []string
	for i := range 20 {
		specs = append(specs, fmt.Sprintf("spec_%02d", i))
	}
	const trips = 1 + // the lists of bundles and job specs, together
		1 + // the stored body
		1 + // the same once more, together: has anybody been quicker?
		1 + // one install, to see whether there may be any
		1 + // upload
		5 + // 20 installs, 4 at a time
		1 // both lists and the body, together
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		if _, res := r.deploy(t.Context(), deploy.Options{}, bundleText("a", "one", specs...)); res.Err != nil {
			t.Fatal(res.Err)
		}
		r.slow()

		start := time.Now()
		if _, res := r.deploy(t.Context(), deploy.Options{}, bundleText("a", "two", specs...)); res.Err != nil {
			t.Fatal(res.Err)
		}
		ours := time.Since(start)
		if most := trips * latency * 11 / 10; ours > most {
			t.Errorf("a deploy takes %s, more than 1.1 times the critical path of %s", ours, trips*latency)
		}

		start = time.Now()
		r.script(bundleText("a", "three", specs...), specs)
		script := time.Since(start)
		if ours >= script {
			t.Errorf("a deploy takes %s, the documented script %s", ours, script)
		}
		t.Logf("20 job specs, %s a request: a deploy %s, its critical path %s, the documented script %s", latency, ours, trips*latency, script)
	})
}

// A step is in flight while its request is, not while it waits for its turn:
// the journal of a killed run tells what may have taken effect.
func TestStepsWaitForTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		have, err := deploy.Read(t.Context(), r.client, "acme")
		if err != nil {
			t.Fatal(err)
		}
		plan, err := deploy.NewPlan([]*zis.Bundle{read(t, bundleText("a", "one", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"))}, have, deploy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.slow()
		running, most := 0, 0
		res := deploy.Apply(t.Context(), r.client, plan, deploy.Settings{Journal: r.journal, Target: "test", Attempts: 1, On: func(e deploy.Event) {
			if e.State == deploy.InFlight {
				running++
				most = max(most, running)
				return
			}
			running--
			if e.Step.Kind == deploy.Install && e.Took != latency {
				t.Errorf("%s took %s", e.Step, e.Took)
			}
		}})
		if res.Err != nil || most != r.client.MaxConcurrency {
			t.Errorf("%v; %d steps were in flight at a time, want %d", res.Err, most, r.client.MaxConcurrency)
		}
	})
}

// script does what the documentation does with curl: upload, then install job
// spec after job spec.
func (r *rig) script(source string, specs []string) {
	r.t.Helper()
	if err := r.client.Upload(r.t.Context(), "acme", read(r.t, source).Doc.JSON()); err != nil {
		r.t.Fatal(err)
	}
	for _, s := range specs {
		if err := r.client.Install(r.t.Context(), "zis:acme:job_spec:"+s); err != nil {
			r.t.Fatal(err)
		}
	}
}
