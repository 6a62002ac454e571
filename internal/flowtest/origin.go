package flowtest

import (
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// change is a value that shall be at a path of the data.
type change struct {
	path  jq.Path
	value any
}

// world is what the search knows of the flow whose cases it makes.
type world struct {
	flow   *interp.Flow
	states map[*source.Node]*zis.State
	event  *zis.Event // nil: any JSON
}

// maxChain is how many jq programs a value is followed through.
const maxChain = 4

// apply changes a gene so that the data before the step at has the value:
// where the value comes from is found by going back over the run. A jq program
// can't be turned around; there are several guesses then.
func (w *world) apply(g gene, run []interp.Step, at int, c change, chain int) []gene {
	path, value := c.path, c.value
	now := &run[at]
	for j := at - 1; j >= 0; j-- {
		s := &run[j]
		if s.Run != now.Run {
			break
		}
		if now.Depth > 0 && s.Depth == now.Depth-1 { // the Map around it
			items, ok := w.path(s, "ItemsPath")
			if !ok {
				return nil
			}
			outer := append(append(slices.Clone(items), now.Item), path...)
			return w.apply(g, run, j, change{outer, value}, chain)
		}
		if s.Depth != now.Depth || s.Item != now.Item {
			continue
		}
		rest, sets := w.sets(s, path)
		if sets {
			return w.produce(g, run, j, change{rest, value}, chain)
		}
	}
	if _, gone := value.(absent); gone && len(path) < 2 {
		return nil
	}
	if now.Depth > 0 || len(path) == 0 || path[0] != "input" || !mayHave(w.event, path[1:], value) {
		return nil
	}
	g.input = with(g.input, path[1:], value)
	return []gene{g}
}

// path is a path that a state has in a field.
func (w *world) path(s *interp.Step, field string) (jq.Path, bool) {
	text, ok := s.Place.Node.Get(field).Text()
	if !ok {
		return nil, false
	}
	return steps(text)
}

// sets tells whether a state has put something at the path, and which part of
// the path is inside of it.
func (w *world) sets(s *interp.Step, path jq.Path) (rest jq.Path, ok bool) {
	var to jq.Path
	if s.Caught {
		to = jq.Path{}
		if text, given := w.states[s.Place.Node].Catches[0].Node.Get("ResultPath").Text(); given {
			to, _ = steps(text)
		}
	} else if to, ok = w.path(s, "ResultPath"); !ok || s.Err != nil {
		return nil, false
	}
	if len(to) > len(path) || !slices.Equal(to, path[:len(to)]) {
		return nil, false
	}
	return path[len(to):], true
}

// produce changes what a state makes of its surroundings.
func (w *world) produce(g gene, run []interp.Step, at int, c change, chain int) []gene {
	s := &run[at]
	st := w.states[s.Place.Node]
	given, _ := s.Given.(map[string]any)
	_, gone := c.value.(absent)
	switch {
	case st == nil || st.Type.Value != zis.StateAction, gone && len(c.path) == 0:
		return nil
	case s.Caught:
		return w.errors(g, run, at, c)
	case strings.HasSuffix(st.ActionName.Value, ":LoadConfig"):
		scope, _ := given["scope"].(string)
		g.config = cloned(g.config)
		g.config[scope] = with(g.config[scope], c.path, c.value)
		return []gene{g}
	case strings.HasSuffix(st.ActionName.Value, ":Jq"):
		return w.guess(g, run, at, c, chain)
	case len(s.Requests) == 0:
		return nil
	}
	n := nth(run, at)
	a := g.reply(s.State, n)
	a.status, a.body = 200, with(a.body, c.path, c.value)
	return []gene{g.answered(s.State, n, a)}
}

func cloned(m map[string]any) map[string]any {
	c := make(map[string]any, len(m)+1)
	maps.Copy(c, m)
	return c
}

// nth is how many requests the state of a step had made before it.
func nth(run []interp.Step, at int) int {
	n := 0
	for i := range at {
		if run[i].State == run[at].State {
			n += len(run[i].Requests)
		}
	}
	return n
}

// errors makes another error of an action: its status is in the Cause.
func (w *world) errors(g gene, run []interp.Step, at int, c change) []gene {
	text, _ := c.value.(string)
	var list []gene
	for _, status := range statuses(text) {
		list = append(list, g.answered(run[at].State, nth(run, at), answer{status, nil}))
	}
	return list
}

// guess changes what a jq program reads, so that its result may become the
// value: each thing that it looks at gets each value that may matter.
func (w *world) guess(g gene, run []interp.Step, at int, c change, chain int) []gene {
	if chain == maxChain {
		return nil
	}
	given, _ := run[at].Given.(map[string]any)
	program, _ := given["expr"].(string)
	params := w.states[run[at].Place.Node].Parameters
	text, _ := params.Get("data.$").Text()
	data, ok := steps(text)
	access := jq.Accesses(program)
	list := w.filled(g, run, at, candidates(access, c.value), chain)
	if !ok {
		return list
	}
	values := candidates(access, c.value)
	try := func(g gene, p jq.Path, v any) []gene {
		return w.apply(g, run, at, change{append(slices.Clone(data), concrete(p)...), v}, chain+1)
	}
	paths := access.Paths[:min(len(access.Paths), maxPaths)]
	if len(paths) == 0 {
		paths = []jq.Path{{}}
	}
	for _, v := range values {
		together := []gene{g}
		for _, p := range paths {
			if !isLeaf(p, paths) {
				continue
			}
			list = append(list, try(g, p, v)...)
			var next []gene
			for _, one := range together {
				next = append(next, try(one, p, v)...)
			}
			if len(next) > 0 {
				together = next[:min(len(next), 2)]
			}
		}
		list = append(list, together...)
	}
	return append(list, emptied(paths, func(p jq.Path, v any) []gene { return try(g, p, v) })...)
}

// emptied makes lists empty, and takes things away.
func emptied(paths []jq.Path, try func(jq.Path, any) []gene) []gene {
	var list []gene
	for _, p := range paths {
		if !isLeaf(p, paths) {
			list = append(list, try(p, []any{})...)
		}
		list = append(list, try(p, absent{})...)
	}
	return list
}

// filled gives values to what is filled into the text of a program.
func (w *world) filled(g gene, run []interp.Step, at int, values []any, chain int) []gene {
	text, ok := w.states[run[at].Place.Node].Parameters.Get("expr.$").Text()
	if !ok {
		return nil
	}
	var list []gene
	refs, _ := expr.ParseValue(text)
	for _, ref := range refs {
		p, ok := steps(ref.Path.String())
		for _, v := range values {
			if ok {
				list = append(list, w.apply(g, run, at, change{p, v}, chain+1)...)
			}
		}
	}
	return list
}

const maxPaths = 24

// concrete takes the first item for each.
func concrete(p jq.Path) jq.Path {
	c := slices.Clone(p)
	for i, step := range c {
		if _, each := step.(jq.Each); each {
			c[i] = 0
		}
	}
	return c
}

// isLeaf tells whether nothing below the path is looked at.
func isLeaf(p jq.Path, all []jq.Path) bool {
	return !slices.ContainsFunc(all, func(q jq.Path) bool { return len(q) > len(p) && slices.Equal(q[:len(p)], p) })
}
