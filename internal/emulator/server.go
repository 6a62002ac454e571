// Package emulator is a Zendesk account as an http.Handler: the ZIS registry,
// OAuth, sessions, private apps, connections, configs, links and inbound
// webhooks, with the documented and observed answers. It is written from the
// facts about the platform and from nothing else of this program but the
// schemas, so that client and server can disagree.
//
// It is as strict as the platform is known to be, not more: what was seen
// accepted is accepted. Where the facts leave something open, it does the most
// likely; Behave makes it do otherwise, in one of several hundred named ways.
// In comments, "documented" and "observed" say how well a fact is known, and
// "silent" that nobody tells and we had to choose.
//
// docs/emulator.md lists what it answers.
package emulator

import (
	"bytes"
	"context"
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
	Subdomain string   // the account's; empty: acme
	AccountID int64    // the account's; 0: 12345

	// Fault may answer in the place of the real handler, or spoil its answer;
	// Script makes one. It is called for several requests at once.
	Fault func(r *http.Request, real http.Handler) http.Handler

	// Latency is how long each request takes at least.
	Latency time.Duration

	Runner Runner    // runs the flows that events start; nil: they are only noted
	OnRun  func(Run) // is told of each run, one at a time; nil: nobody

	// Clock tells the time of everything that happens late; nil: time.Now,
	// which is virtual in a testing/synctest bubble.
	Clock func() time.Time

	names *names // shared with the other accounts; may be nil

	mu     sync.Mutex // all below, and Fault
	loaded bool
	state  State
	log    []string
	disk   disk // what the state file holds

	runs    int // begun so far
	runLog  []Run
	running sync.WaitGroup

	rules    platform.Rules
	pending  []due
	waiting  []dropping            // for a moment that is no time
	versions map[string][]version  // of integrations by name, if something lags
	turn     map[platform.Side]int // readings so far, by what they look at
}

// maxBody bounds a request, in bytes; no limit is documented, and the largest
// bundle seen has 48 KB.
const maxBody = 32 << 20

// ServeHTTP answers like the account.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.note(r.Method + " " + r.URL.RequestURI())
	fault, latency := s.Fault, s.Latency
	s.mu.Unlock()
	if !pause(r.Context(), latency) {
		panic(http.ErrAbortHandler) // the client has gone
	}
	var real http.Handler = router()
	if fault != nil {
		real = fault(r, real)
	}
	real.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), serverKey{}, s)))
}

// serverKey finds the account of a request in its context: there is one router
// for all accounts, because each would take more memory than an account.
type serverKey struct{}

func serverOf(r *http.Request) *Server { return r.Context().Value(serverKey{}).(*Server) }

// pause waits as long as the network would take; false if nobody waits for
// the answer any more.
func pause(ctx context.Context, latency time.Duration) bool {
	if latency <= 0 {
		return true
	}
	t := time.NewTimer(latency)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// maxLog bounds the log of requests: an emulator may serve for days.
const maxLog = 1 << 17

func (s *Server) note(line string) {
	if len(s.log) >= maxLog {
		s.log = slices.Clone(s.log[maxLog/2:])
	}
	s.log = append(s.log, line)
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
func endpoint(e route) http.Handler {
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
		s := serverOf(r)
		s.answer(&request{Request: r, on: e.on, body: body}, e).Send(w)
	})
}

func (s *Server) answer(r *request, e route) wire.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return wire.Broken(err)
	}
	s.settle()
	if refusal, ok := s.admit(r, e.access); !ok {
		return refusal
	}
	return s.handle(r, func(r *request) wire.Answer { return e.handler(s, r) })
}
