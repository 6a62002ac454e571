package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

const registry = "/api/services/zis/registry/"

// bundleOf is a bundle with a flow f and the named job specs.
func bundleOf(name string, specs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"zis_template_version": "2019-10-14", "name": %q, "resources": {
		"z": {"properties": {"name": "%s_f", "definition": {"States": {"A": {"Type": "Succeed", "Message": "<é>"}}, "StartAt": "A"}}, "type": "ZIS::Flow"}`, name, name)
	for _, s := range specs {
		fmt.Fprintf(&b, `, "a_%s": {"type": "ZIS::JobSpec", "properties": {"name": %q, "flow_name": "zis:acme:flow:%s_f",
			"event_source": "support", "event_type": "ticket.TicketCreated"}}`, s, s, name)
	}
	return b.String() + "}}"
}

type answer struct {
	Status int
	Type   string
	Body   string
}

// ask makes one request; auth is "basic", "none" or an OAuth token.
func ask(t testing.TB, s *emulator.Server, auth, method, path, body string) answer {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	switch auth {
	case "none":
	case "basic":
		r.SetBasicAuth("admin@example.com/token", "secret")
	case "wrong":
		r.SetBasicAuth("admin@example.com/token", "guess")
	case "password":
		r.SetBasicAuth("admin@example.com", "secret")
	default:
		r.Header.Set("Authorization", "Bearer "+auth)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	kind, _, _ := strings.Cut(w.Result().Header.Get("Content-Type"), ";")
	return answer{w.Code, kind, strings.TrimSpace(string(text))}
}

func newServer(t testing.TB) *emulator.Server {
	t.Helper()
	s := &emulator.Server{Email: "admin@example.com", APIToken: "secret", Taken: []string{"foreign"}}
	for _, name := range []string{"acme", "other"} {
		if err := s.Register(name); err != nil {
			t.Fatal(err)
		}
	}
	for token, integration := range map[string]string{"zis-acme": "acme", "zis-other": "other", "admin-token": ""} {
		if err := s.Grant(token, integration); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(t, s, "basic", "POST", registry+"acme/bundles", bundleOf("b", "s1", "s2")); got.Status != 200 {
		t.Fatal(got)
	}
	return s
}

func TestAnswers(t *testing.T) {
	install := registry + "job_specs/install?job_spec_name="
	plain := func(status int, text string) answer { return answer{status, "text/plain", text} }
	refused := func(message string) answer {
		return answer{400, "application/json", fmt.Sprintf(`{"errors":[{"code":"1010","detail":%q,"status":"400"}],"message":%q}`, message, message)}
	}
	mismatch := plain(401, "Authorization failed due to integration mismatch")
	for _, tt := range []struct {
		name, auth, method, path, body string
		want                           answer
	}{
		{"no credential", "none", "GET", registry + "acme/bundles", "", plain(401, "Authentication failed")},
		{"wrong API token", "wrong", "GET", registry + "acme/bundles", "", plain(401, "Authentication failed")},
		{"password", "password", "GET", registry + "acme/bundles", "", plain(401, "Authentication failed")},
		{"unknown bearer", "nonsense", "GET", registry + "acme/bundles", "", plain(401, "Authentication failed")},
		{"token of another integration", "zis-other", "GET", registry + "acme/bundles", "", mismatch},
		{"an admin's OAuth token", "admin-token", "GET", registry + "acme/job_specs", "", mismatch},
		{"unregistered integration", "basic", "GET", registry + "nobody/bundles", "", mismatch},
		{"another case of the name", "basic", "GET", registry + "Acme/bundles", "", mismatch},
		{"upload by OAuth", "zis-acme", "POST", registry + "acme/bundles", bundleOf("b"), plain(401, "Authorization failed due to OAuth being disabled for this API request")},
		{"connections by API token", "basic", "GET", "/api/services/zis/integrations/acme/connections/all", "", plain(403, "API token is not supported")},
		{"upload", "basic", "POST", registry + "acme/bundles", bundleOf("b", "s1"), plain(200, "")},
		{"upload that is not JSON", "basic", "POST", registry + "acme/bundles", "{", answer{400, "application/json", `{"errors":[{"code":"1010","detail":"the bundle is not valid JSON: unexpected EOF","status":"400"}],"message":"BundleValidationError"}`}},
		{"a name of another bundle", "basic", "POST", registry + "acme/bundles", bundleOf("c", "s1"), refused("Bundle contains duplicated resources")},
		{
			"unsupported operator", "basic", "POST", registry + "acme/bundles", strings.Replace(bundleOf("b"), `{"Type": "Succeed", "Message": "<é>"}`,
				`{"Type": "Choice", "Choices": [{"Variable": "$.a", "StringMatches": "x", "Next": "A"}]}`, 1),
			answer{400, "application/json", `{"errors":[{"code":"1010","detail":"And is required","status":"400"}],"message":"BundleValidationError"}`},
		},
		{"install", "zis-acme", "POST", install + "zis:acme:job_spec:s1", "", plain(200, "")},
		{"install of an unknown spec", "basic", "POST", install + "zis:acme:job_spec:nobody", "", refused("one or more requested job specs is invalid")},
		{"install for another integration", "zis-other", "POST", install + "zis:acme:job_spec:s1", "", mismatch},
		{"uninstall of what is not installed", "basic", "DELETE", install + "zis:acme:job_spec:s1", "", answer{404, "application/json", `{"message":"job spec not found"}`}},
		{"unknown bundle", "basic", "GET", registry + "acme/bundles/none", "", answer{404, "application/json", `{"message":"bundle not found"}`}},
		{"register a taken name", "basic", "POST", registry + "foreign", "{}", answer{400, "application/json", `{"message":"the integration: foreign is not available for upsert by this account"}`}},
		{"register a bad name", "basic", "POST", registry + "No.Good", "{}", refused("invalid integration key")},
		{"page size", "basic", "GET", registry + "acme/bundles?page%5Bsize%5D=101", "", answer{400, "application/json", `{"errors":[{"code":"1010","detail":"page[size] is a number from 1 to 100","status":"400"}],"message":"Bad Request"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ask(t, newServer(t), tt.auth, tt.method, tt.path, tt.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What was seen to be accepted is accepted.
func TestUploadAcceptsWhatTheRegistryDoes(t *testing.T) {
	for name, change := range map[string][2]string{
		"a missing flow":     {"zis:acme:flow:b_f", "zis:acme:flow:nobody"},
		"an unknown event":   {"ticket.TicketCreated", "ticket.created"},
		"a long description": {`"name": "b"`, `"name": "b", "description": "` + strings.Repeat("x", 149) + `"`},
		"a $schema":          {`"name": "b"`, `"$schema": "x", "name": "b"`},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(bundleOf("b", "s1"), change[0], change[1], 1)
			if got := ask(t, newServer(t), "basic", "POST", registry+"acme/bundles", body); got.Status != 200 {
				t.Error(got)
			}
		})
	}
}

func TestReadBackForm(t *testing.T) {
	s := newServer(t)
	uuid := s.State().Integration("acme").Bundle("b").UUID
	got := ask(t, s, "zis-acme", "GET", registry+"acme/bundles/"+uuid, "")
	job := func(n int) string {
		return fmt.Sprintf(`"a_s%d":{"type":"ZIS::JobSpec","properties":{"event_source":"support","event_type":"ticket.TicketCreated","flow_name":"zis:acme:flow:b_f","name":"s%d"}}`, n, n)
	}
	want := `{"uuid":"` + uuid + `","name":"b","integration":"acme","zendesk_account_id":12345,"description":"","zis_template_version":"2019-10-14","resources":{` +
		job(1) + "," + job(2) + `,"z":{"type":"ZIS::Flow","properties":{"definition":{"StartAt":"A","States":{"A":{"Message":"<é>","Type":"Succeed"}}},"name":"b_f"}}}}`
	if diff := cmp.Diff(want, got.Body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func installed(s *emulator.Server) string {
	var list []string
	for _, spec := range s.State().Integration("acme").JobSpecs {
		list = append(list, fmt.Sprintf("%s:%t", spec.Name, spec.Installed))
	}
	return strings.Join(list, " ")
}

func TestAnUploadSwitchesJobSpecsOff(t *testing.T) {
	s := newServer(t)
	install := func(method, name string) {
		t.Helper()
		if got := ask(t, s, "basic", method, registry+"job_specs/install?job_spec_name=zis:acme:job_spec:"+name, ""); got.Status > 204 {
			t.Fatal(got)
		}
	}
	install("POST", "s1")
	install("POST", "s2")
	ask(t, s, "basic", "POST", registry+"acme/bundles", bundleOf("b", "s1"))
	if got := installed(s); got != "s1:false s2:true" {
		t.Errorf("after the upload: %s; s1 must be installed again, s2 keeps firing", got)
	}
	install("DELETE", "s2")
	ask(t, s, "basic", "POST", registry+"acme/bundles", bundleOf("b", "s1"))
	if got := installed(s); got != "s1:false" {
		t.Errorf("after the next upload: %s", got)
	}
}

func TestListsArePaged(t *testing.T) {
	s := newServer(t)
	var names []string
	for i := range 130 {
		names = append(names, fmt.Sprintf("n%03d", i))
	}
	ask(t, s, "basic", "POST", registry+"acme/bundles", bundleOf("many", names...))
	pages, after, total := 0, "", 0
	for more := true; more; pages++ {
		var list struct {
			Specs []json.RawMessage `json:"job_specs"`
			Meta  struct {
				HasMore bool `json:"has_more"`
				After   string
			}
		}
		query := ""
		if after != "" {
			query = "?page%5Bafter%5D=" + after
		}
		if err := json.Unmarshal([]byte(ask(t, s, "basic", "GET", registry+"acme/job_specs"+query, "").Body), &list); err != nil {
			t.Fatal(err)
		}
		total, after, more = total+len(list.Specs), list.Meta.After, list.Meta.HasMore
	}
	if pages != 7 || total != 132 {
		t.Errorf("%d entries on %d pages, want 132 on 7", total, pages)
	}
}

func TestTokensAreMintedForOneIntegration(t *testing.T) {
	s := newServer(t)
	id := s.State().Integration("acme").ClientID
	got := ask(t, s, "basic", "POST", "/api/v2/oauth/tokens.json", fmt.Sprintf(`{"token":{"client_id":"%d","scopes":["read","write"]}}`, id))
	var minted struct {
		Token struct {
			Full string `json:"full_token"`
		}
	}
	if err := json.Unmarshal([]byte(got.Body), &minted); err != nil || got.Status != 201 {
		t.Fatal(got, err)
	}
	if got := ask(t, s, minted.Token.Full, "GET", registry+"acme/job_specs", ""); got.Status != 200 {
		t.Error(got)
	}
	if got := ask(t, s, minted.Token.Full, "GET", registry+"other/job_specs", ""); got.Status != 401 {
		t.Error(got)
	}
}

func TestARestartLosesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "state.json")
	s := &emulator.Server{StateFile: file}
	if err := s.Register("acme"); err != nil {
		t.Fatal(err)
	}
	ask(t, s, "basic", "POST", registry+"acme/bundles", bundleOf("b", "s1"))
	ask(t, s, "basic", "POST", registry+"job_specs/install?job_spec_name=zis:acme:job_spec:s1", "")
	if err := s.Grant("token", "acme"); err != nil {
		t.Fatal(err)
	}
	again := &emulator.Server{StateFile: file}
	if err := again.Open(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(canonical(t, s.State()), canonical(t, again.State())); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the state holds tokens: %v %v", info.Mode(), err)
	}
}

func canonical(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestABrokenStateFileIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(file, []byte("{broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &emulator.Server{StateFile: file}
	if err := s.Open(); err == nil || !strings.Contains(err.Error(), "move the file away") {
		t.Errorf("Open: %v", err)
	}
	if got := ask(t, s, "basic", http.MethodPost, registry+"acme", "{}"); got.Status != 500 {
		t.Error(got)
	}
	if text, _ := os.ReadFile(file); string(text) != "{broken" {
		t.Errorf("the file was overwritten: %s", text)
	}
}
