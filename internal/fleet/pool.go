package fleet

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// pool works on many targets, so many at a time, each within a time of its
// own: one that answers late or never costs itself, and nobody else.
type pool struct {
	parallel int
	timeout  time.Duration // for each; 0: none
}

// run calls work for each of n, in order. Before each it asks whether to go
// on; what is not begun is left. It returns when all that were begun have
// ended.
func (p pool) run(ctx context.Context, n int, goOn func() bool, work func(ctx context.Context, i int)) {
	places := make(chan struct{}, max(1, p.parallel))
	var running sync.WaitGroup
	defer running.Wait()
	for i := range n {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if ctx.Err() != nil || !goOn() {
			return
		}
		running.Go(func() {
			defer func() { <-places }()
			own, cancel := p.limited(ctx)
			defer cancel()
			work(own, i)
		})
	}
}

func (p pool) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = context.WithValue(ctx, runKey{}, ctx)
	if p.timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, p.timeout, late(p.timeout))
}

func late(after time.Duration) error {
	return fmt.Errorf("the account took longer than %s: %w", after, context.DeadlineExceeded)
}

// runKey finds the context of the whole run in that of one target.
type runKey struct{}

// runOf is the context of the whole run, which a target's own time doesn't
// end: what a write has begun is finished after that.
func runOf(ctx context.Context) context.Context {
	if run, ok := ctx.Value(runKey{}).(context.Context); ok {
		return run
	}
	return ctx
}

func always() bool { return true }
