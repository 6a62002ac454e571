package diagram

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/english"
)

// moreID is the node that stands for all states left out.
const moreID = "more"

// cut keeps what can be read: what changes and what is nearest to it; where
// nothing changes, what is nearest to the start. Events and hosts stay with
// the states they belong to.
func (d *drawing) cut(most int) Graph {
	known := map[string]bool{}
	states := 0
	for _, n := range d.Nodes {
		known[n.ID] = true
		if n.state() {
			states++
		}
	}
	d.Edges = slices.DeleteFunc(d.Edges, func(e Edge) bool { return !known[e.From] || !known[e.To] })
	if states <= most {
		return d.Graph
	}
	return d.kept(d.nearest(most))
}

func (n Node) state() bool { return n.Type != "Event" && n.Type != "Host" && n.Type != "More" }

// kept is the graph of some of the nodes, with one that counts the others.
func (d *drawing) kept(keep map[string]bool) Graph {
	var g Graph
	for _, n := range d.Nodes {
		switch {
		case keep[n.ID]:
			if !keep[n.Parent] {
				n.Parent = ""
			}
			g.Nodes = append(g.Nodes, n)
		case n.state():
			g.LeftOut++
		}
	}
	for _, e := range d.Edges {
		if e.Kind == "sends" && !keep[e.From] {
			continue
		}
		if e = outside(e, keep); e.From != e.To && !slices.Contains(g.Edges, e) {
			g.Edges = append(g.Edges, e)
		}
	}
	g.Nodes = append(g.Nodes, Node{ID: moreID, Type: "More", Name: "… " + english.Plural(g.LeftOut, "state") + " left out", Change: compare.Keep})
	return g
}

// outside leads an edge of a state that is left out to the node for all of
// them.
func outside(e Edge, keep map[string]bool) Edge {
	if keep[e.From] && keep[e.To] {
		return e
	}
	if !keep[e.From] {
		e.From = moreID
	}
	if !keep[e.To] {
		e.To = moreID
	}
	return Edge{From: e.From, To: e.To, Kind: "more", Change: compare.Keep}
}

// nearest chooses the states to keep, and the events and hosts beside them.
func (d *drawing) nearest(most int) map[string]bool {
	node, near := map[string]Node{}, map[string][]string{}
	for _, n := range d.Nodes {
		node[n.ID] = n
	}
	for _, e := range d.Edges {
		near[e.From] = append(near[e.From], e.To)
		near[e.To] = append(near[e.To], e.From)
	}
	keep := map[string]bool{}
	queue := d.changing()
	for states := 0; len(queue) > 0 && states < most; queue = queue[1:] {
		id := queue[0]
		if keep[id] || !node[id].state() {
			continue
		}
		keep[id] = true
		states++
		queue = append(queue, near[id]...)
		if parent := node[id].Parent; parent != "" {
			queue = append(queue, parent)
		}
	}
	for _, e := range d.Edges {
		keep[e.From] = keep[e.From] || e.Kind == "starts"
		keep[e.To] = keep[e.To] || e.Kind == "sends" && keep[e.From]
	}
	return keep
}

// changing are the nodes from which on is looked: those that change, or the
// first state.
func (d *drawing) changing() []string {
	var first, queue []string
	for _, n := range d.Nodes {
		if n.state() && len(first) == 0 {
			first = []string{n.ID}
		}
		if n.Change != compare.Keep && d.all == "" {
			queue = append(queue, n.ID)
		}
	}
	for _, e := range d.Edges {
		if e.Change != compare.Keep && d.all == "" {
			queue = append(queue, e.From)
		}
	}
	return append(queue, first...)
}
