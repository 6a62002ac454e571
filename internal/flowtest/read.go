package flowtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Instant is the time of a case that gives none: the same on every machine.
var Instant = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// File is a file of cases.
type File struct {
	Path  string
	Cases []*Case
	Uses  []string // other files that it names
	root  *tree.Node
	src   *diag.File
}

// Read reads the file of cases name, and the events and replies that it names
// beside itself. A file outside of fsys can't be named.
func Read(fsys fs.FS, name string) (*File, []tree.Mistake) {
	var found []tree.Mistake
	src, err := readFile(fsys, name)
	if err != nil {
		return nil, []tree.Mistake{{Place: tree.Start(diag.NewFile(name, nil)), Message: err.Error()}}
	}
	f := &File{Path: name, src: diag.NewFile(name, src)}
	r := &caseReader{tree.Parser{File: f.src, Found: &found}, fsys, f}
	if f.root = r.Parse(); f.root == nil {
		if len(found) == 0 {
			r.Report(tree.Start(f.src), "", "the file holds no cases")
		}
		return nil, found
	}
	if !f.root.IsList() {
		r.Report(f.root.Place, "write - name: …, one for each case", "a file of cases is a list")
		return nil, found
	}
	for _, item := range f.root.Items {
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
		if src, err = io.ReadAll(io.LimitReader(f, tree.MaxDataBytes+1)); err == nil {
			return bytes.TrimPrefix(src, []byte("\ufeff")), nil // editors of Windows write one
		}
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return nil, fmt.Errorf("read %s: %w", name, err)
}

type caseReader struct {
	tree.Parser
	fsys fs.FS
	file *File
}

// names tells of two cases with one name.
func (r *caseReader) names() {
	first := map[string]tree.Place{}
	for _, c := range r.file.Cases {
		if before, twice := first[c.Name]; twice && c.Name != "" {
			r.Report(c.Place, fmt.Sprintf("the first is in line %d", before.Line), "two cases are named %q", diag.Cut(c.Name, diag.Quoted))
			continue
		}
		first[c.Name] = c.Place
	}
}

func (r *caseReader) oneCase(n *tree.Node) *Case {
	c := &Case{Place: n.Place, Now: Instant}
	if !n.IsObject() {
		r.Report(n.Place, "", "a case is a mapping")
		return c
	}
	r.Keys(n, "a case", "name", "job_spec", "flow", "event", "config", "links", "connections", "now", "http", "want")
	c.Name = r.text(n, "name")
	if name := n.Get("name"); name == nil || name.Value == "" {
		r.Report(n.Place, "", "a case needs a name")
	}
	c.JobSpec, c.Flow = r.text(n, "job_spec"), r.text(n, "flow")
	switch spec, flow := n.Get("job_spec"), n.Get("flow"); {
	case (spec == nil) == (flow == nil):
		r.Report(n.Place, "", "a case needs either job_spec or flow")
	case spec != nil:
		c.target = spec.Place
	default:
		c.target = flow.Place
	}
	r.event(c, n.Get("event"))
	c.Config = r.object(n.Get("config"), "config")
	if links := n.Get("links"); links != nil {
		c.Links = r.list(links, "links")
	}
	r.connections(c, n.Get("connections"))
	r.now(c, n.Get("now"))
	if http := n.Get("http"); http != nil {
		r.list(http, "http")
		for _, item := range http.Items {
			c.HTTP = append(c.HTTP, r.mock(item))
		}
	}
	r.want(c, n)
	return c
}

// event reads the event: inline, or the name of a file.
func (r *caseReader) event(c *Case, n *tree.Node) {
	if n == nil {
		c.Event, c.event = map[string]any{}, c.Place
		return
	}
	c.event = n.Place
	name, ok := n.Value.(string)
	if !ok {
		c.Event = n.Value
		return
	}
	c.EventFile = name
	text, at, ok := r.beside(n, name)
	if !ok {
		return
	}
	v, err := interp.Decode(text)
	if err != nil {
		r.Report(at, "", "the event %s is no JSON: %v", name, err)
	}
	c.Event = v
}

// beside reads a file whose name is relative to that of the cases.
func (r *caseReader) beside(n *tree.Node, name string) ([]byte, tree.Place, bool) {
	full := path.Join(path.Dir(r.file.Path), name)
	if path.IsAbs(name) || !fs.ValidPath(full) {
		r.Report(n.Place, "name a file of the repository, relative to this one", "the file %s is outside of the workspace", name)
		return nil, n.Place, false
	}
	r.file.Uses = append(r.file.Uses, full)
	text, err := readFile(r.fsys, full)
	if err == nil && len(text) > tree.MaxDataBytes {
		err = fmt.Errorf("the file %s is larger than %d MiB", full, tree.MaxDataBytes>>20)
	}
	if err != nil {
		r.Report(n.Place, "", "%v", err)
		return nil, n.Place, false
	}
	return text, n.Place, true
}

func (r *caseReader) now(c *Case, n *tree.Node) {
	if n == nil {
		return
	}
	text, _ := n.Value.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.Report(n.Place, "", "now is no time such as 2026-01-31T09:00:00Z")
		return
	}
	c.Now = t
}

