package deploy

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// NewRestore is a plan that leads back to what a journal saved: the bundles of
// that run as they were before it, and of their job specs exactly those that
// were on. It is compared, carried out and proven like any other.
func NewRestore(past *Past, have Remote, opt Options) (Prepared, error) {
	was, err := past.found.former()
	if err != nil {
		return Prepared{}, verdict.Errorf(verdict.InvalidInput, "", "the saved state can't be read: %w", err)
	}
	var want []*zis.Bundle
	var added []string // bundles that were not there: they can't be deleted
	for _, g := range past.goals {
		stored := was.bundle(g.Name)
		if stored == nil {
			added = append(added, g.Name)
			continue
		}
		if at := masked(stored.Doc); at != "" {
			return Prepared{}, verdict.Errorf(verdict.InvalidBundle, "deploy the bundle from its source",
				"the registry gave the bundle %q with a credential masked (%s): uploading it would break what uses that", g.Name, at)
		}
		want = append(want, zis.Read(compare.Former(stored.Doc)))
	}
	opt.JobSpecs = Selection{None: true}
	for _, name := range specNames(want) {
		if was.installed(name) {
			opt.JobSpecs.None = false
			opt.JobSpecs.Names = append(opt.JobSpecs.Names, name)
		}
	}
	opt.Prune, opt.AllowEmpty, opt.PruneLimit = true, true, len(have.JobSpecs)
	p, err := NewPlan(want, have, opt)
	if err != nil {
		return Prepared{}, err
	}
	p.switchOff(added, was)
	return p, nil
}

// switchOff has the job specs of bundles uninstalled that were not there when
// the state was saved.
func (p *Prepared) switchOff(bundles []string, was Former) {
	p.Others = slices.DeleteFunc(p.Others, func(o Other) bool {
		if !slices.Contains(bundles, o.Name) {
			return false
		}
		for _, s := range o.JobSpecs {
			if s.Installed && !was.installed(s.Name) {
				s.Action, s.Note, s.Bundle = SpecUninstall, "its bundle was not there", o.Name
				p.JobSpecs = append(p.JobSpecs, s)
			}
		}
		return true
	})
	p.Steps = p.steps()
	p.Digest = p.identity()
}
