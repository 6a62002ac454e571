package interp

import "time"

// Result is what a run did.
type Result struct {
	Flow     string
	Err      *Error // nil if the run succeeded
	End      string // the state in which the flow ended; "" if none was reached
	Message  string // what the log says
	Data     any    // the final $
	Runs     int    // how often the flow was begun: up to four times
	Elapsed  time.Duration
	Moves    int // states begun, those in Maps included, of the last time
	Steps    []Step
	Touched  Touched // what the run relied on
	DataOnly Touched // what only the final $ relied on
	World    World   // configs and links as they are then
}

// Succeeded tells how the run ended.
func (r *Result) Succeeded() bool { return r.Err == nil }

// Path is the states of the last time that the flow was begun, without those
// in Maps.
func (r *Result) Path() []string {
	var list []string
	for _, s := range r.Steps {
		if s.Run == r.Runs && s.Depth == 0 {
			list = append(list, s.State)
		}
	}
	return list
}

// Requests are all requests of all times, in order.
func (r *Result) Requests() []*Exchange {
	var list []*Exchange
	for i := range r.Steps {
		list = append(list, r.Steps[i].Requests...)
	}
	return list
}

// Step is one state that was begun.
type Step struct {
	State    string
	Type     string
	Run      int // from 1
	Depth    int // how many Maps are around it
	Item     int // of the innermost Map, from 0
	At       time.Duration
	Took     time.Duration
	Input    any    // $ before
	Output   any    // $ after
	Given    any    // Parameters, resolved; of an Action
	Rules    []bool // of a Choice: those that were asked, in order
	Requests []*Exchange
	Err      *Error
	Caught   bool   // the error was caught
	To       string // where it goes; "" at an end
	Place    Place
}

// Exchange is a request and what came back.
type Exchange struct {
	Request
	Answer Reply
	State  string
	Place  Place // the action's definition
}

// World is what an integration's account holds beside its bundles.
type World struct {
	Configs map[string]any // by scope
	Links   []any          // objects as LoadLinks gives them
}