// connections are names, or a mapping of names to the domains that they allow.
func (r *caseReader) connections(c *Case, n *tree.Node) {
	if n == nil {
		return
	}
	c.Connections = []string{}
	for _, m := range n.Members {
		domain, ok := m.Node.Value.(string)
		if !ok {
			r.Report(m.Node.Place, "", "the domain of a connection is a text")
		}
		if c.Domains == nil {
			c.Domains = map[string]string{}
		}
		c.Domains[m.Name] = domain
		c.Connections = append(c.Connections, m.Name)
	}
	if n.IsObject() {
		return
	}
	r.list(n, "connections")
	for _, item := range n.Items {
		name, ok := item.Value.(string)
		if !ok {
			r.Report(item.Place, "", "a connection is named by a text")
		}
		c.Connections = append(c.Connections, name)
	}
}

func (r *caseReader) mock(n *tree.Node) Mock {
	m := Mock{Place: n.Place, Times: 1}
	if !n.IsObject() {
		r.Report(n.Place, "", "a mock is a mapping of expect, reply and times")
		return m
	}
	r.Keys(n, "a mock", "expect", "reply", "times")
	if e := n.Get("expect"); e != nil && r.mapping(e, "expect") {
		m.Expect = r.expect(e)
	}
	if reply := n.Get("reply"); reply == nil {
		r.Report(n.Place, "", "a mock needs a reply")
	} else {
		m.Reply = r.reply(reply)
	}
	if times := n.Get("times"); times != nil {
		m.Times = r.times(times)
	}
	return m
}

func (r *caseReader) times(n *tree.Node) int {
	if n.Value == "any" {
		return 0
	}
	count, _ := n.Value.(json.Number)
	i, err := count.Int64()
	if err != nil || i < 1 || i > 1000 {
		r.Report(n.Place, "", "times is a number from 1 to 1000, or any")
		return 1
	}
	return int(i)
}

func (r *caseReader) expect(n *tree.Node) Expect {
	r.Keys(n, "expect", "method", "url", "query", "headers", "body")
	e := Expect{Method: strings.ToUpper(r.text(n, "method")), URL: r.text(n, "url"), Query: r.object(n.Get("query"), "query")}
	for name, v := range r.object(n.Get("headers"), "headers") {
		if e.Headers == nil {
			e.Headers = map[string]string{}
		}
		e.Headers[name] = plainText(v)
	}
	if b := n.Get("body"); b != nil {
		e.Body = r.body(b)
	}
	return e
}

// body reads a plain body, {exact: …}, {subset: …} or {jq: …}.
func (r *caseReader) body(n *tree.Node) *Body {
	if len(n.Members) != 1 {
		return &Body{Form: Exact, Value: n.Value}
	}
	inner := n.Members[0].Node
	switch n.Members[0].Name {
	case "exact":
		return &Body{Form: Exact, Value: inner.Value}
	case "subset":
		return &Body{Form: Subset, Value: inner.Value}
	case "jq":
		program, ok := inner.Value.(string)
		if !ok {
			r.Report(inner.Place, "", "jq is a text that holds a program")
			break
		}
		r.checkJq(inner.Place, program)
		return &Body{Form: Jq, Jq: program}
	}
	return &Body{Form: Exact, Value: n.Value}
}
