package flowtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

// Hangs says how a case fares under every reading of the assumptions that it
// touches.
type Hangs struct {
	Tried int        // combinations of readings that were run
	More  bool       // there are more: those tried differ in one assumption, or few
	On    []Deciding // readings under which the verdict is another one
}

// Deciding is a reading that turns a verdict around.
type Deciding struct {
	Choices []Choice
}

// Choice is one assumption read in one way.
type Choice struct {
	Assumption interp.Assumption
	Reading    string
}

func (c Choice) String() string { return c.Assumption.String() + "=" + c.Reading }

// maxTried bounds how many combinations are run for one case.
const maxTried = 256

// String is the sentence: "passes under all 4", "hangs on A9".
func (h *Hangs) String() string {
	if len(h.On) == 0 {
		if h.Tried == 1 {
			return "relies on no assumption"
		}
		return fmt.Sprintf("the same under all %d readings%s", h.Tried, h.more())
	}
	var names []string
	for _, d := range h.On {
		var ids []string
		for _, c := range d.Choices {
			ids = append(ids, c.Assumption.String())
		}
		if name := strings.Join(ids, " with "); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return "hangs on " + english.Join(names) + h.more()
}

func (h *Hangs) more() string {
	if h.More {
		return fmt.Sprintf(" (%d of more were tried)", h.Tried)
	}
	return ""
}

// combination is a set of choices other than the default.
type combination []Choice

// hangs runs a case under the readings of what it touches: a reading may lead
// to others, so each outcome is asked what it touched in turn. Combinations of
// fewest deviations come first.
func (s *Suite) hangs(ctx context.Context, c *Case, first *Outcome) *Hangs {
	h := &Hangs{Tried: 1}
	type node struct {
		readings interp.Readings
		chosen   combination
		touched  interp.Touched
	}
	queue := []node{{s.Readings, nil, first.Touched}}
	seen := map[interp.Readings]bool{s.Readings: true}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for a := range at.touched.All {
			for i, reading := range a.Question().Readings {
				next := at.readings.With(a, i)
				if seen[next] || slices.ContainsFunc(at.chosen, func(c Choice) bool { return c.Assumption == a }) {
					continue
				}
				seen[next] = true
				if h.Tried == maxTried {
					h.More = true
					return h
				}
				h.Tried++
				o := s.play(ctx, c, next)
				chosen := append(slices.Clone(at.chosen), Choice{a, reading.Name})
				if o.Passed() != first.Passed() {
					h.decides(chosen)
					continue // what more is read otherwise decides nothing new
				}
				queue = append(queue, node{next, chosen, o.Touched})
			}
		}
	}
	return h
}

// decides keeps a combination, unless a part of it decides already.
func (h *Hangs) decides(chosen combination) {
	for _, d := range h.On {
		if !slices.ContainsFunc(d.Choices, func(c Choice) bool { return !slices.Contains(chosen, c) }) {
			return
		}
	}
	h.On = append(h.On, Deciding{chosen})
}
