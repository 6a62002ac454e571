package source

import "slices"

// Plain is the value as plain Go values, made anew: nil, bool, json.Number,
// string, map[string]any or []any. Of members with one name the last counts.
func (n *Node) Plain() any {
	switch n.Value.(type) {
	case Object:
		values := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			values[m.Name] = m.Plain()
		}
		return values
	case Array:
		values := make([]any, len(n.Members))
		for i, m := range n.Members {
			values[i] = m.Plain()
		}
		return values
	}
	return n.Value
}

// Identical tells whether two values are the same but for the order of
// members. Numbers are if they are written alike.
func Identical(a, b *Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.IsObject() && b.IsObject() {
		return identicalMembers(last(a.Members), last(b.Members), b)
	}
	return a.Value == b.Value && slices.EqualFunc(a.Members, b.Members, Identical)
}

func identicalMembers(as, bs []*Node, b *Node) bool {
	if len(as) != len(bs) {
		return false
	}
	for i, m := range as {
		other := bs[i]
		if other.Name != m.Name { // most are in one order
			other = b.member(m.Name)
		}
		if !Identical(m, other) {
			return false
		}
	}
	return true
}
