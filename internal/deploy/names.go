package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// resourceName is what must be unique in an integration.
type resourceName struct{ kind, name string }

func (n resourceName) String() string {
	return strings.ReplaceAll(n.kind, "_", " ") + fmt.Sprintf(" %q", n.name)
}

// checkNames refuses bundles that can't be told apart, and a selection of job
// specs that are not there.
func checkNames(want []*zis.Bundle, have Remote, opt Options) error {
	if !zis.ValidIntegration(have.Integration) {
		return verdict.Errorf(verdict.InvalidInput, "1 to 64 characters of a-z, 0-9, _ and - are allowed", "the integration name %q is not valid", have.Integration)
	}
	files := map[string]string{}
	var specs []string
	for _, b := range want {
		if b.Name.Value == "" {
			return verdict.Errorf(verdict.InvalidBundle, `give the bundle a "name"`, "%s: the bundle has no name", b.Doc.File.Path)
		}
		if first, twice := files[b.Name.Value]; twice {
			return verdict.Errorf(verdict.InvalidBundle, "each file is uploaded under its own name: rename one", "%s and %s are both named %q", first, b.Doc.File.Path, b.Name.Value)
		}
		files[b.Name.Value] = b.Doc.File.Path
		for _, s := range b.JobSpecs {
			specs = append(specs, s.Name.Value)
		}
	}
	for _, name := range opt.JobSpecs.Names {
		if !slices.ContainsFunc(specs, func(s string) bool { return s == name || specARN(have.Integration, s) == name }) {
			return verdict.Errorf(verdict.InvalidInput, "job specs of the bundle: "+strings.Join(specs, ", "), "the selection of job specs names %q, which is in no bundle", name)
		}
	}
	return nil
}

// checkCollisions goes through the uploads in order and refuses one that
// would bring a name which another bundle of the integration holds at that
// moment: the registry answers "Bundle contains duplicated resources"
// (documented), after which nobody knows why.
func checkCollisions(want []*zis.Bundle, bundles []BundlePlan, have Remote) error {
	held := map[string]*zis.Bundle{}
	for _, s := range have.Bundles {
		held[s.Name] = zis.Read(s.Doc)
	}
	for i, b := range bundles {
		if b.Action != compare.Keep {
			if err := collision(want[i], b, held, bundles); err != nil {
				return err
			}
		}
		held[b.Name] = want[i]
	}
	return nil
}

func collision(want *zis.Bundle, b BundlePlan, held map[string]*zis.Bundle, all []BundlePlan) error {
	mine := map[resourceName]bool{}
	for _, r := range want.Resources {
		n := resourceName{r.Kind(), r.Name.Value}
		if mine[n] {
			return verdict.Errorf(verdict.InvalidBundle, "rename one of them", "%s: two resources are the %s", b.File, n)
		}
		mine[n] = true
	}
	others := make([]string, 0, len(held))
	for name := range held {
		if name != b.Name {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, other := range others {
		for _, r := range held[other].Resources {
			if n := (resourceName{r.Kind(), r.Name.Value}); mine[n] {
				return verdict.Errorf(verdict.InvalidBundle, collisionHint(other, all), "%s: the bundle %q of this integration already has the %s", b.File, other, n)
			}
		}
	}
	return nil
}

func collisionHint(other string, all []BundlePlan) string {
	for _, b := range all {
		if b.Name == other {
			return fmt.Sprintf("if it moves between your bundles, give %s first, so that it is gone when the other one comes", b.File)
		}
	}
	return "names are unique over all bundles of an integration: rename yours, or deploy that bundle without it first"
}
