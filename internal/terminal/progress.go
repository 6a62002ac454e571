package terminal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// redraw is how often the live line is looked at: it shows seconds.
const redraw = 200 * time.Millisecond

// Progress tells on stderr how the work goes: a plain line for each step that
// has ended and, on a terminal, below them a live one of what is running.
type Progress struct {
	streams *Streams
	live    *live // nil: stderr is no terminal

	mu      sync.Mutex
	running []task // in the order in which they began
	waits   wait
	tick    *time.Timer
}

// task is something that takes time: the nth of several, if of isn't 0.
type task struct {
	name  string
	n, of int
	since time.Time
}

// wait is a pause before a request is made again.
type wait struct {
	until time.Time
	why   string
}

// Begin shows that something runs; what is returned tells that it has ended.
func (p *Progress) Begin(name string) (end func(error)) {
	t := task{name: name, since: time.Now()}
	p.start(t)
	return func(err error) {
		p.end(t.name)
		state := deploy.Done
		if err != nil {
			state = deploy.Failed
		}
		p.tell(state, name, time.Since(t.since), nil)
	}
}

// Step follows the steps of a plan.
func (p *Progress) Step(e deploy.Event) {
	name := e.Step.String()
	if e.State == deploy.InFlight {
		p.start(task{name: name, n: e.Index + 1, of: e.Of, since: time.Now()})
		return
	}
	p.end(name)
	p.tell(e.State, name, e.Took, e.Err)
}

func (p *Progress) tell(state deploy.State, name string, took time.Duration, cause error) {
	line := fmt.Sprintf("%s (%s)", name, took.Round(time.Millisecond))
	if cause != nil {
		line += ": " + cause.Error()
	}
	p.streams.Ended(state, line)
}

// Retry tells of a pause: in the live line, or in a line of its own.
func (p *Progress) Retry(r registry.Retry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live == nil || len(p.running) == 0 {
		p.streams.Note("%v; again in %s (try %d of %d)", r.Err, r.Wait.Round(time.Millisecond), r.Try, r.Of)
		return
	}
	if until := time.Now().Add(r.Wait); until.After(p.waits.until) {
		p.waits = wait{until, reasonToWait(r)}
	}
	p.show()
}

func reasonToWait(r registry.Retry) string {
	if e, ok := errors.AsType[*registry.Error](r.Err); ok && e.Status == http.StatusTooManyRequests {
		return "the account allows no more requests"
	}
	return r.Err.Error()
}

func (p *Progress) start(t task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = append(p.running, t)
	p.show()
}

func (p *Progress) end(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.IndexFunc(p.running, func(t task) bool { return t.name == name }); i >= 0 {
		p.running = slices.Delete(p.running, i, i+1)
	}
	p.show()
}

// Clear takes the live line away, also of steps whose end was not told.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = nil
	p.show()
}

// show draws the live line, again and again while something runs.
func (p *Progress) show() {
	if p.live == nil {
		return
	}
	if len(p.running) == 0 {
		p.live.show("")
		return
	}
	p.live.show(p.streams.Secrets.Clean(report.Plain(p.text(time.Now()))))
	if p.tick != nil {
		p.tick.Reset(redraw)
		return
	}
	p.tick = time.AfterFunc(redraw, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.show()
	})
}

// text is the live line. What changes stands first: the end may be cut off.
func (p *Progress) text(now time.Time) string {
	t := p.running[0]
	text := fmt.Sprintf("%d s  ", now.Sub(t.since)/time.Second)
	if t.of > 0 {
		text = fmt.Sprintf("%d of %d  ", t.n, t.of) + text
	}
	if left := p.waits.until.Sub(now); left > 0 {
		text += fmt.Sprintf("waiting %d s: %s: ", (left+time.Second-1)/time.Second, p.waits.why)
	}
	text += t.name
	if more := len(p.running) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
