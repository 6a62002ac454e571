package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// clients is an account with OAuth clients of every kind.
func clients(t *testing.T) *emulator.Server {
	t.Helper()
	s := &emulator.Server{}
	prepare(t, s)
	err := s.Edit(func(st *emulator.State) {
		st.Clients = []emulator.OAuthClient{
			{ID: 1, Identifier: "ci", Secret: "s", User: "admin@example.com"},
			{ID: 2, Identifier: "web", Secret: "s", User: "admin@example.com", Public: true},
			{ID: 3, Identifier: "of_agent", Secret: "s", User: "agent@example.com"},
			{ID: 4, Identifier: "narrow", Secret: "s", User: "admin@example.com", Scopes: []string{"apps:read", "apps:write"}},
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetAgent("agent@example.com", true); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve makes one request to a handler, changed as wanted.
func serve(t testing.TB, h http.Handler, method, path, body string, change ...func(*http.Request)) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://acme.zendesk.com"+path, strings.NewReader(body))
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func grantOf(client, secret, more string) string {
	return fmt.Sprintf(`{"grant_type": "client_credentials", "client_id": %q, "client_secret": %q%s}`, client, secret, more)
}

// Each way in which the grant of client credentials is refused has its answer.
func TestGrantRefused(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		status     int
		code       string
	}{
		{"no JSON", "{", 400, "invalid_request"},
		{"another grant", `{"grant_type": "password", "client_id": "ci", "client_secret": "s"}`, 400, "unsupported_grant_type"},
		{"unknown client", grantOf("nobody", "s", ""), 401, "invalid_client"},
		{"wrong secret", grantOf("ci", "guess", ""), 401, "invalid_client"},
		{"no secret", grantOf("ci", "", ""), 401, "invalid_client"},
		{"an integration's client", grantOf("zis_acme", "s", ""), 401, "invalid_client"},
		{"a client that was made as public", grantOf("web", "s", ""), 400, "unauthorized_client"},
		{"an unknown scope", grantOf("ci", "s", `, "scope": "read admin"`), 400, "invalid_scope"},
		{"a scope of an unknown area", grantOf("ci", "s", `, "scope": "zap:read"`), 400, "invalid_scope"},
		{"a scope that the client may not have", grantOf("narrow", "s", `, "scope": "read"`), 400, "invalid_scope"},
		{"too short a life", grantOf("ci", "s", `, "expires_in": 300`), 400, "invalid_request"},
		{"too long a life", grantOf("ci", "s", `, "expires_in": 172800`), 400, "invalid_request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, body := serve(t, clients(t), "POST", "/oauth/tokens", tt.body)
			if status != tt.status || !strings.Contains(body, `"error":"`+tt.code+`"`) {
				t.Errorf("%d %s, want %d %s", status, body, tt.status, tt.code)
			}
		})
	}
}

func grant(t testing.TB, h http.Handler, body string) string {
	t.Helper()
	status, text := serve(t, h, "POST", "/oauth/tokens", body)
	if status != 200 {
		t.Fatalf("grant: %d %s", status, text)
	}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	decode(t, text, &answer)
	return answer.AccessToken
}

// A token does what its owner and its scopes may, for as long as it lives.
func TestGrantedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clients(t)
		for _, tt := range []struct {
			client, more, method, path string
			want                       int
		}{
			{"ci", "", "GET", "/api/v2/oauth/clients.json", 200},
			{"ci", `, "scope": "read"`, "GET", "/api/v2/oauth/clients.json", 200},
			{"ci", `, "scope": "read"`, "POST", registry + "new", 403},
			{"ci", `, "scope": "zis:write"`, "POST", registry + "new", 200},
			{"ci", `, "scope": "read write"`, "POST", registry + "acme/bundles", 401},
			{"ci", `, "scope": "read write"`, "GET", registry + "acme/job_specs", 401},
			{"of_agent", "", "POST", registry + "new", 403},
			{"of_agent", "", "GET", "/api/v2/oauth/clients.json", 403},
			{"narrow", `, "scope": "apps:read apps:write"`, "GET", "/api/v2/oauth/clients.json", 403},
		} {
			token := grant(t, s, grantOf(tt.client, "s", tt.more))
			if status, body := serve(t, s, tt.method, tt.path, "{}", bearer(token)); status != tt.want {
				t.Errorf("%s%s: %s %s: %d %s, want %d", tt.client, tt.more, tt.method, tt.path, status, body, tt.want)
			}
		}
		for life, more := range map[time.Duration]string{30 * time.Minute: "", time.Hour: `, "expires_in": 3600`} {
			token := grant(t, s, grantOf("ci", "s", more))
			var got []int
			for _, pause := range []time.Duration{life - time.Second, time.Second} {
				time.Sleep(pause)
				status, _ := serve(t, s, "GET", "/api/v2/oauth/tokens/current", "", bearer(token))
				got = append(got, status)
			}
			if diff := cmp.Diff([]int{200, 401}, got); diff != "" {
				t.Errorf("before and after %v (-want +got):\n%s", life, diff)
			}
		}
	})
}

