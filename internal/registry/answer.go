package registry

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// errorOf is the error that an answer tells of; nil of a success.
func (c *Client) errorOf(k call, kind Kind, a answer) *Error {
	switch {
	case !k.success(a.status) && a.status >= 300 && a.status < 400:
		return c.redirected(k, a)
	case !k.success(a.status):
		return c.refused(k, kind, a)
	case a.over && k.needsBody():
		e := k.misshapen(a, "the answer is longer than %d MiB", max(k.limit, maxError)>>20)
		e.Hint = verdict.Hint{}
		return e
	case a.status < 300 && a.hasErrors():
		return c.refused(k, kind, a)
	case a.isHTML() && k.success(a.status):
		e := k.misshapen(a, "the answer is a web page")
		e.Message = c.clean(a.text())
		return e
	}
	return nil
}

// redirected: it is not followed. Of the place only the host is told; the rest
// can hold what was sent.
func (c *Client) redirected(k call, a answer) *Error {
	e := k.error()
	e.Status, e.Sent = a.status, true
	e.Meaning = "a redirect, which is not followed"
	if to, err := url.Parse(a.header.Get("Location")); err == nil && to.Host != "" {
		e.Meaning = fmt.Sprintf("a redirect to the host %q, which is not followed", c.clean(to.Host))
	}
	e.Hint = verdict.Hint{Code: verdict.CheckAddress}
	return e
}

// refused tells an answer that is an error.
func (c *Client) refused(k call, kind Kind, a answer) *Error {
	e := k.error()
	said := oneLine(a.text())
	e.Status, e.Sent, e.Message = a.status, true, c.clean(said)
	e.Reason = k.statusReason(a.status)
	e.RetryAfter = retryAfter(a.header)
	e.Hint.Code = statusHint(k, kind, a.status)
	r := refusalFor(a.status, said)
	minted := kind == ClientToken || kind == ClientZISToken
	e.expired = minted && a.status == http.StatusUnauthorized && (r == nil || r.byKind)
	if r != nil {
		e.Meaning = r.meaning
		if r.reason != "" {
			e.Reason = r.reason
		}
		e.Hint.Code = r.hint
		if r.byKind || minted && a.status == http.StatusForbidden {
			e.Hint.Code = credentialHint(kind)
		}
	}
	if e.Hint.Code != "" {
		e.Hint.Of = c.clean(k.integration)
	}
	if e.RetryAfter > 0 && e.Meaning == "" {
		e.Meaning = fmt.Sprintf("the account asks to wait %s", e.RetryAfter)
	}
	return e
}

// statusReason is the word for a status whose text says nothing better.
func (k call) statusReason(status int) verdict.Reason {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return verdict.AuthFailed
	case status == http.StatusTooManyRequests:
		return verdict.RateLimited
	case status == http.StatusRequestTimeout || status == http.StatusGatewayTimeout:
		return verdict.Timeout
	case status == http.StatusNotFound:
		return verdict.NotFound
	case k.reason != "":
		return k.reason
	case status < 300 || status >= 500:
		return verdict.Network
	}
	return verdict.InvalidInput
}

func statusHint(k call, kind Kind, status int) verdict.Code {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return credentialHint(kind)
	case status == http.StatusTooManyRequests:
		return verdict.Slower
	case undecided(status) && status >= 300 && k.method != http.MethodGet:
		return verdict.ReadBack
	case undecided(status) && status >= 300:
		return verdict.Later
	case status == http.StatusNotFound && k.integration != "":
		return verdict.Register
	}
	return ""
}

func credentialHint(kind Kind) verdict.Code {
	switch kind {
	case APIToken:
		return verdict.CheckAPIToken
	case ZISToken:
		return verdict.CheckZISToken
	case ClientToken, ClientZISToken:
		return verdict.CheckClient
	}
	return verdict.CheckOAuthToken
}
