package flowtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Instant is the time of a case that gives none: the same on every machine.
var Instant = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// File is a file of cases.
type File struct {
	Path  string
	Cases []*Case
	Uses  []string // other files that it names
	root  *node
	src   *diag.File
}

// Read reads the file of cases name, and the events and replies that it names
// beside itself. A file outside of fsys can't be named.
func Read(fsys fs.FS, name string) (*File, []Mistake) {
	var found []Mistake
	src, err := readFile(fsys, name)
	if err != nil {
		return nil, []Mistake{{Place{diag.NewFile(name, nil), 1, 1}, err.Error(), ""}}
	}
	f := &File{Path: name, src: diag.NewFile(name, src)}
	r := &caseReader{parser{f.src, &found}, fsys, f}
	if f.root = r.parse(); f.root == nil {
		if len(found) == 0 {
			r.report(Place{f.src, 1, 1}, "", "the file holds no cases")
		}
		return nil, found
	}
	if !f.root.isList() {
		r.report(f.root.place, "write - name: …, one for each case", "a file of cases is a list")
		return nil, found
	}
	for _, item := range f.root.items {
		f.Cases = append(f.Cases, r.oneCase(item))
	}
	r.names()
	if len(found) > 0 {
		return nil, found
	}
	return f, nil
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err == nil {
		defer f.Close()
		var src []byte
		if src, err = io.ReadAll(io.LimitReader(f, MaxBytes+1)); err == nil {
			return src, nil
		}
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return nil, fmt.Errorf("read %s: %w", name, err)
}

type caseReader struct {
	parser
	fsys fs.FS
	file *File
}

// names tells of two cases with one name.
func (r *caseReader) names() {
	first := map[string]Place{}
	for _, c := range r.file.Cases {
		if before, twice := first[c.Name]; twice && c.Name != "" {
			r.report(c.Place, fmt.Sprintf("the first is in line %d", before.Line), "two cases are named %q", diag.Cut(c.Name, diag.Quoted))
		}
		first[c.Name] = c.Place
	}
}

func (r *caseReader) oneCase(n *node) *Case {
	c := &Case{Place: n.place, Now: Instant}
	if !n.isObject() {
		r.report(n.place, "", "a case is a mapping")
		return c
	}
	r.keys(n, "a case", "name", "job_spec", "flow", "event", "config", "links", "connections", "now", "http", "want")
	c.Name = r.text(n, "name")
	if c.Name == "" && n.get("name") == nil {
		r.report(n.place, "", "a case needs a name")
	}
	c.JobSpec, c.Flow = r.text(n, "job_spec"), r.text(n, "flow")
	switch spec, flow := n.get("job_spec"), n.get("flow"); {
	case (spec == nil) == (flow == nil):
		r.report(n.place, "", "a case needs either job_spec or flow")
	case spec != nil:
		c.target = spec.place
	default:
		c.target = flow.place
	}
	r.event(c, n.get("event"))
	c.Config = r.object(n.get("config"), "config")
	if links := n.get("links"); links != nil {
		c.Links = r.list(links, "links")
	}
	r.connections(c, n.get("connections"))
	r.now(c, n.get("now"))
	if http := n.get("http"); http != nil {
		r.list(http, "http")
		for _, item := range http.items {
			c.HTTP = append(c.HTTP, r.mock(item))
		}
	}
	r.want(c, n)
	return c
}

// event reads the event: inline, or the name of a file.
func (r *caseReader) event(c *Case, n *node) {
	if n == nil {
		c.Event, c.event = map[string]any{}, c.Place
		return
	}
	c.event = n.place
	name, ok := n.value.(string)
	if !ok {
		c.Event = n.value
		return
	}
	c.EventFile = name
	text, at, ok := r.beside(n, name)
	if !ok {
		return
	}
	v, err := interp.Decode(text)
	if err != nil {
		r.report(at, "", "the event %s is no JSON: %v", name, err)
	}
	c.Event = v
}

// beside reads a file whose name is relative to that of the cases.
func (r *caseReader) beside(n *node, name string) ([]byte, Place, bool) {
	full := path.Join(path.Dir(r.file.Path), name)
	if path.IsAbs(name) || !fs.ValidPath(full) {
		r.report(n.place, "name a file of the repository, relative to this one", "the file %s is outside of the workspace", name)
		return nil, n.place, false
	}
	r.file.Uses = append(r.file.Uses, full)
	text, err := readFile(r.fsys, full)
	if err == nil && len(text) > MaxBytes {
		err = fmt.Errorf("the file %s is larger than %d MiB", full, MaxBytes>>20)
	}
	if err != nil {
		r.report(n.place, "", "%v", err)
		return nil, n.place, false
	}
	return text, n.place, true
}

func (r *caseReader) now(c *Case, n *node) {
	if n == nil {
		return
	}
	text, _ := n.value.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.report(n.place, "", "now is no time such as 2026-01-31T09:00:00Z")
		return
	}
	c.Now = t
}

