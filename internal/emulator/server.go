// Package emulator is the ZIS registry as an http.Handler: the documented and
// observed answers, written from reference/zis.md and from nothing else of
// this program but the schemas, so that client and server can disagree.
//
// It is as strict as the registry is known to be, not more: what was seen
// accepted is accepted.
package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Server is one Zendesk account. The zero value works and keeps its state in
// memory. Set the fields before the first request; Fault may be changed at any
// time through SetFault.
type Server struct {
	StateFile string   // JSON; keeps the state over restarts
	Email     string   // with APIToken: the only pair that is accepted
	APIToken  string   // empty: every email with any token
	Taken     []string // integration names that belong to other accounts

	// Fault may answer in the place of the real handler, or spoil its answer.
	Fault func(r *http.Request, real http.Handler) http.Handler

	mu     sync.Mutex
	loaded bool
	state  State
	log    []string
	routes *http.ServeMux
}

// maxBody bounds a request; no limit is documented.
const maxBody = 32 << 20

// ServeHTTP answers like the registry.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.log = append(s.log, r.Method+" "+r.URL.RequestURI())
	fault := s.Fault
	s.mu.Unlock()
	var real http.Handler = http.HandlerFunc(s.serve)
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

// Requests are the requests so far: method, path and query as they came.
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

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		plain(w, http.StatusInternalServerError, err.Error())
		return
	}
	if s.routes == nil {
		s.routes = s.mux()
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	s.routes.ServeHTTP(w, r)
}

// mux has the endpoints of zis.md 1.2, 2.1, 5.1 and 5.4.
func (s *Server) mux() *http.ServeMux {
	const registry = "/api/services/zis/registry/"
	m := http.NewServeMux()
	m.HandleFunc("GET "+registry+"integrations", s.with(tokens{basic}, s.listIntegrations))
	m.HandleFunc("POST "+registry+"{integration}", s.with(tokens{basic, admin}, s.createIntegration))
	m.HandleFunc("GET "+registry+"{integration}/bundles", s.with(tokens{basic, zis}, s.listBundles))
	m.HandleFunc("GET "+registry+"{integration}/bundles/{uuid}", s.with(tokens{basic, zis}, s.showBundle))
	m.HandleFunc("POST "+registry+"{integration}/bundles", s.with(tokens{basic}, s.upload))
	m.HandleFunc("GET "+registry+"{integration}/job_specs", s.with(tokens{basic, zis}, s.listJobSpecs))
	m.HandleFunc("POST "+registry+"job_specs/install", s.with(tokens{basic, zis}, s.install))
	m.HandleFunc("DELETE "+registry+"job_specs/install", s.with(tokens{basic, zis}, s.uninstall))
	m.HandleFunc("GET /api/v2/oauth/clients.json", s.with(tokens{basic, admin}, s.listClients))
	m.HandleFunc("POST /api/v2/oauth/tokens.json", s.with(tokens{basic, admin}, s.createToken))
	m.HandleFunc("POST /api/v2/oauth/tokens", s.with(tokens{basic, admin}, s.createToken))
	m.HandleFunc("GET /api/services/zis/integrations/{integration}/connections/all", s.with(tokens{zis}, s.listConnections))
	m.HandleFunc("GET /api/services/zis/inbound_webhooks/generic/{integration}/all", s.with(tokens{zis}, s.listWebhooks))
	return m
}

// failure is an error as the registry documents it.
type failure struct {
	Errors  []failureDetail `json:"errors,omitempty"`
	Message string          `json:"message"`
}

type failureDetail struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Status string `json:"status"`
}

// refuse answers 400 in the documented envelope (code 1010).
func refuse(w http.ResponseWriter, message, detail string) {
	reply(w, http.StatusBadRequest, failure{
		Errors: []failureDetail{{Code: "1010", Detail: detail, Status: "400"}}, Message: message,
	})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone
}

// plain answers with bare text, as authorization failures do (observed).
func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client has gone
}

func shortName(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
