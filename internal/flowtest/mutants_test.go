package flowtest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// mutant is a bundle with one mistake in it.
type mutant struct {
	what string
	text string
}

// mutator makes mistakes of a bundle, one at a time.
type mutator struct {
	root any
	made []mutant
}

// try makes a mistake, keeps the bundle that has it, and takes it back.
func (m *mutator) try(what string, object map[string]any, name string, value any) {
	old, had := object[name]
	if value == nil {
		delete(object, name)
	} else {
		object[name] = value
	}
	text, err := json.Marshal(m.root)
	if err == nil {
		m.made = append(m.made, mutant{what, string(text)})
	}
	if object[name] = old; !had {
		delete(object, name)
	}
}

// mutants are the mistakes that people make in flows: rules that have changed
// places, other operators, constants and paths, a Catch that is missing, an
// edge to another state.
func mutants(t *testing.T, text []byte) []mutant {
	t.Helper()
	root, err := interp.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	m := &mutator{root: root}
	resources := root.(map[string]any)["resources"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(resources)) {
		r := resources[key].(map[string]any)
		if r["type"] != "ZIS::Flow" {
			continue
		}
		d := r["properties"].(map[string]any)["definition"].(map[string]any)
		m.machine(d)
	}
	return m.made
}

func (m *mutator) machine(d map[string]any) {
	states := d["States"].(map[string]any)
	names := slices.Sorted(maps.Keys(states))
	for i, name := range names {
		s := states[name].(map[string]any)
		other := names[(i+1)%len(names)]
		for _, edge := range []string{"Next", "Default"} {
			if to, ok := s[edge].(string); ok && to != other && other != name {
				m.try(name+": another "+edge, s, edge, other)
			}
		}
		if _, ok := s["Catch"]; ok {
			m.try(name+": no Catch", s, "Catch", nil)
		}
		m.rules(name, s)
		if params, ok := s["Parameters"].(map[string]any); ok {
			for _, key := range slices.Sorted(maps.Keys(params)) {
				if path, ok := params[key].(string); ok && strings.HasSuffix(key, ".$") && path != "$.subdomain" && key != "data.$" {
					m.try(name+": another path of "+key, params, key, "$.subdomain")
				}
			}
		}
		if it, ok := s["Iterator"].(map[string]any); ok {
			m.machine(it)
		}
	}
}

func (m *mutator) rules(name string, s map[string]any) {
	rules, _ := s["Choices"].([]any)
	for i := range rules {
		rule := rules[i].(map[string]any)
		m.conditions(fmt.Sprintf("%s rule %d", name, i+1), rule)
		if i > 0 {
			before := rules[i-1].(map[string]any)
			if before["Next"] != rule["Next"] {
				next := before["Next"]
				before["Next"] = rule["Next"]
				m.try(fmt.Sprintf("%s: rules %d and %d changed places", name, i, i+1), rule, "Next", next)
				before["Next"] = next
			}
		}
	}
}

// swapped are operators that are taken for each other.
var swapped = map[string]string{
	"NumericEquals": "NumericGreaterThanEquals", "NumericGreaterThan": "NumericGreaterThanEquals", "NumericGreaterThanEquals": "NumericGreaterThan",
	"NumericLessThan": "NumericLessThanEquals", "NumericLessThanPath": "NumericLessThanEqualsPath", "StringEquals": "StringLessThan",
}

func (m *mutator) conditions(where string, c map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(c)) {
		v := c[name]
		switch {
		case name == "And" || name == "Or":
			for i, part := range v.([]any) {
				m.conditions(fmt.Sprintf("%s.%d", where, i+1), part.(map[string]any))
			}
			list := c[name]
			delete(c, name)
			m.try(where+": And for Or", c, map[string]string{"And": "Or", "Or": "And"}[name], list)
			c[name] = list
		case name == "Not":
			m.conditions(where+".Not", v.(map[string]any))
		case swapped[name] != "":
			delete(c, name)
			m.try(where+": another operator", c, swapped[name], v)
			c[name] = v
		}
		switch v := v.(type) {
		case bool:
			m.try(where+": the opposite of "+name, c, name, !v)
		case string:
			if name != "Variable" && name != "Next" && name != "Comment" && !strings.HasSuffix(name, "Path") {
				m.try(where+": another constant", c, name, v+"x")
			}
		}
	}
}

// TestGeneratedCasesKillMutants records what bundles do, breaks them in every
// way that a mutator knows, and counts the breaks that the records show.
func TestGeneratedCasesKillMutants(t *testing.T) {
	texts := map[string][]byte{"ticket-to-slack": file(t, example+"/bundle.json")}
	for _, name := range []string{"servicenow-add-comment.json", "servicenow-update-status.json", "surveysparrow.json", "tsanet-first.json", "tsanet-2026-07.json"} {
		if text, err := os.ReadFile(corpus + "/" + name); err == nil { // beside this repository, if it is there
			texts[name] = text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		original := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, name, texts[name])}}
		var cases []*flowtest.Case
		for _, g := range original.Generate(t.Context()) {
			cases = append(cases, g.Cases...)
		}
		all, killed := mutants(t, texts[name]), 0
		var alive []string
		for _, m := range all {
			broken := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, name, []byte(m.text))}}
			if slices.ContainsFunc(broken.Run(t.Context(), cases), func(o *flowtest.Outcome) bool { return !o.Passed() }) {
				killed++
			} else {
				alive = append(alive, m.what)
			}
		}
		t.Logf("%s: %d of %d mutants are killed by %d cases; alive: %s", name, killed, len(all), len(cases), strings.Join(alive, "; "))
		if killed*100 < len(all)*90 || len(all) < 5 {
			t.Errorf("%s: only %d of %d mutants are killed", name, killed, len(all))
		}
	}
}
