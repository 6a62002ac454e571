package flow

import "slices"

// dominators tell which nodes every way from node 0 to another one passes.
type dominators struct {
	first, last []int // the span of a node's subtree in the tree of dominators
}

// over tells whether every way to b passes a.
func (d dominators) over(a, b int) bool { return d.first[a] <= d.first[b] && d.last[b] <= d.last[a] }

// newDominators finds the nearest dominator of each node (Lengauer and Tarjan:
// A Fast Algorithm for Finding Dominators in a Flowgraph; the simple version).
// All nodes can be reached from node 0.
func newDominators(nodes []dataNode) dominators {
	t := newSpanningTree(nodes)
	up := make([]int, len(nodes))
	waiting := make([][]int, len(nodes)) // nodes by their semidominator
	for _, n := range slices.Backward(t.order[1:]) {
		for _, before := range t.before[n] {
			if best := t.best(before); t.number[t.semi[best]] < t.number[t.semi[n]] {
				t.semi[n] = t.semi[best]
			}
		}
		waiting[t.semi[n]] = append(waiting[t.semi[n]], n)
		parent := t.parent[n]
		t.above[n] = parent
		for _, w := range waiting[parent] {
			up[w] = parent
			if best := t.best(w); t.number[t.semi[best]] < t.number[t.semi[w]] {
				up[w] = best
			}
		}
		waiting[parent] = nil
	}
	for _, n := range t.order[1:] {
		if up[n] != t.semi[n] {
			up[n] = up[up[n]]
		}
	}
	return spans(up)
}

// spanningTree is a depth-first walk over the nodes, and the forest that grows
// as newDominators goes over it from its end.
type spanningTree struct {
	order          []int // of the walk
	number, parent []int // place in the order, and the node before in the tree
	before         [][]int
	semi           []int // the semidominator
	above, label   []int // in the forest: the node above or -1; the best node between
}

func newSpanningTree(nodes []dataNode) *spanningTree {
	n := len(nodes)
	t := &spanningTree{
		number: make([]int, n), parent: make([]int, n), before: make([][]int, n),
		semi: make([]int, n), above: make([]int, n), label: make([]int, n),
	}
	for i := range nodes {
		t.number[i], t.above[i], t.semi[i], t.label[i] = -1, -1, i, i
		for _, to := range nodes[i].to {
			t.before[to] = append(t.before[to], i)
		}
	}
	type frame struct{ node, next int }
	enter := func(stack []frame, n int) []frame {
		t.number[n] = len(t.order)
		t.order = append(t.order, n)
		return append(stack, frame{node: n})
	}
	for stack := enter(nil, 0); len(stack) > 0; {
		top := &stack[len(stack)-1]
		if top.next == len(nodes[top.node].to) {
			stack = stack[:len(stack)-1]
			continue
		}
		to := nodes[top.node].to[top.next]
		top.next++
		if t.number[to] < 0 {
			t.parent[to] = top.node
			stack = enter(stack, to)
		}
	}
	return t
}

// best is the node with the least semidominator between n and the root of its
// tree in the forest, n included and the root excluded. It shortens the way
// for those that ask later.
func (t *spanningTree) best(n int) int {
	if t.above[n] < 0 {
		return n
	}
	var way []int
	for at := n; t.above[t.above[at]] >= 0; at = t.above[at] {
		way = append(way, at)
	}
	for _, at := range slices.Backward(way) {
		above := t.above[at]
		if t.number[t.semi[t.label[above]]] < t.number[t.semi[t.label[at]]] {
			t.label[at] = t.label[above]
		}
		t.above[at] = t.above[above]
	}
	return t.label[n]
}

// spans numbers the tree of dominators, so that a subtree is a span.
func spans(up []int) dominators {
	below := make([][]int, len(up))
	for n, u := range up {
		if n != u && u >= 0 {
			below[u] = append(below[u], n)
		}
	}
	d := dominators{make([]int, len(up)), make([]int, len(up))}
	type frame struct{ node, next int }
	count := 0
	for stack := []frame{{}}; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if top.next == 0 {
			d.first[top.node] = count
			count++
		}
		if top.next == len(below[top.node]) {
			d.last[top.node] = count
			stack = stack[:len(stack)-1]
			continue
		}
		top.next++
		stack = append(stack, frame{node: below[top.node][top.next-1]})
	}
	return d
}
