package sentences

import (
	"encoding/json"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// hasher gives JSON values numbers that are equal for equal values: the order
// of members and 1.0 for 1 make no difference. Its seed is another in each
// run, so that nobody can write two values that it takes for one.
type hasher struct{ seed maphash.Seed }

func newHasher() hasher { return hasher{maphash.MakeSeed()} }

func (h hasher) text(kind byte, s string) uint64 {
	var m maphash.Hash
	m.SetSeed(h.seed)
	m.WriteByte(kind)
	m.WriteString(s)
	return m.Sum64()
}

// mix joins numbers whose order counts.
func (h hasher) mix(parts ...uint64) uint64 {
	var m maphash.Hash
	m.SetSeed(h.seed)
	for _, p := range parts {
		maphash.WriteComparable(&m, p)
	}
	return m.Sum64()
}

// node is the number of a value; of strings that refer to something, as says
// what they count as.
func (h hasher) node(n *source.Node, as func(*source.Node) string) uint64 {
	switch v := n.Value.(type) {
	case source.Object:
		sum := h.text('{', "")
		for _, m := range n.Members {
			if n.Get(m.Name) == m {
				sum += h.mix(h.text('k', m.Name), h.node(m, as))
			}
		}
		return h.mix(sum)
	case source.Array:
		sum := h.text('[', "")
		for _, m := range n.Members {
			sum = h.mix(sum, h.node(m, as))
		}
		return sum
	case string:
		if as != nil {
			v = as(n)
		}
		return h.text('s', v)
	case json.Number:
		return h.text('n', number(v))
	case bool:
		return h.text('b', strconv.FormatBool(v))
	}
	return h.text('0', "")
}

// number is a JSON number in one form of the many it can be written in.
// Integers of any length stay exact.
func number(n json.Number) string {
	s := n.String()
	if !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if text := strconv.FormatFloat(f, 'f', -1, 64); !strings.Contains(text, ".") && len(text) < 16 {
		return text
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// same tells whether two values are one.
func same(a, b *source.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	switch v := a.Value.(type) {
	case source.Object:
		return b.IsObject() && sameMembers(a, b)
	case source.Array:
		if !b.IsArray() || len(a.Members) != len(b.Members) {
			return false
		}
		for i := range a.Members {
			if !same(a.Members[i], b.Members[i]) {
				return false
			}
		}
		return true
	case json.Number:
		w, ok := b.Value.(json.Number)
		return ok && source.SameNumber(v, w)
	case string:
		w, ok := b.Value.(string)
		return ok && v == w
	case bool:
		w, ok := b.Value.(bool)
		return ok && v == w
	}
	return b.Value == nil
}

// sameMembers tells whether two objects have the same members.
func sameMembers(a, b *source.Node) bool {
	lacks := func(m *source.Node) bool { return a.Get(m.Name) == nil }
	differs := func(m *source.Node) bool { return !same(a.Get(m.Name), b.Get(m.Name)) }
	return !slices.ContainsFunc(b.Members, lacks) && !slices.ContainsFunc(a.Members, differs)
}
