package flowtest

import (
	"context"
	"iter"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Generated are the cases that were made for one flow.
type Generated struct {
	Flow    string
	JobSpec string // "" if none starts it
	Cases   []*Case
}

// Generate makes cases that cover the flows of the suite's bundles: for each
// branch an event, replies, and what came of it. They say what a flow does,
// not what it should do.
func (s *Suite) Generate(ctx context.Context) []Generated {
	return slices.Collect(s.Generated(ctx))
}

// Generated are the same, each made when it is asked for.
func (s *Suite) Generated(ctx context.Context) iter.Seq[Generated] {
	return func(yield func(Generated) bool) {
		s.prepare()
		for _, f := range s.program.Flows() {
			if s.program.Flow(f.Name) != f {
				continue // another of that name counts
			}
			if !yield(s.generated(ctx, f)) {
				return
			}
		}
	}
}

func (s *Suite) generated(ctx context.Context, f *interp.Flow) Generated {
	spec := s.starting(f)
	g := Generated{Flow: f.Name}
	if spec != nil {
		g.JobSpec = spec.Name.Value
	}
	for _, k := range fewest(s.search(ctx, f, spec)) {
		g.Cases = append(g.Cases, s.record(f, spec, k))
	}
	return g
}

// starting is the first job spec that starts a flow, or nil.
func (s *Suite) starting(f *interp.Flow) *zis.JobSpec {
	for _, b := range s.Bundles {
		for _, spec := range b.JobSpecs {
			if arn, ok := zis.ParseARN(spec.FlowName.Value); ok && arn.Name == f.Name && s.spec(spec.Name.Value) == spec {
				return spec
			}
		}
	}
	return nil
}

// fewest leaves out runs that cover nothing of their own: those that cover
// most come first.
func fewest(kept []found) []found {
	covered := map[string]bool{}
	var chosen []found
	slices.SortStableFunc(kept, func(a, b found) int { return len(b.points) - len(a.points) })
	for _, k := range kept {
		fresh := false
		for _, p := range k.points {
			fresh = fresh || !covered[p]
		}
		if !fresh {
			continue
		}
		for _, p := range k.points {
			covered[p] = true
		}
		chosen = append(chosen, k)
	}
	return chosen
}
