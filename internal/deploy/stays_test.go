package deploy_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// A bundle can't be deleted: the way back from a first deploy leaves it, and
// "brought back" is told with that.
func TestWayBackFromAFirstDeploySaysWhatStays(t *testing.T) {
	for what, start := range map[string]bool{"first": true, "another": false} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			if !start {
				r.start()
			}
			r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
				if strings.HasSuffix(req.URL.Query().Get("job_spec_name"), ":new") && req.Method == http.MethodPost {
					return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) })
				}
				return real
			})
			_, res := r.deploy(t.Context(), deploy.Options{}, after)
			said := strings.Contains(strings.Join(res.Notes, "\n"), `the bundle "a" was not there before and is there now`)
			if res.Rollback != deploy.Restored || said != start {
				t.Errorf("%s: %v, %s, notes %q", what, res.Err, res.Rollback, res.Notes)
			}
			if _, on := r.holds(); start && len(on) > 0 {
				t.Errorf("%s: on are %v", what, on)
			}
		})
	}
}
