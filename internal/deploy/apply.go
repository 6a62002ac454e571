package deploy

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// State is how far a step has got.
type State string

// The states of a step. Unknown is one of them: a write that got no answer is
// neither done nor failed until the account was asked.
const (
	NotRun   State = "not-run"
	InFlight State = "in-flight"
	Done     State = "done"
	Failed   State = "failed"
	Unknown  State = "unknown"
)

// Event tells the outside that a step has changed its state.
type Event struct {
	Index int // into the result's steps
	Of    int // how many these are; those of a rollback come to them
	Step  Step
	State State
	Took  time.Duration
	Err   error
}

// StepResult is a step and how it ended.
type StepResult struct {
	Step
	State State  `json:"state"`
	Error string `json:"error,omitempty"`
}

// Result is what a deploy did.
type Result struct {
	Steps       []StepResult // those of the plan, then those of a rollback
	UUIDs       []string     // of the bundles, in the plan's order, as read back
	Installed   []string     // ARNs that were read back as installed
	Uninstalled []string     // ARNs that were read back as not installed
	Rollback    Rollback
	ByHand      []string // what a person must do where the rollback could not
	Notes       []string // what should be known of the account besides
	Saved       bool     // the former state is in the journal
	Err         error    // nil: everything was read back as wanted
}

// Settings are how a plan is carried out.
type Settings struct {
	Journal    string        // path of the journal; "" keeps none
	Backup     string        // path of a second file with the former state; "" writes none
	Target     string        // what the journal calls the account
	Attempts   int           // how often a write is tried that got no answer; at least once
	NoRollback bool          // leave a failed deploy as it is
	Settle     time.Duration // look once more after this quiet while; 0 doesn't
	On         func(Event)   // told about each step; may be nil; calls don't overlap
	Note       func(string)  // told on the way; may be nil; calls don't overlap with On
	// Until is when the run's own time is over; zero: never. What an upload has
	// begun is finished after that, and the way back has a time of its own.
	Until time.Time
	Late  error // the cause of what ends then; should be context.DeadlineExceeded
}

// Apply carries the plan out. It succeeds only if the registry gives back the
// bundles that were sent and says that every wanted job spec is installed. A
// plan without steps makes no request.
//
// ctx ends with a signal: nothing new is begun then; but the job specs that an
// upload may have switched off are installed within the seconds there are.
func Apply(ctx context.Context, reg *registry.Client, p Prepared, set Settings) Result {
	a := &apply{reg: reg, plan: p, set: set, signal: signalOf(ctx), accepted: map[string]bool{}, result: Result{Rollback: NotNeeded}}
	if p.Empty() {
		a.result.UUIDs, a.result.Installed = p.uuids(p.before, p.seen), p.Installed()
		a.result.Err = verdict.At(verdict.Verify, p.unprovenBefore())
		return a.result
	}
	defer a.silence()
	defer a.signal.after(func() {
		a.signalled.Store(time.Now().UnixNano())
		a.note("interrupted: nothing new begins, and what has begun is finished")
	})()
	tasks := p.tasks()
	a.append(tasks)
	ctx = registry.OnWait(ctx, a.waits)
	if !set.Until.IsZero() {
		limited, cancel := context.WithDeadlineCause(ctx, set.Until, late(set))
		defer cancel()
		ctx = limited
	}
	err := a.run(ctx, tasks, 0)
	if err != nil {
		err = a.afterFailure(ctx, err)
	}
	if a.journal != nil {
		a.warn(a.journal.end(err, a.result.Rollback, a.seen))
	}
	a.result.Err = verdict.At(p.Steps[len(p.Steps)-1].stage(), err)
	return a.result
}

// signal is what ends a run from outside: the end of the caller's context,
// unless that is its time.
type signal struct {
	came  func() error                      // why the run is to end, or nil
	after func(f func()) (stop func() bool) // has f called when it comes
}

func signalOf(ctx context.Context) signal {
	timed := func() bool { return verdict.ReasonOf(context.Cause(ctx)) == verdict.Timeout }
	return signal{
		came: func() error {
			if ctx.Err() == nil || timed() {
				return nil
			}
			return context.Cause(ctx)
		},
		after: func(f func()) func() bool {
			return context.AfterFunc(ctx, func() {
				if !timed() {
					f()
				}
			})
		},
	}
}

