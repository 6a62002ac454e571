package flowtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Once runs a case outside of any test: what it wants isn't asked. each is told
// of every state that has ended, and an error of it ends the run. unanswered
// answers requests that no mock is for; nil fails on them.
func (s *Suite) Once(ctx context.Context, c *Case, each func(*interp.Step) error, unanswered *interp.Reply) (*interp.Result, []Problem) {
	s.prepare()
	flow, problem := s.flow(c)
	if problem == nil {
		problem = s.checkEvent(c)
	}
	if problem != nil {
		return nil, []Problem{*problem}
	}
	var touched interp.Touched
	root, err := s.Account.Posted(c.Event, s.Readings, &touched)
	if err != nil {
		return nil, []Problem{{Text: err.Error(), Test: c.event}}
	}
	live := s.Live
	if unanswered != nil {
		live = func(ctx context.Context, q *interp.Request) (interp.Reply, bool, error) {
			if s.Live != nil {
				if reply, ok, err := s.Live(ctx, q); ok || err != nil {
					return reply, ok, err
				}
			}
			return *unanswered, true, nil
		}
	}
	b := &boundary{account: s.Account, mocks: c.HTTP, used: make([]int, len(c.HTTP)), live: live}
	r := flow.Run(ctx, interp.Start{
		Account: s.Account, Data: root, World: interp.World{Configs: c.Config, Links: c.Links}, Connections: c.Connections,
		Domains: c.Domains, Now: c.Now, HTTP: b.do, Readings: s.Readings, NoRepeat: s.NoRepeat, Step: each,
	})
	r.Touched |= touched
	return r, b.problems
}

// Start is a case that starts a job spec or a flow, whichever has the name,
// with an event.
func (s *Suite) Start(name string, event any) (*Case, error) {
	s.prepare()
	c := &Case{Name: name, Event: event, Now: Instant}
	switch {
	case s.spec(name) != nil:
		c.JobSpec = name
	case s.program.Flow(name) != nil:
		c.Flow = name
	default:
		var known []string
		for _, f := range s.program.Flows() {
			known = append(known, f.Name)
		}
		for _, b := range s.Bundles {
			for _, spec := range b.JobSpecs {
				known = append(known, spec.Name.Value)
			}
		}
		slices.Sort(known)
		p := missing("flow or job spec", name, slices.Compact(known), tree.Place{})
		return nil, fmt.Errorf("%s; %s", p.Text, p.Help)
	}
	return c, nil
}

// Ending tells how a run ended, in a line.
func Ending(r *interp.Result) string {
	if r.Err != nil {
		where := ""
		if r.Err.State != "" {
			where = " in " + r.Err.State
		}
		if at := r.Err.Place; at.Known() {
			where += fmt.Sprintf(" (%s)", at)
		}
		return fmt.Sprintf("FAILED%s: %s", where, credential.Sentence(r.Err.Error()))
	}
	return fmt.Sprintf("SUCCEEDED in %s: %s", r.End, credential.Sentence(r.Message))
}

// Summary is what a run took and relied on.
func Summary(r *interp.Result) string {
	text := fmt.Sprintf("%d states, %s of virtual time", r.Moves, r.Elapsed)
	if r.Runs > 1 {
		text += fmt.Sprintf(", run %d times", r.Runs)
	}
	if r.Touched != 0 {
		text += "; relies on " + r.Touched.String()
	}
	return text
}

// jsonRun is a run for other programs.
type jsonRun struct {
	Status      string          `json:"status"`
	End         string          `json:"end,omitempty"`
	Message     string          `json:"message"`
	Place       string          `json:"place,omitempty"`
	Runs        int             `json:"runs"`
	States      int             `json:"states"`
	Seconds     float64         `json:"virtualSeconds"`
	Assumptions []string        `json:"assumptions,omitempty"`
	Data        json.RawMessage `json:"data"`
	Trace       []jsonStep      `json:"trace"`
}

type jsonStep struct {
	State    string          `json:"state"`
	Type     string          `json:"type"`
	Run      int             `json:"run"`
	Depth    int             `json:"depth,omitempty"`
	Item     int             `json:"item,omitempty"`
	At       float64         `json:"atSeconds"`
	Next     string          `json:"next,omitempty"`
	Input    json.RawMessage `json:"input"`
	Output   json.RawMessage `json:"output"`
	Requests []string        `json:"requests,omitempty"`
	Error    string          `json:"error,omitempty"`
	Caught   bool            `json:"caught,omitempty"`
}

// WriteRun writes a run as JSON; what looks like a secret is hidden.
func WriteRun(w io.Writer, r *interp.Result) error {
	out := jsonRun{Status: "SUCCEEDED", End: r.End, Message: credential.Sentence(r.Message), Runs: r.Runs, States: r.Moves, Seconds: r.Elapsed.Seconds(), Data: raw(r.Data)}
	if r.Err != nil {
		out.Status = "FAILED"
		out.Place = r.Err.Place.String()
	}
	for a := range r.Touched.All {
		out.Assumptions = append(out.Assumptions, a.String())
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		step := jsonStep{State: s.State, Type: s.Type, Run: s.Run, Depth: s.Depth, Item: s.Item, At: s.At.Seconds(), Next: s.To, Input: raw(s.Input), Output: raw(s.Output), Caught: s.Caught}
		for _, q := range s.Requests {
			step.Requests = append(step.Requests, requestLine(q))
		}
		if s.Err != nil {
			step.Error = credential.Sentence(s.Err.Error())
		}
		out.Trace = append(out.Trace, step)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func raw(v any) json.RawMessage { return json.RawMessage(interp.Encode(hide("", v))) }

// Lines are a problem for people.
func (p Problem) Lines() string { return strings.Join(p.lines(), "\n") }

// Answers are the mocks of a case as a boundary of their own; ok is false for a
// request that none is for. problems tells of those so far.
func (s *Suite) Answers(c *Case) (answer func(context.Context, *interp.Request) (interp.Reply, bool, error), problems func() []Problem) {
	s.prepare()
	b := &boundary{account: s.Account, mocks: c.HTTP, used: make([]int, len(c.HTTP)), live: s.Live}
	return func(ctx context.Context, q *interp.Request) (interp.Reply, bool, error) {
		reply, err := b.do(ctx, q)
		return reply, true, err
	}, func() []Problem { return b.problems }
}

// Mocks answer requests as the mocks of any of the cases do, as often as they
// are asked; ok is false for a request that none is for.
func (s *Suite) Mocks(cases []*Case) func(context.Context, *interp.Request) (reply interp.Reply, ok bool, err error) {
	s.prepare()
	b := &boundary{account: s.Account}
	return func(ctx context.Context, q *interp.Request) (interp.Reply, bool, error) {
		for _, c := range cases {
			for i := range c.HTTP {
				if len(b.compare(ctx, &c.HTTP[i].Expect, q)) == 0 {
					return c.HTTP[i].Reply, true, nil
				}
			}
		}
		return interp.Reply{}, false, nil
	}
}

// Connections are the names of those that the actions of the flows use.
func (s *Suite) Connections() []string {
	s.prepare()
	return s.program.Connections()
}
