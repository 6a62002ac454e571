package deploy_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// A row that can't be read is a note where it is nobody's or somebody else's,
// also where the list has no other. Where it may be ours nothing is written:
// what the account holds isn't known.
func TestRowsThatCantBeRead(t *testing.T) {
	const id = `"00000000-0000-4000-8000-000000000000"`
	for name, tt := range map[string]struct {
		list, row string
		note      string // of the plan, whose deploy succeeds; or
		refusal   string
	}{
		"null among bundles":          {"bundles", `null`, "whose it is can't be told, and not understood: a bundle of the list: its entry in the list lacks its name or id", ""},
		"a number among bundles":      {"bundles", `7`, "whose it is can't be told, and not understood: a bundle of the list", ""},
		"a list among bundles":        {"bundles", `[]`, "whose it is can't be told, and not understood: a bundle of the list", ""},
		"their bundle without an id":  {"bundles", `{"name":"theirs"}`, `somebody else's, and not understood: the bundle "theirs": its entry in the list lacks its id`, ""},
		"our bundle without an id":    {"bundles", `{"name":"a"}`, "", `the bundle "a": its entry in the list lacks its id`},
		"ours in another Unicode":     {"bundles", `{"name":"\u0061"}`, "", `the bundle "a": its entry in the list lacks its id`},
		"a bundle without a name":     {"bundles", `{"uuid":` + id + `}`, "", `record 0 of "bundles" lacks its name or id`},
		"a bundle's name elsewhere":   {"bundles", `{"uuid":` + id + `,"bundle_name":"a"}`, "", `record 0 of "bundles" lacks its name or id`},
		"bundles as texts":            {"bundles", `"a"`, "", `record 0 of "bundles" lacks its name or id`},
		"an error among bundles":      {"bundles", `{"error":"try again"}`, "", `record 0 of "bundles" lacks its name or id`},
		"null among job specs":        {"job_specs", `null`, "whose it is can't be told, and not understood: a job spec of the list: its entry in the list lacks its name or id", ""},
		"their job spec, state odd":   {"job_specs", `{"name":"theirs","installed":{}}`, `somebody else's, and not understood: the job spec "theirs": its entry in the list doesn't say whether it is installed`, ""},
		"our job spec, state odd":     {"job_specs", `{"name":"keep","installed":{}}`, "", `the job spec "keep": its entry in the list doesn't say whether it is installed`},
		"ours by its full name":       {"job_specs", `{"name":"zis:acme:job_spec:keep","installed":"perhaps"}`, "", `the job spec "keep": its entry in the list doesn't say whether it is installed`},
		"a job spec without a name":   {"job_specs", `{"installed":true}`, "", `record 0 of "job_specs" lacks its name or id`},
		"job specs as texts":          {"job_specs", `"keep"`, "", `record 0 of "job_specs" lacks its name or id`},
		"a job spec's name elsewhere": {"job_specs", `{"job_spec_name":"keep","installed":true}`, "", `record 0 of "job_specs" lacks its name or id`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				r.server.SetFault(oneMoreRow(t, tt.list, tt.row))
				plan, res := r.deploy(t.Context(), deploy.Options{}, before)
				if tt.refusal != "" {
					if res.Err == nil || !strings.Contains(res.Err.Error(), tt.refusal) || verdict.ReasonOf(res.Err) == verdict.Internal {
						t.Errorf("it ends with %v, want %q", res.Err, tt.refusal)
					}
					if r.server.Wrote() {
						t.Error("the account is written to")
					}
					return
				}
				if res.Err != nil {
					t.Fatal(res.Err)
				}
				if !strings.Contains(strings.Join(plan.Notes, "\n"), tt.note) {
					t.Errorf("notes %q, want %q", plan.Notes, tt.note)
				}
				r.wants("beside the row", before, "keep", "old")
				r.server.ResetRequests()
				if _, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil || r.server.Wrote() {
					t.Errorf("again: %v, written %v", res.Err, r.server.Wrote())
				}
			})
		})
	}
}

