package registry

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// judge decides whether an answer is success; nil if so.
func (c *Client) judge(k call, kind Kind, a answer) *Error {
	switch {
	case !k.success(a.status) && a.status >= 300 && a.status < 400:
		return c.redirected(k, a)
	case !k.success(a.status):
		return c.refused(k, kind, a)
	case a.over && k.needsBody():
		e := k.misshapen(a, "the answer is longer than %d MiB", max(k.limit, maxError)>>20)
		e.Hint = ""
		return e
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
	e.Hint = "is --subdomain right, and is the account's own address used (not a host-mapped one)?"
	return e
}

// refused tells an answer that is an error.
func (c *Client) refused(k call, kind Kind, a answer) *Error {
	e := k.error()
	said := oneLine(a.text())
	e.Status, e.Sent, e.Message = a.status, true, c.clean(said)
	e.Reason = k.statusReason(a.status)
	e.RetryAfter = retryAfter(a.header)
	e.Hint = statusHint(k, kind, a.status)
	if r := refusalFor(a.status, said); r != nil {
		e.Meaning = r.meaning
		if r.reason != "" {
			e.Reason = r.reason
		}
		e.Hint = r.hint
		if r.byKind {
			e.Hint = credentialHint(kind)
		}
	}
	e.Hint = strings.ReplaceAll(e.Hint, "{integration}", c.clean(k.integration))
	if e.RetryAfter > 0 && e.Meaning == "" {
		e.Meaning = fmt.Sprintf("the account asks to wait %s", e.RetryAfter)
	}
	return e
}

// statusReason is the word for a status whose text says nothing better.
func (k call) statusReason(status int) string {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return AuthFailed
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status == http.StatusRequestTimeout || status == http.StatusGatewayTimeout:
		return Timeout
	case k.reason != "":
		return k.reason
	case status >= 500:
		return Network
	}
	return InvalidInput
}

func statusHint(k call, kind Kind, status int) string {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return credentialHint(kind)
	case status == http.StatusTooManyRequests:
		return "run it again later, or with a smaller --concurrency"
	case status >= 500 && k.method != http.MethodGet:
		return "the request may have taken effect: read the account back before repeating it"
	case status >= 500:
		return "the trouble is the service's: run it again later, see https://status.zendesk.com"
	case status == http.StatusNotFound && k.integration != "":
		return "is the integration registered under exactly this name, {integration}? zis register does that"
	}
	return ""
}

func credentialHint(kind Kind) string {
	switch kind {
	case APIToken:
		return "check ZENDESK_EMAIL and ZENDESK_API_TOKEN: the token must be active (one that isn't used for 30 days is switched off) and of an admin of this account"
	case ZISToken:
		return "check ZIS_OAUTH_TOKEN: zis token mints one, from the OAuth client zis_{integration}"
	}
	return "check ZENDESK_OAUTH_TOKEN: OAuth tokens may live only 30 minutes, and must be of an admin"
}
