package zis

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Beside gives for each member of want the value of have that stands in its
// place, nil where none does: members of an object by their name, headers and
// parameters by their key, items of other lists by their order as long as both
// lists have as many.
func Beside(want, have *source.Node) []*source.Node {
	found := make([]*source.Node, len(want.Members))
	switch {
	case want.IsObject():
		for i, m := range want.Members {
			found[i] = have.Get(m.Name)
		}
	case !want.IsArray() || !have.IsArray():
	case keyed(want) && keyed(have):
		byKey := map[string][]*source.Node{}
		for _, m := range have.Members {
			byKey[key(m)] = append(byKey[key(m)], m)
		}
		for i, m := range want.Members {
			if same := byKey[key(m)]; len(same) > 0 {
				found[i], byKey[key(m)] = same[0], same[1:]
			}
		}
	case len(want.Members) == len(have.Members):
		copy(found, have.Members)
	}
	return found
}

// keyed tells whether a list is one of headers or parameters.
func keyed(list *source.Node) bool {
	for _, m := range list.Members {
		if m.Get("key") == nil {
			return false
		}
	}
	return len(list.Members) > 0
}

// key is that of a header or parameter. Names of headers have no case.
func key(n *source.Node) string {
	text, _ := n.Get("key").Text()
	return strings.ToLower(text)
}
