package registry_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// A tiny account: what a read asks for is there.
const oneSpec = `{"job_specs":[{"name":"a","installed":true}],"meta":{"has_more":false}}`

func after(value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", value)
		reply(429, `{"message":"slow down"}`)(w, r)
	}
}

// later is a 503 that says when to come again.
func later(value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", value)
		reply(503, "maintenance")(w, r)
	}
}

// inDate asks to wait with the other form of Retry-After.
func inDate(d time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		after(time.Now().Add(d).UTC().Format(http.TimeFormat))(w, r)
	}
}

// outcome is what a call came to.
type outcome struct {
	Reason   verdict.Reason // "": success
	Unknown  bool
	Sent     bool
	Requests int
}

func result(c *registry.Client, err error) outcome {
	o := outcome{Requests: c.Stats().Requests, Unknown: registry.Unknown(err)}
	if e, ok := errors.AsType[*registry.Error](err); ok {
		o.Reason, o.Sent = e.Reason, e.Sent
	}
	return o
}

// TestFaults holds what is repeated and what isn't: a read, and a write.
func TestFaults(t *testing.T) {
	page := "<html><head><title>503 Service\nUnavailable</title></head><body>x</body></html>"
	tests := []struct {
		name        string
		answers     []http.HandlerFunc // before the good one
		forever     bool
		read, write outcome
	}{
		{"no fault", nil, false, outcome{Requests: 1}, outcome{Requests: 1}},
		{"500 once", []http.HandlerFunc{reply(500, "")}, false, outcome{Requests: 2}, outcome{verdict.UploadRejected, true, true, 1}},
		{"500 for ever", []http.HandlerFunc{reply(500, "")}, true, outcome{verdict.Network, false, true, 5}, outcome{verdict.UploadRejected, true, true, 1}},
		{"503 page", []http.HandlerFunc{reply(503, page)}, true, outcome{verdict.Network, false, true, 5}, outcome{verdict.UploadRejected, true, true, 1}},
		{"503 and when to come again", []http.HandlerFunc{later("7")}, false, outcome{Requests: 2}, outcome{Requests: 2}},
		{"504", []http.HandlerFunc{reply(504, "")}, true, outcome{verdict.Timeout, false, true, 5}, outcome{verdict.Timeout, true, true, 1}},
		{"408", []http.HandlerFunc{reply(408, "")}, false, outcome{Requests: 2}, outcome{verdict.Timeout, true, true, 1}},
		{"reset once", []http.HandlerFunc{reset}, false, outcome{Requests: 2}, outcome{verdict.Network, true, true, 1}},
		{"reset for ever", []http.HandlerFunc{reset}, true, outcome{verdict.Network, false, true, 5}, outcome{verdict.Network, true, true, 1}},
		{"hang once", []http.HandlerFunc{hang}, false, outcome{Requests: 2}, outcome{verdict.Timeout, true, true, 1}},
		{"hang for ever", []http.HandlerFunc{hang}, true, outcome{verdict.Timeout, false, true, 5}, outcome{verdict.Timeout, true, true, 1}},
		{"429 once", []http.HandlerFunc{reply(429, "")}, false, outcome{Requests: 2}, outcome{Requests: 2}},
		{"429 seconds", []http.HandlerFunc{after("7"), after("1")}, false, outcome{Requests: 3}, outcome{Requests: 3}},
		{"429 for ever", []http.HandlerFunc{after("7")}, true, outcome{verdict.RateLimited, false, true, 5}, outcome{verdict.RateLimited, false, true, 5}},
		// A read on a connection that was used before is repeated by net/http itself.
		{"429 and then reset", []http.HandlerFunc{after("7"), reset}, false, outcome{Requests: 2}, outcome{verdict.Network, true, true, 2}},
		{"401", []http.HandlerFunc{reply(401, "Authentication failed")}, true, outcome{verdict.AuthFailed, false, true, 3}, outcome{verdict.AuthFailed, false, true, 1}},
		{"403", []http.HandlerFunc{reply(403, "no")}, true, outcome{verdict.AuthFailed, false, true, 3}, outcome{verdict.AuthFailed, false, true, 1}},
		// A read is tried with each credential, and without the size of a page.
		{"400", []http.HandlerFunc{reply(400, "no")}, true, outcome{verdict.InvalidInput, false, true, 2}, outcome{verdict.UploadRejected, false, true, 1}},
		{"409", []http.HandlerFunc{reply(409, "no")}, true, outcome{verdict.InvalidInput, false, true, 1}, outcome{verdict.UploadRejected, false, true, 1}},
		{"302", []http.HandlerFunc{reply(302, "")}, true, outcome{verdict.Network, false, true, 1}, outcome{verdict.Network, false, true, 1}},
		{"200 page", []http.HandlerFunc{reply(200, page)}, true, outcome{verdict.Network, false, true, 1}, outcome{verdict.Network, true, true, 1}},
		{"body cut off", []http.HandlerFunc{cut(200, `{"job_specs":[`)}, false, outcome{Requests: 2}, outcome{Requests: 1}},
		{"JSON cut off", []http.HandlerFunc{reply(200, `{"job_specs":[`)}, false, outcome{verdict.Network, false, true, 1}, outcome{Requests: 1}},
	}
	for _, tt := range tests {
		answers := append(tt.answers, reply(200, oneSpec))
		if tt.forever {
			answers = tt.answers
		}
		bubble(t, tt.name+"/read", func(t *testing.T) {
			c := serve(t, everything(), inTurn(answers...))
			specs, err := c.JobSpecs(t.Context(), "demo")
			if diff := cmp.Diff(tt.read, result(c, err)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if (err == nil) != (len(specs) == 1) {
				t.Errorf("%d job specs with error %v", len(specs), err)
			}
		})
		bubble(t, tt.name+"/write", func(t *testing.T) {
			c := serve(t, everything(), inTurn(answers...))
			err := c.Upload(t.Context(), "demo", []byte(`{}`))
			if diff := cmp.Diff(tt.write, result(c, err)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestNoWriteIsReplayed counts at the server: on a connection that was used
// before, net/http replays what it holds for harmless.
func TestNoWriteIsReplayed(t *testing.T) {
	writes := map[string]func(context.Context, *registry.Client) error{
		"upload":    func(ctx context.Context, c *registry.Client) error { return c.Upload(ctx, "demo", []byte(`{}`)) },
		"install":   func(ctx context.Context, c *registry.Client) error { return c.Install(ctx, "zis:demo:job_spec:a") },
		"uninstall": func(ctx context.Context, c *registry.Client) error { return c.Uninstall(ctx, "zis:demo:job_spec:a") },
	}
	for name, write := range writes {
		bubble(t, name, func(t *testing.T) {
			served := 0
			c := serve(t, everything(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					reply(200, oneSpec)(w, r)
					return
				}
				served++
				reset(w, r)
			}))
			if _, err := c.JobSpecs(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
			if err := write(t.Context(), c); !registry.Unknown(err) || served != 1 {
				t.Errorf("served %d times: %v", served, err)
			}
		})
	}
}

// flaky refuses connections, then dials.
type flaky struct {
	refuse int
	dialed int
	next   http.RoundTripper
}

func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	f.dialed++
	if f.dialed <= f.refuse {
		return nil, errors.New("dial tcp 192.0.2.1:443: connect: connection refused")
	}
	return f.next.RoundTrip(r)
}

func TestRefusedConnectionIsTriedAgain(t *testing.T) {
	bubble(t, "then answers", func(t *testing.T) {
		c := serve(t, everything(), reply(200, ""))
		c.HTTP.Transport = &flaky{refuse: 2, next: c.HTTP.Transport}
		if err := c.Upload(t.Context(), "demo", []byte(`{}`)); err != nil {
			t.Error(err)
		}
		if have := c.Stats().Retries; have != 2 {
			t.Errorf("%d retries, want 2", have)
		}
	})
	bubble(t, "for ever", func(t *testing.T) {
		c := serve(t, everything(), reply(200, ""))
		c.HTTP.Transport = &flaky{refuse: 100}
		err := c.Install(t.Context(), "zis:demo:job_spec:a")
		want := outcome{verdict.Network, false, false, 5}
		if diff := cmp.Diff(want, result(c, err)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if want := "install zis:demo:job_spec:a: no connection: dial tcp 192.0.2.1:443: connect: connection refused"; err.Error() != want {
			t.Errorf("error is %q, want %q", err, want)
		}
	})
}

func TestWaits(t *testing.T) {
	tests := []struct {
		name     string
		answer   http.HandlerFunc
		min, max time.Duration
		told     time.Duration
	}{
		{"seconds", after("20"), 20 * time.Second, 20 * time.Second, 20 * time.Second},
		{"a date", inDate(30 * time.Second), 30 * time.Second, 30 * time.Second, 30 * time.Second},
		{"more than the cap", after("3600"), time.Minute, time.Minute, time.Hour},
		{"beyond belief", after("99999999999999"), time.Minute, time.Minute, 24 * time.Hour},
		{"a past date", inDate(-time.Hour), 1, 500 * time.Millisecond, 0},
		{"zero", after("0"), 1, 500 * time.Millisecond, 0},
		{"nonsense", after("soon"), 1, 500 * time.Millisecond, 0},
		{"503 with seconds", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "9")
			reply(503, "")(w, r)
		}, 9 * time.Second, 9 * time.Second, 9 * time.Second},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			c := serve(t, everything(), inTurn(tt.answer, reply(200, oneSpec)))
			var told []registry.Retry
			c.OnRetry = func(r registry.Retry) { told = append(told, r) }
			start := time.Now()
			if _, err := c.JobSpecs(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took < tt.min || took > tt.max {
				t.Errorf("waited %s, want %s to %s", took, tt.min, tt.max)
			}
			if len(told) != 1 || told[0].Told != tt.told || told[0].Try != 2 || told[0].Of != 5 || told[0].Err == nil {
				t.Errorf("told %+v, want Retry-After %s", told, tt.told)
			}
		})
	}
}

func TestBackoffGrowsToItsCap(t *testing.T) {
	bubble(t, "40 tries", func(t *testing.T) {
		c := serve(t, everything(), reply(500, ""))
		c.Retries = 40
		var longest time.Duration
		c.OnRetry = func(r registry.Retry) { longest = max(longest, r.Wait) }
		_, _ = c.JobSpecs(t.Context(), "demo")
		if longest > 10*time.Second || longest < 2*time.Second {
			t.Errorf("longest wait was %s", longest)
		}
	})
}

// during counts how many requests run at a time, and how many did at most.
type during struct {
	mu        sync.Mutex
	now, most int
}

func (d *during) run(f http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.now++
		d.most = max(d.most, d.now)
		d.mu.Unlock()
		time.Sleep(100 * time.Millisecond)
		d.mu.Lock()
		d.now--
		d.mu.Unlock()
		f(w, r)
	}
}

func installMany(t *testing.T, c *registry.Client, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if err := c.Install(t.Context(), "zis:demo:job_spec:a"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestConcurrency(t *testing.T) {
	bubble(t, "at most four", func(t *testing.T) {
		var d during
		c := serve(t, everything(), d.run(reply(200, "")))
		start := time.Now()
		installMany(t, c, 20)
		if took := time.Since(start); d.most != 4 || took != 500*time.Millisecond {
			t.Errorf("%d at a time, %s; want 4, 500ms", d.most, took)
		}
	})
	bubble(t, "halved once by the 429s of one round", func(t *testing.T) {
		var d during
		var refused during // takes its time, so that the four run together
		no := refused.run(after("1"))
		c := serve(t, everything(), inTurn(no, no, no, no, d.run(reply(200, ""))))
		installMany(t, c, 12)
		if d.most != 2 {
			t.Errorf("%d at a time after the 429, want 2", d.most)
		}
	})
	bubble(t, "never below one", func(t *testing.T) {
		var d during
		c := serve(t, everything(), inTurn(after("1"), after("1"), after("1"), after("1"), d.run(reply(200, ""))))
		c.MaxConcurrency = 2
		installMany(t, c, 1)
		installMany(t, c, 5)
		if d.most != 1 {
			t.Errorf("%d at a time, want 1", d.most)
		}
	})
}

func TestCancel(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(3 * time.Second)
		reply(200, oneSpec)(w, r)
	}
	install := func(ctx context.Context, c *registry.Client) error { return c.Install(ctx, "zis:demo:job_spec:a") }
	read := func(ctx context.Context, c *registry.Client) error { _, err := c.JobSpecs(ctx, "demo"); return err }
	tests := []struct {
		name   string
		answer http.HandlerFunc
		call   func(context.Context, *registry.Client) error
		want   outcome
		took   time.Duration // the context ends after one second
	}{
		{"a write that has begun is finished", slow, install, outcome{Requests: 1}, 3 * time.Second},
		{"a write that hangs gets five seconds more", hang, install, outcome{verdict.Cancelled, true, true, 1}, 6 * time.Second},
		{"a read ends at once", hang, read, outcome{verdict.Cancelled, false, true, 1}, time.Second},
		{"a wait ends at once", after("30"), install, outcome{verdict.Cancelled, false, false, 1}, time.Second},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			c := serve(t, everything(), tt.answer)
			ctx, cancel := context.WithCancelCause(t.Context())
			interrupt := errors.New("interrupted")
			time.AfterFunc(time.Second, func() { cancel(interrupt) })
			start := time.Now()
			err := tt.call(ctx, c)
			if took := time.Since(start); took != tt.took {
				t.Errorf("took %s, want %s", took, tt.took)
			}
			if diff := cmp.Diff(tt.want, result(c, err)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if err != nil && !errors.Is(err, interrupt) {
				t.Errorf("%v doesn't tell its cause", err)
			}
			// Nothing begins any more.
			before := c.Stats().Requests
			if e := asError(t, tt.call(ctx, c)); e.Reason != verdict.Cancelled || e.Sent || c.Stats().Requests != before {
				t.Errorf("after the end: %#v", e)
			}
		})
	}
	bubble(t, "a deadline is a timeout", func(t *testing.T) {
		c := serve(t, everything(), inTurn(hang))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.JobSpecs(ctx, "demo")
		if e := asError(t, err); e.Reason != verdict.Timeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %#v", e)
		}
	})
	bubble(t, "a wait tells what it was for", func(t *testing.T) {
		c := serve(t, everything(), after("30"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := install(ctx, c)
		if want := `install zis:demo:job_spec:a: while waiting to repeat it after 429 "slow down": the account asks to wait 30s: context deadline exceeded`; err.Error() != want {
			t.Errorf("error is %q, want %q", err, want)
		}
	})
	bubble(t, "what waits for its turn doesn't begin", func(t *testing.T) {
		c := serve(t, everything(), inTurn(hang))
		c.MaxConcurrency = 1
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { _ = install(ctx, c) })
		}
		time.Sleep(time.Second)
		cancel()
		wg.Wait()
		if have := c.Stats().Requests; have != 1 {
			t.Errorf("%d requests, want 1", have)
		}
	})
}

func TestTimeoutTellsItsLength(t *testing.T) {
	bubble(t, "upload", func(t *testing.T) {
		c := serve(t, everything(), inTurn(hang))
		c.RequestTimeout = 3 * time.Second
		start := time.Now()
		err := c.Upload(t.Context(), "demo", []byte(`{}`))
		if took := time.Since(start); took != 3*time.Second || !strings.Contains(err.Error(), "no answer within 3s") {
			t.Errorf("after %s: %v", took, err)
		}
	})
}
