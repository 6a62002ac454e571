package lint

import (
	"encoding/json"
	"iter"
	"slices"
	"strconv"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// A large document is checked against the schema in parts: for each error the
// library keeps a thousand bytes, and of the whole only when it is through.
const (
	partValues = 8192   // of one part, about
	mostErrors = 20_000 // after so many the rest is left unchecked
)

// lists are members that hold any number of values, each of which is checked
// by itself.
var lists = []string{"resources", "States", "Choices", "And", "Or", "Catch", "headers", "queryParams"}

// part is a document with some of its lists' values left out.
type part struct {
	first *source.Node // value that it has and no part before it
	split map[*source.Node]bool
	in    map[*source.Node]bool // values of split lists that are in it, whole or in part
	from  map[*source.Node]int  // of an array: how many items in front are left out

	shapes *shapes // nil: no state is left out for its shape
}

// parts yields a document's parts, in source order.
func parts(root *source.Node) iter.Seq[part] {
	return func(yield func(part) bool) {
		split := map[*source.Node]bool{}
		cells := cellsOf(root, split)
		for len(cells) > 0 {
			n, size := 0, 0
			for n < len(cells) && (n == 0 || size < partValues) {
				size += values(cells[n])
				n++
			}
			p := part{first: cells[0], split: split, in: map[*source.Node]bool{}, from: map[*source.Node]int{}}
			for _, c := range cells[:n] {
				for ; c != nil && !p.in[c]; c = c.Parent {
					p.in[c] = true
				}
			}
			if cells = cells[n:]; !yield(p) {
				return
			}
		}
	}
}

// cellsOf are the values below n that parts are made of: n itself, if it is
// small or can't be divided.
func cellsOf(n *source.Node, split map[*source.Node]bool) (cells []*source.Node) {
	if values(n) <= partValues {
		return []*source.Node{n}
	}
	var divided bool
	for _, m := range n.Members {
		if inner := cellsOf(m, split); len(inner) > 1 || slices.Contains(lists, n.Name) {
			cells, divided = append(cells, inner...), true
		}
	}
	if !divided {
		return []*source.Node{n}
	}
	split[n] = slices.Contains(lists, n.Name)
	return cells
}

func values(n *source.Node) int {
	sum := 1
	for _, m := range n.Members {
		sum += values(m)
	}
	return sum
}

// plain is the value as the library takes it. A list isn't left empty, which
// may be an error in itself.
func (p part) plain(n *source.Node) any {
	members := n.Members
	if p.split[n] {
		members = slices.DeleteFunc(slices.Clone(members), func(m *source.Node) bool { return !p.in[m] })
	}
	members = p.shapes.distinct(n, members)
	if len(members) == 0 && len(n.Members) > 0 {
		members = n.Members[:1]
	}
	if p.split[n] {
		p.from[n] = int(members[0].Index)
	}
	switch {
	case n.IsObject():
		object := make(map[string]any, len(members))
		for _, m := range members {
			object[m.Name] = p.plain(m)
		}
		return object
	case n.IsArray():
		array := make([]any, len(members))
		for i, m := range members {
			array[i] = p.plain(m)
		}
		return array
	}
	return n.Value
}

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
