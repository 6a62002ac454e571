package sentences

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// pairing is a value before and after; one of the two may be nil.
type pairing struct{ old, new *source.Node }

// at are the pointers of the pair, in the new bundle and, where it is another
// place or gone, in the former one.
func (p pairing) at() []string {
	var list []string
	if p.new != nil {
		list = append(list, p.new.Pointer())
	}
	if p.old != nil {
		if old := p.old.Pointer(); !slices.Contains(list, old) {
			list = append(list, old)
		}
	}
	return list
}

// any is one of the two: the new one if there is one.
func (p pairing) any() *source.Node {
	if p.new != nil {
		return p.new
	}
	return p.old
}

// members pairs the members of two objects by name, ours in source order, then
// those that are gone; equal ones are left out. Either may be nil.
func members(old, new *source.Node) []pairing {
	var list []pairing
	if new.IsObject() {
		for _, m := range new.Members {
			if new.Get(m.Name) != m {
				continue // said again further down, which is what counts
			}
			was := old.Get(m.Name)
			if was == nil || !same(was, m) {
				list = append(list, pairing{was, m})
			}
		}
	}
	if old.IsObject() {
		for _, m := range old.Members {
			if old.Get(m.Name) == m && new.Get(m.Name) == nil {
				list = append(list, pairing{m, nil})
			}
		}
	}
	return list
}

// alignWork bounds how much is compared to find which items of two lists
// belong together.
const alignWork = 250_000

// items pairs the items of two arrays: equal ones are left out, the rest is
// paired in the order it stands in.
func items(old, new []*source.Node) []pairing {
	for len(old) > 0 && len(new) > 0 && same(old[0], new[0]) {
		old, new = old[1:], new[1:]
	}
	for len(old) > 0 && len(new) > 0 && same(old[len(old)-1], new[len(new)-1]) {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	h := newHasher()
	var list []pairing
	i, j := 0, 0
	for _, c := range common(hashes(h, old), hashes(h, new)) {
		list = append(list, leftover(old[i:c[0]], new[j:c[1]])...)
		i, j = c[0]+1, c[1]+1
	}
	return append(list, leftover(old[i:], new[j:])...)
}

func hashes(h hasher, nodes []*source.Node) []uint64 {
	list := make([]uint64, len(nodes))
	for i, n := range nodes {
		list[i] = h.node(n, nil)
	}
	return list
}

// leftover pairs items one by one.
func leftover(old, new []*source.Node) []pairing {
	var list []pairing
	for i := range max(len(old), len(new)) {
		var p pairing
		if i < len(old) {
			p.old = old[i]
		}
		if i < len(new) {
			p.new = new[i]
		}
		list = append(list, p)
	}
	return list
}

// common are the places of a longest common subsequence of two lists; none of
// lists that are too long to be compared.
func common[T comparable](a, b []T) [][2]int {
	if len(a)*len(b) > alignWork {
		return nil
	}
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	var list [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			list = append(list, [2]int{i, j})
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return list
}

// leaves are the smallest values that differ between two.
func leaves(p pairing) []pairing {
	switch {
	case p.old == nil || p.new == nil:
		return []pairing{p}
	case p.old.IsObject() && p.new.IsObject():
		return deeper(members(p.old, p.new))
	case p.old.IsArray() && p.new.IsArray():
		return deeper(items(p.old.Members, p.new.Members))
	case same(p.old, p.new):
		return nil
	}
	return []pairing{p}
}

// otherKeys takes out of differences what is the same value of the same object
// under another key.
func (h hasher) otherKeys(list []pairing) (rest, renamed []pairing) {
	word := func(n *source.Node) string {
		if n == nil || n.Parent == nil || !n.Parent.IsObject() || n.Secret || kindOf(n) == "other" { // a flag is another one
			return ""
		}
		return strconv.FormatBool(strings.HasSuffix(n.Name, ".$")) + n.Parent.Pointer() + " " + strconv.FormatUint(h.node(n, nil), 16)
	}
	gone := map[string]int{} // places in list
	for i, p := range list {
		if w := word(p.old); p.new == nil && w != "" {
			gone[w] = i
		}
	}
	taken := map[int]bool{}
	for i, p := range list {
		w := word(p.new)
		if j, ok := gone[w]; p.old == nil && w != "" && ok && !taken[j] {
			renamed = append(renamed, pairing{list[j].old, p.new})
			taken[i], taken[j] = true, true
		}
	}
	for i, p := range list {
		if !taken[i] {
			rest = append(rest, p)
		}
	}
	return rest, renamed
}

func deeper(list []pairing) []pairing {
	var out []pairing
	for _, p := range list {
		out = append(out, leaves(p)...)
	}
	return out
}
