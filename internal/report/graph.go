package report

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Graph is a flow as a picture: nodes in the order in which a run meets them.
type Graph struct {
	Nodes   []GraphNode
	Edges   []GraphEdge
	LeftOut int // states for which there was no room
}

// GraphNode is a state, or an event that starts the flow.
type GraphNode struct {
	ID     string // made by us, safe in any language
	Type   string // a state's type, "Event" or "More"
	Name   string
	Detail string        // what an Action calls; may be empty
	Change deploy.Action // add, change, remove or keep
	Parent string        // id of the Map around it
}

// GraphEdge is a transition.
type GraphEdge struct {
	From, To string // ids
	Kind     string // next, default, choice, catch, starts, item or more
	Label    string
	Change   deploy.Action
}

// graphNodes is how many states are drawn: more can't be read on a page, and
// GitHub refuses Mermaid texts over 50,000 characters.
const graphNodes = 40

// NewGraph draws a flow with what starts it; before may be nil, or the former
// flow whose differences are shown. A flow too large to be read is cut to the
// states that change and those around them.
func NewGraph(before, after *zis.Flow, specs []deploy.SpecPlan) Graph {
	d := &drawing{ids: map[string]string{}, index: map[string]int{}}
	shown := after
	if after == nil {
		shown, before = before, nil
		d.all = deploy.Remove
	}
	var old *zis.Machine
	if before != nil {
		old = before.Machine
	} else if after != nil && d.all == "" {
		d.all = deploy.Keep
	}
	if shown.Machine != nil {
		d.machine(shown.Machine, old, "")
		d.starts(shown.Machine, specs)
	}
	return d.cut()
}

type drawing struct {
	Graph
	all   deploy.Action     // of every state, where there is nothing to compare
	ids   map[string]string // of places in the flow
	index map[string]int    // of ids among the nodes
}

func (d *drawing) id(place string) string {
	if d.ids[place] == "" {
		d.ids[place] = "s" + itoa(len(d.ids))
	}
	return d.ids[place]
}

// machine draws the states of one machine, those of the former one that are
// gone as well.
func (d *drawing) machine(now, old *zis.Machine, parent string) {
	for _, s := range ordered(now) {
		var was *zis.State
		if old != nil {
			was = old.State(s.Name)
		}
		d.state(s, was, old != nil, parent)
	}
	if old == nil {
		return
	}
	for _, s := range old.States {
		if now.State(s.Name) == nil {
			d.node(s, deploy.Remove, parent)
			d.edges(s, nil, deploy.Remove, parent)
		}
	}
}

func (d *drawing) state(s, was *zis.State, compared bool, parent string) {
	change := deploy.Keep
	switch {
	case !compared:
		change = d.all
	case was == nil:
		change = deploy.Add
	case !deploy.Same(was.Node.Value, s.Node.Value):
		change = deploy.Change
	}
	id := d.node(s, change, parent)
	d.edges(s, was, change, parent)
	if s.Iterator == nil {
		return
	}
	var old *zis.Machine
	if was != nil {
		old = was.Iterator
	}
	d.machine(s.Iterator, old, id)
	if s.Iterator.State(s.Iterator.StartAt.Value) != nil {
		d.Edges = append(d.Edges, GraphEdge{From: id, To: d.id(id + "/" + s.Iterator.StartAt.Value), Kind: "item", Label: "each item", Change: deploy.Keep})
	}
}

func (d *drawing) node(s *zis.State, change deploy.Action, parent string) string {
	id := d.id(parent + "/" + s.Name)
	d.index[id] = len(d.Nodes)
	d.Nodes = append(d.Nodes, GraphNode{ID: id, Type: s.Type.Value, Name: s.Name, Detail: detail(s), Change: change, Parent: parent})
	return id
}

// detail is what an Action calls, without the prefix that all have.
func detail(s *zis.State) string {
	if arn, ok := zis.ParseARN(s.ActionName.Value); ok {
		return arn.Name
	}
	return s.ActionName.Value
}

// edges draws the transitions out of a state; of a changed one also those
// that are gone.
func (d *drawing) edges(s, was *zis.State, change deploy.Action, parent string) {
	now := transitions(s)
	var old []transition
	if was != nil {
		old = transitions(was)
	}
	for _, t := range now {
		c := change
		if was != nil {
			c = deploy.Keep
			if !slices.Contains(old, t) {
				c = deploy.Add
			}
		}
		d.edge(s, t, c, parent)
	}
	for _, t := range old {
		if !slices.Contains(now, t) {
			d.edge(s, t, deploy.Remove, parent)
		}
	}
}