// The form of RFC 6749 is taken as well, and a revoked token is dead, a ZIS
// token that it minted among them.
func TestRevoke(t *testing.T) {
	s := clients(t)
	r := httptest.NewRequest("POST", "/oauth/tokens", strings.NewReader("grant_type=client_credentials&client_id=ci&client_secret=s&scope=read+write"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	decode(t, w.Body.String(), &granted)

	_, text := serve(t, s, "POST", "/api/v2/oauth/tokens.json", `{"token": {"client_id": "1260800799110", "scopes": ["read"]}}`, bearer(granted.AccessToken))
	var minted struct {
		Token struct {
			ID        int64
			FullToken string `json:"full_token"`
		}
	}
	decode(t, text, &minted)
	jobSpecs := func() int {
		status, _ := serve(t, s, "GET", registry+"acme/job_specs", "", bearer(minted.Token.FullToken))
		return status
	}
	got := []int{jobSpecs()}
	for _, id := range []int64{minted.Token.ID, minted.Token.ID} {
		status, _ := serve(t, s, "DELETE", fmt.Sprintf("/api/v2/oauth/tokens/%d", id), "", bearer(granted.AccessToken))
		got = append(got, status)
	}
	if diff := cmp.Diff([]int{200, 204, 404, 401}, append(got, jobSpecs())); diff != "" {
		t.Errorf("read, revoked, revoked again, read (-want +got):\n%s", diff)
	}
}

// A session uploads and reads; a write needs the token that another site can't
// know; an agent who is no admin is refused; and it ends.
func TestSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clients(t)
		cookie, session, err := s.SignIn("admin@example.com")
		if err != nil {
			t.Fatal(err)
		}
		agents, agent, err := s.SignIn("agent@example.com")
		if err != nil {
			t.Fatal(err)
		}
		with := func(c *http.Cookie, csrf string) func(*http.Request) {
			return func(r *http.Request) {
				r.AddCookie(c)
				if csrf != "" {
					r.Header.Set("X-CSRF-Token", csrf)
				}
			}
		}
		for _, tt := range []struct {
			name, method, path string
			by                 func(*http.Request)
			want               int
		}{
			{"who am I", "GET", "/api/v2/users/me.json", with(cookie, ""), 200},
			{"upload", "POST", registry + "acme/bundles", with(cookie, session.CSRF), 200},
			{"upload from another site", "POST", registry + "acme/bundles", with(cookie, ""), 403},
			{"upload with another session's token", "POST", registry + "acme/bundles", with(cookie, agent.CSRF), 403},
			{"list", "GET", registry + "acme/job_specs", with(cookie, ""), 200},
			{"connections", "GET", "/api/services/zis/integrations/acme/connections/all", with(cookie, ""), 200},
			{"upload by an agent", "POST", registry + "acme/bundles", with(agents, agent.CSRF), 403},
			{"list by an agent", "GET", registry + "acme/bundles", with(agents, ""), 403},
			{"a cookie that is none", "GET", registry + "acme/bundles", with(&http.Cookie{Name: cookie.Name, Value: "x"}, ""), 401},
		} {
			if status, body := serve(t, s, tt.method, tt.path, oneFlow("a"), tt.by); status != tt.want {
				t.Errorf("%s: %d %s, want %d", tt.name, status, body, tt.want)
			}
		}
		time.Sleep(8 * time.Hour)
		if status, _ := serve(t, s, "GET", registry+"acme/bundles", "", with(cookie, "")); status != 401 {
			t.Errorf("after eight hours: %d, want 401", status)
		}
	})
}
