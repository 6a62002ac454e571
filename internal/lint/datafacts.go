package lint

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// facts are paths that are known to be there.
type facts struct{ nodes []dataNode }

// most is how many facts a way carries: enough for people's Choices, and few
// enough in one of thousands of rules.
const most = 16

func (f *facts) add(more facts) {
	for _, n := range more.nodes {
		if len(f.nodes) < most {
			f.nodes = append(slices.Clip(f.nodes), n)
		}
	}
}

// factsIf tells which paths are there if a condition is true, or false.
func factsIf(n *source.Node, truth bool) (f facts) {
	if !n.IsObject() {
		return f
	}
	if not := n.Get("Not"); not != nil {
		return factsIf(not, !truth)
	}
	joined, all := "And", true
	if !truth {
		joined, all = "Or", false
	}
	if list := n.Get(joined); list.IsArray() {
		for _, m := range list.Members {
			f.add(factsIf(m, all))
		}
		return f
	}
	text, ok := n.Get("Variable").Text()
	path, err := expr.ParsePath(text)
	names := namesOf(path.Segments)
	if !ok || err != nil || len(names) == 0 || !provesPresence(n, truth) {
		return f
	}
	return facts{[]dataNode{{sets: names}}}
}

// provesPresence tells whether a comparison that turned out so shows that its
// variable is there.
func provesPresence(n *source.Node, truth bool) bool {
	if is := n.Get("IsPresent"); is != nil {
		return is.Value == truth
	}
	return truth && operatorOf(n) != n
}
