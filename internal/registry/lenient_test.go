package registry_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Lists come in many forms that mean the same.
func TestListsInOtherForms(t *testing.T) {
	type specs = []registry.JobSpec
	a, off := registry.JobSpec{UUID: "u", Name: "a", Installed: true}, registry.JobSpec{UUID: "v", Name: "b"}
	for name, tt := range map[string]struct {
		answer http.Handler
		want   specs
	}{
		"installed as 0 and 1":       {reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":1},{"uuid":"v","name":"b","installed":0}]}`), specs{a, off}},
		"installed as text":          {reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":"True"},{"uuid":"v","name":"b","installed":"no"}]}`), specs{a, off}},
		"installed not said":         {reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":true},{"uuid":"v","name":"b"}]}`), specs{a, off}},
		"names in full":              {reply(200, `{"job_specs":[{"uuid":"u","name":"zis:demo:job_spec:a","installed":true}]}`), specs{a}},
		"a name of somebody else":    {reply(200, `{"job_specs":[{"uuid":"u","name":"zis:other:job_spec:a","installed":true}]}`), specs{{UUID: "u", Name: "zis:other:job_spec:a", Installed: true}}},
		"members of another kind":    {reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":true,"description":7,"event_source":null}]}`), specs{a}},
		"listed twice":               {reply(200, `{"job_specs":[{"uuid":"u","name":"a"},{"uuid":"u","name":"a","installed":true}]}`), specs{a}},
		"listed twice over pages":    {inTurn(reply(200, `{"job_specs":[{"uuid":"u","name":"a"},{"uuid":"v","name":"b"}],"meta":{"has_more":true,"after":"x"}}`), reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":true}],"meta":{"has_more":true,"after":"y"}}`)), specs{a, off}},
		"the same page again":        {reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":true}],"meta":{"has_more":true,"after":"x"}}`), specs{a}},
		"empty, and more":            {reply(200, `{"job_specs":[],"meta":{"has_more":true}}`), nil},
		"more as text":               {inTurn(reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":true}],"meta":{"has_more":"true","after":"x"}}`), reply(200, `{"job_specs":[{"uuid":"v","name":"b"}],"meta":{"has_more":0}}`)), specs{a, off}},
		"meta null":                  {reply(200, `{"job_specs":[],"meta":null}`), nil},
		"no rows":                    {reply(404, `{"message":"no rows in result set"}`), nil},
		"no content":                 {reply(204, ""), nil},
		"no member":                  {reply(200, `{"meta":{"has_more":false}}`), nil},
		"an empty object":            {reply(200, `{}`), nil},
		"a row that can't be read":   {reply(200, `{"job_specs":["x",{"uuid":"u","name":"a","installed":true}]}`), specs{{Unread: "lacks its name or id"}, a}},
		"nobody's row alone":         {reply(200, `{"job_specs":[null]}`), specs{{Unread: "lacks its name or id"}}},
		"an odd state alone":         {reply(200, `{"job_specs":[{"name":"c","installed":{}}]}`), specs{{Name: "c", Unread: "doesn't say whether it is installed"}}},
		"a state that can't be read": {reply(200, `{"job_specs":[{"uuid":"w","name":"c","installed":[]},{"uuid":"u","name":"a","installed":true}]}`), specs{{UUID: "w", Name: "c", Unread: "doesn't say whether it is installed"}, a}},
		"a page's size is refused": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("page[size]") {
				reply(400, `{"message":"unknown parameter"}`)(w, r)
				return
			}
			reply(200, `{"job_specs":[{"uuid":"u","name":"a","installed":true}]}`)(w, r)
		}), specs{a}},
	} {
		bubble(t, name, func(t *testing.T) {
			c := serve(t, everything(), tt.answer)
			have, err := c.JobSpecs(t.Context(), "demo")
			if diff := cmp.Diff(tt.want, have); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A reading or an install that is refused to one credential is tried with the
// next, and the next one begins with the one that was let in. An upload never
// is.
func TestReadingsFallBack(t *testing.T) {
	basic := "Basic " + everything().BasicHeader().Reveal()
	for _, status := range []int{401, 403, 404} {
		bubble(t, http.StatusText(status), func(t *testing.T) {
			c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && r.Header.Get("Authorization") == basic {
					reply(200, `{"bundles":[]}`)(w, r)
					return
				}
				reply(status, "no")(w, r)
			}))
			for range 2 {
				if _, err := c.Bundles(t.Context(), "demo"); err != nil {
					t.Fatal(err)
				}
			}
			if n := c.Stats().Requests; n != 3 { // the second reading begins with what was let in
				t.Errorf("%d requests, want 3", n)
			}
			if err := c.Upload(t.Context(), "demo", []byte("{}")); err == nil || c.Stats().Requests != 4 {
				t.Errorf("an upload ends with %v after %d requests in all", err, c.Stats().Requests)
			}
		})
	}
	bubble(t, "refused to all", func(t *testing.T) {
		c := serve(t, everything(), reply(403, "no"))
		if _, err := c.Bundles(t.Context(), "demo"); err == nil || c.Stats().Requests != 3 {
			t.Errorf("%v after %d requests, want one for each credential", err, c.Stats().Requests)
		}
	})
}

// A 200 that holds errors is none.
func TestSuccessWithErrors(t *testing.T) {
	bubble(t, "a list", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"bundles":[],"errors":[{"code":"1050","detail":"database is down"}]}`))
		_, err := c.Bundles(t.Context(), "demo")
		if e := asError(t, err); e.Message != "database is down (1050)" {
			t.Errorf("%v", err)
		}
	})
	bubble(t, "an upload", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"errors":[{"detail":"too many flows"}]}`))
		err := c.Upload(t.Context(), "demo", []byte(`{}`))
		if e := asError(t, err); e.Message != "too many flows" || !registry.Doubtful(err) || registry.Refused(err) {
			t.Errorf("%v", err)
		}
	})
	bubble(t, "no errors in it", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"errors":[]}`))
		if err := c.Upload(t.Context(), "demo", []byte(`{}`)); err != nil {
			t.Error(err)
		}
	})
	bubble(t, "a bundle may have a member of that name", func(t *testing.T) {
		c := serve(t, everything(), reply(200, `{"resources":{},"errors":["x"]}`))
		if _, err := c.Bundle(t.Context(), "demo", "u"); err != nil {
			t.Error(err)
		}
	})
}
