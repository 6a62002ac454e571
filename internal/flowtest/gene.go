package flowtest

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// gene is everything that decides what a run does: the search for cases
// changes genes, and never in place.
type gene struct {
	input   any
	config  map[string]any
	replies map[string][]answer // by state, one for each time it asks; the last is repeated
}

// answer is a reply of the search.
type answer struct {
	status int
	body   any // nil: none
}

// absent stands for a member that isn't there.
type absent struct{}

// key tells equal genes apart from others.
func (g gene) key() string {
	var text strings.Builder
	text.WriteString(interp.Encode(g.input) + interp.Encode(g.config))
	for _, state := range slices.Sorted(maps.Keys(g.replies)) {
		text.WriteString("\n" + state)
		for _, a := range g.replies[state] {
			text.WriteString(" " + strconv.Itoa(a.status) + interp.Encode(a.body))
		}
	}
	return text.String()
}

// reply is the answer to the n-th request of a state.
func (g gene) reply(state string, n int) answer {
	list := g.replies[state]
	if len(list) == 0 {
		return answer{200, map[string]any{}}
	}
	return list[min(n, len(list)-1)]
}

// answered is the gene with another answer to the n-th request of a state, and
// to those after it.
func (g gene) answered(state string, n int, a answer) gene {
	list := make([]answer, n+1)
	for i := range n {
		list[i] = g.reply(state, i)
	}
	list[n] = a
	g.replies = maps.Clone(g.replies)
	if g.replies == nil {
		g.replies = map[string][]answer{}
	}
	g.replies[state] = list
	return g
}

// http answers requests from the gene.
func (g gene) http() func(context.Context, *interp.Request) (interp.Reply, error) {
	asked := map[string]int{}
	return func(_ context.Context, q *interp.Request) (interp.Reply, error) {
		a := g.reply(q.State, asked[q.State])
		asked[q.State]++
		reply := interp.Reply{Status: a.status, Headers: map[string]string{}}
		if a.body != nil {
			reply.Body = []byte(interp.Encode(a.body))
		}
		return reply, nil
	}
}

// with puts a value at a path, making objects and lists on the way. What is of
// another kind is replaced.
func with(v any, path jq.Path, value any) any {
	if len(path) == 0 {
		return value
	}
	if name, ok := path[0].(string); ok {
		object, _ := v.(map[string]any)
		object = maps.Clone(object)
		if object == nil {
			object = map[string]any{}
		}
		below := with(object[name], path[1:], value)
		if _, gone := below.(absent); gone {
			delete(object, name)
			return object
		}
		object[name] = below
		return object
	}
	index, _ := path[0].(int) // of Each the first
	const longest = 200
	list, _ := v.([]any)
	list = slices.Clone(list)
	for len(list) <= min(index, longest) {
		list = append(list, map[string]any{})
	}
	list[min(index, longest)] = with(list[min(index, longest)], path[1:], value)
	if _, gone := list[min(index, longest)].(absent); gone {
		return list[:min(index, longest)]
	}
	return list
}

// at follows a path; missing members are absent.
func at(v any, path jq.Path) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			member, ok := object[step]
			if !ok {
				return absent{}
			}
			v = member
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return absent{}
			}
			v = list[step]
		default:
			list, _ := v.([]any)
			if len(list) == 0 {
				return absent{}
			}
			v = list[0]
		}
	}
	return v
}

// steps reads a reference path; ok is false if it is none.
func steps(text string) (jq.Path, bool) {
	p, err := expr.ParsePath(text)
	if err != nil {
		return nil, false
	}
	path := jq.Path{}
	for _, s := range p.Segments {
		if s.Kind == expr.Index {
			path = append(path, s.Index)
		} else {
			path = append(path, s.Name)
		}
	}
	return path, true
}
