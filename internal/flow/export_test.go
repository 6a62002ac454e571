package flow

// Dominates tells, of a graph given by where each node leads, whether every way
// from node 0 to b goes over a.
func Dominates(to [][]int) func(a, b int) bool {
	nodes := make([]dataNode, len(to))
	for i, list := range to {
		nodes[i].to = list
	}
	return newDominators(nodes).over
}
