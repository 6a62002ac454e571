package deploy_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// farAway is what a request takes to an account that is far away.
const farAway = 200 * time.Millisecond

// A deploy takes no longer than its critical path, whatever its size.
func TestScale(t *testing.T) {
	for _, n := range []int{1, 20, 300} {
		var specs []string
		for i := range n {
			specs = append(specs, fmt.Sprintf("spec_%03d", i))
		}
		pages := (n + 99) / 100
		trips := pages + 1 + // the lists, then the stored body
			pages + 1 + // the last look, and one install to see whether there may be any
			1 + (n+3)/4 + // the upload, and the installs four at a time
			pages // read back
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			if _, res := r.deploy(t.Context(), deploy.Options{}, bundleText("a", "one", specs...)); res.Err != nil {
				t.Fatal(res.Err)
			}
			r.server.SetFault(func(_ *http.Request, real http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					time.Sleep(farAway)
					real.ServeHTTP(w, req)
				})
			})
			start := time.Now()
			if _, res := r.deploy(t.Context(), deploy.Options{}, bundleText("a", "two", specs...)); res.Err != nil {
				t.Fatal(res.Err)
			}
			took, path := time.Since(start), time.Duration(trips)*farAway
			t.Logf("%d job specs: %s, the critical path is %s", n, took, path)
			if took > path*11/10 {
				t.Errorf("%d job specs take %s, more than 1.1 times the critical path of %s", n, took, path)
			}
		})
	}
}

// What other bundles hold is read once, for the plan.
func TestForeignBodiesAreReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		for i := range 40 {
			name := fmt.Sprintf("other_%d", i)
			if err := r.client.Upload(t.Context(), "acme", read(t, bundleText(name, "theirs", name+"_spec")).Doc.JSON()); err != nil {
				t.Fatal(err)
			}
		}
		r.start()
		if _, res := r.deploy(t.Context(), deploy.Options{}, after); res.Err != nil {
			t.Fatal(res.Err)
		}
		count := map[string]int{}
		ours := r.server.State().Integration("acme").Bundle("a").UUID
		for _, line := range r.server.Requests() {
			if strings.HasPrefix(line, "GET ") && strings.Contains(line, "/bundles/") && !strings.HasSuffix(line, ours) {
				count[line]++
			}
		}
		if len(count) != 40 {
			t.Errorf("%d foreign bodies are read, want 40", len(count))
		}
		for line, n := range count {
			if n != 1 {
				t.Errorf("%s is asked %d times", line, n)
			}
		}
	})
}

// A long list is read in one pass for the plan, the last look and the proof.
func TestLongListsAreReadOnceEach(t *testing.T) {
	const listed = 5000
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		err := r.server.Edit(func(s *emulator.State) {
			i := s.Integration("acme")
			for n := range listed {
				i.JobSpecs = append(i.JobSpecs, &emulator.JobSpec{UUID: fmt.Sprint("u-", n), Name: fmt.Sprint("theirs_", n), Bundle: "theirs", FlowName: "f", EventSource: "support", EventType: "ticket.TicketCreated"})
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		r.start()
		if _, res := r.deploy(t.Context(), deploy.Options{}, after); res.Err != nil {
			t.Fatal(res.Err)
		}
		pages := 0
		for _, line := range r.server.Requests() {
			if strings.HasPrefix(line, "GET ") && strings.Contains(line, "/job_specs?") {
				pages++
			}
		}
		if want := 3 * (listed/100 + 1); pages != want {
			t.Errorf("%d pages of job specs are read, want %d", pages, want)
		}
	})
}
