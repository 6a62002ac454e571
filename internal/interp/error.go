package interp

import (
	"fmt"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Kind says what sort of end an Error is.
type Kind uint8

// Runtime errors alone can be caught.
const (
	Runtime    Kind = iota // of an Action or Map; or of a state that can't catch
	Failed                 // a Fail state
	Limit                  // of time, transitions, items or size: the flow ends
	Refused                // the platform would have refused the bundle or the event
	NotStarted             // a connection is missing: no state ran
	Stopped                // the HTTP boundary or the caller stopped the run: it says nothing about the flow
)

// String is the kind's name.
func (k Kind) String() string {
	return [...]string{"runtime error", "Fail", "limit", "refused", "not started", "stopped"}[k]
}

// Error is why a run, or a state of it, failed.
type Error struct {
	Kind   Kind
	Text   string // the Cause, as the platform writes it where that is known
	Name   string // the Error of a Fail state
	Detail string // what the platform doesn't say; may be empty
	State  string
	Place  Place

	status     int           // of an HTTP action
	retryAfter time.Duration // -1: not told
	items      bool          // too many items of a Map
}

// Error is what the log would say, and what it would not.
func (e *Error) Error() string {
	if e.Detail != "" {
		return e.Text + " (" + e.Detail + ")"
	}
	return e.Text
}

// Place is where in the bundle something stands. The zero Place is nowhere.
type Place struct {
	File *diag.File
	Node *source.Node
}

// Position is the place as editors show it.
func (p Place) Position() diag.Position {
	if p.File == nil || p.Node == nil {
		return diag.Position{}
	}
	return p.File.Position(p.Node.Span.Start)
}

// String is file:line:column; "" of nowhere.
func (p Place) String() string {
	if !p.Known() {
		return ""
	}
	at := p.Position()
	return fmt.Sprintf("%s:%d:%d", p.File.Path, at.Line, at.Column)
}

// Known tells whether there is a place.
func (p Place) Known() bool { return p.File != nil && p.Node != nil }

// at gives an error its place, unless it has a narrower one.
func (r *run) at(err *Error, n *source.Node) *Error {
	if err != nil && err.Place.Node == nil && n != nil {
		err.Place = Place{r.flow.program.file(n), n}
	}
	return err
}
