package flow

import (
	"slices"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// dataNode is a point of a run: the entry of a state, or what one of its
// outcomes does to the data.
type dataNode struct {
	to    []int
	sets  []string   // path that is written, or is known to be there; nil if nothing is
	shape *zis.Shape // of what is written; nil if it can be anything
	root  bool       // all data is replaced
	known bool       // nothing is written: a condition has shown that the path is there
	maybe bool       // it is written, or nothing is
}

// dataGraph is a machine with its outcomes. Node 0 is where it starts.
type dataGraph struct {
	facts   *Facts
	start   *Start
	nodes   []dataNode
	entries []int            // by the index of a state; 0 if no way leads there, else 1 more than the node
	setters map[string][]int // by the first name of what is set; "" for the root
	unknown []int            // nodes that replace all data by something unknown
	names   []string         // all first names that are written, sorted
	dom     func() dominators
	asked   map[string]*presence
	budget  int // node visits left
}

// maxVisits bounds the work on hostile machines; beyond it paths pass.
const maxVisits = 20_000_000

func newDataGraph(x *Facts, m *zis.Machine, ways *Graph) *dataGraph {
	g := &dataGraph{
		facts: x, start: x.Start(m.States[0].Flow), nodes: make([]dataNode, 0, 3*len(m.States)), entries: make([]int, len(m.States)),
		setters: map[string][]int{}, asked: map[string]*presence{}, budget: maxVisits,
	}
	g.enter(ways.Start)
	states := x.States(m)
	for todo := []*zis.State{ways.Start}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, o := range outcomes(x, s) {
			to := ways.target(states, o.to)
			if to == nil {
				continue
			}
			if g.entry(to) < 0 {
				g.enter(to)
				todo = append(todo, to)
			}
			g.connect(g.entry(s), g.entry(to), o)
		}
	}
	g.nameSetters()
	g.dom = sync.OnceValue(func() dominators { return newDominators(g.nodes) })
	return g
}

func (g *dataGraph) nameSetters() {
	for name, nodes := range g.setters {
		if name != "" && slices.ContainsFunc(nodes, func(n int) bool { return !g.nodes[n].known }) {
			g.names = append(g.names, name)
		}
	}
	slices.Sort(g.names)
}

func (g *dataGraph) enter(s *zis.State) {
	g.nodes = append(g.nodes, dataNode{})
	g.entries[s.Index] = len(g.nodes)
}

// entry is the node at which a state begins; -1 if no way leads there.
func (g *dataGraph) entry(s *zis.State) int { return g.entries[s.Index] - 1 }

// connect leads from one node to another by way of what the outcome sets.
func (g *dataGraph) connect(from, to int, o outcome) {
	for _, n := range o.sets {
		i := len(g.nodes)
		g.nodes = append(g.nodes, n)
		switch {
		case n.root && n.shape == nil:
			g.unknown = append(g.unknown, i)
		case n.root:
			g.setters[""] = append(g.setters[""], i)
		default:
			g.setters[n.sets[0]] = append(g.setters[n.sets[0]], i)
		}
		g.nodes[from].to = append(g.nodes[from].to, i)
		from = i
	}
	g.nodes[from].to = append(g.nodes[from].to, to)
}

// outcome is one way out of a state and what it does to the data.
type outcome struct {
	to   zis.String
	sets []dataNode
}

// outcomes lists the ways out of a state.
func outcomes(x *Facts, s *zis.State) []outcome {
	var list []outcome
	if s.Next.Given() {
		list = append(list, outcome{s.Next, result(x, s)})
	}
	for _, c := range s.Catches {
		list = append(list, outcome{c.Next, caught(c)})
	}
	known, start := guards{}, x.Start(s.Flow)
	for _, c := range s.Choices {
		list = append(list, outcome{c.Next, slices.Concat(known.nodes, start.guardsIf(c.Condition, true).nodes)})
		known.add(start.guardsIf(c.Condition, false))
	}
	if s.Default.Given() {
		list = append(list, outcome{s.Default, known.nodes})
	}
	return list
}

// result is what a state puts into the data when it succeeds.
func result(x *Facts, s *zis.State) []dataNode {
	switch s.Type.Value {
	case zis.StatePass:
		if s.Result == nil {
			return nil
		}
		return written(s.ResultPath, literalShape(s.Result))
	case zis.StateAction:
		if s.ResultPath == nil || Silent(s) {
			return nil // the result is dropped (inferred, strongly: docs/platform.md)
		}
		return written(s.ResultPath, actionShape(x, s))
	case zis.StateMap:
		return written(s.ResultPath, nil)
	}
	return nil
}

// Silent tells whether a state calls an action that gives nothing, so that
// nothing stands at its ResultPath.
func Silent(s *zis.State) bool {
	b := zis.BuiltInOf(s.ActionName.Value)
	return b != nil && b.Silent
}

func actionShape(x *Facts, s *zis.State) *zis.Shape {
	if b := zis.BuiltInOf(s.ActionName.Value); b != nil && b.Result != nil {
		return b.Result
	}
	return programShape(x.Program(s).Result)
}

// written is the node of a value at a ResultPath. Without one, nobody knows
// whether it takes the place of all data or is dropped.
func written(path *source.Node, shape *zis.Shape) []dataNode {
	text, ok := path.Text()
	if !ok {
		return []dataNode{{root: true, shape: shape, maybe: true}}
	}
	parsed, err := expr.ParsePath(text)
	names := namesOf(parsed.Segments)
	switch {
	case err != nil:
		return []dataNode{{root: true}}
	case len(names) == 0:
		return []dataNode{{root: true, shape: shape}}
	}
	if len(names) < len(parsed.Segments) {
		shape = nil // an item of what is there
	}
	return []dataNode{{sets: names, shape: shape}}
}

// caught is what an error puts into the data: at a Catch's ResultPath, or in
// the place of all of it (documented: DG/state-retry-error-handling). What is
// read then is looked at for itself, and passes here.
func caught(c zis.Catch) []dataNode {
	if path := c.Node.Get("ResultPath"); path != nil {
		return written(path, zis.ErrorShape)
	}
	return []dataNode{{root: true}}
}

// NamesOf are the names at the beginning of a path, up to its first index.
func NamesOf(p expr.Path) []string { return namesOf(p.Segments) }

// namesOf are the names at the beginning of a path, up to its first index.
func namesOf(path []expr.Segment) []string {
	if len(path) == 0 {
		return nil
	}
	names := make([]string, 0, len(path))
	for _, seg := range path {
		if seg.Kind == expr.Index {
			break
		}
		names = append(names, seg.Name)
	}
	return names
}

// pathKey names a path in a map.
func pathKey(names []string) string { return strings.Join(names, "\x00") }

// startsWith tells whether a path begins with another.
func startsWith(names, beginning []string) bool {
	return len(beginning) <= len(names) && slices.Equal(names[:len(beginning)], beginning)
}
