package lint

// dominators tell which nodes every way from node 0 to another one passes
// (Cooper, Harvey and Kennedy: A Simple, Fast Dominance Algorithm).
type dominators struct {
	first, last []int // the span of a node's subtree in the tree of dominators
}

// over tells whether every way to b passes a.
func (d dominators) over(a, b int) bool { return d.first[a] <= d.first[b] && d.last[b] <= d.last[a] }

func newDominators(nodes []dataNode) dominators {
	order := postorder(nodes)
	number := make([]int, len(nodes)) // of a node in the order
	for i, n := range order {
		number[n] = i
	}
	before := make([][]int, len(nodes))
	for i, n := range nodes {
		for _, to := range n.to {
			before[to] = append(before[to], i)
		}
	}
	up := make([]int, len(nodes)) // the nearest dominator
	for i := range up {
		up[i] = -1
	}
	up[0] = 0
	for changed := true; changed; {
		changed = false
		for i := len(order) - 2; i >= 0; i-- {
			n := order[i]
			if nearest := meet(before[n], up, number); up[n] != nearest {
				up[n], changed = nearest, true
			}
		}
	}
	return spans(up)
}

// meet is the nearest node that dominates all of the given ones.
func meet(nodes, up, number []int) int {
	best := -1
	for _, n := range nodes {
		if up[n] < 0 {
			continue // not seen yet
		}
		if best < 0 {
			best = n
		}
		for best != n {
			if number[best] < number[n] {
				best = up[best]
			} else {
				n = up[n]
			}
		}
	}
	return best
}

// postorder lists the nodes so that each comes after those it leads to first;
// node 0 is the last.
func postorder(nodes []dataNode) []int {
	type frame struct{ node, next int }
	seen := make([]bool, len(nodes))
	seen[0] = true
	order := make([]int, 0, len(nodes))
	for stack := []frame{{}}; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if top.next == len(nodes[top.node].to) {
			order = append(order, top.node)
			stack = stack[:len(stack)-1]
			continue
		}
		to := nodes[top.node].to[top.next]
		top.next++
		if !seen[to] {
			seen[to] = true
			stack = append(stack, frame{node: to})
		}
	}
	return order
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
