package zendesk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// account is as much of a Zendesk account as the tests of this package need,
// written from the reference: client credentials, OAuth clients and tokens.
type account struct {
	mux  http.ServeMux
	mu   sync.Mutex
	log  []string // "METHOD /path credential"
	live map[string]int
	next int
	life int // of bearers, in seconds

	refuse map[string]answer // by "METHOD /path", instead of the answer
}

type answer struct {
	status int
	body   string
}

func newAccount() *account {
	a := &account{live: map[string]int{}, next: 100, life: 1800, refuse: map[string]answer{}}
	a.mux.HandleFunc("POST /oauth/tokens", a.grant)
	a.mux.HandleFunc("GET /api/v2/oauth/clients.json", a.clients)
	a.mux.HandleFunc("POST /api/v2/oauth/tokens.json", a.zisToken)
	a.mux.HandleFunc("GET /api/v2/oauth/tokens/current", a.current)
	a.mux.HandleFunc("DELETE /api/v2/oauth/tokens/{id}", a.revoke)
	a.mux.HandleFunc("GET /api/services/zis/registry/crm/job_specs", a.jobSpecs)
	return a
}

// RoundTrip answers a request without a network.
func (a *account) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	key := r.Method + " " + r.URL.Path
	a.mu.Lock()
	a.log = append(a.log, strings.TrimSpace(key+" "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
	refusal, refused := a.refuse[key]
	a.mu.Unlock()
	if refused {
		w.WriteHeader(refusal.status)
		_, _ = io.WriteString(w, refusal.body)
	} else {
		a.mux.ServeHTTP(w, r)
	}
	return w.Result(), nil
}

func (a *account) make(kind string) (string, int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next++
	token := fmt.Sprintf("%s-%d", kind, a.next)
	a.live[token] = a.next
	return token, a.next
}

func (a *account) admits(r *http.Request, kind string) (id int, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	id, ok = a.live[token]
	return id, ok && strings.HasPrefix(token, kind)
}

func (a *account) grant(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	if body["client_id"] != "ci" || body["client_secret"] != "the-client-secret" || body["grant_type"] != "client_credentials" || body["scope"] != "read write" {
		http.Error(w, `{"error":"invalid_client","error_description":"Client authentication failed"}`, http.StatusUnauthorized)
		return
	}
	token, _ := a.make("bearer")
	fmt.Fprintf(w, `{"access_token":%q,"token_type":"bearer","scope":"read write","expires_in":%d}`, token, a.life)
}

func (a *account) clients(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.admits(r, "bearer"); !ok {
		http.Error(w, `{"error":"Couldn't authenticate you"}`, http.StatusUnauthorized)
		return
	}
	_, _ = io.WriteString(w, `{"clients":[{"id":10066,"identifier":"zis_crm"}],"next_page":null}`)
}

func (a *account) zisToken(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.admits(r, "bearer"); !ok {
		http.Error(w, `{"error":"Couldn't authenticate you"}`, http.StatusUnauthorized)
		return
	}
	token, id := a.make("zis")
	w.WriteHeader(201)
	fmt.Fprintf(w, `{"token":{"url":"https://acme.zendesk.com/api/v2/oauth/tokens/%d.json","full_token":%q}}`, id, token)
}

func (a *account) current(w http.ResponseWriter, r *http.Request) {
	id, ok := a.admits(r, "bearer")
	if !ok {
		http.Error(w, `{"error":"Couldn't authenticate you"}`, http.StatusUnauthorized)
		return
	}
	fmt.Fprintf(w, `{"token":{"id":%d}}`, id)
}

func (a *account) revoke(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for token, id := range a.live {
		if fmt.Sprint(id) == r.PathValue("id") {
			delete(a.live, token)
			w.WriteHeader(204)
			return
		}
	}
	w.WriteHeader(404)
}

func (a *account) jobSpecs(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.admits(r, "zis"); !ok {
		http.Error(w, "Authentication failed", http.StatusUnauthorized)
		return
	}
	_, _ = io.WriteString(w, `{"job_specs":[]}`)
}

// requests are the log, without the credential.
func (a *account) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []string
	for _, line := range a.log {
		f := strings.Fields(line)
		list = append(list, f[0]+" "+f[1])
	}
	return list
}

func (a *account) client(t *testing.T, cred registry.Credentials) (*registry.Client, *zendesk.Grant) {
	t.Helper()
	c, err := registry.New("https://acme.zendesk.com", cred, registry.WithTransport(a))
	if err != nil {
		t.Fatal(err)
	}
	return c, zendesk.Use(c, "crm")
}

var ci = registry.Credentials{ClientID: "ci", ClientSecret: "the-client-secret"}

func TestOneSecretReadsAnIntegrationAndLeavesNoToken(t *testing.T) {
	a := newAccount()
	c, grant := a.client(t, ci)
	var told []string
	grant.OnToken = func(s registry.Secret) { told = append(told, s.Reveal()) }
	for range 2 {
		if _, err := c.JobSpecs(t.Context(), "crm"); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"POST /oauth/tokens", "GET /api/v2/oauth/clients.json", "POST /api/v2/oauth/tokens.json",
		"GET /api/services/zis/registry/crm/job_specs", "GET /api/services/zis/registry/crm/job_specs",
	}
	if have := a.requests(); !slices.Equal(have, want) {
		t.Errorf("asked %q, want %q", have, want)
	}
	if want := []string{"bearer-101", "zis-102"}; !slices.Equal(told, want) {
		t.Errorf("told of the tokens %q, want %q", told, want)
	}
	if err := grant.Revoke(t.Context()); err != nil {
		t.Error(err)
	}
	if len(a.live) != 0 {
		t.Errorf("live after the run: %v", a.live)
	}
}

