package lint

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
	sets  []string // path that is written, or is known to be there; nil if nothing is
	value *value   // what is written; nil if it can be anything
	root  bool     // all data is replaced
}

// dataGraph is a machine with its outcomes. Node 0 is where it starts.
type dataGraph struct {
	start   startData
	nodes   []dataNode
	entries []int            // by the index of a state; 0 if no way leads there, else 1 more than the node
	setters map[string][]int // by the first name of what is set; "" for the root
	unknown []int            // nodes that replace all data by something unknown
	names   []string         // all first names that are set, sorted
	dom     func() dominators
	asked   map[string]*presence
	budget  int  // node visits left
	hints   *int // of the index
}

// maxVisits bounds the work on hostile machines; beyond it paths pass.
const maxVisits = 20_000_000

func newDataGraph(x *index, m *zis.Machine, ways *graph) *dataGraph {
	g := &dataGraph{
		start: startOf(x, m), nodes: make([]dataNode, 0, 3*len(m.States)), entries: make([]int, len(m.States)), setters: map[string][]int{}, asked: map[string]*presence{}, budget: maxVisits, hints: &x.hints,
	}
	g.enter(ways.start)
	states, keeps := x.statesOf(m), keepsData(x, m, ways)
	for todo := []*zis.State{ways.start}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, o := range outcomes(x, s, keeps) {
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
	for name := range g.setters {
		if name != "" {
			g.names = append(g.names, name)
		}
	}
	slices.Sort(g.names)
	g.dom = sync.OnceValue(func() dominators { return newDominators(g.nodes) })
	return g
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
		case n.root && n.value == nil:
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

// outcomes lists the ways out of a state. keeps tells that results without a
// ResultPath are known to leave the data alone.
func outcomes(x *index, s *zis.State, keeps bool) []outcome {
	var list []outcome
	if s.Next.Given() {
		list = append(list, outcome{s.Next, result(x, s, keeps)})
	}
	for _, c := range s.Catches {
		list = append(list, outcome{c.Next, caught(c)})
	}
	known := facts{}
	for _, c := range s.Choices {
		list = append(list, outcome{c.Next, slices.Concat(known.nodes, factsIf(c.Node, true).nodes)})
		known.add(factsIf(c.Node, false))
	}
	if s.Default.Given() {
		list = append(list, outcome{s.Default, known.nodes})
	}
	return list
}

// result is what a state puts into the data when it succeeds.
func result(x *index, s *zis.State, keeps bool) []dataNode {
	path := s.ResultPath
	switch s.Type.Value {
	case zis.StatePass:
		if s.Result == nil {
			return nil
		}
		return written(path, literalValue(s.Result), keeps)
	case zis.StateAction:
		if path == nil && slices.Contains(silentActions, s.ActionName.Value) {
			return nil
		}
		return written(path, shapedValue(x.program(s).result), keeps)
	case zis.StateMap:
		return written(path, nil, keeps)
	}
	return nil
}

// silentActions have no result (documented: DG/zis-built-in-actions).
var silentActions = []string{"zis:common:action:PatchConfig", "zis:common:action:CreateLink", "zis:common:action:PatchLink", "zis:common:action:DeleteLink"}

// written is the node of a value at a ResultPath. Without one it may be all of
// the data that is replaced (documented for a Catch), unless the flow shows
// otherwise.
func written(path *source.Node, v *value, keeps bool) []dataNode {
	text, ok := path.Text()
	if !ok {
		if keeps {
			return nil
		}
		return []dataNode{{root: true, value: v}}
	}
	parsed, err := expr.ParsePath(text)
	names := namesOf(parsed.Segments)
	switch {
	case err != nil:
		return []dataNode{{root: true}}
	case len(names) == 0:
		return []dataNode{{root: true, value: v}}
	}
	if len(names) < len(parsed.Segments) {
		v = nil // an item of what is there
	}
	return []dataNode{{sets: names, value: v}}
}

func caught(c zis.Catch) []dataNode {
	if path := c.Node.Get("ResultPath"); path != nil {
		return written(path, errorValue(), false)
	}
	return []dataNode{{root: true}}
}

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

// key names a path in a map.
func key(names []string) string { return strings.Join(names, "\x00") }
