package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// The documented and observed answers, word for word.
func TestEndpoints(t *testing.T) {
	const (
		empty     = ""
		invalid   = `{"errors":[{"code":"1010","detail":"one or more requested job specs is invalid","status":"400"}],"message":"one or more requested job specs is invalid"}`
		badKey    = `{"errors":[{"code":"1010","detail":"invalid integration key","status":"400"}],"message":"invalid integration key"}`
		duplicate = `{"errors":[{"code":"1010","detail":"Bundle contains duplicated resources","status":"400"}],"message":"Bundle contains duplicated resources"}`
		misled    = `{"errors":[{"code":"1010","detail":"And is required","status":"400"}],"message":"BundleValidationError"}`
	)
	choice := resourcesOf("c", `"f": {"type": "ZIS::Flow", "properties": {"name": "c", "definition": {"StartAt": "A", "States": {
		"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringMatches": "*", "Next": "B"}]}, "B": {"Type": "Succeed"}}}}}`)
	for _, tt := range []struct {
		name, method, path, body string
		want                     response
	}{
		{
			"create a taken name", "POST", registry + "theirs", `{}`,
			response{400, jsonType, `{"message":"the integration: theirs is not available for upsert by this account"}`},
		},
		{"create a bad name", "POST", registry + "Acme", `{}`, response{400, jsonType, badKey}},
		{"create a name of 65", "POST", registry + strings.Repeat("a", 65), `{}`, response{400, jsonType, badKey}},
		{"upload", "POST", registry + "acme/bundles", oneFlow("new"), response{200, textType, empty}},
		{
			"upload a name of another bundle", "POST", registry + "acme/bundles", strings.Replace(oneFlow("a"), `"name": "a"`, `"name": "z"`, 1),
			response{400, jsonType, duplicate},
		},
		{"upload the name of a bundle of another integration", "POST", registry + "globex/bundles", oneFlow("a"), response{200, textType, empty}},
		{"upload an unsupported operator", "POST", registry + "acme/bundles", choice, response{400, jsonType, misled}},
		{"install", "POST", specPath("acme", "one"), "", response{200, textType, empty}},
		{"install again", "POST", specPath("acme", "two"), "", response{200, textType, empty}},
		{"install without percents", "POST", registry + "job_specs/install?job_spec_name=zis:acme:job_spec:one", "", response{200, textType, empty}},
		{"install an unknown one", "POST", specPath("acme", "none"), "", response{400, jsonType, invalid}},
		{"install nothing", "POST", registry + "job_specs/install", "", response{400, jsonType, invalid}},
		{"install a flow", "POST", registry + "job_specs/install?job_spec_name=zis:acme:flow:a_flow", "", response{400, jsonType, invalid}},
		{"uninstall", "DELETE", specPath("acme", "two"), "", response{204, "", empty}},
		{"uninstall what is not installed", "DELETE", specPath("acme", "one"), "", response{404, jsonType, `{"message":"job spec not found"}`}},
		{"uninstall an unknown one", "DELETE", specPath("acme", "none"), "", response{404, jsonType, `{"message":"job spec not found"}`}},
		{
			"an unknown bundle", "GET", registry + "acme/bundles/5c722550-0000-4000-8000-000000000000", "",
			response{404, jsonType, `{"message":"bundle not found"}`},
		},
		{"no bundles", "GET", registry + "globex/bundles", "", response{200, jsonType, `{"bundles":[],"meta":{"after":"","before":"","has_more":false}}`}},
		{"no job specs", "GET", registry + "globex/job_specs", "", response{200, jsonType, `{"job_specs":[],"meta":{"after":"","before":"","has_more":false}}`}},
		{
			"a token of no client", "POST", "/api/v2/oauth/tokens.json", `{"token":{"client_id":"7"}}`,
			response{422, jsonType, `{"description":"client_id is not known","error":"RecordInvalid"}`},
		},
		{"an endpoint that is not there", "DELETE", registry + "acme/bundles/x", "", response{405, textType, "Method Not Allowed\n"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := acme(t)
			a.upload(oneFlow("a", "one", "two"))
			a.install("two")
			if diff := cmp.Diff(tt.want, a.do(tt.method, tt.path, admin, tt.body)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestListings(t *testing.T) {
	a := acme(t)
	a.upload(oneFlow("a", "one"))
	a.install("one")
	state := a.server.State().Integration("acme")
	id := state.Bundles[0].UUID
	for path, want := range map[string]string{
		registry + "acme/bundles": fmt.Sprintf(`{"bundles":[{"description":"","integration":"acme","name":"a","uuid":%q,"zendesk_account_id":12345,"zis_template_version":"2019-10-14"}],"meta":{"after":%q,"before":%q,"has_more":false}}`, id, id, id),
		registry + "acme/job_specs": fmt.Sprintf(`{"job_specs":[{"event_source":"support","event_type":"ticket.TicketCreated","flow_name":"a_flow","installed":true,"integration":"acme","name":"one","uuid":%q}],"meta":{"after":%[1]q,"before":%[1]q,"has_more":false}}`,
			state.JobSpecs[0].UUID),
		registry + "integrations": fmt.Sprintf(`{"integrations":[{"description":"","jwt_public_key":"The RSA Public Key to be saved","name":"acme","zendesk_oauth_client":{"id":%d,"identifier":"zis_acme","secret":"************"}},{"description":"","jwt_public_key":"The RSA Public Key to be saved","name":"globex","zendesk_oauth_client":{"id":%d,"identifier":"zis_globex","secret":"************"}}]}`,
			state.ClientID, state.ClientID+1),
	} {
		if diff := cmp.Diff(response{200, jsonType, want}, a.do("GET", path, admin, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// Creating is an upsert: the description changes, the secret and the client
// stay, and an integration may have the name of an endpoint.
func TestCreateIsAnUpsert(t *testing.T) {
	a := acme(t)
	first := a.must("POST", registry+"bundles", `{"description":"one"}`)
	again := a.must("POST", registry+"bundles", `{"description":"two"}`)
	if diff := cmp.Diff(strings.Replace(first, "one", "two", 1), again); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if silent := a.must("POST", registry+"bundles", ""); silent != again {
		t.Errorf("without a body: %s, want %s", silent, again)
	}
	i := a.server.State().Integration("bundles")
	want := fmt.Sprintf(`{"description":"two","jwt_public_key":"The RSA Public Key to be saved","zendesk_oauth_client":{"id":%d,"identifier":"zis_bundles","secret":%q}}`, i.ClientID, i.Secret)
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRequestLog(t *testing.T) {
	a := acme(t)
	a.must("GET", registry+"acme/bundles?page[size]=5", "")
	if a.server.Wrote() {
		t.Error("a GET counts as a write")
	}
	a.do("POST", registry+"acme/bundles", "", "not even JSON")
	want := []string{"GET " + registry + "acme/bundles?page[size]=5", "POST " + registry + "acme/bundles"}
	if diff := cmp.Diff(want, a.server.Requests()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !a.server.Wrote() {
		t.Error("a refused POST doesn't count as a write")
	}
	a.server.ResetRequests()
	if left := a.server.Requests(); len(left) > 0 || a.server.Wrote() {
		t.Errorf("after a reset: %q", left)
	}
}

// Every request of many at once takes effect (with -race: and touches nothing
// that another one touches).
func TestConcurrentRequests(t *testing.T) {
	a := open(t, &emulator.Server{StateFile: t.TempDir() + "/state.json"})
	defer a.stop()
	a.must("POST", registry+"acme", "{}")
	var wg sync.WaitGroup
	for n := range 30 {
		wg.Go(func() {
			name := fmt.Sprintf("b%02d", n)
			for _, req := range [][2]string{{registry + "acme/bundles", oneFlow(name, name)}, {specPath("acme", name), ""}} {
				if res, err := a.send(http.MethodPost, req[0], admin, req[1]); err != nil || res.Status != 200 {
					t.Errorf("%s: %v %v", req[0], res, err)
				}
			}
			a.server.State()
			a.server.Requests()
		})
	}
	wg.Wait()
	for _, s := range a.specs() {
		if s[0] != '+' {
			t.Errorf("%s is not installed", s)
		}
	}
	if n := len(a.specs()); n != 30 {
		t.Errorf("%d job specs, want 30", n)
	}
}

func TestBodyTooLarge(t *testing.T) {
	a := acme(t)
	res, err := a.send("POST", registry+"acme/bundles", admin, `"`+strings.Repeat("x", 33<<20)+`"`)
	if err == nil && res.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413 or a broken connection", res.Status)
	}
	if n := len(a.server.State().Integration("acme").Bundles); n != 0 {
		t.Errorf("%d bundles are stored", n)
	}
}
