package flowtest

import (
	"context"
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
	s.prepare()
	var all []Generated
	for _, f := range s.program.Flows() {
		if s.program.Flow(f.Name) != f {
			continue // another of that name counts
		}
		spec := s.starting(f)
		kept := s.search(ctx, f, spec)
		g := Generated{Flow: f.Name}
		if spec != nil {
			g.JobSpec = spec.Name.Value
		}
		for _, k := range fewest(kept) {
			g.Cases = append(g.Cases, s.record(f, spec, k))
		}
		all = append(all, g)
	}
	return all
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
