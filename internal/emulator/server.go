// Package emulator is the ZIS registry as an http.Handler: the documented and
// observed answers, written from reference/zis.md and from nothing else of
// this program but the schemas, so that client and server can disagree.
//
// It is as strict as the registry is known to be, not more: what was seen
// accepted is accepted. "zis.md" and "peers.md" in comments are those
// references; "silent" is what they don't tell and we had to choose.
package emulator

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Server is one Zendesk account. The zero value works and keeps its state in
// memory. Set the fields before the first request; Fault may be replaced at
// any time through SetFault.
type Server struct {
	StateFile string   // JSON; keeps the state over restarts. One process at a time
	Email     string   // the only email that is accepted with an API token; empty: any
	APIToken  string   // the only API token that is accepted; empty: any
	Taken     []string // integration names that belong to other accounts

	// Fault may answer in the place of the real handler, or spoil its answer;
	// Script makes one. It is called for several requests at once.
	Fault func(r *http.Request, real http.Handler) http.Handler

	// Clock tells the time of everything that happens late; nil: time.Now,
	// which is virtual in a testing/synctest bubble.
	Clock func() time.Time

	route sync.Once
	mux   http.ServeMux

	mu     sync.Mutex // all below, and Fault
	loaded bool
	state  State
	log    []string

	rules    platform.Rules
	pending  []due
	waiting  []dropping            // for a moment that is no time
	versions map[string][]version  // of integrations by name, if something lags
	turn     map[platform.Side]int // readings so far, by what they look at
}

// maxBody bounds a request, in bytes; no limit is documented, and the largest
// bundle seen has 48 KB.
const maxBody = 32 << 20

// ServeHTTP answers like the registry.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.route.Do(s.routes)
	s.mu.Lock()
	s.log = append(s.log, r.Method+" "+r.URL.RequestURI())
	fault := s.Fault
	s.mu.Unlock()
	var real http.Handler = &s.mux
	if fault != nil {
		real = fault(r, real)
	}
	real.ServeHTTP(w, r)
}

// SetFault replaces Fault while requests may be running.
func (s *Server) SetFault(f func(*http.Request, http.Handler) http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Fault = f
}

// Requests are the requests so far, in the order in which they came, as
// "METHOD /path?query"; those that a fault answered are among them.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Wrote tells whether a request other than GET has come since the log was
// emptied.
func (s *Server) Wrote() bool {
	return slices.ContainsFunc(s.Requests(), func(line string) bool { return !strings.HasPrefix(line, "GET ") })
}

// ResetRequests empties the log of requests.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

// routes are the endpoints of zis.md 1.2, 2.1, 5.1 and 5.4, with the
// credentials that each takes.
func (s *Server) routes() {
	const registry, zis = "/api/services/zis/registry/", "/api/services/zis/"
	either := access{takes: []platform.Credential{platform.APIToken, platform.ZISToken, platform.Session}}
	session := platform.Session
	account := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, session}, support: true, scope: "oauth"}
	anybody := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.ZISToken, session}, support: true}
	for _, e := range []struct {
		on      platform.Endpoint
		pattern string
		access  access
		handler func(*request) wire.Answer
	}{
		{platform.Integrations, "GET " + registry + "integrations", access{takes: []platform.Credential{platform.APIToken, session}}, s.listIntegrations},
		{platform.Register, "POST " + registry + "{integration}", access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, session}, creates: true, scope: "zis"}, s.createIntegration},
		{platform.Bundles, "GET " + registry + "{integration}/bundles", either, s.listBundles},
		{platform.Body, "GET " + registry + "{integration}/bundles/{uuid}", either, s.showBundle},
		{platform.Upload, "POST " + registry + "{integration}/bundles", access{takes: []platform.Credential{platform.APIToken, session}}, s.upload},
		{platform.JobSpecs, "GET " + registry + "{integration}/job_specs", either, s.listJobSpecs},
		{platform.Install, "POST " + registry + "job_specs/install", either, s.install},
		{platform.Uninstall, "DELETE " + registry + "job_specs/install", either, s.uninstall},
		{platform.Clients, "GET /api/v2/oauth/clients.json", account, s.listClients},
		{platform.Token, "POST /api/v2/oauth/tokens.json", account, s.createToken},
		{platform.Token, "POST /api/v2/oauth/tokens", account, s.createToken},
		{platform.Grant, "POST /oauth/tokens", access{open: true}, s.grant},
		{"", "GET /api/v2/oauth/tokens/current", anybody, s.currentToken},
		{"", "GET /api/v2/oauth/tokens/current.json", anybody, s.currentToken},
		{platform.Revoke, "DELETE /api/v2/oauth/tokens/{id}", account, s.revokeToken},
		{"", "PUT /api/v2/oauth/clients/{id}/generate_secret", account, s.rotateSecret},
		{"", "PUT /api/v2/oauth/clients/{id}/generate_secret.json", account, s.rotateSecret},
		{"", "GET /api/v2/users/me.json", anybody, s.me},
		{platform.Connections, "GET " + zis + "integrations/{integration}/connections/all", access{takes: []platform.Credential{platform.ZISToken, session}}, s.listConnections},
		{platform.Webhooks, "GET " + zis + "inbound_webhooks/generic/{integration}/all", access{takes: []platform.Credential{platform.ZISToken, session}}, s.listWebhooks},
	} {
		s.mux.Handle(e.pattern, s.endpoint(e.on, e.access, e.handler))
	}
}

// request is a request whose body has been read and whose credential was
// found to be good for it.
type request struct {
	*http.Request
	on          platform.Endpoint
	body        []byte
	who         identity
	integration *Integration // in the path or the ARN; nil if it is to be created, or none is named
}

// endpoint reads and answers without the lock: a client that sends or reads
// slowly holds up nobody else.
func (s *Server) endpoint(on platform.Endpoint, a access, handler func(*request) wire.Answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			wire.Refuse(http.StatusRequestEntityTooLarge, "request entity too large").Send(w)
			return
		}
		if err != nil {
			panic(http.ErrAbortHandler) // the client has gone in the middle of its request
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.answer(&request{Request: r, on: on, body: body}, a, handler).Send(w)
	})
}

func (s *Server) answer(r *request, a access, handler func(*request) wire.Answer) wire.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return wire.Broken(err)
	}
	s.settle()
	if refusal, ok := s.admit(r, a); !ok {
		return refusal
	}
	return s.handle(r, handler)
}
