package deploy

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// goal is a state of the account: what a plan wants, or what a rollback goes
// back to. Verifying is the same for both.
type goal struct {
	bundles     []goalBundle
	installed   []string // ARNs that must be installed
	uninstalled []string // ARNs that must not be
}

type goalBundle struct {
	name   string
	doc    *source.Document
	digest string
}

func (g goal) bundle(name string) *goalBundle {
	for i := range g.bundles {
		if g.bundles[i].name == name {
			return &g.bundles[i]
		}
	}
	return nil
}

func (g goal) names() []string {
	var names []string
	for _, b := range g.bundles {
		names = append(names, b.name)
	}
	return names
}

// goal is what the plan wants; job specs that are to be pruned count only
// when that has been done.
func (p Prepared) goal(pruned bool) goal {
	var g goal
	for i, b := range p.Bundles {
		g.bundles = append(g.bundles, goalBundle{b.Name, p.want[i].Doc, b.After})
	}
	for _, s := range p.JobSpecs {
		switch s.Action {
		case SpecInstall, SpecKeep:
			g.installed = append(g.installed, s.ARN)
		case SpecUninstall:
			if pruned {
				g.uninstalled = append(g.uninstalled, s.ARN)
			}
		}
	}
	return g
}

// missing lists in words what the account lacks of the goal.
func (g goal) missing(have Remote) []string {
	var missing []string
	for _, b := range g.bundles {
		stored, err := have.find(b.name)
		switch {
		case err != nil:
			missing = append(missing, err.Error())
		case stored == nil:
			missing = append(missing, fmt.Sprintf("the bundle %q is not there", b.name))
		case stored.Doc.Digest() != b.digest:
			missing = append(missing, fmt.Sprintf("the bundle %q differs from what was sent", b.name))
		}
	}
	on := have.installed()
	for _, arn := range g.installed {
		if name := shortName(arn); !on[name] {
			missing = append(missing, fmt.Sprintf("the job spec %q is not installed", name))
		}
	}
	for _, arn := range g.uninstalled {
		if name := shortName(arn); on[name] {
			missing = append(missing, fmt.Sprintf("the job spec %q is still installed", name))
		}
	}
	return missing
}

// uuids are those of the goal's bundles.
func (g goal) uuids(have Remote) []string {
	var uuids []string
	for _, b := range g.bundles {
		if stored, err := have.find(b.name); err == nil && stored != nil {
			uuids = append(uuids, stored.UUID)
		}
	}
	return uuids
}

// uuids are the stored bundles of a plan without steps.
func (p Plan) uuids() []string {
	var uuids []string
	for _, b := range p.Bundles {
		uuids = append(uuids, b.UUID)
	}
	return uuids
}

// Installed are the ARNs of the wanted job specs that were installed when the
// plan was made.
func (p Plan) Installed() []string {
	var arns []string
	for _, s := range p.JobSpecs {
		if s.Installed && (s.Action == SpecKeep || s.Action == SpecInstall) {
			arns = append(arns, s.ARN)
		}
	}
	return arns
}
