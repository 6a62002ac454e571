package flowtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Bounds of a search for cases.
const (
	maxRuns  = 6000 // of one flow
	maxIdle  = 700  // that find nothing, one after the other
	maxKept  = 120  // genes that are changed further
	maxTries = 600  // genes that are made of one
)

// found is a run that the search keeps.
type found struct {
	gene   gene
	result *interp.Result
	points []string // what it covers
}

// search looks for runs that cover everything of a flow that can be covered.
// It begins with an event that has what such events have, and goes on from
// what the runs tell: conditions, paths that are missing, programs.
type search struct {
	*world
	suite   *Suite
	ctx     context.Context
	seen    map[string]bool // genes
	covered map[string]bool // points
	shapes  map[string]bool // of runs
	kept    []found
	first   []gene // to be run before
	later   []gene // these
	runs    int
	idle    int
}

func (s *Suite) search(ctx context.Context, f *interp.Flow, spec *zis.JobSpec) []found {
	w := &world{flow: f, states: map[*source.Node]*zis.State{}}
	for st := range f.Zis.All {
		w.states[st.Node] = st
	}
	begin := gene{input: map[string]any{}}
	if w.event = eventOf(spec); w.event != nil {
		begin.input = sampleEvent(w.event)
	}
	x := &search{world: w, suite: s, ctx: ctx, seen: map[string]bool{}, covered: map[string]bool{}, shapes: map[string]bool{}}
	x.add(&x.first, begin)
	for x.runs < maxRuns && x.idle < maxIdle && ctx.Err() == nil {
		g, ok := x.next()
		if !ok {
			break
		}
		x.run(g)
	}
	return x.kept
}

func (x *search) next() (g gene, ok bool) {
	from := &x.first
	if len(*from) == 0 {
		from = &x.later
	}
	if len(*from) == 0 {
		return g, false
	}
	g = (*from)[0]
	*from = (*from)[1:]
	return g, true
}

func (x *search) add(to *[]gene, list ...gene) {
	for _, g := range list {
		key := g.key()
		if !x.seen[key] {
			x.seen[key] = true
			*to = append(*to, g)
		}
	}
}

func (x *search) run(g gene) {
	x.runs++
	x.idle++
	r := x.flow.Run(x.ctx, interp.Start{
		Account: x.suite.Account, Data: x.suite.Account.Root(g.input), World: interp.World{Configs: g.config},
		Now: Instant, HTTP: g.http(), Readings: x.suite.Readings, NoRepeat: true,
	})
	points := x.points(r)
	fresh := false
	for _, p := range points {
		if !x.covered[p] {
			x.covered[p], fresh = true, true
		}
	}
	shape := x.shape(r)
	if x.shapes[shape] && !fresh {
		return
	}
	x.shapes[shape] = true
	if fresh {
		x.idle = 0
		x.kept = append(x.kept, found{g, r, points})
	}
	if fresh || len(x.shapes) < maxKept {
		x.change(g, r, fresh)
	}
}

// points are what a run covers: as Coverage has it, and how comparisons came
// out.
func (x *search) points(r *interp.Result) []string {
	var list []string
	for i := range r.Steps {
		s := &r.Steps[i]
		id := fmt.Sprintf("%p ", s.Place.Node)
		list = append(list, id)
		for rule, taken := range s.Rules {
			list = append(list, fmt.Sprintf("%s%d %v", id, rule, taken))
			for n, a := range atoms(x.states[s.Place.Node].Choices[rule].Node) {
				list = append(list, fmt.Sprintf("%s%d.%d %s", id, rule, n, a.relation(s.Input)))
			}
		}
		if s.Caught {
			list = append(list, id+"caught")
		}
		for _, q := range s.Requests {
			list = append(list, fmt.Sprintf("%s%v", id, q.Answer.Status/100 == 2))
		}
	}
	if r.Err == nil {
		list = append(list, "end "+r.End)
	}
	return list
}

// shape is what makes a run worth going on from: its way, and what programs
// gave out.
func (x *search) shape(r *interp.Result) string {
	var b strings.Builder
	for i := range r.Steps {
		s := &r.Steps[i]
		fmt.Fprintf(&b, "%s%v", s.State, s.Rules)
		if s.Err != nil {
			b.WriteString(s.Err.Text)
		}
		if strings.HasSuffix(x.states[s.Place.Node].ActionName.Value, ":Jq") && s.Err == nil {
			if to, ok := x.path(s, "ResultPath"); ok {
				b.WriteString(short(kindly(at(s.Output, to))))
			}
		}
	}
	return b.String()
}

// kindly drops what makes every result another one.
func kindly(v any) any {
	if _, gone := v.(absent); gone {
		return nil
	}
	return v
}

