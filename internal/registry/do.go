package registry

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// grace is how much longer a write may take that had begun when its context
// ended: its outcome should be known, and the process must end within 7 s.
const grace = 5 * time.Second

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error // the body broke off
	over   bool  // the body is longer than the call's limit
}

// do makes the call, again where that is safe. A minted token that has expired
// is minted again, once: nothing took effect.
func (c *Client) do(ctx context.Context, k call) (answer, error) {
	var again bool
	left := c.candidates(k)
	for try := 1; ; try++ {
		with, e := c.ready(ctx, k, left)
		if e != nil {
			return answer{}, e
		}
		a, e := c.try(ctx, k, with, try)
		if e == nil {
			c.welcome(k, with.kind)
			return a, nil
		}
		if e.expired && !again {
			again = true
			c.Source.Refused(with.kind, with.minted)
			continue
		}
		if len(left) > 1 && k.mayFallBack(e) {
			left = left[1:]
			continue
		}
		if try > c.Retries || !e.repeatable() {
			return answer{}, e
		}
		if err := c.pause(ctx, k, e, try); err != nil {
			return answer{}, err
		}
	}
}

// pause waits before a request is made again, and asks whether it may be.
func (c *Client) pause(ctx context.Context, k call, e *Error, try int) error {
	wait := delay(ctx, e, try)
	r := Retry{Op: k.op, Try: try + 1, Of: c.Retries + 1, Wait: wait, Told: e.RetryAfter, Err: e}
	c.noteRetry(r)
	tellWait(ctx, r)
	if Sleep(ctx, wait) != nil {
		end := k.ended(ctx)
		end.Meaning = "while waiting to repeat it after " + strings.TrimPrefix(e.Error(), k.op+": ")
		return end
	}
	return mayAgain(ctx)
}

// try makes the request once, when its turn has come.
func (c *Client) try(ctx context.Context, k call, with credential, try int) (answer, *Error) {
	round, err := c.slots().take(ctx)
	if err != nil {
		return answer{}, k.ended(ctx)
	}
	defer c.slots().give()
	if ctx.Err() != nil {
		return answer{}, k.ended(ctx)
	}
	start := time.Now()
	a, e := c.send(ctx, k, with)
	r := Request{Op: k.op, Method: k.method, Path: k.escaped(), Credential: with.kind, Try: try, Status: a.status, Start: start, Took: time.Since(start)}
	if e != nil {
		r.Err = e
	}
	c.noteRequest(r)
	if a.status == http.StatusTooManyRequests {
		c.slots().halve(round)
	}
	return a, e
}

// credential is what goes with a request.
type credential struct {
	kind   Kind
	header string // Authorization; empty: none
	minted Secret // of a kind that the Source mints
}

// ready chooses the credential, and refuses what should not be sent at all. A
// token is minted before the request waits for its turn, as minting needs
// turns too.
func (c *Client) ready(ctx context.Context, k call, candidates kinds) (credential, *Error) {
	e := k.error()
	e.permanent, e.Reason = true, verdict.InvalidInput
	if e.Err = k.check(); e.Err != nil {
		return credential{}, e
	}
	if e.Err = mayCarry(c.Base, c.Credentials); e.Err != nil {
		return credential{}, e
	}
	if k.anonymous {
		return credential{}, nil
	}
	kind := c.Credentials.first(candidates)
	if kind == None {
		e.Reason, e.Meaning = verdict.MissingCredentials, "no credential is given"
		e.Hint = verdict.Hint{Code: verdict.GiveCredentials}
		return credential{}, e
	}
	if kind != ClientToken && kind != ClientZISToken {
		return credential{kind: kind, header: c.Credentials.authorization(kind)}, nil
	}
	return c.mint(ctx, k, kind)
}

// send makes one request and reads its answer.
func (c *Client) send(ctx context.Context, k call, with credential) (answer, *Error) {
	run, stop := c.during(ctx, k)
	defer stop()
	var sent atomic.Bool
	run = httptrace.WithClientTrace(run, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }})
	a, err := c.exchange(run, k, with)
	if err != nil {
		return answer{}, c.noAnswer(ctx, run, k, err, sent.Load())
	}
	if a.err != nil && k.success(a.status) && k.needsBody() {
		return answer{}, c.noAnswer(ctx, run, k, a.err, true)
	}
	return a, c.errorOf(k, with.kind, a)
}

// during is the time a request has. A read ends with ctx. A write that has
// begun goes on, so that its outcome is known, but not for long.
func (c *Client) during(ctx context.Context, k call) (context.Context, context.CancelFunc) {
	if k.method == http.MethodGet || isSharp(ctx) {
		return context.WithTimeout(ctx, c.timeout())
	}
	run, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout())
	stop := context.AfterFunc(ctx, func() {
		if Sleep(run, grace) == nil {
			cancel()
		}
	})
	return run, func() { stop(); cancel() }
}

func (c *Client) exchange(ctx context.Context, k call, with credential) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, k.method, c.url(k).String(), bytes.NewReader(k.body))
	if err != nil {
		return answer{}, err
	}
	if with.header != "" {
		req.Header.Set("Authorization", with.header)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.UserAgent)
	if k.body != nil {
		req.Header.Set("Content-Type", cmp.Or(k.contentType, "application/json"))
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return answer{}, err
	}
	return k.read(res), nil
}

func (c *Client) url(k call) *url.URL {
	u := c.Base.JoinPath(k.escaped())
	u.RawQuery = k.query.Encode()
	return u
}

func (k call) read(res *http.Response) answer {
	defer res.Body.Close()
	limit := int64(maxError)
	if k.success(res.StatusCode) {
		limit = max(k.limit, maxError)
	}
	a := answer{status: res.StatusCode, header: res.Header}
	a.body, a.err = io.ReadAll(io.LimitReader(res.Body, limit+1))
	a.over = int64(len(a.body)) > limit
	return a
}
