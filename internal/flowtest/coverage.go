package flowtest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Kinds of what can be covered.
const (
	CoversState    = "state"
	CoversTaken    = "rule taken"
	CoversNotTaken = "rule not taken"
	CoversCatch    = "catch"
	CoversGood     = "answered well"
	CoversBad      = "answered badly"
	CoversJobSpec  = "job spec"
)

// Point is something that a case can cover.
type Point struct {
	Kind  string
	Flow  string // "" of a job spec
	State string // or the name of a job spec
	Rule  int    // of a Choice, from 0
	Place interp.Place
	Hits  int
}

// String names the point.
func (p Point) String() string {
	switch p.Kind {
	case CoversTaken, CoversNotTaken:
		return fmt.Sprintf("%s: rule %d of %s", p.Kind, p.Rule+1, p.State)
	}
	return p.Kind + " " + p.State
}

// Coverage is which points of the bundles were covered.
type Coverage struct {
	Points []Point
	index  map[coverageKey]int
}

type coverageKey struct {
	node *source.Node
	kind string
	rule int
}

// Cover counts what the outcomes cover of the suite's bundles.
func (s *Suite) Cover(outcomes []*Outcome) *Coverage {
	s.prepare()
	c := &Coverage{index: map[coverageKey]int{}}
	for _, b := range s.Bundles {
		for _, f := range b.Flows {
			for st := range f.All {
				c.state(b, f, st)
			}
		}
		for _, spec := range b.JobSpecs {
			c.add(b, CoversJobSpec, "", spec.Name.Value, 0, spec.Node, spec.Node)
		}
	}
	for _, o := range outcomes {
		if o.Result == nil {
			continue
		}
		if spec := s.spec(o.Case.JobSpec); spec != nil && len(o.Result.Steps) > 0 {
			c.hit(spec.Node, CoversJobSpec, 0)
		}
		for i := range o.Result.Steps {
			c.step(&o.Result.Steps[i])
		}
	}
	return c
}

func (c *Coverage) add(b *zis.Bundle, kind, flow, state string, rule int, key, at *source.Node) {
	c.index[coverageKey{key, kind, rule}] = len(c.Points)
	c.Points = append(c.Points, Point{Kind: kind, Flow: flow, State: state, Rule: rule, Place: interp.Place{File: b.Doc.File, Node: at}})
}

// state adds what of a state can be covered.
func (c *Coverage) state(b *zis.Bundle, f *zis.Flow, st *zis.State) {
	flow := f.Name.Value
	c.add(b, CoversState, flow, st.Name, 0, st.Node, st.Node)
	for i, rule := range st.Choices {
		c.add(b, CoversTaken, flow, st.Name, i, st.Node, rule.Node)
		c.add(b, CoversNotTaken, flow, st.Name, i, st.Node, rule.Node)
	}
	if len(st.Catches) > 0 {
		c.add(b, CoversCatch, flow, st.Name, 0, st.Node, st.Catches[0].Node)
	}
	if arn, ok := zis.ParseARN(st.ActionName.Value); ok && arn.Integration != zis.Common && st.Type.Value == zis.StateAction {
		c.add(b, CoversGood, flow, st.Name, 0, st.Node, st.ActionName.Node)
		c.add(b, CoversBad, flow, st.Name, 0, st.Node, st.ActionName.Node)
	}
}

func (c *Coverage) hit(node *source.Node, kind string, rule int) {
	if i, ok := c.index[coverageKey{node, kind, rule}]; ok {
		c.Points[i].Hits++
	}
}

func (c *Coverage) step(step *interp.Step) {
	node := step.Place.Node
	c.hit(node, CoversState, 0)
	for i, taken := range step.Rules {
		if taken {
			c.hit(node, CoversTaken, i)
		} else {
			c.hit(node, CoversNotTaken, i)
		}
	}
	if step.Caught {
		c.hit(node, CoversCatch, 0)
	}
	for _, q := range step.Requests {
		if q.Answer.Status/100 == 2 {
			c.hit(node, CoversGood, 0)
		} else if q.Answer.Status != 0 || q.Answer.Failure != "" {
			c.hit(node, CoversBad, 0)
		}
	}
}

// Count is how many points there are, and how many of them are covered.
func (c *Coverage) Count() (covered, all int) {
	for _, p := range c.Points {
		if p.Hits > 0 {
			covered++
		}
	}
	return covered, len(c.Points)
}

// Percent is the share of points that are covered, rounded down; 100 of none.
func (c *Coverage) Percent() int {
	covered, all := c.Count()
	if all == 0 {
		return 100
	}
	return covered * 100 / all
}

// Missed are the points that no case covers, in the order of the bundles.
func (c *Coverage) Missed() []Point {
	var list []Point
	for _, p := range c.Points {
		if p.Hits == 0 {
			list = append(list, p)
		}
	}
	return list
}

// Kind counts the points of one kind.
func (c *Coverage) Kind(kind string) (covered, all int) {
	for _, p := range c.Points {
		if p.Kind != kind {
			continue
		}
		all++
		if p.Hits > 0 {
			covered++
		}
	}
	return covered, all
}

// States tells which states of a flow were reached, for a picture.
func (c *Coverage) States(flow string) map[string]bool {
	states := map[string]bool{}
	for _, p := range c.Points {
		if p.Flow == flow && p.Kind == CoversState {
			states[p.State] = states[p.State] || p.Hits > 0
		}
	}
	return states
}

// byLine sorts points as they stand in their files.
func byLine(a, b Point) int {
	return cmp.Or(cmp.Compare(a.Place.File.Path, b.Place.File.Path), cmp.Compare(a.Place.Position().Line, b.Place.Position().Line), cmp.Compare(a.Place.Node.Span.Start, b.Place.Node.Span.Start))
}

// files are the points by file, each sorted.
func (c *Coverage) files() [][]Point {
	points := slices.Clone(c.Points)
	slices.SortStableFunc(points, byLine)
	var files [][]Point
	for _, p := range points {
		if n := len(files); n == 0 || files[n-1][0].Place.File.Path != p.Place.File.Path {
			files = append(files, nil)
		}
		files[len(files)-1] = append(files[len(files)-1], p)
	}
	return files
}

// LCOV writes the coverage in the format of lcov: everything is a line, and what
// is no state or job spec a branch on it, too: lcov wants a count of each line
// that has branches.
func (c *Coverage) LCOV(w io.Writer) error {
	var b strings.Builder
	for _, points := range c.files() {
		fmt.Fprintf(&b, "TN:\nSF:%s\n", points[0].Place.File.Path)
		lines, hitLines, branches, hitBranches := 0, 0, 0, 0
		hits, order := map[int]int{}, []int{}
		for _, p := range points {
			line := p.Place.Position().Line
			if _, seen := hits[line]; !seen {
				order = append(order, line)
			}
			hits[line] += p.Hits
			if p.Kind == CoversState || p.Kind == CoversJobSpec {
				continue
			}
			taken := "0"
			if p.Hits > 0 {
				taken = fmt.Sprint(p.Hits)
				hitBranches++
			}
			fmt.Fprintf(&b, "BRDA:%d,0,%d,%s\n", line, branches, taken)
			branches++
		}
		for _, line := range order {
			fmt.Fprintf(&b, "DA:%d,%d\n", line, hits[line])
			lines++
			if hits[line] > 0 {
				hitLines++
			}
		}
		fmt.Fprintf(&b, "BRF:%d\nBRH:%d\nLF:%d\nLH:%d\nend_of_record\n", branches, hitBranches, lines, hitLines)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
