package deploy

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// mostSent is how often a write is sent that gets no clear answer.
const mostSent = 3

// shortLook is how long is looked for a write whose answer was an error: it
// took effect or it did not. One without an answer may still be on its way.
const shortLook = 3 * time.Second

// upload stores one bundle. From the moment it is sent its job specs may be
// off.
func (a *apply) upload(ctx context.Context, u upload) error {
	if time.Since(a.looked) > fresh {
		if err := a.overtaken(ctx, u); err != nil {
			return err
		}
	}
	takeBack := a.begun(u)
	accepted, err := a.send(registry.BeforeAgain(ctx, func(ctx context.Context) error {
		err := a.overtaken(ctx, u)
		if err != nil && !a.twice {
			takeBack()
		}
		return err
	}), u)
	if accepted {
		a.accepted[u.name] = true
	}
	a.ended = time.Now()
	a.blind = max(a.blind, a.ended.Sub(a.looked))
	return err
}

// send writes a resource. After an answer that tells nothing the account is
// asked whether it took effect, for as long as it may still land, and only if
// not it is sent again. accepted says that it was answered so.
func (a *apply) send(ctx context.Context, r resource) (accepted bool, err error) {
	for sent := 1; ; sent++ {
		a.twice = a.twice || sent > 1
		a.lastSent = time.Now()
		err := r.write(ctx, a.reg)
		if err == nil {
			return true, nil
		}
		if !registry.Unknown(err) && !registry.Doubtful(err) {
			return false, err // refused, or never sent
		}
		if a.landed(ctx, r, a.patience(err)) {
			return false, nil
		}
		if ctx.Err() != nil || sent >= min(mostSent, max(1, a.set.Attempts)) || registry.Doubtful(err) && sent > 1 {
			return false, err
		}
	}
}

// begun notes that a bundle is being uploaded: until they are installed, its
// job specs may be off. What it returns takes that back: nothing was sent.
func (a *apply) begun(u upload) (takeBack func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	off := maps.Clone(a.off)
	a.uploaded = append(a.uploaded, u)
	if a.off == nil {
		a.off = map[string]bool{}
	}
	for _, s := range zis.Read(u.doc).JobSpecs {
		a.off[one(s.Name.Value)] = true
	}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.uploaded, a.off = a.uploaded[:len(a.uploaded)-1], off
	}
}

// fresh is how old a look at the account may be when an upload is sent.
const fresh = time.Second / 2

// overtaken looks once more, before an upload is sent, and its error says what
// somebody else has changed: the registry has no conditional writes, so that
// would be overwritten unseen.
func (a *apply) overtaken(ctx context.Context, u upload) error {
	var l look
	_, err := agreed(ctx, func() (Remote, error) {
		put, err := bundles{}.read(ctx, a.reg, a.plan.before, called(u.name))
		if err != nil {
			return Remote{}, err
		}
		have := Remote{Integration: u.integration}
		put(&have)
		a.looked = have.looked
		if l = (look{state: asBefore}); !u.untouched(have) { // that is seen far quicker than what is sent
			l = u.look(have)
		}
		return have, nil
	}, func(Remote) bool { return l.unchanged() })
	switch {
	case err != nil:
		return err
	case l.unchanged():
		return nil
	case l.state == unclear:
		return verdict.Errorf(verdict.PlanChanged, "", "since the plan was made, %s", l.what)
	}
	what := fmt.Sprintf("the bundle %q was changed by somebody else", u.name)
	if !a.twice { // else an upload without an answer may still land
		what += "; it was not uploaded over"
	}
	return verdict.Errorf(verdict.PlanChanged, "agree with them, then run the deploy again", "since the plan was made, %s", what)
}

// unchanged tells whether a write would overwrite nothing but what was there.
func (l look) unchanged() bool { return l.state == held || l.state == asBefore }

// patience is how long a write may still land after an error.
func (a *apply) patience(err error) time.Duration {
	if registry.Answered(err) {
		return shortLook
	}
	if a.reg.RequestTimeout > 0 {
		return a.reg.RequestTimeout
	}
	return registry.DefaultRequestTimeout
}

// landed looks for a write until it shows or the time is over. Anything but
// what was there before shows that something has landed; what it is, proving
// will tell. Of the bodies only that of the resource's name is read.
func (a *apply) landed(ctx context.Context, r resource, within time.Duration) bool {
	until := time.Now().Add(within)
	for i := 0; ; i++ {
		have, err := a.readBack(ctx, []string{r.step().Name})
		if err == nil {
			if l := r.look(have); l.state == held || l.state == other {
				return true
			}
		}
		wait := lookAgain(i)
		if time.Now().Add(wait).After(until) || registry.Sleep(ctx, wait) != nil {
			return false
		}
	}
}

// lookAgain is the pause after the nth look, from 0: nothing documents that a
// write can be read at once, and most can.
func lookAgain(n int) time.Duration {
	return min(500*time.Millisecond<<min(n, 4), 4*time.Second)
}

// readBack reads what proving needs: of the bodies only those of the named
// bundles.
func (a *apply) readBack(ctx context.Context, names []string) (Remote, error) {
	return read(ctx, a.reg, a.plan.before, called(names...))
}

// called tells of a bundle's name whether it is one of these.
func called(names ...string) func(string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return one(n) == one(name) })
	}
}

// pause grows with the attempts, up to half a minute, and is random so that
// several runs don't knock together.
func pause(attempt int) time.Duration {
	return time.Second/2 + rand.N(min(30*time.Second, time.Second<<attempt))
}

// finishTime is how long job specs may still be installed after a signal that
// came behind an upload: a runner kills after 7.5 s (actions/runner), and the
// end is to be told as well.
const finishTime = 6 * time.Second

// overtime is the same after the run's own time ran out: nobody kills it.
const overtime = 30 * time.Second

// finishing is the context for what an upload has begun: it outlives ctx, but
// not for long, and ends sharply.
func (a *apply) finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	if len(a.uploaded) == 0 {
		return ctx, func() {}
	}
	run, cancel := context.WithCancelCause(registry.Sharp(context.WithoutCancel(ctx)))
	stopTime := context.AfterFunc(ctx, func() {
		if a.timedOut(ctx) {
			_ = registry.Sleep(run, overtime)
			cancel(context.Cause(ctx))
		}
	})
	stopSignal := a.signal.after(func() {
		_ = registry.Sleep(run, a.timeLeft())
		cancel(a.signal.came())
	})
	return run, func() {
		stopTime()
		stopSignal()
		cancel(context.Canceled)
	}
}

// timeLeft is how long something may still go on after a signal.
func (a *apply) timeLeft() time.Duration {
	if at := a.signalled.Load(); at != 0 {
		return max(0, finishTime-time.Since(time.Unix(0, at)))
	}
	return finishTime
}

// timedOut tells whether the run's own time is over, and no signal came.
func (a *apply) timedOut(ctx context.Context) bool { return ctx.Err() != nil && a.signal.came() == nil }