// connections are names, or a mapping of names to the domains that they allow.
func (r *caseReader) connections(c *Case, n *node) {
	if n == nil {
		return
	}
	c.Connections = []string{}
	for _, m := range n.members {
		domain, ok := m.node.value.(string)
		if !ok {
			r.report(m.node.place, "", "the domain of a connection is a text")
		}
		if c.Domains == nil {
			c.Domains = map[string]string{}
		}
		c.Domains[m.name] = domain
		c.Connections = append(c.Connections, m.name)
	}
	if n.isObject() {
		return
	}
	for _, v := range r.list(n, "connections") {
		name, ok := v.(string)
		if !ok {
			r.report(n.place, "", "a connection is named by a text")
		}
		c.Connections = append(c.Connections, name)
	}
}

func (r *caseReader) mock(n *node) Mock {
	m := Mock{Place: n.place, Times: 1}
	if !n.isObject() {
		r.report(n.place, "", "a mock is a mapping of expect, reply and times")
		return m
	}
	r.keys(n, "a mock", "expect", "reply", "times")
	if e := n.get("expect"); e != nil && r.mapping(e, "expect") {
		m.Expect = r.expect(e)
	}
	if reply := n.get("reply"); reply == nil {
		r.report(n.place, "", "a mock needs a reply")
	} else {
		m.Reply = r.reply(reply)
	}
	if times := n.get("times"); times != nil {
		m.Times = r.times(times)
	}
	return m
}

func (r *caseReader) times(n *node) int {
	if n.value == "any" {
		return 0
	}
	count, _ := n.value.(json.Number)
	i, err := count.Int64()
	if err != nil || i < 1 || i > 1000 {
		r.report(n.place, "", "times is a number from 1 to 1000, or any")
		return 1
	}
	return int(i)
}

func (r *caseReader) expect(n *node) Expect {
	r.keys(n, "expect", "method", "url", "query", "headers", "body")
	e := Expect{Method: strings.ToUpper(r.text(n, "method")), URL: r.text(n, "url"), Query: r.object(n.get("query"), "query")}
	for name, v := range r.object(n.get("headers"), "headers") {
		if e.Headers == nil {
			e.Headers = map[string]string{}
		}
		e.Headers[name] = plainText(v)
	}
	if b := n.get("body"); b != nil {
		e.Body = r.body(b)
	}
	return e
}

// body reads a plain body, {exact: …}, {subset: …} or {jq: …}.
func (r *caseReader) body(n *node) *Body {
	if len(n.members) != 1 {
		return &Body{Form: Exact, Value: n.value}
	}
	inner := n.members[0].node
	switch n.members[0].name {
	case "exact":
		return &Body{Form: Exact, Value: inner.value}
	case "subset":
		return &Body{Form: Subset, Value: inner.value}
	case "jq":
		program, ok := inner.value.(string)
		if !ok {
			r.report(inner.place, "", "jq is a text that holds a program")
		}
		r.checkJq(inner.place, program)
		return &Body{Form: Jq, Jq: program}
	}
	return &Body{Form: Exact, Value: n.value}
}
