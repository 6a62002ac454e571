package interp

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Limits of a run, as package zis has them.
var (
	MaxTime    = time.Duration(zis.FlowSeconds.Most) * time.Second // Wait included
	MaxMoves   = zis.Transitions.Most                              // documented for flows with nested Maps
	MaxItems   = zis.MapItems.Most
	MaxRuns    = zis.FlowRuns.Most // the first and the repetitions
	MaxPayload = zis.ActionPayload.Most
)

// MaxData is how large the data of a flow may grow, as JSON: what this machine
// takes. What the platform takes isn't known.
const MaxData = 32 << 20

// Start is what a run begins with.
type Start struct {
	Account     Account
	Data        any               // the initial $: see Root
	World       World             // isn't changed; Result.World is what became of it
	Connections []string          // that exist; nil: every one
	Domains     map[string]string // allowed domain of a connection; "" and missing: any
	Now         time.Time
	HTTP        func(context.Context, *Request) (Reply, error) // an error stops the run
	Readings    Readings
	NoRepeat    bool              // don't repeat the flow after 429 and 500
	Step        func(*Step) error // is told of each state that has ended; an error stops the run
}

// run is one run, over all its repetitions.
type run struct {
	Start
	ctx    context.Context
	flow   *Flow
	result *Result
	world  World

	number int           // which time, from 1
	before time.Duration // what the times before took
	clock  time.Duration // of this time
	moves  int
	depth  int
	item   int
	caught []map[string]any // the objects that a Catch has stored
	links  int              // made so far
	room   int              // bytes that what is being resolved may still take
}

// reads tells that the run relies on an assumption, and how it is read.
func (r *run) reads(a Assumption) uint8 {
	r.result.Touched.Add(a)
	return r.Readings.chosen[a]
}

// Run runs the flow, and again as the platform would. The context bounds the
// time that it really takes.
func (f *Flow) Run(ctx context.Context, start Start) *Result {
	r := &run{Start: start, ctx: ctx, flow: f, result: &Result{Flow: f.Name}, world: start.World.clone()}
	for r.number = 1; ; r.number++ {
		r.clock, r.moves = 0, 0
		data, err := r.once()
		r.result.Data, r.result.Err, r.result.Runs, r.result.Moves = data, err, r.number, r.moves
		wait, again := r.again(err)
		r.before += r.clock
		if !again {
			break
		}
		r.before += wait
	}
	r.result.Elapsed, r.result.World = r.before, r.world
	if r.result.Err != nil {
		r.result.Message = r.result.Err.Text
	}
	return r.result
}

// again tells whether the flow is repeated, and after which pause.
func (r *run) again(err *Error) (time.Duration, bool) {
	if err == nil || err.Kind != Runtime || r.NoRepeat || r.number == MaxRuns || err.status != 429 && err.status != 500 {
		return 0, false
	}
	const first, later, longest = 30 * time.Second, 60 * time.Second, 120 * time.Second
	switch {
	case err.status == 429 && err.retryAfter >= 0:
		return min(err.retryAfter, longest), true
	case r.number == 1:
		return first, true
	}
	return later, true // before the fourth time the pause isn't known
}

// once runs the flow one time.
func (r *run) once() (any, *Error) {
	if err := r.connected(); err != nil {
		return r.Data, err
	}
	if r.flow.machine == nil || r.flow.machine.start == nil {
		return r.Data, r.at(&Error{Kind: Refused, Text: fmt.Sprintf("the flow %s has no state at which it starts", r.flow.Name)}, r.flow.Zis.Node)
	}
	return r.machine(r.flow.machine, r.Data)
}

// connected looks for the connections before the first state begins.
func (r *run) connected() *Error {
	if r.Connections == nil {
		return nil
	}
	missing := func(list []string) string {
		i := slices.IndexFunc(list, func(name string) bool { return !slices.Contains(r.Connections, name) })
		if i < 0 {
			return ""
		}
		return list[i]
	}
	name := missing(r.flow.connections)
	if name == "" {
		if name = missing(r.flow.program.connections); name != "" && r.reads(ConnectionsNeeded) != second {
			name = ""
		}
	}
	if name == "" {
		return nil
	}
	return r.at(&Error{Kind: NotStarted, Text: fmt.Sprintf("Cannot start flow because the connection named %q does not exist", name)}, r.flow.Zis.Node)
}

