package emulator_test

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// Every kind of endpoint with every kind of credential: which are taken, and
// what is said to the others.
func TestCredentials(t *testing.T) {
	var (
		ok          = "ok"
		failed      = "401 Authentication failed"
		mismatch    = "401 Authorization failed due to integration mismatch"
		disabled    = "401 Authorization failed due to OAuth being disabled for this API request"
		unsupported = "403 API token is not supported"
		support     = `401 {"error":"Couldn't authenticate you"}`
	)
	const services = "/api/services/zis/"
	credentials := []string{"", admin, "Bearer acme-token", "bearer acme-token", "Bearer globex-token", "Bearer admin-token", "Bearer", "Bearer nobodys", "Basic %%%"}
	for _, tt := range []struct {
		method, path, body string
		want               []string // by credential
	}{
		{"GET", registry + "integrations", "", []string{failed, ok, disabled, disabled, disabled, disabled, failed, failed, failed}},
		{"POST", registry + "new", "{}", []string{failed, ok, mismatch, mismatch, mismatch, ok, failed, failed, failed}},
		{"POST", registry + "acme/bundles", oneFlow("b"), []string{failed, ok, disabled, disabled, disabled, disabled, failed, failed, failed}},
		{"GET", registry + "acme/bundles", "", []string{failed, ok, ok, ok, mismatch, mismatch, failed, failed, failed}},
		{"GET", registry + "acme/job_specs", "", []string{failed, ok, ok, ok, mismatch, mismatch, failed, failed, failed}},
		{"GET", registry + "Acme/job_specs", "", []string{failed, mismatch, mismatch, mismatch, mismatch, mismatch, failed, failed, failed}},
		{"GET", registry + "nobodys/bundles", "", []string{failed, mismatch, mismatch, mismatch, mismatch, mismatch, failed, failed, failed}},
		{"POST", specPath("acme", "one"), "", []string{failed, ok, ok, ok, mismatch, mismatch, failed, failed, failed}},
		{"POST", specPath("nobodys", "one"), "", []string{failed, mismatch, mismatch, mismatch, mismatch, mismatch, failed, failed, failed}},
		{"DELETE", specPath("acme", "one"), "", []string{failed, ok, ok, ok, mismatch, mismatch, failed, failed, failed}},
		{"GET", "/api/v2/oauth/clients.json", "", []string{support, ok, support, support, support, ok, support, support, support}},
		{"POST", "/api/v2/oauth/tokens", `{"token":{"client_id":1260800799110}}`, []string{support, ok, support, support, support, ok, support, support, support}},
		{"GET", services + "integrations/acme/connections/all", "", []string{failed, unsupported, ok, ok, mismatch, mismatch, failed, failed, failed}},
		{"GET", services + "inbound_webhooks/generic/acme/all", "", []string{failed, unsupported, ok, ok, mismatch, mismatch, failed, failed, failed}},
	} {
		var got []string
		for _, c := range credentials {
			got = append(got, verdict(t, tt.method, tt.path, c, tt.body))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s %s with %q (-want +got):\n%s", tt.method, tt.path, credentials, diff)
		}
	}
}

func verdict(t *testing.T, method, path, credential, body string) string {
	t.Helper()
	a := acme(t)
	a.upload(oneFlow("a", "one"))
	a.install("one")
	res := a.do(method, path, credential, body)
	switch {
	case res.Status < 300:
		return "ok"
	case res.Status == 403:
		return "403 " + res.Body
	case res.Status == 401:
		return "401 " + res.Body
	}
	return res.Body
}

// An API token is email/token:token; passwords have ended.
func TestAPITokens(t *testing.T) {
	pair := &emulator.Server{Email: "a@example.com", APIToken: "t0"}
	for _, tt := range []struct {
		server *emulator.Server
		user   string
		want   int
	}{
		{&emulator.Server{}, "a@example.com/token:anything", 200},
		{&emulator.Server{}, "a@example.com:password", 401},
		{&emulator.Server{}, "/token:t0", 401},
		{&emulator.Server{}, "a@example.com/token:", 401},
		{pair, "a@example.com/token:t0", 200},
		{pair, "a@example.com/token:t1", 401},
		{pair, "b@example.com/token:t0", 401},
		{&emulator.Server{Email: "a@example.com"}, "b@example.com/token:t0", 401},
	} {
		a := open(t, tt.server)
		res := a.do("GET", registry+"integrations", "Basic "+base64.StdEncoding.EncodeToString([]byte(tt.user)), "")
		if res.Status != tt.want {
			t.Errorf("%s: %d, want %d", tt.user, res.Status, tt.want)
		}
		a.stop()
	}
}
