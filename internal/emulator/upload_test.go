package emulator_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The observed form of a read-back: order of the top level, resources by name, type
// before properties, everything below by name, arrays and numbers untouched.
// $schema and unknown members of the top level are not kept.
func TestReadBack(t *testing.T) {
	a := acme(t)
	a.upload(`{
		"resources": {
			"z": {"properties": {"name": "z", "definition": {"url": "https://example.com/?a=1&b=<2>", "method": "POST",
				"requestBody": {"z": [3, 1, 2], "a": 12608007991101234567, "m": 1.0, "e": 1E5, "huge": 1e999, "t": "é\u2028"}}},
				"Zeta": 1, "type": "ZIS::Action::Http", "Alpha": {"b": 1, "a": 2}},
			"B": {"type": "ZIS::Action::Http", "properties": {"name": "b", "definition": {"path": "/", "method": "GET"}}}
		},
		"$schema": "./bundle.schema.json", "Comment": "kept nowhere",
		"zis_template_version": "2019-10-14", "description": "d", "name": "a"
	}`)
	id := a.server.State().Integration("acme").Bundles[0].UUID
	want := `{"uuid":"` + id + `","name":"a","integration":"acme","zendesk_account_id":12345,"description":"d","zis_template_version":"2019-10-14","resources":{` +
		`"B":{"type":"ZIS::Action::Http","properties":{"definition":{"method":"GET","path":"/"},"name":"b"}},` +
		`"z":{"type":"ZIS::Action::Http","properties":{"definition":{"method":"POST","requestBody":{"a":12608007991101234567,"e":1E5,"huge":1e999,"m":1.0,"t":"é\u2028","z":[3,1,2]},"url":"https://example.com/?a=1&b=<2>"},"name":"z"},"Alpha":{"a":2,"b":1},"Zeta":1}}}`
	got := a.must("GET", registry+"acme/bundles/"+id, "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	a.upload(got) // what was read back can be uploaded
	if again := a.must("GET", registry+"acme/bundles/"+id, ""); again != got {
		t.Errorf("uploaded again (-want +got):\n%s", cmp.Diff(got, again))
	}
}

// A bundle is replaced by its name, and its job specs lose their
// installation. An installed one that it has no longer stays installed.
func TestUploadOrphansInstallations(t *testing.T) {
	a := acme(t)
	a.upload(oneFlow("a", "kept", "dropped", "unused"))
	a.upload(oneFlow("other", "others"))
	for _, s := range []string{"kept", "dropped", "others"} {
		a.install(s)
	}
	steps := []struct {
		what string
		do   func()
		want []string
	}{
		{"installed", func() {}, []string{"+dropped", "+kept", "-unused", "+others"}},
		{"uploaded again", func() { a.upload(oneFlow("a", "kept", "new")) }, []string{"+dropped", "-kept", "+others", "-new"}},
		{"once more", func() { a.upload(oneFlow("a", "kept", "new")) }, []string{"+dropped", "-kept", "+others", "-new"}},
		{"the orphan can't be installed", func() {
			if res := a.do("POST", specPath("acme", "dropped"), admin, ""); res.Status != 400 {
				t.Errorf("installing an orphan: %d", res.Status)
			}
		}, []string{"+dropped", "-kept", "+others", "-new"}},
		{"it comes back", func() { a.upload(oneFlow("a", "dropped")) }, []string{"-dropped", "+others"}},
		{"and is dropped unused", func() { a.upload(oneFlow("a", "kept")) }, []string{"+others", "-kept"}},
		{"an orphan is uninstalled", func() {
			a.install("kept")
			a.upload(oneFlow("a"))
			a.must("DELETE", specPath("acme", "kept"), "")
		}, []string{"+others"}},
	}
	for _, s := range steps {
		s.do()
		if diff := cmp.Diff(s.want, a.specs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.what, diff)
		}
	}
	if n := len(a.server.State().Integration("acme").Bundles); n != 2 {
		t.Errorf("%d bundles, want 2", n)
	}
}

