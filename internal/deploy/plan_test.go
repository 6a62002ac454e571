package deploy_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// source makes a bundle with one flow "f" and the given job specs.
func bundleText(name, comment string, specs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"name": %q, "zis_template_version": "2019-10-14", "resources": {
		"%s_f": {"type": "ZIS::Flow", "properties": {"name": "%s_f", "definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": %q}}}}}`,
		name, name, name, comment)
	for _, s := range specs {
		fmt.Fprintf(&b, `, %q: {"type": "ZIS::JobSpec", "properties": {"name": %q, "event_source": "support",
			"event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:%s_f"}}`, s, s, name)
	}
	return b.String() + "}}"
}

func read(t testing.TB, src string) *zis.Bundle {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("b.json", []byte(src)))
	if doc == nil || len(found) > 0 {
		t.Fatal(found)
	}
	return zis.Read(doc)
}

// remote is an account that stores the bundles and has the specs installed.
func remote(t testing.TB, installed []string, bodies ...string) deploy.Remote {
	t.Helper()
	r := deploy.Remote{Integration: "acme"}
	for i, body := range bodies {
		b := read(t, body)
		r.Bundles = append(r.Bundles, deploy.Stored{
			BundleInfo: registry.BundleInfo{Name: b.Name.Value, UUID: fmt.Sprint("uuid-", i)}, Body: []byte(body), Doc: b.Doc,
		})
	}
	for _, name := range installed {
		r.JobSpecs = append(r.JobSpecs, registry.JobSpec{
			Name: name, EventSource: "support", EventType: "ticket.TicketCreated", FlowName: "f", Installed: true,
		})
	}
	return r
}

func bundlesOf(t testing.TB, sources ...string) []*zis.Bundle {
	var list []*zis.Bundle
	for _, s := range sources {
		list = append(list, read(t, s))
	}
	return list
}

func steps(p deploy.Plan) string {
	var list []string
	for _, s := range p.Steps {
		list = append(list, strings.ReplaceAll(s.String(), "zis:acme:job_spec:", ""))
	}
	return strings.Join(list, ", ")
}

func TestPlanSteps(t *testing.T) {
	a1, a2 := bundleText("a", "one", "s1", "s2"), bundleText("a", "two", "s1", "s2")
	for _, tt := range []struct {
		name string
		want []*zis.Bundle
		have deploy.Remote
		opt  deploy.Options
		then string
	}{
		{
			"first deploy", bundlesOf(t, a1), remote(t, nil),
			deploy.Options{},
			"snapshot former state, upload a, install s1, install s2, verify read back",
		},
		{"nothing to do", bundlesOf(t, a1), remote(t, []string{"s1", "s2"}, a1), deploy.Options{}, ""},
		{
			"an upload switches its specs off", bundlesOf(t, a2), remote(t, []string{"s1", "s2"}, a1),
			deploy.Options{},
			"snapshot former state, upload a, install s1, install s2, verify read back",
		},
		{
			"only an install is missing", bundlesOf(t, a1), remote(t, []string{"s1"}, a1),
			deploy.Options{},
			"snapshot former state, install s2, verify read back",
		},
		{
			"named specs", bundlesOf(t, a2), remote(t, []string{"s1", "s2"}, a1),
			deploy.Options{JobSpecs: deploy.ParseSelection("# one\ns2\n")},
			"snapshot former state, upload a, install s2, verify read back",
		},
		{
			"no specs", bundlesOf(t, a2), remote(t, nil),
			deploy.Options{JobSpecs: deploy.ParseSelection("none")},
			"snapshot former state, upload a, verify read back",
		},
		{
			"a removed spec stays without prune", bundlesOf(t, bundleText("a", "one", "s1")), remote(t, []string{"s1", "s2"}, a1),
			deploy.Options{},
			"snapshot former state, upload a, install s1, verify read back",
		},
		{
			"a removed spec is pruned last", bundlesOf(t, bundleText("a", "one", "s1")), remote(t, []string{"s1", "s2"}, a1),
			deploy.Options{Prune: true, PruneLimit: 5},
			"snapshot former state, upload a, install s1, verify read back, uninstall s2, verify-pruned read back",
		},
		{"a spec of nobody is not pruned", bundlesOf(t, a1), remote(t, []string{"s1", "s2", "lost"}, a1), deploy.Options{Prune: true, PruneLimit: 5}, ""},
		{
			"a spec of another bundle is not pruned", bundlesOf(t, a1),
			remote(t, []string{"s1", "s2", "other"}, a1, bundleText("b", "x", "other")),
			deploy.Options{Prune: true, PruneLimit: 5},
			"",
		},
		{
			"each bundle's specs follow its upload", bundlesOf(t, a1, bundleText("b", "x", "t")), remote(t, nil),
			deploy.Options{},
			"snapshot former state, upload a, install s1, install s2, upload b, install t, verify read back",
		},
		{
			"a spec that moved to our other bundle is not pruned", bundlesOf(t, bundleText("a", "one", "s1"), bundleText("b", "x", "s2")),
			remote(t, []string{"s1", "s2"}, a1),
			deploy.Options{Prune: true, PruneLimit: 5},
			"snapshot former state, upload a, install s1, upload b, install s2, verify read back",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := deploy.NewPlan(tt.want, tt.have, tt.opt)
			if err != nil {
				t.Fatal(err)
			}
			if got := steps(p.Plan); got != tt.then {
				t.Errorf("\n got %s\nwant %s", got, tt.then)
			}
		})
	}
}

func TestPlanRefuses(t *testing.T) {
	a := bundleText("a", "one", "s1")
	for _, tt := range []struct {
		name string
		want []*zis.Bundle
		have deploy.Remote
		opt  deploy.Options
		err  string
	}{
		{
			"an unknown job spec", bundlesOf(t, a), remote(t, nil),
			deploy.Options{JobSpecs: deploy.ParseSelection("s1\nS2")},
			`invalid-input: the selection of job specs names "S2", which is in no bundle`,
		},
		{
			"two files of one name", bundlesOf(t, a, a), remote(t, nil),
			deploy.Options{},
			`invalid-bundle: b.json and b.json are both named "a"`,
		},
		{
			"a name of another bundle", bundlesOf(t, a), remote(t, nil, bundleText("b", "x", "s1")),
			deploy.Options{},
			`invalid-bundle: b.json: the bundle "b" of this integration already has the job spec "s1"`,
		},
		{
			"the same name in two files", bundlesOf(t, a, bundleText("b", "x", "s1")), remote(t, nil),
			deploy.Options{},
			`invalid-bundle: b.json: the bundle "a" of this integration already has the job spec "s1"`,
		},
		{
			"no name", bundlesOf(t, `{"resources": {}}`), remote(t, nil),
			deploy.Options{},
			`invalid-bundle: b.json: the bundle has no name`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := deploy.NewPlan(tt.want, tt.have, tt.opt)
			if err == nil {
				t.Fatal("no error")
			}
			if got := fmt.Sprintf("%s: %v", verdict.ReasonOf(err), err); got != tt.err {
				t.Errorf("\n got %s\nwant %s", got, tt.err)
			}
		})
	}
}

func TestPlanShowsWhatKeepsFiring(t *testing.T) {
	a := bundleText("a", "one", "s1", "gone")
	p, err := deploy.NewPlan(bundlesOf(t, bundleText("a", "one", "s1")), remote(t, []string{"s1", "gone", "lost", "old"}, a, bundleText("old", "x", "old")), deploy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range p.JobSpecs {
		got = append(got, fmt.Sprintf("%s %s: %s", s.Action, s.Name, s.Note))
	}
	got = append(got, fmt.Sprintf("other %s: %s", p.Others[0].Name, p.Others[0].JobSpecs[0].Note))
	want := []string{
		"install s1: ",
		"orphan gone: no longer in the bundle, keeps firing",
		"orphan lost: in no bundle, keeps firing",
		"other old: fires on an event of yours",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPlanDigestIsItsIdentity(t *testing.T) {
	a := bundleText("a", "one", "s1")
	plan := func(src string, have deploy.Remote) string {
		p, err := deploy.NewPlan(bundlesOf(t, src), have, deploy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Digest
	}
	first := plan(a, remote(t, nil))
	if again := plan(a+" ", remote(t, nil)); again != first {
		t.Error("white space makes another plan")
	}
	for name, other := range map[string]string{
		"another bundle":  plan(bundleText("a", "two", "s1"), remote(t, nil)),
		"another account": plan(a, remote(t, []string{"s1"})),
	} {
		if other == first {
			t.Errorf("%s makes the same plan", name)
		}
	}
}

func TestDifferences(t *testing.T) {
	have := `{"name": "a", "description": "old", "resources": {"x": {"type": "ZIS::Action::Http", "properties": {"name": "x", "definition": {
		"method": "GET", "n": 1.0, "long": 12608007991101234567, "gone": true, "list": [1, 2, 3], "a/b": "x"}}}}}`
	want := `{"name": "a", "description": "new", "resources": {"x": {"type": "ZIS::Action::Http", "properties": {"name": "x", "definition": {
		"method": "POST", "n": 1, "long": 12608007991101234568, "list": [1, "in", 2, 3], "a/b": "<y>"}}}}}`
	p, err := deploy.NewPlan(bundlesOf(t, want), remote(t, nil, have), deploy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := "/resources/x/properties/definition"
	wanted := []compare.Difference{
		{Action: "change", Pointer: at + "/a~1b", Old: `"x"`, New: `"<y>"`},
		{Action: "remove", Pointer: at + "/gone", Old: "true"},
		{Action: "add", Pointer: at + "/list/1", New: `"in"`},
		{Action: "change", Pointer: at + "/long", Old: "12608007991101234567", New: "12608007991101234568"},
		{Action: "change", Pointer: at + "/method", Old: `"GET"`, New: `"POST"`},
	}
	if diff := cmp.Diff(wanted, p.Bundles[0].Resources[0].Changes); diff != "" {
		t.Errorf("resource (-want +got)\n%s", diff)
	}
	top := []compare.Difference{{Action: "change", Pointer: "/description", Old: `"old"`, New: `"new"`}}
	if diff := cmp.Diff(top, p.Bundles[0].Changes); diff != "" {
		t.Errorf("top level (-want +got)\n%s", diff)
	}
}

// No former or new secret is shown, wherever an edit has moved it.
func TestPlanHidesSecrets(t *testing.T) {
	headers := func(list string) string {
		return `{"name": "a", "resources": {"x": {"type": "ZIS::Action::Http", "properties": {"name": "x", "definition": {
			"url": "https://example.com/{{TOKEN}}/x", "headers": [` + list + `], "requestBody": {"k": {"deep": "pre-{{TOKEN}}"}, "password": "hunter2"}}}}}}`
	}
	auth := `{"key": "X-Sign", "value": "{{TOKEN}}"}`
	filled := func(src, secret string) *zis.Bundle {
		docs, found := render.Documents([]*source.Document{read(t, src).Doc}, render.Values{Secrets: map[string]string{"TOKEN": secret}}, diag.Error)
		if len(found) > 0 {
			t.Fatal(found)
		}
		return zis.Read(docs[0])
	}
	before := string(filled(headers(auth), "former-secret-1").Doc.JSON())
	for name, src := range map[string]string{
		"rotated": headers(auth),
		"moved":   headers(`{"key": "Accept", "value": "*/*"}, ` + auth),
		"more":    headers(auth + `, {"key": "Authorization", "value": "Basic aGFyZC1jb2RlZA=="}`),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := deploy.NewPlan([]*zis.Bundle{filled(src, "fresh-secret-2")}, remote(t, nil, before), deploy.Options{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"former-secret", "fresh-secret", "aGFyZC1jb2RlZA", "hunter2"} {
				if strings.Contains(string(text), secret) {
					t.Errorf("the plan shows %s:\n%s", secret, text)
				}
			}
			if !strings.Contains(string(text), `(secret)`) {
				t.Errorf("the plan hides nothing:\n%s", text)
			}
		})
	}
	t.Run("shifted", func(t *testing.T) {
		pair := func(key, value string) string { return `{"key": "` + key + `", "value": "` + value + `"}` }
		with := func(list, elsewhere string) string {
			return `{"name": "a", "resources": {"x": {"type": "ZIS::Action::Http", "properties": {"name": "x", "definition": {
				"headers": [` + list + `], "requestBody": {"note": "` + elsewhere + `"}}}}}}`
		}
		former := string(filled(with(pair("X-One", "tickets")+", "+pair("X-Two", "a={{TOKEN}}&b={{TOKEN}}"), "Ask the {{TOKEN}} in it"), "walrus").Doc.JSON())
		p, err := deploy.NewPlan([]*zis.Bundle{filled(with(pair("x-two", "a={{TOKEN}}&b={{TOKEN}}"), "A note of the tickets"), "fresh-secret-2")}, remote(t, nil, former), deploy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(p)
		if err != nil || strings.Contains(string(text), "walrus") || !strings.Contains(string(text), "A note of the tickets") {
			t.Errorf("what follows a header that has gone is taken for another: %v\n%s", err, text)
		}
	})
	gone := strings.Replace(before, `"x": {"type"`, `"y": {"type"`, 1)
	p, err := deploy.NewPlan([]*zis.Bundle{filled(headers(auth), "fresh-secret-2")}, remote(t, nil, strings.Replace(gone, `"requestBody"`, `"old": "former-secret-1", "requestBody"`, 1)), deploy.Options{})
	if text, _ := json.Marshal(p); err != nil || strings.Contains(string(text), "former-secret") {
		t.Errorf("%v\n%s", err, text)
	}
}
