package deploy_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// stopped is one way back that a signal comes into.
type stopped struct {
	mu       sync.Mutex
	refusing bool      // the install of the new job spec was refused: the way back begins
	came     time.Time // the signal
	uploads  int       // of the way back
	cancel   func(error)
}

// serve refuses the new job spec, and sends the signal some time after that.
// Every request takes a while.
func (s *stopped) serve(r *rig, wait time.Duration) {
	r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
		s.mu.Lock()
		defer s.mu.Unlock()
		upload := strings.HasSuffix(line(req), "/bundles ") && req.Method == http.MethodPost
		install := strings.Contains(line(req), "POST") && strings.Contains(line(req), "/job_specs/install ")
		if !s.came.IsZero() && time.Now().After(s.came) && req.Method != http.MethodGet && !(install && s.uploads > 0) {
			r.t.Errorf("signal %s into the way back: %s begins %s later", wait, line(req), time.Since(s.came))
		}
		if s.refusing && upload {
			s.uploads++
		}
		if install && strings.HasSuffix(req.URL.Query().Get("job_spec_name"), ":new") {
			if !s.refusing {
				s.refusing = true
				time.AfterFunc(wait, func() {
					s.mu.Lock()
					s.came = time.Now()
					s.mu.Unlock()
					s.cancel(errors.New("terminated"))
				})
			}
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
		}
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			time.Sleep(100 * time.Millisecond)
			real.ServeHTTP(w, req)
		})
	})
}

// A signal in a way back is obeyed as well: no upload begins after it, what an
// upload has switched off is installed, and the run ends within the seconds
// that a runner leaves, with a true report and a way on.
func TestSignalInTheWayBack(t *testing.T) {
	into, uploads := 0, 0
	for wait := time.Duration(0); wait < 1500*time.Millisecond; wait += 50 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			r.start()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			s := &stopped{cancel: cancel}
			s.serve(r, wait)
			_, res := r.deploy(ctx, pruneAll, after)
			s.mu.Lock()
			came := s.came
			uploads += s.uploads
			s.mu.Unlock()
			if res.Err == nil {
				t.Fatalf("signal after %s: nothing was refused", wait)
			}
			if !came.IsZero() {
				into++
				if took := time.Since(came); took > 7*time.Second {
					t.Errorf("signal after %s: it ends %s later", wait, took)
				}
			}
			_, on := r.holds()
			if !slices.Contains(on, "keep") && !strings.Contains(res.Err.Error(), "off") {
				t.Errorf("signal after %s: on are %v, and it is not said: %v", wait, on, res.Err)
			}
			if res.Rollback == deploy.Restored {
				r.wants("restored", before, "keep", "old")
			}
			if came.IsZero() && res.Rollback != deploy.Restored {
				t.Errorf("signal after %s: it didn't come, and the way back ends %s", wait, res.Rollback)
			}
			time.Sleep(3 * time.Second)
			r.server.SetFault(nil)
			if _, res := r.deploy(t.Context(), pruneAll, after); res.Err != nil {
				t.Errorf("signal after %s, then run again: %v", wait, res.Err)
			}
			r.wants("run again", after, "keep", "new")
		})
	}
	if into < 5 || uploads < 5 {
		t.Errorf("the signal came into only %d ways back, and %d uploads were begun in them", into, uploads)
	}
}
