package flowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// judge compares what a run did with what its case wants.
func (s *Suite) judge(c *Case, flow *interp.Flow, r *interp.Result, b *boundary) []Problem {
	if p := unknownStates(c, flow); p != nil {
		return []Problem{*p}
	}
	problems := b.problems
	w := &c.Want
	if len(problems) == 0 || r.Err == nil || r.Err.Kind != interp.Stopped {
		problems = append(problems, w.ending(r)...)
	}
	for i := range problems {
		if !problems[i].Bundle.Known() {
			problems[i].Bundle = placeOf(r)
		}
	}
	if r.Err != nil && r.Err.Kind == interp.Stopped {
		return problems
	}
	problems = append(problems, w.compare(r)...)
	if w.Requests != "any" {
		problems = append(problems, b.unused()...)
	}
	return problems
}

// placeOf is where a run ended.
func placeOf(r *interp.Result) interp.Place {
	if r.Err != nil && r.Err.Place.Known() {
		return r.Err.Place
	}
	if len(r.Steps) > 0 {
		return r.Steps[len(r.Steps)-1].Place
	}
	return interp.Place{}
}

// unknownStates tells of states that the case names and the flow doesn't have.
func unknownStates(c *Case, flow *interp.Flow) *Problem {
	var known []string
	for st := range flow.Zis.All {
		known = append(known, st.Name)
	}
	check := func(name string, at tree.Place) *Problem {
		if name == "" || slices.Contains(known, name) {
			return nil
		}
		return missing("state", name, known, at)
	}
	p := check(c.Want.End, c.Want.end)
	for _, name := range c.Want.Path {
		if p == nil {
			p = check(name, c.Want.path)
		}
	}
	if p != nil {
		p.Text = strings.Replace(p.Text, "no bundle has a state", fmt.Sprintf("the flow %q has no state", flow.Name), 1)
	}
	return p
}

// ending compares how the run ended.
func (w *Want) ending(r *interp.Result) []Problem {
	failed := ""
	if r.Err != nil {
		failed = credential.Sentence(r.Err.Error())
	}
	switch {
	case w.Fail != nil && r.Err == nil:
		return []Problem{{Text: fmt.Sprintf("the run ended well in %q, and should have failed", r.End), Test: w.Fail.Place}}
	case w.Fail == nil && w.End == "" && r.Err != nil && r.Err.Kind != interp.Stopped:
		return []Problem{{Text: "the run failed: " + failed, Test: w.Place}}
	}
	var problems []Problem
	if w.Fail != nil {
		problems = w.Fail.compare(r.Err)
	}
	if w.End == "" {
		return problems
	}
	switch {
	case r.Err != nil && r.Err.Kind != interp.Failed && w.Fail == nil:
		problems = append(problems, Problem{Text: fmt.Sprintf("the run should have ended in %q, and failed in %q: %s", w.End, r.Err.State, failed), Test: w.end})
	case r.End != w.End:
		problems = append(problems, Problem{Text: fmt.Sprintf("the run ended in %q, want %q", r.End, w.End), Test: w.end})
	}
	return problems
}

func (f *Fail) compare(err *interp.Error) []Problem {
	var problems []Problem
	name := err.Name
	if err.Kind == interp.Runtime {
		name = "States.TaskFailed"
	}
	if f.Cause != nil && *f.Cause != err.Text {
		problems = append(problems, Problem{Text: fmt.Sprintf("the cause is %q, want %q", credential.Sentence(err.Text), credential.Sentence(*f.Cause)), Test: f.Place})
	}
	if f.Error != nil && *f.Error != name {
		problems = append(problems, Problem{Text: fmt.Sprintf("the error is %q, want %q", name, *f.Error), Test: f.Place})
	}
	return problems
}

// compare compares everything but the ending.
func (w *Want) compare(r *interp.Result) []Problem {
	var problems []Problem
	if w.Message != nil && *w.Message != r.Message {
		problems = append(problems, Problem{Text: fmt.Sprintf("the message is %q, want %q", credential.Sentence(r.Message), credential.Sentence(*w.Message)), Test: w.Place})
	}
	if w.Path != nil && !slices.Equal(w.Path, r.Path()) {
		problems = append(problems, Problem{Text: fmt.Sprintf("the run went over %s, want %s", strings.Join(r.Path(), ", "), strings.Join(w.Path, ", ")), Test: w.path})
	}
	for _, p := range w.Data {
		v, ok := pointed(r.Data, p.Pointer)
		if !ok {
			want := Difference{whole: p.Pointer}.shown(p.Value)
			problems = append(problems, Problem{Text: fmt.Sprintf("the final data has nothing at %s", p.Pointer), Details: []string{"want " + want}, Test: p.Place})
			continue
		}
		found := diff(p.Value, v, false)
		for i := range found {
			found[i].whole = p.Pointer
		}
		problems = append(problems, differences(strings.TrimSuffix("the final data differs at "+p.Pointer, " at "), found, p.Place)...)
	}
	for _, scope := range slices.Sorted(maps.Keys(w.Config)) {
		have, ok := r.World.Configs[scope]
		if !ok {
			problems = append(problems, Problem{Text: fmt.Sprintf("there is no config of the scope %q", scope), Test: w.Place})
			continue
		}
		problems = append(problems, differences(fmt.Sprintf("the config %q differs", scope), diff(w.Config[scope], have, false), w.Place)...)
	}
	if w.hasLinks {
		problems = append(problems, w.links(r.World.Links)...)
	}
	return problems
}

// links compares what the case says of each link: ids and times are the
// platform's.
func (w *Want) links(have []any) []Problem {
	if len(have) != len(w.Links) {
		return []Problem{{Text: fmt.Sprintf("there are %s, want %d", english.Plural(len(have), "link"), len(w.Links)), Details: []string{short(have)}, Test: w.Place}}
	}
	return differences("the links differ", diff(w.Links, have, true), w.Place)
}

func differences(text string, list []Difference, at tree.Place) []Problem {
	if len(list) == 0 {
		return nil
	}
	return []Problem{{Text: text, Details: lines(list), Test: at}}
}