type apply struct {
	reg     *registry.Client
	plan    Prepared
	set     Settings
	journal *Journal
	signal  signal

	signalled atomic.Int64 // when the signal came, in ns; 0: it has not

	uploaded []upload        // bundles whose upload was begun, in order; those of a way back too
	lastSent time.Time       // when the last upload was begun
	looked   time.Time       // when the bundles had been read last, to see changes of somebody else
	blind    time.Duration   // from the last look before an upload to its end: the longest of the run
	ended    time.Time       // when the last upload had ended
	twice    bool            // an upload was sent twice: the first may still land
	accepted map[string]bool // names of bundles whose upload was accepted: it lands, sooner or later
	seen     []Seen          // what was read back of our uploads

	mu     sync.Mutex // guards all below, and set.On and set.Note
	off    map[string]bool
	result Result
	warned bool
}

func late(set Settings) error {
	if set.Late == nil {
		return context.DeadlineExceeded
	}
	return set.Late
}

func (a *apply) append(tasks []task) {
	for _, t := range tasks {
		a.result.Steps = append(a.result.Steps, StepResult{Step: t.Step, State: NotRun})
	}
}

// run carries out tasks, which stand in the result from index first on.
func (a *apply) run(ctx context.Context, tasks []task, first int) error {
	for len(tasks) > 0 {
		n := wave(tasks)
		if err := a.phase(ctx, tasks[:n], first); err != nil {
			return verdict.At(tasks[0].stage(), err)
		}
		tasks, first = tasks[n:], first+n
	}
	return nil
}

// wave counts the first tasks that may run side by side: installs, or
// uninstalls, that follow each other.
func wave(tasks []task) int {
	kind := tasks[0].Kind
	if kind != Install && kind != Uninstall {
		return 1
	}
	n := 1
	for n < len(tasks) && tasks[n].Kind == kind {
		n++
	}
	return n
}

func (a *apply) phase(ctx context.Context, tasks []task, first int) error {
	switch r := tasks[0].resource.(type) {
	case nil:
		if tasks[0].Kind == Snapshot {
			return a.step(ctx, first, a.snapshot)
		}
		return a.step(ctx, first, func(ctx context.Context) error { return a.verify(ctx, tasks[0].Kind == VerifyPruned) })
	case installation:
		return a.switchAll(ctx, tasks, first)
	case upload:
		return a.step(ctx, first, func(ctx context.Context) error { return a.upload(ctx, r) })
	default:
		return a.step(ctx, first, func(ctx context.Context) error {
			_, err := a.send(ctx, r)
			return err
		})
	}
}

// step runs one step, and notes how it ends.
func (a *apply) step(ctx context.Context, i int, do func(context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	start := time.Now()
	a.mark(i, InFlight, 0, nil)
	err := do(ctx)
	a.mark(i, stateOf(err), time.Since(start), err)
	return err
}

func stateOf(err error) State {
	switch {
	case err == nil:
		return Done
	case registry.Unknown(err):
		return Unknown
	}
	return Failed
}

// mark notes the state in the journal first, then tells the outside.
func (a *apply) mark(i int, state State, took time.Duration, cause error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := &a.result.Steps[i]
	if a.journal != nil {
		a.warnLocked(a.journal.mark(i, r.Step, state, cause))
	}
	r.State = state
	if cause != nil {
		r.Error = cause.Error()
	}
	if a.set.On != nil {
		a.set.On(Event{Index: i, Of: len(a.result.Steps), Step: r.Step, State: state, Took: took, Err: cause})
	}
}

// warn tells that the journal can't be written any more. It stops nothing:
// what an upload has switched off must be installed, with a journal or not.
func (a *apply) warn(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.warnLocked(err)
}

func (a *apply) warnLocked(err error) {
	if err == nil || a.warned {
		return
	}
	a.warned = true
	a.result.Notes = append(a.result.Notes, "the journal could not be written to its end: "+err.Error())
}

// note tells something on the way.
func (a *apply) note(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.set.Note != nil {
		a.set.Note(text)
	}
}

// silence ends the notes: the caller goes on.
func (a *apply) silence() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.set.Note = nil
}
