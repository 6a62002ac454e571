package registry

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long to wait before a request is made again.
const (
	firstWait = 500 * time.Millisecond
	maxWait   = 10 * time.Second
	maxTold   = 60 * time.Second // of a Retry-After: a run must not hang for an hour
	maxAfter  = 24 * time.Hour   // more than this is not believed
)

// delay is what the server asked for, capped unless the run has an end of its
// own; else exponential with full jitter.
func delay(ctx context.Context, e *Error, try int) time.Duration {
	if e.RetryAfter > 0 {
		if _, ends := ctx.Deadline(); ends {
			return e.RetryAfter
		}
		return min(e.RetryAfter, maxTold)
	}
	return rand.N(min(firstWait<<min(try-1, 10), maxWait)) + 1
}

// retryAfter reads both forms of the header, seconds and a date. A date is
// compared with the server's own clock where it shows it.
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(maxAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), maxAfter)
}

// Sleep waits. If ctx ends first, the error is its cause.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
