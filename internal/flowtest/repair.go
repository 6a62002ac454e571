package flowtest

import (
	"encoding/json"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const json1 = json.Number("1")

// repair changes what a state failed on, so that the run goes further.
func (x *search) repair(g gene, r *interp.Result, i int) int {
	s := &r.Steps[i]
	st := x.states[s.Place.Node]
	var made []gene
	for _, text := range []string{s.Err.Text, s.Err.Detail} {
		if _, missing, ok := strings.Cut(text, "JSON path not found: "); ok && s.Err.State == s.State {
			made = append(made, x.supply(g, r, i, missing)...)
		}
	}
	given, _ := s.Given.(map[string]any)
	if scope, ok := given["scope"].(string); ok {
		more := g
		more.config = cloned(g.config)
		more.config[scope] = map[string]any{}
		made = append(made, more)
	}
	if program, ok := given["expr"].(string); ok {
		made = append(made, x.feed(g, r, i, program)...)
	}
	if strings.HasSuffix(s.Err.Text, " is no address") {
		made = append(made, x.addresses(g, r, i)...)
	}
	switch st.Type.Value {
	case zis.StateMap:
		if items, ok := x.path(s, "ItemsPath"); ok {
			made = append(made, x.apply(g, r.Steps, i, change{items, []any{map[string]any{}}}, 0)...)
		}
	case zis.StateWait:
		if p, ok := x.path(s, "SecondsPath"); ok {
			made = append(made, x.apply(g, r.Steps, i, change{p, json1}, 0)...)
		}
	}
	x.add(&x.first, made...)
	return len(made)
}

// supply puts something at a path that is missing.
func (x *search) supply(g gene, r *interp.Result, i int, missing string) []gene {
	path, ok := steps(missing)
	if !ok {
		return nil
	}
	made := x.apply(g, r.Steps, i, change{path, sample(path)}, 0)
	if s := &r.Steps[i]; len(made) > 0 || s.Type != zis.StateAction {
		return made
	}
	return nil
}

// feed gives a program that failed data of a kind that it can take.
func (x *search) feed(g gene, r *interp.Result, i int, program string) []gene {
	text, _ := x.states[r.Steps[i].Place.Node].Parameters.Get("data.$").Text()
	data, ok := steps(text)
	if !ok {
		return nil
	}
	access := jq.Accesses(program)
	var made []gene
	for _, v := range append([]any{nil}, candidates(access, "text")...) {
		one := []gene{g}
		for _, p := range access.Paths[:min(len(access.Paths), maxPaths)] {
			if !isLeaf(p, access.Paths) {
				continue
			}
			value := v
			if v == nil {
				value = sample(p)
			}
			var next []gene
			for _, h := range one {
				next = append(next, x.apply(h, r.Steps, i, change{append(append(jq.Path{}, data...), concrete(p)...), value}, 1)...)
			}
			if len(next) > 0 {
				one = next[:min(len(next), 2)]
			}
		}
		made = append(made, one...)
	}
	return made
}

// addresses makes addresses of the texts that a state hands to its action.
func (x *search) addresses(g gene, r *interp.Result, i int) []gene {
	params := x.states[r.Steps[i].Place.Node].Parameters
	if params == nil {
		return nil
	}
	var made []gene
	for _, m := range params.Members {
		text, _ := m.Text()
		if p, ok := steps(text); ok && strings.HasSuffix(m.Name, ".$") {
			made = append(made, x.apply(g, r.Steps, i, change{p, "https://api.example.com"}, 0)...)
		}
	}
	return made
}
