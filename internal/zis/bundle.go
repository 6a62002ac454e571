// Package zis is the bundle language as types and tables: what a document says
// of flows, actions and job specs, so far as it could be understood.
package zis

import "github.com/zisdeploy/zis-deploy/internal/source"

// The three resource types; no other is documented.
const (
	TypeFlow    = "ZIS::Flow"
	TypeAction  = "ZIS::Action::Http"
	TypeJobSpec = "ZIS::JobSpec"
)

// String is a string value that knows its place. Node is nil where the value
// is missing or no string.
type String struct {
	Value string
	Node  *source.Node
}

// Given tells whether the value stands in the file.
func (s String) Given() bool { return s.Node != nil }

// Bundle is the typed view of a Document. It holds what could be understood:
// where the file is wrong, parts are missing, never invented.
type Bundle struct {
	Doc       *source.Document
	Name      String
	Resources []*Resource // in source order; duplicates of a key included
	Flows     []*Flow
	Actions   []*Action
	JobSpecs  []*JobSpec
}

// Resource is one member of "resources".
type Resource struct {
	Node       *source.Node // the whole resource; its Key is the member name
	Key        string       // member name under resources
	Type       String       // ZIS::Flow, ZIS::Action::Http, ZIS::JobSpec, or something unknown
	Name       String       // properties.name: what ARNs use
	Properties *source.Node
}

// Flow is a ZIS::Flow.
type Flow struct {
	*Resource
	Machine *Machine // nil without a definition
}

// Action is a ZIS::Action::Http.
type Action struct {
	*Resource
	Definition *source.Node // nil if missing or no object
}

// JobSpec binds an event to a flow.
type JobSpec struct {
	*Resource
	EventSource, EventType, FlowName String
}

// Event is "source/type", as people write it.
func (s *JobSpec) Event() string { return s.EventSource.Value + "/" + s.EventType.Value }

// Read makes the typed view of a document.
func Read(d *source.Document) *Bundle {
	b := &Bundle{Doc: d, Name: text(d.Root.Get("name"))}
	resources := d.Root.Get("resources")
	if !resources.IsObject() {
		return b
	}
	for _, n := range resources.Members {
		b.add(resource(n))
	}
	return b
}

func (b *Bundle) add(r *Resource) {
	b.Resources = append(b.Resources, r)
	switch r.Type.Value {
	case TypeFlow:
		b.Flows = append(b.Flows, flow(r))
	case TypeAction:
		b.Actions = append(b.Actions, &Action{Resource: r, Definition: object(r.Properties.Get("definition"))})
	case TypeJobSpec:
		p := r.Properties
		b.JobSpecs = append(b.JobSpecs, &JobSpec{
			Resource:    r,
			EventSource: text(p.Get("event_source")), EventType: text(p.Get("event_type")), FlowName: text(p.Get("flow_name")),
		})
	}
}

func resource(n *source.Node) *Resource {
	properties := object(n.Get("properties"))
	return &Resource{Node: n, Key: n.Name, Type: text(n.Get("type")), Name: text(properties.Get("name")), Properties: properties}
}

// Kind is the resource's word in ARNs and reports; "" for an unknown type.
func (r *Resource) Kind() string {
	switch r.Type.Value {
	case TypeFlow:
		return KindFlow
	case TypeAction:
		return KindAction
	case TypeJobSpec:
		return KindJobSpec
	}
	return ""
}

func text(n *source.Node) String {
	s, ok := n.Text()
	if !ok {
		return String{}
	}
	return String{Value: s, Node: n}
}

func object(n *source.Node) *source.Node {
	if !n.IsObject() {
		return nil
	}
	return n
}