func TestNothingIsMintedWithoutNeed(t *testing.T) {
	for name, cred := range map[string]registry.Credentials{
		"no client":          {ZISToken: "zis"},
		"a client, not used": ci,
		"no secret, as on a fork": {
			ClientID: "ci", ZISToken: "zis",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount()
			_, grant := a.client(t, cred)
			if err := grant.Revoke(t.Context()); err != nil || len(a.requests()) > 0 {
				t.Errorf("%v, asked %q", err, a.requests())
			}
		})
	}
}

func TestRevokesAfterTheRunWasCancelled(t *testing.T) {
	a := newAccount()
	c, grant := a.client(t, ci)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := c.JobSpecs(ctx, "crm"); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := grant.Revoke(ctx); err != nil || len(a.live) != 0 {
		t.Errorf("%v, live: %v", err, a.live)
	}
}

func TestMintsAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		life int
		age  time.Duration
		lose bool // the account forgets all tokens
		want int  // requests for a bearer
	}{
		"young":                     {1800, 10 * time.Minute, false, 1},
		"a minute before its end":   {1800, 29*time.Minute + time.Second, false, 2},
		"without end":               {0, 100 * time.Hour, false, 1},
		"revoked by somebody else":  {1800, time.Minute, true, 2},
		"short-lived, still usable": {20, 10 * time.Second, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAccount()
				a.life = tt.life
				c, _ := a.client(t, ci)
				if _, err := c.OAuthClients(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.age)
				if tt.lose {
					clear(a.live)
				}
				if _, err := c.OAuthClients(t.Context()); err != nil {
					t.Error(err)
				}
				have := 0
				for _, line := range a.requests() {
					if line == "POST /oauth/tokens" {
						have++
					}
				}
				if have != tt.want {
					t.Errorf("minted %d bearers, want %d", have, tt.want)
				}
			})
		})
	}
}

func TestAnUploadIsTriedOnce(t *testing.T) {
	a := newAccount()
	a.refuse["POST /api/services/zis/registry/crm/bundles"] = answer{401, "Authorization failed due to OAuth being disabled for this API request"}
	c, _ := a.client(t, ci)
	err := c.Upload(t.Context(), "crm", []byte("{}"))
	if want := []string{"POST /oauth/tokens", "POST /api/services/zis/registry/crm/bundles"}; !slices.Equal(a.requests(), want) {
		t.Errorf("asked %q, want %q", a.requests(), want)
	}
	if err == nil || !strings.Contains(err.Error(), "this call takes no OAuth token") {
		t.Errorf("have %v", err)
	}
	if registry.Unknown(err) {
		t.Error("a refusal is no unknown outcome")
	}
}

func TestRefusalsOfTheGrant(t *testing.T) {
	for name, tt := range map[string]struct {
		id     string
		answer answer
		want   string // of the error or its hint
	}{
		"public":    {"ci", answer{401, `{"error":"unauthorized_client","error_description":"…"}`}, "its kind is Public"},
		"unknown":   {"ci", answer{401, `{"error":"invalid_client","error_description":"Client authentication failed"}`}, "pair of identifier and secret"},
		"zis_":      {"zis_crm", answer{401, `{"error":"invalid_client","error_description":"Client authentication failed"}`}, "zis_{integration} are refused"},
		"scope":     {"ci", answer{400, `{"error":"invalid_scope","error_description":"The requested scope is invalid"}`}, "scopes read and write"},
		"grant":     {"ci", answer{400, `{"error":"unsupported_grant_type"}`}, "no tokens for client credentials"},
		"no token":  {"ci", answer{200, `{"token_type":"bearer"}`}, "holds no access token"},
		"no answer": {"ci", answer{200, `<html><title>Maintenance</title>`}, "a web page"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount()
			a.refuse["POST /oauth/tokens"] = tt.answer
			c, grant := a.client(t, registry.Credentials{ClientID: tt.id, ClientSecret: "the-client-secret"})
			_, err := c.JobSpecs(t.Context(), "crm")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("have %v, want %q in it", err, tt.want)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "the-client-secret") {
				t.Error("the secret is in the error")
			}
			if registry.Unknown(c.Upload(t.Context(), "crm", nil)) {
				t.Error("an upload that was never made is no unknown outcome")
			}
			if err := grant.Revoke(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestANonAdminsClientIsNamed(t *testing.T) {
	a := newAccount()
	a.refuse["GET /api/v2/oauth/clients.json"] = answer{403, "Only admin user is allowed"}
	c, _ := a.client(t, ci)
	_, err := c.JobSpecs(t.Context(), "crm")
	if err == nil || !strings.Contains(err.Error(), "is no admin") {
		t.Fatalf("have %v", err)
	}
	if e, ok := errors.AsType[*registry.Error](err); !ok || e.Hint.Code != verdict.CheckClient {
		t.Errorf("the hint is of another credential: %v", e.Hint)
	}
}

func TestARefusedRevocationTellsWhatLivesOn(t *testing.T) {
	a := newAccount()
	c, grant := a.client(t, ci)
	if _, err := c.JobSpecs(t.Context(), "crm"); err != nil {
		t.Fatal(err)
	}
	a.refuse["DELETE /api/v2/oauth/tokens/102"] = answer{403, "Forbidden"}
	err := grant.Revoke(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the ZIS OAuth token of this run stays") || strings.Contains(err.Error(), "zis-102") {
		t.Errorf("have %v", err)
	}
	if _, bearer := a.live["bearer-101"]; bearer {
		t.Error("the bearer lives on although its revocation was not refused")
	}
}
