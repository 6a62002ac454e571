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
	if p.timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, p.timeout, fmt.Errorf("the account took longer than %s: %w", p.timeout, context.DeadlineExceeded))
}

func always() bool { return true }