// change makes genes of a run that may go another way: any other if it found
// something, else one that no run has gone.
func (x *search) change(g gene, r *interp.Result, fresh bool) {
	tried := 0
	for i := range r.Steps {
		if tried > maxTries {
			return
		}
		s := &r.Steps[i]
		st := x.states[s.Place.Node]
		switch {
		case st.Type.Value == zis.StateChoice:
			tried += x.flip(g, r, i, fresh)
		case len(s.Requests) > 0:
			tried += x.answers(g, r, i, fresh)
		case len(st.Catches) > 0 && !s.Caught && !x.covered[fmt.Sprintf("%p caught", s.Place.Node)]:
			tried += x.breaks(g, r, i)
		}
		if s.Err != nil {
			tried += x.repair(g, r, i)
		}
	}
}

// flip changes the data of a Choice so that rules come out otherwise.
func (x *search) flip(g gene, r *interp.Result, i int, fresh bool) int {
	s, n := &r.Steps[i], 0
	for rule, choice := range x.states[s.Place.Node].Choices {
		list := atoms(choice.Node)
		to := &x.later
		if id := fmt.Sprintf("%p %d ", s.Place.Node, rule); !x.covered[id+"true"] || !x.covered[id+"false"] {
			to = &x.first
		} else if !fresh {
			continue
		}
		all := []gene{g}
		for _, a := range list {
			made := x.outcomes(g, r, i, a, maxTries)
			n += len(made)
			x.add(to, made...)
			var next []gene
			for _, one := range all {
				next = append(next, x.outcomes(one, r, i, a, 1)...)
			}
			if len(next) > 0 {
				all = next[:min(len(next), 40)]
			}
		}
		x.add(to, all...)
	}
	return n
}

// outcomes change a gene so that a comparison turns out in each way, or in the
// first few.
func (x *search) outcomes(g gene, r *interp.Result, i int, a atom, ways int) []gene {
	data := r.Steps[i].Input
	starts, operand := []gene{g}, a.against(data)
	if ground := a.ground(data); ground != nil {
		starts, operand = x.apply(g, r.Steps, i, change{a.other, ground}, 0), ground
	}
	var made []gene
	values := a.values(operand)
	for _, v := range values[:min(len(values), ways)] {
		for _, one := range starts {
			made = append(made, x.apply(one, r.Steps, i, change{a.variable, v}, 0)...)
		}
	}
	return made
}

// answers changes how a request is answered.
func (x *search) answers(g gene, r *interp.Result, i int, fresh bool) int {
	s := &r.Steps[i]
	n, id := nth(r.Steps, i), fmt.Sprintf("%p ", s.Place.Node)
	to := &x.later
	if !x.covered[id+"false"] {
		to = &x.first
	} else if !fresh {
		return 0
	}
	made := []gene{g.answered(s.State, n, answer{404, nil})}
	for _, status := range x.spoken() {
		made = append(made, g.answered(s.State, n, answer{status, nil}))
	}
	if g.reply(s.State, n).status != 200 {
		made = append(made, g.answered(s.State, n+1, answer{200, map[string]any{}}), g.answered(s.State, n, answer{200, map[string]any{}}))
	}
	x.add(to, made...)
	return len(made)
}

// spoken are the statuses that the flow's own texts speak of.
func (x *search) spoken() []int {
	var list []int
	for _, st := range x.states {
		text, _ := st.Parameters.Get("expr").Text()
		list = append(list, statuses(text)...)
		for _, c := range st.Choices {
			for _, a := range atoms(c.Node) {
				if operand, ok := a.operand.(string); ok {
					list = append(list, statuses(operand)...)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// breaks makes a built-in action fail, where a Catch waits for it.
func (x *search) breaks(g gene, r *interp.Result, i int) int {
	s := &r.Steps[i]
	given, _ := s.Given.(map[string]any)
	if scope, ok := given["scope"].(string); ok {
		without := g
		without.config = cloned(g.config)
		delete(without.config, scope)
		x.add(&x.first, without)
	}
	n := 0
	if program, ok := given["expr"].(string); ok {
		for _, v := range []any{json1, "text", nil, true, []any{}} {
			made := x.guessEach(g, r, i, program, v)
			n += len(made)
			x.add(&x.first, made...)
		}
	}
	if st := x.states[s.Place.Node]; st.Type.Value == zis.StateMap {
		if items, ok := x.path(s, "ItemsPath"); ok {
			for _, v := range []any{[]any{json1}, "text", absent{}} {
				x.add(&x.first, x.apply(g, r.Steps, i, change{items, v}, 0)...)
			}
		}
	}
	return n
}

// guessEach gives one value to each thing that a program looks at, its lists
// and objects too.
func (x *search) guessEach(g gene, r *interp.Result, i int, program string, v any) []gene {
	text, _ := x.states[r.Steps[i].Place.Node].Parameters.Get("data.$").Text()
	data, ok := steps(text)
	if !ok {
		return nil
	}
	var list []gene
	access := jq.Accesses(program)
	for _, p := range append(access.Paths[:min(len(access.Paths), maxPaths)], jq.Path{}) {
		list = append(list, x.apply(g, r.Steps, i, change{append(slices.Clone(data), concrete(p)...), v}, 1)...)
	}
	return list
}
