package deploy

import (
	"maps"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// origin says whose the job specs are that fire and are in no file. It is read
// from the account, so that every machine comes to the same answer: ours is
// one that our stored bundle has, or whose flow our files or our stored bundle
// have. Any other is of unknown origin.
type origin struct {
	wanted  map[string]bool   // names of job specs in the files
	foreign map[string]bool   // in bundles that the files don't know
	stored  map[string]string // in our stored bundles: the bundle's name
	flows   map[string]bool   // short names, in the files and in our stored bundles
}

func (p *Prepared) origin() origin {
	o := origin{wanted: map[string]bool{}, foreign: map[string]bool{}, stored: map[string]string{}, flows: map[string]bool{}}
	for _, b := range p.want {
		for _, s := range b.JobSpecs {
			o.wanted[one(s.Name.Value)] = true
		}
		o.addFlows(b)
		for _, stored := range p.before.named(b.Name.Value) {
			o.addStored(zis.Read(stored.Doc))
		}
	}
	if p.former != nil { // what an unfinished run was about to replace
		for _, b := range p.former.Bundles {
			if p.bundle(b.Name) != nil {
				o.addStored(zis.Read(b.Doc))
			}
		}
	}
	for _, stored := range p.before.others(namesOf(p.want)) {
		for _, s := range zis.Read(stored.Doc).JobSpecs {
			o.foreign[one(s.Name.Value)] = true
		}
	}
	return o
}

func (o origin) addFlows(b *zis.Bundle) {
	for _, f := range b.Flows {
		o.flows[one(f.Name.Value)] = true
	}
}

func (o origin) addStored(b *zis.Bundle) {
	o.addFlows(b)
	for _, s := range b.JobSpecs {
		o.stored[one(s.Name.Value)] = b.Name.Value
	}
}

// orphans are job specs that are installed and in no file: they keep starting
// their flows (observed).
func (p *Prepared) orphans(opt Options) []SpecPlan {
	o := p.origin()
	var plans []SpecPlan
	told := maps.Clone(o.wanted)
	for _, s := range p.before.JobSpecs {
		name := one(s.Name)
		if s.Installed && !told[name] && !o.foreign[name] {
			told[name] = true
			plans = append(plans, p.orphan(s, o, opt))
		}
	}
	return plans
}

func (p *Prepared) orphan(s registry.JobSpec, o origin, opt Options) SpecPlan {
	plan := specInList(s, p.Integration)
	plan.Bundle = o.stored[one(s.Name)]
	ours := plan.Bundle != "" || o.flows[one(plan.Flow)]
	if !ours && p.before.unreadBundles() {
		plan.Action, plan.Note = SpecSkip, "in no bundle that could be read"
		return plan
	}
	why := "in no bundle"
	plan.Ours = ours
	if ours {
		why = "no longer in the bundle"
	}
	plan.Action, plan.Note = SpecOrphan, why+", keeps firing"
	if opt.Prune && (ours || opt.PruneOrphans) {
		plan.Action, plan.Note = SpecUninstall, why
	}
	return plan
}
