package deploy_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Whether an upload keeps the bundle's uuid is not documented: a new one costs
// a request more and changes nothing else.
func TestUploadMayChangeTheUUID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
			if req.Method != http.MethodPost || !strings.HasSuffix(req.URL.Path, "/bundles") {
				return real
			}
			return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				real.ServeHTTP(w, req)
				err := r.server.Edit(func(s *emulator.State) {
					b := s.Integration("acme").Bundles[0]
					b.Body = bytes.ReplaceAll(b.Body, []byte(b.UUID), []byte("another"))
					b.UUID = "another"
				})
				if err != nil {
					t.Error(err)
				}
			})
		})
		_, res := r.deploy(t.Context(), pruneAll, after)
		if res.Err != nil || len(res.UUIDs) != 1 || res.UUIDs[0] != "another" {
			t.Errorf("%v, uuids %v", res.Err, res.UUIDs)
		}
		r.wants("with another uuid", after, "keep", "new")
	})
}

// A bundle of somebody else that comes between plan and upload is noticed,
// though the bodies are read before the list is known.
func TestAnotherBundleIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		var came atomic.Bool
		r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
			// once a body is asked for, the plan has its list
			if strings.Contains(req.URL.Path, "/bundles/") && came.CompareAndSwap(false, true) {
				if err := r.client.Upload(t.Context(), "acme", read(t, bundleText("b", "theirs", "s9")).Doc.JSON()); err != nil {
					t.Error(err)
				}
			}
			return real
		})
		_, res := r.deploy(t.Context(), pruneAll, after)
		if verdict.ReasonOf(res.Err) != verdict.PlanChanged {
			t.Errorf("it ends with %v", res.Err)
		}
	})
}
