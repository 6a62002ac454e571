package flow

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// loopFinder finds the groups of states that lead to each other and nowhere
// else (Tarjan: Depth-First Search and Linear Graph Algorithms).
type loopFinder struct {
	to          [][]*zis.State
	number, low []int // by the index of a state; its number is 0 until it is visited
	grouped     []bool
	open        []bool // an edge leads to another group
	stack       []*zis.State
	loops       []*zis.State
}

// findLoops returns the first state of each group that a run can enter, and
// can neither leave nor end in.
func findLoops(starts []*zis.State, to [][]*zis.State) []*zis.State {
	n := len(to)
	f := &loopFinder{to: to, number: make([]int, n), low: make([]int, n), grouped: make([]bool, n), open: make([]bool, n)}
	next := 1
	for _, s := range starts {
		if f.number[s.Index] == 0 {
			next = f.visit(s, next)
		}
	}
	slices.SortFunc(f.loops, func(a, b *zis.State) int { return a.Index - b.Index })
	return f.loops
}

// visit returns the next number.
func (f *loopFinder) visit(s *zis.State, next int) int {
	i := s.Index
	f.number[i], f.low[i] = next, next
	f.stack = append(f.stack, s)
	next++
	for _, to := range f.to[i] {
		if f.number[to.Index] == 0 {
			next = f.visit(to, next)
		}
		if f.grouped[to.Index] {
			f.open[i] = true
		} else {
			f.low[i] = min(f.low[i], f.low[to.Index])
		}
	}
	if f.low[i] == f.number[i] {
		f.close(s)
	}
	return next
}

// close takes the group that was entered at s off the stack.
func (f *loopFinder) close(s *zis.State) {
	at := len(f.stack) - 1
	for f.stack[at] != s {
		at--
	}
	group := f.stack[at:]
	f.stack = f.stack[:at]
	first, open := s, false
	for _, member := range group {
		f.grouped[member.Index] = true
		open = open || f.open[member.Index] || Ends(member)
		if member.Index < first.Index {
			first = member
		}
	}
	if !open {
		f.loops = append(f.loops, first)
	}
}
