package emulator_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

const (
	admin    = "Basic YWRtaW5AZXhhbXBsZS5jb20vdG9rZW46c2VjcmV0" // admin@example.com/token:secret
	textType = "text/plain; charset=utf-8"
	jsonType = "application/json"
)

// account is a server in memory and a client of it.
type account struct {
	t      testing.TB
	server *emulator.Server
	client *http.Client
	stop   func()
}

// open serves a server. In a synctest bubble, stop must be called there.
func open(t testing.TB, s *emulator.Server) *account {
	t.Helper()
	dial, stop := emulator.Local(s)
	transport := &http.Transport{DialContext: dial}
	a := &account{t: t, server: s}
	a.client = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	a.stop = func() {
		transport.CloseIdleConnections()
		stop()
	}
	return a
}

// acme is an account with two integrations and their tokens.
func acme(t testing.TB) *account {
	t.Helper()
	s := &emulator.Server{Taken: []string{"theirs"}}
	prepare(t, s)
	a := open(t, s)
	t.Cleanup(a.stop)
	return a
}

func prepare(t testing.TB, s *emulator.Server) {
	t.Helper()
	for _, name := range []string{"acme", "globex"} {
		if err := s.Register(name); err != nil {
			t.Fatal(err)
		}
	}
	for token, of := range map[string]string{"acme-token": "acme", "globex-token": "globex", "admin-token": ""} {
		if err := s.Grant(token, of); err != nil {
			t.Fatal(err)
		}
	}
}

// response is what a test compares.
type response struct {
	Status int
	Type   string
	Body   string
}

// send makes a request. A body that is JSON is compared without the new line
// that may end it.
func (a *account) send(method, path, authorization, body string) (response, error) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, "http://acme.zendesk.com"+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := a.client.Do(req)
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return response{res.StatusCode, res.Header.Get("Content-Type"), string(text)}, err
}

func (a *account) do(method, path, authorization, body string) response {
	a.t.Helper()
	res, err := a.send(method, path, authorization, body)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res
}

// must makes a request of the admin that is to succeed.
func (a *account) must(method, path, body string) string {
	a.t.Helper()
	res := a.do(method, path, admin, body)
	if res.Status >= 300 {
		a.t.Fatalf("%s %s: %d %s", method, path, res.Status, res.Body)
	}
	return res.Body
}

func (a *account) upload(body string)  { a.t.Helper(); a.must("POST", registry+"acme/bundles", body) }
func (a *account) install(name string) { a.t.Helper(); a.must("POST", specPath("acme", name), "") }

func specPath(integration, name string) string {
	arn := fmt.Sprintf("zis:%s:job_spec:%s", integration, name)
	return registry + "job_specs/install?job_spec_name=" + url.QueryEscape(arn)
}

// specs are the job specs of the account's listing, "+" before installed ones.
func (a *account) specs() []string {
	a.t.Helper()
	var list struct {
		JobSpecs []struct {
			Name      string
			Installed bool
		} `json:"job_specs"`
	}
	decode(a.t, a.must("GET", registry+"acme/job_specs?page[size]=100", ""), &list)
	names := []string{}
	for _, s := range list.JobSpecs {
		names = append(names, map[bool]string{true: "+", false: "-"}[s.Installed]+s.Name)
	}
	return names
}

func decode(t testing.TB, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
}

// oneFlow is a bundle of one flow and the job specs that start it.
func oneFlow(name string, specs ...string) string {
	flow := name + "_flow"
	resources := []string{fmt.Sprintf(`%q: {"type": "ZIS::Flow", "properties": {"name": %q, "definition": {
		"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}}}`, flow, flow)}
	for _, s := range specs {
		resources = append(resources, fmt.Sprintf(`%q: {"type": "ZIS::JobSpec", "properties": {"name": %q, "event_source": "support",
			"event_type": "ticket.TicketCreated", "flow_name": %q}}`, s, s, "zis:acme:flow:"+flow))
	}
	return fmt.Sprintf(`{"zis_template_version": "2019-10-14", "name": %q, "resources": {%s}}`, name, strings.Join(resources, ","))
}

// resourcesOf is a bundle with these resources.
func resourcesOf(name, resources string) string {
	return fmt.Sprintf(`{"name": %q, "zis_template_version": "2019-10-14", "resources": {%s}}`, cmp.Or(name, "b"), resources)
}

// doForm sends a form as the admin.
func (a *account) doForm(path, contentType string, body []byte) response {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), "POST", "http://acme.zendesk.com"+path, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", admin)
	req.Header.Set("Content-Type", contentType)
	res, err := a.client.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return response{res.StatusCode, res.Header.Get("Content-Type"), string(text)}
}