// A bundle whose row has lost its name has the one that its content says. Where
// even that can't be had, it may be ours if ours isn't listed: nothing is
// uploaded over it.
func TestBundlesWithoutAName(t *testing.T) {
	for name, tt := range map[string]struct {
		row     string // without a name, beside a good one
		status  int    // of its content; 0: as it is stored
		deploys string // the bundle
		action  compare.Action
		note    string
		refusal string
	}{
		"theirs, and ours is new":         {row: "theirs", deploys: "ours", action: compare.Add},
		"ours":                            {row: "ours", deploys: "ours", action: compare.Keep},
		"ours, changed":                   {row: "ours", deploys: "ours two", action: compare.Change},
		"of a bundle that isn't there":    {row: "nobody's", deploys: "ours", action: compare.Add, note: "a bundle of the list: its entry in the list lacks its name, and nothing is stored under its id"},
		"its content can't be read":       {row: "theirs", status: http.StatusForbidden, deploys: "ours", refusal: "a bundle of the list: its entry in the list lacks its name, and what it holds can't be read: read the bundle"},
		"not read either, ours is listed": {row: "theirs", status: http.StatusForbidden, deploys: "good", action: compare.Keep, note: "whose it is can't be told"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				texts := map[string]string{"good": bundleText("good", "one"), "theirs": bundleText("theirs", "one", "fires"), "ours": bundleText("ours", "one", "keep"), "ours two": bundleText("ours", "two", "keep")}
				for _, bundle := range []string{"good", tt.row} {
					if _, res := r.deploy(t.Context(), deploy.Options{}, cmp.Or(texts[bundle], bundleText(bundle, "one"))); res.Err != nil {
						t.Fatal(res.Err)
					}
				}
				r.server.SetFault(nameless(t, tt.row, tt.status))
				r.server.ResetRequests()
				plan, res := r.deploy(t.Context(), deploy.Options{}, texts[tt.deploys])
				if tt.refusal != "" {
					if res.Err == nil || !strings.Contains(res.Err.Error(), tt.refusal) || r.server.Wrote() {
						t.Errorf("it ends with %v, written %v; want %q and nothing written", res.Err, r.server.Wrote(), tt.refusal)
					}
					return
				}
				if res.Err != nil {
					t.Fatal(res.Err)
				}
				if got := plan.Bundles[0].Action; got != tt.action {
					t.Errorf("the plan is to %s, want %s", got, tt.action)
				}
				if notes := strings.Join(plan.Notes, "\n"); !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
					t.Errorf("notes %q, want %q", plan.Notes, tt.note)
				}
			})
		})
	}
}

// nameless takes the name out of a bundle's row, and answers for its content
// with a status; 0: with what is stored. "nobody's" has nothing stored.
func nameless(t *testing.T, bundle string, status int) func(*http.Request, http.Handler) http.Handler {
	var lost atomic.Value // its id
	return func(req *http.Request, real http.Handler) http.Handler {
		id, known := lost.Load().(string)
		switch {
		case req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/bundles"):
			return changingRows(t, "bundles", func(rows []map[string]any) {
				for _, row := range rows {
					if row["name"] == bundle {
						lost.Store(row["uuid"])
						delete(row, "name")
					}
				}
			}, real)
		case req.Method == http.MethodGet && known && strings.HasSuffix(req.URL.Path, id) && (status != 0 || bundle == "nobody's"):
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(cmp.Or(status, http.StatusNotFound)) })
		}
		return real
	}
}

// changingRows answers with a list whose rows were changed.
func changingRows(t *testing.T, list string, change func([]map[string]any), real http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		rec := httptest.NewRecorder()
		real.ServeHTTP(rec, req)
		var answer map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
			t.Error(err)
			return
		}
		var rows []map[string]any
		for _, row := range answer[list].([]any) {
			rows = append(rows, row.(map[string]any))
		}
		change(rows)
		_ = json.NewEncoder(w).Encode(answer)
	})
}

// oneMoreRow adds a row to each answer of a list.
func oneMoreRow(t *testing.T, list, row string) func(*http.Request, http.Handler) http.Handler {
	return func(req *http.Request, real http.Handler) http.Handler {
		if req.Method != http.MethodGet || !strings.HasSuffix(req.URL.Path, "/"+list) {
			return real
		}
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			rec := httptest.NewRecorder()
			real.ServeHTTP(rec, req)
			var answer map[string]json.RawMessage
			var rows []json.RawMessage
			if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
				t.Error(err)
				return
			}
			if err := json.Unmarshal(answer[list], &rows); err != nil {
				t.Error(err)
				return
			}
			answer[list], _ = json.Marshal(append(rows, json.RawMessage(row)))
			_ = json.NewEncoder(w).Encode(answer)
		})
	}
}
