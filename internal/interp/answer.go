package interp

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// answer is the result of an HTTP action.
func (r *run) answer(q *Request, reply Reply) (any, *Error) {
	switch {
	case reply.Failure != "":
		return nil, &Error{Text: "external action failed: " + failures[reply.Failure], Detail: "the platform's text isn't known"}
	case reply.Status/100 != 2:
		err := statusError(reply.Status, "")
		err.retryAfter = r.retryAfter(reply.header("Retry-After"))
		return nil, err
	case len(reply.Body) > MaxPayload:
		return nil, &Error{Text: "payload is larger than 2MB"}
	case len(reply.Body) == 0 || q.Method == http.MethodHead || reply.Status == http.StatusNoContent:
		return r.empty(), nil
	}
	kind := reply.header("Content-Type")
	if kind == "" || strings.Contains(kind, "json") {
		if v, err := Decode(reply.Body); err == nil {
			return v, nil
		}
	}
	return map[string]any{"__httpresponse": string(reply.Body)}, nil
}

var failures = map[string]string{
	"timeout": "no answer came in time",
	"reset":   "the connection was reset",
}

// statusError is the error of an answer that is not 2xx.
func statusError(status int, detail string) *Error {
	return &Error{Text: fmt.Sprintf("external action failed due to status code: %d", status), Detail: detail, status: status, retryAfter: -1}
}

func (r *run) empty() any {
	switch r.reads(EmptyAnswer) {
	case second:
		return map[string]any{}
	case third:
		return nil
	}
	return map[string]any{"__httpresponse": ""}
}

// retryAfter reads the header: seconds, or a date.
func (r *run) retryAfter(text string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n >= 0 {
		return time.Duration(min(n, 1_000_000)) * time.Second
	}
	if t, err := http.ParseTime(text); err == nil {
		return max(0, t.Sub(r.now()))
	}
	return -1
}

// place is where a payload stands; nil for none.
func (p *payload) place() *source.Node {
	if p == nil {
		return nil
	}
	return p.node
}

// mentions tells whether the definition reads $.name.
func (a *action) mentions(name string) bool {
	for _, p := range []*payload{a.url, a.path, a.body} {
		if p.mentions(name) {
			return true
		}
	}
	for _, list := range [][]pair{a.headers, a.query} {
		for _, h := range list {
			if h.key.mentions(name) || h.value.mentions(name) {
				return true
			}
		}
	}
	return false
}

func (p *payload) mentions(name string) bool {
	if p == nil || p.kind == constant {
		return false
	}
	for _, part := range p.text.parts {
		if part.isPath && len(part.path.segments) > 0 && part.path.segments[0].Name == name {
			return true
		}
	}
	for _, f := range p.fields {
		if f.mentions(name) {
			return true
		}
	}
	for _, item := range p.items {
		if item.mentions(name) {
			return true
		}
	}
	return false
}

// items are the members of an array; none of anything else.
func items(n *source.Node) []*source.Node {
	if !n.IsArray() {
		return nil
	}
	return n.Members
}
