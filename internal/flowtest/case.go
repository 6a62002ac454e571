// Package flowtest says what a flow does, before any account sees it: it reads
// files of cases, runs each through package interp with HTTP mocked, and tells
// what came out otherwise than a case wants, what was covered, and on which
// assumptions a result hangs. It also makes cases, and compares what two
// bundles do with the same events.
package flowtest

import (
	"time"

	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Case is one test: what happens, and what shall come of it.
type Case struct {
	Name  string
	Place tree.Place

	JobSpec string // short name; "" if Flow is given
	Flow    string
	target  tree.Place // of job_spec or flow

	Event       any // in one of the forms that interp.Account.Root takes
	EventFile   string
	event       tree.Place
	Config      map[string]any // by scope
	Links       []any
	Connections []string          // nil: all exist
	Domains     map[string]string // that connections allow; missing: any
	Now         time.Time
	HTTP        []Mock
	Want        Want
}

// Mock is an answer to a request that isn't made.
type Mock struct {
	Place  tree.Place
	Expect Expect
	Reply  interp.Reply
	Times  int // how often it answers; 0 is any number of times, once at least
}

// Expect says which requests a mock is for; what isn't given isn't compared.
type Expect struct {
	Method  string
	URL     string // whole, or from the "/" on for the account's own host
	Query   map[string]any
	Headers map[string]string
	Body    *Body
}

// Body says what the body of a request must be.
type Body struct {
	Form  Form
	Value any    // of Exact and Subset
	Jq    string // of Jq: a program that must give true
}

// Form is a way of comparing a body.
type Form uint8

const (
	_      Form = iota
	Exact       // the same JSON
	Subset      // objects may have more members
	Jq          // a program says
)

// Want is what shall come of a case; what isn't given isn't compared.
type Want struct {
	Place    tree.Place
	End      string // the state
	Fail     *Fail  // or a failure
	Message  *string
	Path     []string
	Data     []Pointed
	Config   map[string]any
	Links    []any
	hasLinks bool
	Requests string // "exact": each mock is used as often as it says; or "any"

	end, path tree.Place
	data      map[string]tree.Place
}

// Fail is a failure that is wanted.
type Fail struct {
	Error, Cause *string // nil: any
	Place        tree.Place
}

// Pointed is a value at a JSON pointer into the final $.
type Pointed struct {
	Pointer string
	Value   any
	Place   tree.Place
}
