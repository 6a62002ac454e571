package flowtest

import (
	"encoding/json"
	"net/http"
	"sort"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// reply reads {status, headers, body or file}, timeout or reset.
func (r *caseReader) reply(n *tree.Node) interp.Reply {
	failure, _ := n.Value.(string)
	if len(n.Members) == 1 && n.Members[0].Node.Value == true {
		failure = n.Members[0].Name // timeout: true
	}
	if failure == "timeout" || failure == "reset" {
		return interp.Reply{Failure: failure}
	}
	reply := interp.Reply{Status: http.StatusOK, Headers: map[string]string{}}
	if !n.IsObject() {
		r.Report(n.Place, "", "a reply is a mapping of status, headers and body, or timeout, or reset")
		return reply
	}
	r.Keys(n, "a reply", "status", "headers", "body", "file")
	if status := n.Get("status"); status != nil {
		number, _ := status.Value.(json.Number)
		code, err := number.Int64()
		if err != nil || code < 100 || code > 599 {
			r.Report(status.Place, "", "a status is a number from 100 to 599")
		}
		reply.Status = int(code)
	}
	for name, v := range r.object(n.Get("headers"), "headers") {
		reply.Headers[name] = plainText(v)
	}
	body, file := n.Get("body"), n.Get("file")
	switch {
	case body != nil && file != nil:
		r.Report(file.Place, "", "a reply has either body or file")
	case body != nil:
		reply.Body = bodyText(body.Value)
	case file != nil:
		name, ok := file.Value.(string)
		if !ok {
			r.Report(file.Place, "", "file is the name of a file")
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
func (r *caseReader) want(c *Case, parent *tree.Node) {
	n := parent.Get("want")
	if n == nil {
		r.Report(parent.Place, "say what shall come of it, such as want: {end: STATE}", "the case wants nothing, and could not fail")
		return
	}
	if !r.mapping(n, "want") {
		return
	}
	if len(n.Members) == 0 {
		r.Report(n.Place, "say what shall come of it, such as want: {end: STATE}", "the case wants nothing, and could not fail")
	}
	r.Keys(n, "want", "end", "fail", "message", "path", "data", "config", "links", "requests")
	w := Want{Place: n.Place, End: r.text(n, "end"), Requests: "exact", Config: r.object(n.Get("config"), "config"), data: map[string]tree.Place{}}
	if end := n.Get("end"); end != nil {
		w.end = end.Place
	}
	if fail := n.Get("fail"); fail != nil {
		w.Fail = r.fail(fail)
	}
	if m := n.Get("message"); m != nil {
		text := r.text(n, "message")
		w.Message = &text
	}
	if p := n.Get("path"); p != nil {
		w.path, w.Path = p.Place, r.path(p)
	}
	if links := n.Get("links"); links != nil {
		w.Links, w.hasLinks = r.list(links, "links"), true
	}
	r.data(&w, n.Get("data"))
	if q := n.Get("requests"); q != nil {
		if w.Requests, _ = q.Value.(string); w.Requests != "exact" && w.Requests != "any" {
			r.Report(q.Place, "", "requests is exact or any")
		}
	}
	c.Want = w
}

func (r *caseReader) path(n *tree.Node) []string {
	states := []string{}
	r.list(n, "path")
	for _, item := range n.Items {
		name, ok := item.Value.(string)
		if !ok {
			r.Report(item.Place, "quotes make a text of it", "a state is named by a text")
		}
		states = append(states, name)
	}
	return states
}

func (r *caseReader) fail(n *tree.Node) *Fail {
	f := &Fail{Place: n.Place}
	if n.Value == nil {
		return f
	}
	if !r.mapping(n, "fail") {
		return f
	}
	r.Keys(n, "fail", "error", "cause")
	if n.Get("error") != nil {
		text := r.text(n, "error")
		f.Error = &text
	}
	if n.Get("cause") != nil {
		text := r.text(n, "cause")
		f.Cause = &text
	}
	return f
}

func (r *caseReader) data(w *Want, n *tree.Node) {
	if n == nil || !r.mapping(n, "data") {
		return
	}
	for _, m := range n.Members {
		if m.Name != "" && !strings.HasPrefix(m.Name, "/") {
			r.Report(m.Place, "a pointer is such as /input/ticket_event, without $", "%q is no JSON pointer", m.Name)
		}
		w.Data = append(w.Data, Pointed{m.Name, m.Node.Value, m.Place})
	}
	sort.Slice(w.Data, func(i, j int) bool { return w.Data[i].Pointer < w.Data[j].Pointer })
}

// text is a member that has to be a text; "" if there is none.
func (r *caseReader) text(n *tree.Node, name string) string {
	m := n.Get(name)
	if m == nil {
		return ""
	}
	switch v := m.Value.(type) {
	case string:
		return v
	case json.Number:
		return string(v)
	}
	r.Report(m.Place, "", "%s must be a text", name)
	return ""
}

func (r *caseReader) mapping(n *tree.Node, what string) bool {
	if n.IsObject() {
		return true
	}
	r.Report(n.Place, "", "%s must be a mapping", what)
	return false
}

func (r *caseReader) object(n *tree.Node, what string) map[string]any {
	if n == nil || !r.mapping(n, what) {
		return nil
	}
	return n.Value.(map[string]any)
}

func (r *caseReader) list(n *tree.Node, what string) []any {
	if n.IsList() {
		return n.Value.([]any)
	}
	r.Report(n.Place, "", "%s must be a list", what)
	return nil
}

// plainText is a value as a header or a query has it.
func plainText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return interp.Encode(v)
}
