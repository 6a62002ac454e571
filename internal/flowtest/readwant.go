package flowtest

import (
	"encoding/json"
	"net/http"
	"sort"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// reply reads {status, headers, body or file}, timeout or reset.
func (r *caseReader) reply(n *node) interp.Reply {
	switch n.value {
	case "timeout", "reset":
		return interp.Reply{Failure: n.value.(string)}
	}
	reply := interp.Reply{Status: http.StatusOK, Headers: map[string]string{}}
	if !n.isObject() {
		r.report(n.place, "", "a reply is a mapping of status, headers and body, or timeout, or reset")
		return reply
	}
	r.keys(n, "a reply", "status", "headers", "body", "file")
	if status := n.get("status"); status != nil {
		number, _ := status.value.(json.Number)
		code, err := number.Int64()
		if err != nil || code < 100 || code > 599 {
			r.report(status.place, "", "a status is a number from 100 to 599")
		}
		reply.Status = int(code)
	}
	for name, v := range r.object(n.get("headers"), "headers") {
		reply.Headers[name] = plainText(v)
	}
	body, file := n.get("body"), n.get("file")
	switch {
	case body != nil && file != nil:
		r.report(file.place, "", "a reply has either body or file")
	case body != nil:
		reply.Body = bodyText(body.value)
	case file != nil:
		name, ok := file.value.(string)
		if !ok {
			r.report(file.place, "", "file is the name of a file")
			break
		}
		reply.Body, _, _ = r.beside(file, name)
	}
	return reply
}

// bodyText is a body as it is sent: a text is sent as it is, anything else as
// JSON.
func bodyText(v any) []byte {
	if text, ok := v.(string); ok {
		return []byte(text)
	}
	return []byte(interp.Encode(v))
}

// want reads what shall come of a case.
func (r *caseReader) want(c *Case, parent *node) {
	n := parent.get("want")
	if n == nil {
		r.report(parent.place, "say what shall come of it, such as want: {end: STATE}", "the case wants nothing, and could not fail")
		return
	}
	if !r.mapping(n, "want") {
		return
	}
	if len(n.members) == 0 {
		r.report(n.place, "say what shall come of it, such as want: {end: STATE}", "the case wants nothing, and could not fail")
	}
	r.keys(n, "want", "end", "fail", "message", "path", "data", "config", "links", "requests")
	w := Want{Place: n.place, End: r.text(n, "end"), Requests: "exact", Config: r.object(n.get("config"), "config"), data: map[string]Place{}}
	if end := n.get("end"); end != nil {
		w.end = end.place
	}
	if fail := n.get("fail"); fail != nil {
		w.Fail = r.fail(fail)
	}
	if m := n.get("message"); m != nil {
		text := r.text(n, "message")
		w.Message = &text
	}
	if p := n.get("path"); p != nil {
		w.path = p.place
		for _, v := range r.list(p, "path") {
			name, _ := v.(string)
			w.Path = append(w.Path, name)
		}
	}
	if links := n.get("links"); links != nil {
		w.Links, w.hasLinks = r.list(links, "links"), true
	}
	r.data(&w, n.get("data"))
	if q := n.get("requests"); q != nil {
		if w.Requests, _ = q.value.(string); w.Requests != "exact" && w.Requests != "any" {
			r.report(q.place, "", "requests is exact or any")
		}
	}
	c.Want = w
}

func (r *caseReader) fail(n *node) *Fail {
	f := &Fail{Place: n.place}
	if n.value == nil {
		return f
	}
	if !r.mapping(n, "fail") {
		return f
	}
	r.keys(n, "fail", "error", "cause")
	if n.get("error") != nil {
		text := r.text(n, "error")
		f.Error = &text
	}
	if n.get("cause") != nil {
		text := r.text(n, "cause")
		f.Cause = &text
	}
	return f
}

func (r *caseReader) data(w *Want, n *node) {
	if n == nil || !r.mapping(n, "data") {
		return
	}
	for _, m := range n.members {
		if m.name != "" && !strings.HasPrefix(m.name, "/") {
			r.report(m.place, "a pointer is such as /input/ticket_event, without $", "%q is no JSON pointer", m.name)
		}
		w.Data = append(w.Data, Pointed{m.name, m.node.value, m.place})
	}
	sort.Slice(w.Data, func(i, j int) bool { return w.Data[i].Pointer < w.Data[j].Pointer })
}

// text is a member that has to be a text; "" if there is none.
func (r *caseReader) text(n *node, name string) string {
	m := n.get(name)
	if m == nil {
		return ""
	}
	switch v := m.value.(type) {
	case string:
		return v
	case json.Number:
		return string(v)
	}
	r.report(m.place, "", "%s must be a text", name)
	return ""
}

func (r *caseReader) mapping(n *node, what string) bool {
	if n.isObject() {
		return true
	}
	r.report(n.place, "", "%s must be a mapping", what)
	return false
}

func (r *caseReader) object(n *node, what string) map[string]any {
	if n == nil || !r.mapping(n, what) {
		return nil
	}
	return n.value.(map[string]any)
}

func (r *caseReader) list(n *node, what string) []any {
	if n.isList() {
		return n.value.([]any)
	}
	r.report(n.place, "", "%s must be a list", what)
	return nil
}

// plainText is a value as a header or a query has it.
func plainText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return interp.Encode(v)
}