// machine runs states until one of them ends it.
func (r *run) machine(m *machine, data any) (any, *Error) {
	for s := m.start; ; {
		if err := r.move(s); err != nil {
			return data, err
		}
		step := Step{State: s.name, Type: s.zis.Type.Value, Run: r.number, Depth: r.depth, Item: r.item, At: r.before + r.clock, Input: data, Place: r.placeOf(s.zis.Node)}
		at := len(r.result.Steps)
		r.result.Steps = append(r.result.Steps, step)
		began := r.clock
		out, next, err := r.state(s, data, at)
		err = r.named(err, s)
		if err != nil && r.catches(s, err) {
			out, next, err = r.catch(s, data, err, at)
		}
		err = r.overtime(err, s)
		told := r.told(at, out, next, err, began)
		if r.depth == 0 {
			r.result.End = s.name
		}
		if err == nil {
			err = told
		}
		if err != nil || next == nil {
			return out, err
		}
		s, data = next, out
	}
}

// told completes the step and shows it to whoever follows the run.
func (r *run) told(at int, out any, next *state, err *Error, began time.Duration) *Error {
	step := &r.result.Steps[at]
	step.Output, step.Took = out, r.clock-began
	if next != nil {
		step.To = next.name
	}
	if err != nil {
		step.Err = err
	}
	if r.Step == nil {
		return nil
	}
	if failed := r.Step(step); failed != nil {
		return &Error{Kind: Stopped, Text: failed.Error()}
	}
	return nil
}

func (r *run) placeOf(n *source.Node) Place { return Place{r.flow.program.file(n), n} }

// named gives an error the state in which it happened first.
func (r *run) named(err *Error, s *state) *Error {
	if err != nil && err.State == "" {
		err.State = s.name
	}
	return r.at(err, s.zis.Node)
}

// move counts a state that begins.
func (r *run) move(s *state) *Error {
	if err := context.Cause(r.ctx); err != nil {
		return r.named(&Error{Kind: Stopped, Text: err.Error()}, s)
	}
	if r.moves == MaxMoves {
		return r.named(&Error{Kind: Limit, Text: fmt.Sprintf("the flow goes over more than %d states", MaxMoves), Detail: "the limit is documented for flows with nested Maps"}, s)
	}
	r.moves++
	return nil
}

// overtime ends the flow when its time is up.
func (r *run) overtime(err *Error, s *state) *Error {
	if r.clock <= MaxTime || err != nil && err.Kind != Runtime {
		return err
	}
	r.clock = MaxTime
	return r.named(&Error{Kind: Limit, Text: fmt.Sprintf("the flow takes longer than %d seconds", MaxTime/time.Second)}, s)
}

// catches tells whether the state takes the error.
func (r *run) catches(s *state, err *Error) bool {
	if s.catch == nil || err.Kind == Limit && !(err.items && r.reads(TooManyItems) == second) || err.Kind != Runtime && err.Kind != Limit && !(err.Kind == Failed && s.iterator != nil) {
		return false
	}
	if _, again := r.again(err); again {
		return r.reads(CatchOrRepeat) == second
	}
	return true
}

// catch stores the error and goes where the Catch says.
func (r *run) catch(s *state, data any, err *Error, at int) (any, *state, *Error) {
	step := &r.result.Steps[at]
	step.Err, step.Caught = err, true
	object := map[string]any{"Cause": err.Text, "Error": "States.TaskFailed"}
	if r.Readings.chosen[ErrorMember] == second {
		delete(object, "Error")
	}
	r.caught = append(r.caught, object)
	if s.catch.node == nil {
		return object, s.caught, nil
	}
	out, failed := r.put(s.catch, data, object)
	return out, s.caught, failed
}

// put stores a result at a ResultPath.
func (r *run) put(t *target, data, value any) (any, *Error) {
	out, ok := store(data, value, t.path.segments, false)
	if t.path.broken || !ok {
		replaced, done := store(data, value, t.path.segments, true)
		out, ok = replaced, r.reads(ThroughScalar) == second && done && !t.path.broken
	}
	if ok {
		return out, r.at(sized(out), t.node)
	}
	return data, r.at(&Error{Text: "the result can't be stored at " + t.path.text}, t.node)
}

// sized holds data to its limit. Its parts may be shared, so that it can be far
// larger as JSON than it is in memory.
func sized(v any) *Error {
	if room := MaxData; !within(v, &room) {
		return tooMuch()
	}
	return nil
}

func tooMuch() *Error {
	return &Error{Kind: Limit, Text: fmt.Sprintf("the data grows larger than %d MiB", MaxData>>20), Detail: "the platform's limit isn't known"}
}

func (w World) clone() World {
	c := World{Configs: make(map[string]any, len(w.Configs)), Links: slices.Clone(w.Links)}
	maps.Copy(c.Configs, w.Configs)
	return c
}
