package interp

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Account is the account that a run plays in.
type Account struct {
	ID          int64
	Subdomain   string
	Integration string
}

// Host is the account's own host.
func (a Account) Host() string { return a.Subdomain + ".zendesk.com" }

// Request is what an HTTP action sends.
type Request struct {
	Action     string // name of the action
	State      string // that asks
	Method     string
	URL        string   // with its query
	Headers    []Header // as the definition has them, without credentials
	Body       any      // the JSON that is sent, if HasBody
	HasBody    bool
	Connection string // name; "" without one
}

// Header is a header of a request.
type Header struct {
	Name, Value string
	Assumed     bool // the definition doesn't set it
}

// Header is the first value of a header; "" if there is none.
func (r *Request) Header(name string) string {
	i := slices.IndexFunc(r.Headers, func(h Header) bool { return strings.EqualFold(h.Name, name) })
	if i < 0 {
		return ""
	}
	return r.Headers[i].Value
}

// Reply is what comes back.
type Reply struct {
	Status  int // 0: none came
	Headers map[string]string
	Body    []byte
	Failure string        // why none came: "timeout", "reset"
	Took    time.Duration // virtual time
}

func (r Reply) header(name string) string {
	for k, v := range r.Headers {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

// action is a custom action, compiled.
type action struct {
	name, method, connection string
	node                     *source.Node
	url, path, body          *payload
	headers, query           []pair
	readsParameters          bool // its definition has something to fill in
	refused                  string
}

type pair struct{ key, value *payload }

func compileAction(a *zis.Action) *action {
	c := &action{name: a.Name.Value, node: a.Node}
	d := a.Definition
	if d == nil {
		c.refused = "the action has no definition"
		return c
	}
	c.node = d
	method, _ := d.Get("method").Text()
	c.method = strings.ToUpper(method)
	c.connection, _ = d.Get("connectionName").Text()
	whole := compilePayload(d)
	c.url, c.path, c.body = whole.get("url"), whole.get("path"), whole.get("requestBody")
	for _, name := range []string{"headers", "queryParams", "query"} {
		for _, m := range items(d.Get(name)) {
			p := compilePayload(m)
			h := pair{p.get("key"), p.get("value")}
			if name == "headers" {
				c.headers = append(c.headers, h)
			} else {
				c.query = append(c.query, h)
			}
		}
	}
	c.readsParameters = whole.kind != constant
	if c.url == nil && c.path == nil {
		c.refused = "the action has neither url nor path"
	}
	return c
}

// http runs a custom action.
func (r *run) http(s *state, params map[string]any, at int) (any, *Error) {
	a := s.action
	if a.refused != "" {
		return nil, r.at(&Error{Kind: Refused, Text: a.refused}, a.node)
	}
	request, err := r.request(s.name, a, params)
	if err != nil {
		return nil, r.at(err, a.node)
	}
	if err := r.allowed(a, request); err != nil {
		return nil, r.at(err, a.node)
	}
	reply, err := r.exchange(s, request, at)
	if err == nil && reply.Status/100 == 3 && r.reads(Redirects) == second {
		reply, err = r.follow(s, request, reply, at)
	}
	if err != nil {
		return nil, r.at(err, a.node)
	}
	result, err := r.answer(request, reply)
	return result, r.at(err, a.node)
}

// request resolves a definition.
func (r *run) request(state string, a *action, params map[string]any) (*Request, *Error) {
	data := r.definitionRoot(a, params)
	r.room = MaxData
	q := &Request{Action: a.name, State: state, Method: a.method, Connection: a.connection}
	var err *Error
	if q.URL, err = r.address(a, data); err != nil {
		return nil, err
	}
	for _, h := range a.headers {
		name, value, err := r.pair(h, data)
		if err != nil {
			return nil, err
		}
		q.Headers = append(q.Headers, Header{Name: name, Value: value})
	}
	if a.body != nil {
		how := bodyOf
		if a.body.kind == resolved {
			how = definition
		}
		if q.Body, err = r.resolve(a.body, data, how); err != nil {
			return nil, err
		}
		q.HasBody = true
		if q.Header("Content-Type") == "" && r.Readings.chosen[ContentType] != second {
			q.Headers = append(q.Headers, Header{"Content-Type", "application/json", true})
		}
	}
	return q, nil
}

// definitionRoot is what a definition sees as $: the Parameters, subdomain and
// zendeskHost.
func (r *run) definitionRoot(a *action, params map[string]any) map[string]any {
	data := make(map[string]any, len(params)+2)
	data["subdomain"], data["zendeskHost"] = r.Account.Subdomain, r.Account.Host()
	beside := map[string]any{
		"account_id":      json.Number(strconv.FormatInt(r.Account.ID, 10)),
		"integration_key": r.Account.Integration,
	}
	for name, v := range beside {
		if _, given := params[name]; !given && a.mentions(name) && r.reads(DefinitionRoot) == second {
			data[name] = v
		}
	}
	maps.Copy(data, params)
	return data
}

// address is the URL with its query.
func (r *run) address(a *action, data any) (string, *Error) {
	p := a.url
	if p == nil {
		p = a.path
	}
	v, err := r.resolve(p, data, resolving{filling: inURL})
	if err != nil {
		return "", err
	}
	address, ok := v.(string)
	if !ok {
		return "", r.at(&Error{Text: "the address is " + kindOf(v) + " and no text"}, p.node)
	}
	if a.url == nil {
		address = "https://" + r.Account.Host() + address
	}
	for _, q := range a.query {
		name, value, err := r.pair(q, data)
		if err != nil {
			return "", err
		}
		separator := "?"
		if strings.Contains(address, "?") {
			separator = "&"
		}
		address += separator + url.QueryEscape(name) + "=" + url.QueryEscape(value)
	}
	return address, nil
}

// pair is a header or a parameter of a query.
func (r *run) pair(p pair, data any) (name, value string, err *Error) {
	if p.key == nil || p.value == nil {
		return "", "", &Error{Kind: Refused, Text: "a header or query parameter lacks its key or value"}
	}
	for _, part := range []struct {
		from *payload
		to   *string
	}{{p.key, &name}, {p.value, &value}} {
		v, err := r.resolve(part.from, data, definition)
		if err != nil {
			return "", "", err
		}
		if *part.to, err = r.written(v); err != nil {
			return "", "", r.at(err, part.from.node)
		}
	}
	return name, value, nil
}

// allowed holds a request to what its connection allows.
func (r *run) allowed(a *action, q *Request) *Error {
	u, failed := url.Parse(q.URL)
	if failed != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return &Error{Text: fmt.Sprintf("%q is no address", q.URL)}
	}
	if a.connection == "" {
		if a.path != nil && a.url == nil && q.Header("Authorization") == "" {
			return statusError(http.StatusUnauthorized, "a request to the account without a connection gets \"Couldn't authenticate you\"")
		}
		return nil
	}
	if u.Scheme != "https" {
		return &Error{Text: "a connection always uses https, and the address is " + q.URL}
	}
	domain := r.Domains[a.connection]
	suffix, wild := strings.CutPrefix(domain, "*")
	if domain == "" || u.Hostname() == domain || wild && strings.HasSuffix(u.Hostname(), suffix) {
		return nil
	}
	return &Error{Text: fmt.Sprintf("the connection %q allows %s, and the address is %s", a.connection, domain, q.URL)}
}

// exchange asks the boundary.
func (r *run) exchange(s *state, q *Request, at int) (Reply, *Error) {
	if r.HTTP == nil {
		return Reply{}, &Error{Kind: Stopped, Text: "nobody answers " + q.Method + " " + q.URL}
	}
	if room := MaxPayload; q.HasBody && (!within(q.Body, &room) || len(Encode(q.Body)) > MaxPayload) {
		return Reply{}, &Error{Text: "payload is larger than 2MB"}
	}
	reply, err := r.HTTP(r.ctx, q)
	step := &r.result.Steps[at]
	step.Requests = append(step.Requests, &Exchange{Request: *q, Answer: reply, Place: r.placeOf(s.action.node)})
	if err != nil {
		return reply, &Error{Kind: Stopped, Text: err.Error()}
	}
	r.clock += reply.Took
	if reply.Failure == "timeout" {
		r.clock += s.timeout
	}
	return reply, nil
}

// follow goes where a redirect leads, five times at most.
func (r *run) follow(s *state, q *Request, reply Reply, at int) (Reply, *Error) {
	const most = 5
	for range most {
		to, failed := url.Parse(reply.header("Location"))
		base, _ := url.Parse(q.URL)
		if failed != nil || reply.header("Location") == "" || base == nil {
			break
		}
		next := &Request{Action: q.Action, State: q.State, Method: http.MethodGet, URL: base.ResolveReference(to).String(), Headers: q.Headers, Connection: q.Connection}
		var err *Error
		if reply, err = r.exchange(s, next, at); err != nil || reply.Status/100 != 3 {
			return reply, err
		}
		q = next
	}
	return reply, nil
}
