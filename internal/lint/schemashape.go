package lint

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// shapes are those of the states that the library is given: of states of one
// shape one is enough, for all that the schema asks of a state is the same.
// That is so while nothing is wrong; what is wrong is looked for in all states.
type shapes struct {
	seen map[string]bool
	left int // how many states were left out
}

// longestShape is in bytes. Because each value takes two at least, a state
// with a shorter one has fewer than partValues, and is in one part.
const longestShape = partValues

// distinct are the members of n without the states whose shape was seen before.
func (s *shapes) distinct(n *source.Node, members []*source.Node) []*source.Node {
	if s == nil || len(members) < 2 || !isFlowStates(n) {
		return members
	}
	var list []*source.Node
	var shape []byte
	for _, m := range members {
		shape = appendShape(shape[:0], m)
		switch {
		case len(shape) >= longestShape || n.Get(m.Name) != m: // not all of it is judged
		case s.seen[string(shape)]:
			s.left++
			continue
		default:
			s.seen[string(shape)] = true
		}
		list = append(list, m)
	}
	return list
}

// isFlowStates tells whether n is the States of a flow, and not one that a
// member of the same name takes the place of.
func isFlowStates(n *source.Node) bool {
	if n.Name != "States" || n.Parent.Name != "definition" {
		return false
	}
	properties := n.Parent.Parent
	if properties == nil || properties.Name != "properties" || properties.Parent == nil || !isResource(properties.Parent) {
		return false
	}
	r := properties.Parent
	return n.Root().Get("resources", r.Name, "properties", "definition", "States") == n && resourceKind(r) == "flow"
}

// schemaWords are the texts that the schema tells apart in a state.
var schemaWords = []string{zis.StateAction, zis.StateChoice, zis.StateMap, zis.StatePass, zis.StateWait, zis.StateSucceed, zis.StateFail, "States.ALL"}

// appendShape appends all of a state that the schema asks for: the names and
// the types of its values, and what they are unless they are any text. 0xff is
// in no text.
func appendShape(to []byte, n *source.Node) []byte {
	if len(to) >= longestShape {
		return to
	}
	switch v := n.Value.(type) {
	case string:
		to = append(to, '"')
		if slices.Contains(schemaWords, v) {
			to = append(to, v...)
		}
	case json.Number:
		to = append(append(to, '0'), v...)
	case bool:
		to = strconv.AppendBool(to, v)
	case source.Object:
		to = append(to, '{')
		for _, m := range n.Members {
			to = append(append(append(to, 0xff), m.Name...), 0xff)
			to = appendShape(to, m)
		}
		to = append(to, 0xff, '}')
	case source.Array:
		to = append(to, '[')
		for _, m := range n.Members {
			to = append(to, 0xff)
			to = appendShape(to, m)
		}
		to = append(to, 0xff, ']')
	default:
		to = append(to, 'n')
	}
	return to
}
