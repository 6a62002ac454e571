package compare

import (
	"fmt"
	"slices"
	"strconv"
)

// list rewrites the items of a list: of one whose order means nothing in the
// order of ours, else in its own.
func (m *matcher) list(at string, p *place, want, have []any) []any {
	out := make([]any, 0, len(have))
	partner := m.partners(at, p, want, have)
	if p.pairs {
		var order []int
		have, partner, order = inOrder(have, partner)
		for i, was := range order {
			if i != was {
				m.moved[fmt.Sprintf("%s/%d", at, i)] = strconv.Itoa(was)
			}
		}
	}
	for i, h := range have {
		j := partner[i]
		if j < 0 {
			out = append(out, h)
			continue
		}
		out = append(out, m.value(fmt.Sprintf("%s/%d", at, j), p.item(), want[j], h))
	}
	return out
}

// partners finds for each stored item the one of ours that it stands for: one
// that is the same, or else, in lists of one length, the one at its place; -1
// for none.
func (m *matcher) partners(at string, p *place, want, have []any) []int {
	partner := make([]int, len(have))
	used := make([]bool, len(want))
	for i, h := range have {
		partner[i] = -1
		for _, j := range near(i, len(want)) {
			if !used[j] && m.alike(at, p.item(), want[j], h) {
				partner[i], used[j] = j, true
				break
			}
		}
	}
	for i := range have {
		if partner[i] < 0 && i < len(want) && !used[i] && len(want) == len(have) {
			partner[i], used[i] = i, true
		}
	}
	return partner
}

// far is how far from its place an item is looked for, and manyLooks in how
// many places those of one list are, all together: a long list isn't searched
// whole for each of its items.
const (
	far       = 64
	manyLooks = 100_000
)

// near lists the places at and around i, the nearest first.
func near(i, n int) []int {
	var list []int
	for d := 0; d <= min(far, max(1, manyLooks/max(1, n)), n+i); d++ {
		if i+d < n {
			list = append(list, i+d)
		}
		if d > 0 && i-d >= 0 && i-d < n {
			list = append(list, i-d)
		}
	}
	return list
}

// alike tells whether two items are the same, and notes nothing.
func (m *matcher) alike(at string, p *place, want, have any) bool {
	quiet := &matcher{integration: m.integration, strict: m.strict, moved: map[string]string{}}
	return Same(quiet.value(at, p, want, have), want)
}

// inOrder sorts the stored items after their partners; those without one come
// last. It also returns where each stood.
func inOrder(have []any, partner []int) ([]any, []int, []int) {
	order := make([]int, len(have))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		pa, pb := partner[a], partner[b]
		if (pa < 0) != (pb < 0) {
			return pb - pa
		}
		return pa - pb
	})
	items, partners := make([]any, len(have)), make([]int, len(have))
	for i, k := range order {
		items[i], partners[i] = have[k], partner[k]
	}
	return items, partners, order
}
