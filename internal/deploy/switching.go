package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// notYet is how long after an upload a job spec may be unknown to the
// registry.
const notYet = 15 * time.Second

// errSkipped is why a write was not tried: those before it all failed.
var errSkipped = errors.New("not tried, because those before it failed")

// switchAll installs, or uninstalls, job specs side by side. Each is a step of
// the result. What an upload has switched off is installed even after an
// interrupt, within the seconds there are.
func (a *apply) switchAll(ctx context.Context, tasks []task, first int) error {
	if tasks[0].Kind == Install {
		finishing, cancel := a.finishing(ctx)
		defer cancel()
		ctx = finishing
	}
	list := make([]installation, len(tasks))
	for i, t := range tasks {
		list[i] = t.resource.(installation)
	}
	return a.switching(ctx, list, func(i int, state State, took time.Duration, err error) { a.mark(first+i, state, took, err) })
}

// switching is a set of job specs on its way: what is left of it, and why.
type switching struct {
	list []installation
	errs []error
	took []time.Duration
	told []bool
	left []int // those that are not known to be as they should be
	mark func(i int, state State, took time.Duration, err error)
}

// switching writes in rounds. What was turned down is judged by the list: a
// job spec that is as it should be has not failed, whatever was answered. What
// got no clear answer is tried again, and what is refused is not.
func (a *apply) switching(ctx context.Context, list []installation, mark func(int, State, time.Duration, error)) error {
	s := &switching{list: list, errs: make([]error, len(list)), took: make([]time.Duration, len(list)), told: make([]bool, len(list)), mark: mark}
	for i := range list {
		s.left = append(s.left, i)
	}
	alive := true // the last round had a success
	for round := 1; ; round++ {
		alive = a.round(ctx, s, alive)
		if len(s.left) > 0 {
			a.judgeByList(ctx, s)
		}
		again := slices.ContainsFunc(s.left, func(i int) bool { return a.worthAgain(s.errs[i], round) })
		if len(s.left) == 0 || !again || ctx.Err() != nil || registry.Sleep(ctx, a.roundPause(s, round)) != nil {
			return s.end()
		}
		s.left = slices.DeleteFunc(s.left, func(i int) bool {
			refused := !a.worthAgain(s.errs[i], round) && !errors.Is(s.errs[i], errSkipped)
			if refused {
				s.mark(i, stateOf(s.errs[i]), s.took[i], s.errs[i])
			}
			return refused
		})
	}
}

// end marks what is left, and returns the first error.
func (s *switching) end() error {
	for _, i := range s.left {
		if !errors.Is(s.errs[i], errSkipped) {
			s.mark(i, stateOf(s.errs[i]), s.took[i], s.errs[i])
		}
	}
	for _, err := range s.errs {
		if err != nil && !errors.Is(err, errSkipped) {
			return err
		}
	}
	return nil
}

// round writes what is left, as many at a time as there may be requests, and
// tells whether any was accepted. One that fails doesn't keep the others from
// being tried, because each job spec that is on is a flow that lives; but if
// all fail, a few are enough to know, and after such a round one is.
func (a *apply) round(ctx context.Context, s *switching, alive bool) bool {
	side := max(1, a.reg.MaxConcurrency)
	var done, failed atomic.Int32
	most := int32(2 * side)
	if !alive {
		most = 1
	}
	var g errgroup.Group
	g.SetLimit(side)
	for n, i := range s.left {
		if !alive && n == 1 { // the first alone shows whether it is worth it
			_ = g.Wait()
		}
		g.Go(func() error {
			if done.Load() == 0 && failed.Load() >= most {
				s.errs[i] = errSkipped
				return nil
			}
			if a.once(ctx, s, i); s.errs[i] == nil {
				done.Add(1)
			} else {
				failed.Add(1)
			}
			return nil
		})
	}
	_ = g.Wait() // the errors are kept by index
	s.left = slices.DeleteFunc(s.left, func(i int) bool { return s.errs[i] == nil })
	return done.Load() > 0
}

// once writes one job spec.
func (a *apply) once(ctx context.Context, s *switching, i int) {
	if ctx.Err() != nil {
		s.errs[i] = context.Cause(ctx)
		return
	}
	start := time.Now()
	if !s.told[i] {
		s.told[i] = true
		s.mark(i, InFlight, 0, nil)
	}
	s.errs[i] = s.list[i].write(ctx, a.reg)
	s.took[i] += time.Since(start)
	if s.errs[i] == nil {
		a.nowOn(s.list[i])
		s.mark(i, Done, s.took[i], nil)
	}
}

// judgeByList asks the account which of what is left is as it should be.
func (a *apply) judgeByList(ctx context.Context, s *switching) {
	specs, err := a.reg.JobSpecs(ctx, a.plan.Integration)
	if err != nil {
		return
	}
	have := Remote{JobSpecs: withoutGhosts(a.plan.before.JobSpecs, specs)}
	s.left = slices.DeleteFunc(s.left, func(i int) bool {
		if s.list[i].look(have).state != held {
			return false
		}
		s.errs[i] = nil
		a.nowOn(s.list[i])
		s.mark(i, Done, s.took[i], nil)
		return true
	})
}

// worthAgain tells whether a write may succeed if it is made again.
func (a *apply) worthAgain(err error, round int) bool {
	switch {
	case err == nil, errors.Is(err, errSkipped):
		return false
	case registry.UnknownJobSpec(err) && time.Since(a.lastSent) < notYet:
		return true
	case registry.Refused(err):
		return false
	}
	return round < max(1, a.set.Attempts)
}

// roundPause is short where only the registry's own delay is waited for.
func (a *apply) roundPause(s *switching, round int) time.Duration {
	for _, i := range s.left {
		if s.errs[i] != nil && !errors.Is(s.errs[i], errSkipped) && !registry.UnknownJobSpec(s.errs[i]) {
			return pause(round)
		}
	}
	return lookAgain(round)
}

// nowOn notes that a job spec is as it should be.
func (a *apply) nowOn(i installation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i.on {
		delete(a.off, one(i.name))
	}
}

// waits is told of each pause that the registry asks for: behind an upload it
// must be said what it costs.
func (a *apply) waits(r registry.Retry) {
	const worthTelling = 5 * time.Second
	a.mu.Lock()
	n := len(a.off)
	a.mu.Unlock()
	if r.Wait >= worthTelling && n > 0 {
		a.note(fmt.Sprintf("%s is repeated in %s; until then %s", r.Op, r.Wait.Round(time.Second), a.standing()))
	}
}
