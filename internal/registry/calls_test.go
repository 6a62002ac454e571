package registry_test

import (
	"net/http"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// What the client of another API says of an answer that it can't use is told
// with what was asked, and is final.
func TestMisshapenAnswers(t *testing.T) {
	bubble(t, "an app", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"apps":7}`))
		a, err := c.Do(t.Context(), registry.Call{Op: "list the apps", Method: http.MethodGet, Path: []string{"api", "v2", "apps.json"}, Admin: true})
		if err != nil || a.Status != 200 || string(a.Body) != `{"apps":7}` {
			t.Fatal(a.Status, string(a.Body), err)
		}
		e := a.Misshapen("%q is no list", "apps")
		if e.Error() != `list the apps: "apps" is no list` || e.Hint.Code != verdict.NotTheRegistry || !registry.Odd(e) {
			t.Errorf("%v, hint %s", e, e.Hint.Code)
		}
	})
	bubble(t, "a path that leads elsewhere", func(t *testing.T) {
		c := serve(t, everything(), reply(200, ""))
		_, err := c.Do(t.Context(), registry.Call{Op: "read", Method: http.MethodGet, Path: []string{"api", "..", "x"}})
		if e := asError(t, err); e.Reason != verdict.InvalidInput || c.Stats().Requests != 0 {
			t.Errorf("%v after %d requests", e, c.Stats().Requests)
		}
	})
}
