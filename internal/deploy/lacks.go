package deploy

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/compare"
)

// Lacks says in words what keeps the account from running exactly what the
// bundles say: a bundle that is not there or means something else, a wanted
// job spec that is off, and one that fires and is in no bundle or not wanted.
// What other bundles of the integration do is theirs. Empty: it runs exactly
// this.
func (p Plan) Lacks() []string {
	lacks := []string{}
	for _, b := range p.Bundles {
		switch b.Action {
		case compare.Add:
			lacks = append(lacks, fmt.Sprintf("the bundle %q is not there", b.Name))
		case compare.Change, compare.Remove:
			lacks = append(lacks, fmt.Sprintf("the bundle %q is another one", b.Name))
		}
	}
	for _, s := range p.JobSpecs {
		switch wanted := s.Action == SpecInstall || s.Action == SpecKeep; {
		case wanted && !s.Installed:
			lacks = append(lacks, fmt.Sprintf("the job spec %q is off", s.Name))
		case !wanted && s.Installed:
			lacks = append(lacks, fmt.Sprintf("the job spec %q fires, and is not wanted", s.Name))
		}
	}
	return lacks
}