// What the registry was seen to accept, and what its documentation is silent
// about.
func TestAccepted(t *testing.T) {
	flow := func(states string) string {
		return resourcesOf("", `"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {`+states+`}}}}`)
	}
	action := func(properties string) string {
		return resourcesOf("", `"key": {"type": "ZIS::Action::Http", "properties": {`+properties+`}}`)
	}
	const get = `"definition": {"method": "GET", "path": "/a"}`
	for name, body := range map[string]string{
		"description over 100 characters":    strings.Replace(flow(`"A": {"Type": "Succeed"}`), `{`, `{"description": "`+strings.Repeat("é", 149)+`",`, 1),
		"action name over 20, dots, dashes":  action(`"name": "zendesk.get_ticket-by_id_action_updateServiceNow", ` + get),
		"key other than the name":            action(`"name": "other", ` + get),
		"Action without ResultPath":          flow(`"A": {"Type": "Action", "ActionName": "zis:acme:action:a", "End": true}`),
		"no job specs":                       flow(`"A": {"Type": "Succeed"}`),
		"no resources":                       resourcesOf("", ``),
		"unknown keys in action properties":  action(`"name": "a", "description": "d", "schema": {"type": "object"}, ` + get),
		"absolute URL in path":               action(`"name": "a", "definition": {"method": "GET", "path": "https://example.com/a"}`),
		"job spec of a flow that is missing": strings.Replace(oneFlow("b", "one"), "zis:acme:flow:b_flow", "zis:acme:flow:missing", 1),
		"unknown event":                      strings.Replace(oneFlow("b", "one"), "ticket.TicketCreated", "ticket.created", 1),
		"custom event source":                strings.Replace(oneFlow("b", "one"), `"support"`, `"zendesk"`, 1),
		"ARNs of another integration":        strings.ReplaceAll(oneFlow("b", "one"), "zis:acme", "zis:elsewhere"),
		"two job specs of one event":         oneFlow("b", "one", "two"),
		"flow and job spec of one name": resourcesOf("", `"f": `+flowNamed("same")+`, "s": {"type": "ZIS::JobSpec", "properties": {"name": "same",
			"event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:same"}}`),
		"And with two members":   flow(`"A": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a", "BooleanEquals": true}], "Next": "B"}], "Default": "B"}, "B": {"Type": "Succeed"}`),
		"Pass with a text":       flow(`"A": {"Type": "Pass", "Result": "Hello World!", "ResultPath": "$.m", "End": true}`),
		"dangling Next":          flow(`"A": {"Type": "Pass", "Next": "Nowhere"}`),
		"a key twice":            strings.Replace(flow(`"A": {"Type": "Succeed"}`), `{`, `{"name": "first",`, 1),
		"numbers beyond float64": flow(`"A": {"Type": "Pass", "Result": {"a": 1e309, "b": -1e999999999, "c": 1e-999999999}, "End": true}`),
	} {
		if res := acme(t).do("POST", registry+"acme/bundles", admin, body); res.Status != 200 {
			t.Errorf("%s: %d %s", name, res.Status, res.Body)
		}
	}
}

func TestRefused(t *testing.T) {
	const prefix = `{"errors":[{"code":"1010","detail":"`
	flow := func(state string) string {
		return resourcesOf("", `"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {"A": `+state+`}}}}`)
	}
	for _, tt := range []struct{ name, body, detail string }{
		{"nothing", ``, "the bundle is not valid JSON: EOF"},
		{"half", `{"name":`, "the bundle is not valid JSON: unexpected EOF"},
		{"two values", oneFlow("b") + `{}`, "the bundle is not valid JSON: something follows the value"},
		{"null", `null`, "(root): Invalid type. Expected: object, given: null"},
		{"array", `[]`, "(root): Invalid type. Expected: object, given: array"},
		{"other case", strings.Replace(oneFlow("b"), `"name"`, `"Name"`, 1), "(root): name is required"},
		{"old version", strings.Replace(oneFlow("b"), "2019-10-14", "2019-02-28", 1), "zis_template_version: zis_template_version must be one of the following:"},
		{"Task", flow(`{"Type": "Task"}`), "resources.f.properties.definition.States.A.Type: "},
		{"Fail without Cause", flow(`{"Type": "Fail", "Error": "e"}`), "resources.f.properties.definition.States.A: Cause is required"},
		{"Wait of a huge number below 0", flow(`{"Type": "Wait", "Seconds": -1e999999999, "End": true}`), "resources.f.properties.definition.States.A.Seconds: "},
		{"Choice without Next", flow(`{"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true}]}`), "And is required"},
		{"the same flow under two keys", resourcesOf("", `"a": `+flowNamed("f")+`, "b": `+flowNamed("f")), "Bundle contains duplicated resources"},
	} {
		a := acme(t)
		res := a.do("POST", registry+"acme/bundles", admin, tt.body)
		if res.Status != 400 || res.Type != jsonType || !strings.HasPrefix(res.Body, prefix+tt.detail) {
			t.Errorf("%s: %d %s %s\nwant a detail %q", tt.name, res.Status, res.Type, res.Body, tt.detail)
		}
		if n := len(a.server.State().Integration("acme").Bundles); n != 0 {
			t.Errorf("%s: %d bundles are stored", tt.name, n)
		}
	}
}

func flowNamed(name string) string {
	return `{"type": "ZIS::Flow", "properties": {"name": "` + name + `", "definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}}`
}

// Every bundle of the corpus gets the verdict that the platform gave it, and
// the three bundles of one integration stand beside each other.
func TestCorpus(t *testing.T) {
	files := corpus(t)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := response{200, textType, ""}
		if strings.Contains(file, "REJECTED") {
			want = response{400, jsonType, `{"errors":[{"code":"1010","detail":"And is required","status":"400"}],"message":"BundleValidationError"}`}
		}
		if diff := cmp.Diff(want, acme(t).do("POST", registry+"acme/bundles", admin, string(body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filepath.Base(file), diff)
		}
	}
	a, n := acme(t), 0
	for _, file := range files {
		if body, err := os.ReadFile(file); err == nil && strings.Contains(file, "servicenow-") {
			a.upload(string(body))
			n++
		}
	}
	if got := len(a.server.State().Integration("acme").Bundles); got != n || n != 3 {
		t.Errorf("%d of %d bundles of one integration are stored, want 3", got, n)
	}
}

func corpus(t *testing.T) []string {
	t.Helper()
	const dir = "../../../shared/corpus"
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("there is no corpus at %s", dir)
	}
	files, err := filepath.Glob(dir + "/public/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bundles in the corpus (%v)", err)
	}
	return append(files, dir+"/docs/registry-bundles-example-body.json")
}
