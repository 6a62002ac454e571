package github

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"
)

// later tells whether a request may work later, and when: after what GitHub
// asks for, else after wait. A limit is 429, or 403 with its headers
// (docs.github.com, "Best practices for using the REST API").
func later(header http.Header, err error, wait time.Duration) (time.Duration, bool) {
	no, isAnswer := errors.AsType[*refused](err)
	switch {
	case err == nil:
		return 0, false
	case !isAnswer:
		lookup, ok := errors.AsType[*net.DNSError](err)
		return wait, !errors.Is(err, context.Canceled) && !(ok && lookup.IsNotFound)
	case no.status >= 500:
		return wait, true
	case no.status != http.StatusTooManyRequests && no.status != http.StatusForbidden:
		return 0, false
	}
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := strconv.ParseInt(header.Get("X-Ratelimit-Reset"), 10, 64); err == nil && header.Get("X-Ratelimit-Remaining") == "0" {
		return max(wait, time.Until(time.Unix(at, 0))), true
	}
	return wait, no.status == http.StatusTooManyRequests
}

// sleepWithin waits, unless ctx ends before the time is over: then not at all.
func sleepWithin(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
