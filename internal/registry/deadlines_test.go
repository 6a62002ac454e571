package registry_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// A sharp context ends a write as well as a reading: what must be over at a
// certain time is over then, and its outcome isn't known.
func TestSharpContextsEndWrites(t *testing.T) {
	for _, tt := range []struct {
		name  string
		sharp bool
		took  time.Duration
	}{
		{"a write goes on for five seconds", false, 7 * time.Second},
		{"a sharp one ends at once", true, 2 * time.Second},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			c := serve(t, everything(), http.HandlerFunc(hang))
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			if tt.sharp {
				ctx = registry.Sharp(ctx)
			}
			start := time.Now()
			err := c.Upload(ctx, "demo", []byte("{}"))
			if e := asError(t, err); e.Reason != verdict.Timeout || !registry.Unknown(err) {
				t.Errorf("%v, reason %s", e, e.Reason)
			}
			if took := time.Since(start); took != tt.took {
				t.Errorf("it took %s, want %s", took, tt.took)
			}
		})
	}
}

// A Retry-After is seconds or a date; what is neither, or in the past, says
// nothing, and more than a day isn't believed.
func TestRetryAfterHeaders(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"120": 2 * time.Minute, " 5 ": 5 * time.Second, "0": 0, "-3": 0, "soon": 0, "": 0, "1.5": 0,
		"99999999": 24 * time.Hour, "Fri, 01 Jan 1999 00:00:00 GMT": 0, "Thu, 01 Jan 2099 00:00:00 GMT": 24 * time.Hour,
	} {
		bubble(t, value, func(t *testing.T) {
			c := serve(t, everything(), after(value))
			c.Retries = 0
			if e := asError(t, c.Upload(t.Context(), "demo", nil)); e.RetryAfter != want {
				t.Errorf("waits %s, want %s", e.RetryAfter, want)
			}
		})
	}
}
