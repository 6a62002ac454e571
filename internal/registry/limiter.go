package registry

import (
	"context"
	"sync"
)

// limiter lets a number of requests run at a time. A token in free is the
// right to run one.
type limiter struct {
	free chan struct{}

	mu    sync.Mutex
	limit int
	debt  int // tokens to drop as they come back
	round int // counts the halvings
}

func newLimiter(n int) *limiter {
	n = max(n, 1)
	l := &limiter{free: make(chan struct{}, n), limit: n}
	for range n {
		l.free <- struct{}{}
	}
	return l
}

// take waits for a token, or for the end of ctx. It returns the round in which
// the token was given.
func (l *limiter) take(ctx context.Context) (round int, err error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-l.free:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.round, nil
}

func (l *limiter) give() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.debt > 0 {
		l.debt--
		return
	}
	l.free <- struct{}{}
}

// halve halves the limit, never below 1. Requests of one round are refused
// together and halve once.
func (l *limiter) halve(round int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if round != l.round || l.limit == 1 {
		return
	}
	l.round++
	l.debt += l.limit - l.limit/2
	l.limit /= 2
	for l.debt > 0 {
		select {
		case <-l.free:
			l.debt--
		default:
			return
		}
	}
}
