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
)

// noAnswer is the Error of a request that got none, or half of one. ctx is the
// caller's, run the request's own.
func (c *Client) noAnswer(ctx, run context.Context, k call, err error, sent bool) *Error {
	e := k.error()
	switch {
	case ctx.Err() != nil:
		e = k.ended(ctx)
	case errors.Is(run.Err(), context.DeadlineExceeded):
		e.Reason, e.Err = Timeout, context.DeadlineExceeded
		e.Meaning = fmt.Sprintf("no answer within %s", c.timeout())
		e.Hint = "give more time with --request-timeout, or look at https://status.zendesk.com"
	default:
		c.broken(e, err, sent)
	}
	e.Sent = sent
	if sent && k.method != http.MethodGet {
		e.Hint = "the request was sent and got no answer, so it may have taken effect: read the account back before repeating it"
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
		e.permanent, e.Hint = true, "is --subdomain right? It is the part before .zendesk.com"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		e.permanent, e.Hint = true, "the host's certificate is not trusted: behind a proxy that opens TLS, name its certificates in SSL_CERT_FILE"
	}
}

func (c *Client) timeout() time.Duration {
	if c.RequestTimeout <= 0 {
		return DefaultRequestTimeout
	}
	return c.RequestTimeout
}
