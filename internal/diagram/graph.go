// Package diagram draws flows: events, states, ends, and the hosts outside
// that are sent something. What a plan changes is marked; a flow that is too
// large is cut to what is near a change.
package diagram

import (
	"slices"
	"strconv"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var itoa = strconv.Itoa

// Graph is a flow as a picture: nodes in the order in which a run meets them.
type Graph struct {
	Nodes   []Node
	Edges   []Edge
	LeftOut int  // states for which there was no room
	Across  bool // from left to right: several flows stand below each other then
}

// Node is a state, an event that starts the flow, or a host outside.
type Node struct {
	ID     string // made by us, safe in any language
	Type   string // a state's type, "Event", "Host" or "More"
	Name   string
	Detail string         // what an Action calls, or what a state was called; may be empty
	Change compare.Action // add, change, remove or keep
	Parent string         // id of the Map around it
}

// Edge is a transition, or a request to a host outside.
type Edge struct {
	From, To string // ids
	Kind     string // next, default, choice, catch, starts, item, sends or more
	Label    string
	Change   compare.Action
}

// Most is how many states are drawn at most: more can't be read on a page, and
// GitHub refuses Mermaid texts over 50,000 characters. Few is how many are
// drawn where there is little room: a picture of more is higher than a screen.
const (
	Most = 40
	Few  = 12
)

// New draws a flow with what starts it. A flow of more than most states is cut
// to those that change and those around them.
func New(f sentences.Flow, specs []deploy.SpecPlan, most int) Graph {
	d := &drawing{flow: f, ids: map[string]string{}, hosts: map[string]int{}}
	switch {
	case f.After == nil:
		d.all, d.flow.Before, d.flow.After = compare.Remove, nil, f.Before
	case f.Before == nil && f.Action == compare.Add:
		d.all = compare.Add
	case f.Before == nil:
		d.all = compare.Keep
	}
	if d.flow.After.Machine == nil {
		return Graph{}
	}
	var old *zis.Machine
	if d.flow.Before != nil {
		old = d.flow.Before.Machine
	}
	d.machine(d.flow.After.Machine, old, "")
	d.starts(d.flow.After.Machine, specs)
	return d.cut(most)
}

type drawing struct {
	Graph
	flow  sentences.Flow
	all   compare.Action // of every state, where there is nothing to compare
	ids   map[string]string
	hosts map[string]int // places of hosts among the nodes
}

// id is the id of a place in the flow.
func (d *drawing) id(place string) string {
	if d.ids[place] == "" {
		d.ids[place] = "s" + itoa(len(d.ids))
	}
	return d.ids[place]
}

// machine draws the states of one machine, those of the former one that are
// gone as well.
func (d *drawing) machine(now, old *zis.Machine, parent string) {
	names := map[string]string{} // what the former states are called now
	if old != nil {
		for _, s := range now.States {
			if was := d.flow.Former[s]; was != nil {
				names[was.Name] = s.Name
			}
		}
	}
	for _, s := range ordered(now) {
		d.state(s, names, parent)
	}
	if old == nil {
		return
	}
	for _, s := range old.States {
		if _, stays := names[s.Name]; !stays {
			d.node(s, compare.Remove, parent)
			for _, t := range transitions(s, names) {
				d.edge(parent+"/"+s.Name, t, compare.Remove, parent)
			}
			d.sends(s, nil, parent)
		}
	}
}

func (d *drawing) state(s *zis.State, names map[string]string, parent string) {
	was := d.flow.Former[s]
	change := d.all
	switch {
	case change != "":
	case was == nil:
		change = compare.Add
	case d.flow.Changed[s]:
		change = compare.Change
	default:
		change = compare.Keep
	}
	id := d.node(s, change, parent)
	d.transitions(s, was, names, change, parent)
	if d.all == compare.Remove {
		d.sends(s, nil, parent)
	} else {
		d.sends(was, s, parent)
	}
	if s.Iterator == nil {
		return
	}
	var old *zis.Machine
	if was != nil {
		old = was.Iterator
	}
	d.machine(s.Iterator, old, id)
	if start := s.Iterator.StartAt.Value; s.Iterator.State(start) != nil {
		d.Edges = append(d.Edges, Edge{From: id, To: d.id(id + "/" + start), Kind: "item", Label: "each item", Change: compare.Keep})
	}
}

func (d *drawing) node(s *zis.State, change compare.Action, parent string) string {
	id := d.id(parent + "/" + s.Name)
	detail := called(s)
	if was := d.flow.Former[s]; was != nil && was.Name != s.Name {
		detail = "was " + was.Name
	}
	d.Nodes = append(d.Nodes, Node{ID: id, Type: s.Type.Value, Name: s.Name, Detail: detail, Change: change, Parent: parent})
	return id
}

// called is what an Action calls, without the prefix that all have.
func called(s *zis.State) string {
	if arn, ok := zis.ParseARN(s.ActionName.Value); ok {
		return arn.Name
	}
	return s.ActionName.Value
}

// transitions draws where a state leads; of one that was there before also
// where it led.
func (d *drawing) transitions(s, was *zis.State, names map[string]string, change compare.Action, parent string) {
	now := transitions(s, nil)
	var old []transition
	if was != nil {
		old = transitions(was, names)
	}
	place := parent + "/" + s.Name
	for _, t := range now {
		c := change
		if was != nil {
			c = compare.Keep
			if !slices.Contains(old, t) {
				c = compare.Add
			}
		}
		d.edge(place, t, c, parent)
	}
	for _, t := range old {
		if !slices.Contains(now, t) {
			d.edge(place, t, compare.Remove, parent)
		}
	}
}

func (d *drawing) edge(from string, t transition, change compare.Action, parent string) {
	d.Edges = append(d.Edges, Edge{From: d.id(from), To: d.id(parent + "/" + t.to), Kind: t.kind, Label: t.label, Change: change})
}

type transition struct{ kind, to, label string }

// transitions are those of a state; names are what the states are called now
// to which a former one leads.
func transitions(s *zis.State, names map[string]string) []transition {
	var list []transition
	choice := 0
	for e := range s.Edges {
		t := transition{kind: e.Kind, to: e.To.Value}
		if now := names[t.to]; now != "" {
			t.to = now
		}
		switch e.Kind {
		case "choice":
			for choice < len(s.Choices) && !s.Choices[choice].Next.Given() {
				choice++
			}
			t.label = sentences.Condition(s.Choices[choice].Condition)
			choice++
		case "default":
			t.label = "otherwise"
		case "catch":
			t.label = "on error"
		}
		list = append(list, t)
	}
	return list
}

// sends draws what a state sends to a host outside, or sent there before.
func (d *drawing) sends(was, is *zis.State, parent string) {
	before, after := d.flow.Hosts[was], d.flow.Hosts[is]
	of := is
	if of == nil {
		of = was
	}
	from := d.id(parent + "/" + of.Name)
	add := func(host string, change compare.Action) {
		if host != "" {
			d.Edges = append(d.Edges, Edge{From: from, To: d.host(host), Kind: "sends", Label: host, Change: change})
		}
	}
	switch {
	case before == after:
		add(after, compare.Keep)
	case was == nil && d.all == compare.Keep:
		add(after, compare.Keep)
	default:
		add(after, compare.Add)
		add(before, compare.Remove)
	}
}

// host is the id of the node for a host.
func (d *drawing) host(name string) string {
	i, ok := d.hosts[name]
	if !ok {
		i = len(d.hosts)
		d.hosts[name] = i
		d.Nodes = append(d.Nodes, Node{ID: "o" + itoa(i), Type: "Host", Name: "🌐", Change: compare.Keep})
	}
	return "o" + itoa(i)
}

// starts draws the events in front of the first state.
func (d *drawing) starts(m *zis.Machine, specs []deploy.SpecPlan) {
	if m.State(m.StartAt.Value) == nil {
		return
	}
	for i, s := range specs {
		id := "e" + itoa(i)
		change := compare.Keep
		switch {
		case s.Action == deploy.SpecInstall && !s.Installed && d.all != compare.Add:
			change = compare.Add
		case s.Action == deploy.SpecUninstall:
			change = compare.Remove
		}
		d.Nodes = append(d.Nodes, Node{ID: id, Type: "Event", Name: sentences.Event(s.Event), Detail: s.Name, Change: compare.Keep})
		d.Edges = append(d.Edges, Edge{From: id, To: d.id("/" + m.StartAt.Value), Kind: "starts", Change: change})
	}
}

// ordered are the states as a run meets them, then those that it never meets.
func ordered(m *zis.Machine) []*zis.State {
	byName := make(map[string]*zis.State, len(m.States))
	for _, s := range m.States {
		byName[s.Name] = s
	}
	seen := map[string]bool{}
	var list []*zis.State
	firsts := []string{m.StartAt.Value}
	for _, s := range m.States {
		firsts = append(firsts, s.Name)
	}
	for _, first := range firsts {
		for queue := []string{first}; len(queue) > 0; queue = queue[1:] {
			next := byName[queue[0]]
			if next == nil || seen[next.Name] {
				continue
			}
			seen[next.Name] = true
			list = append(list, next)
			for e := range next.Edges {
				queue = append(queue, e.To.Value)
			}
		}
	}
	return list
}
