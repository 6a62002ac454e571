package deploy

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// returning is a plan that leads back to what a journal saved, in the making.
type returning struct {
	past *Past
	was  Former
	opt  Options

	want  []*zis.Bundle
	added []string // bundles that were not there: they can't be deleted
}

// NewRestore is a plan that leads back to what a journal saved: the bundles of
// that run as they were before it, and of their job specs exactly those that
// were on. It is compared, carried out and proven like any other.
func NewRestore(past *Past, have Remote, opt Options) (Prepared, error) {
	was, err := past.found.former()
	if err != nil {
		return Prepared{}, verdict.Errorf(verdict.InvalidInput, "", "the saved state can't be read: %w", err)
	}
	r := &returning{past: past, was: was, opt: opt}
	for _, k := range kinds {
		if err := k.again(r); err != nil {
			return Prepared{}, err
		}
	}
	r.opt.Prune, r.opt.AllowEmpty, r.opt.PruneLimit = true, true, len(have.JobSpecs)
	p, err := NewPlan(r.want, have, r.opt)
	if err != nil {
		return Prepared{}, err
	}
	return p, p.switchOff(r.added, was)
}

// switchOff has the job specs of bundles uninstalled that were not there when
// the state was saved.
func (p *Prepared) switchOff(bundles []string, was Former) error {
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
	return p.settle()
}
