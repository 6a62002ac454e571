package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// noAnswer is the Error of a request that got none, or half of one. ctx is the
// caller's, run the request's own.
func (c *Client) noAnswer(ctx, run context.Context, k call, err error, sent bool) *Error {
	e := k.error()
	switch {
	case ctx.Err() != nil:
		e = k.ended(ctx)
	case errors.Is(run.Err(), context.DeadlineExceeded):
		e.Reason, e.Err = verdict.Timeout, context.DeadlineExceeded
		e.Meaning = fmt.Sprintf("no answer within %s", c.timeout())
		e.Hint = verdict.Hint{Code: verdict.MoreTime}
	default:
		c.broken(e, err, sent)
	}
	e.Sent = sent
	if sent && k.method != http.MethodGet {
		e.Hint = verdict.Hint{Code: verdict.SentNoAnswer}
	}
	return e
}

// broken tells what is wrong with the connection. The cause can quote the
// server's text, so only its cleaned text is kept.
func (c *Client) broken(e *Error, err error, sent bool) {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // without the URL, which Path tells
	}
	e.Err = errors.New(c.clean(err.Error()))
	e.Meaning = "no connection"
	if sent {
		e.Meaning = "the connection broke"
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		e.permanent, e.Hint = true, verdict.Hint{Code: verdict.NoSuchHost}
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		e.permanent, e.Hint = true, verdict.Hint{Code: verdict.UntrustedHost}
	}
}

func (c *Client) timeout() time.Duration {
	if c.RequestTimeout <= 0 {
		return DefaultRequestTimeout
	}
	return c.RequestTimeout
}