func (d *drawing) edge(s *zis.State, t transition, change deploy.Action, parent string) {
	if change == deploy.Change {
		change = deploy.Keep
	}
	d.Edges = append(d.Edges, GraphEdge{From: d.id(parent + "/" + s.Name), To: d.id(parent + "/" + t.to), Kind: t.kind, Label: t.label, Change: change})
}

type transition struct{ kind, to, label string }

func transitions(s *zis.State) []transition {
	var list []transition
	choice := 0
	for e := range s.Edges {
		t := transition{kind: e.Kind, to: e.To.Value}
		switch e.Kind {
		case "choice":
			for choice < len(s.Choices) && !s.Choices[choice].Next.Given() {
				choice++
			}
			t.label = condition(s.Choices[choice].Condition)
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

// starts draws the events in front of the first state.
func (d *drawing) starts(m *zis.Machine, specs []deploy.SpecPlan) {
	if m.State(m.StartAt.Value) == nil {
		return
	}
	for _, s := range specs {
		id := "e" + itoa(len(d.Nodes))
		d.Nodes = append(d.Nodes, GraphNode{ID: id, Type: "Event", Name: s.Event, Detail: s.Name, Change: deploy.Keep})
		d.Edges = append(d.Edges, GraphEdge{From: id, To: d.id("/" + m.StartAt.Value), Kind: "starts", Change: deploy.Keep})
	}
}

// cut keeps what can be read: events, what changes, and what is nearest to
// it; where nothing changes, what is nearest to the start.
func (d *drawing) cut() Graph {
	known := map[string]bool{}
	for _, n := range d.Nodes {
		known[n.ID] = true
	}
	d.Edges = slices.DeleteFunc(d.Edges, func(e GraphEdge) bool { return !known[e.From] || !known[e.To] })
	if len(d.Nodes) <= graphNodes {
		return d.Graph
	}
	keep := d.nearest()
	g := Graph{LeftOut: len(d.Nodes) - len(keep)}
	for _, n := range d.Nodes {
		if keep[n.ID] {
			g.Nodes = append(g.Nodes, n)
		}
	}
	for _, e := range d.Edges {
		if e = outside(e, keep); e.From != e.To && !slices.Contains(g.Edges, e) {
			g.Edges = append(g.Edges, e)
		}
	}
	g.Nodes = append(g.Nodes, GraphNode{ID: moreID, Type: "More", Name: "… " + english.Plural(g.LeftOut, "state") + " left out", Change: deploy.Keep})
	return g
}

// moreID is the node that stands for all states left out.
const moreID = "more"

// outside leads an edge of a state that is left out to the node for all of
// them.
func outside(e GraphEdge, keep map[string]bool) GraphEdge {
	if keep[e.From] && keep[e.To] {
		return e
	}
	if !keep[e.From] {
		e.From = moreID
	}
	if !keep[e.To] {
		e.To = moreID
	}
	return GraphEdge{From: e.From, To: e.To, Kind: "more", Change: deploy.Keep}
}

func (d *drawing) nearest() map[string]bool {
	near := map[string][]string{}
	for _, e := range d.Edges {
		near[e.From] = append(near[e.From], e.To)
		near[e.To] = append(near[e.To], e.From)
	}
	var queue []string
	for _, n := range d.Nodes {
		if n.Change != deploy.Keep {
			queue = append(queue, n.ID)
		}
	}
	for _, n := range d.Nodes {
		if n.Type == "Event" || len(queue) == 0 {
			queue = append(queue, n.ID)
		}
	}
	keep := map[string]bool{}
	for ; len(queue) > 0 && len(keep) < graphNodes; queue = queue[1:] {
		if !keep[queue[0]] {
			keep[queue[0]] = true
			queue = append(queue, near[queue[0]]...)
		}
	}
	return keep
}

// ordered are the states as a run meets them, then those that it never meets.
func ordered(m *zis.Machine) []*zis.State {
	byName := make(map[string]*zis.State, len(m.States))
	for _, s := range m.States {
		byName[s.Name] = s
	}
	seen := map[string]bool{}
	var list []*zis.State
	queue := []string{m.StartAt.Value}
	for _, s := range m.States {
		queue = append(queue, s.Name)
		for ; len(queue) > 0; queue = queue[1:] {
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
