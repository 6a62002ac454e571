package deploy

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// SpecAction says what happens to a job spec.
type SpecAction string

// What can happen to a job spec.
//
//	                          installed now               not installed
//	wanted, bundle uploaded   install (again)             install
//	wanted, bundle kept       keep                        install
//	in a bundle, not wanted   skip, or uninstall          skip
//	in no file, ours          orphan, or uninstall        not listed
//	in no file, of others     orphan, or uninstall        not listed
//	in another bundle         not listed: see Other
const (
	SpecInstall   SpecAction = "install"
	SpecKeep      SpecAction = "keep"      // installed already, nothing to do
	SpecSkip      SpecAction = "skip"      // left out by the selection
	SpecOrphan    SpecAction = "orphan"    // in no file and fires
	SpecUninstall SpecAction = "uninstall" // pruned
)

// SpecPlan is what happens to one job spec.
type SpecPlan struct {
	Action    SpecAction `json:"action"`
	Name      string     `json:"name"`
	ARN       string     `json:"arn"`
	Event     string     `json:"event"` // source/type
	Flow      string     `json:"flow"`  // short name of the flow it starts
	Bundle    string     `json:"bundle,omitempty"`
	Installed bool       `json:"installed"` // before the deploy
	Note      string     `json:"note,omitempty"`
	Ours      bool       `json:"ours,omitempty"` // of one in no file: it was in our bundle, or starts a flow of ours
}

// changes tells whether the account is not as the files say: what fires and is
// in no file is a change, whether or not it is pruned.
func (s SpecPlan) changes() bool {
	return s.Action == SpecUninstall || s.Action == SpecOrphan || s.Action == SpecInstall && !s.Installed
}

// Other is a bundle of the integration that the given files don't know. It
// keeps running whatever a deploy does.
type Other struct {
	Name     string     `json:"name"`
	UUID     string     `json:"uuid"`
	Digest   string     `json:"digest"`
	JobSpecs []SpecPlan `json:"jobSpecs"`
}

// planSpecs lists our job specs in source order, then the installed ones that
// no bundle has any more, in the order of the registry.
func (p *Prepared) planSpecs(opt Options) []SpecPlan {
	on := p.before.installed()
	var plans []SpecPlan
	for i, b := range p.want {
		for _, s := range b.JobSpecs {
			plans = append(plans, planSpec(s, p.Bundles[i], p.Integration, on[one(s.Name.Value)], opt))
		}
	}
	return append(plans, p.orphans(opt)...)
}

func planSpec(s *zis.JobSpec, b BundlePlan, integration string, installed bool, opt Options) SpecPlan {
	p := SpecPlan{
		Name: s.Name.Value, ARN: specARN(integration, s.Name.Value), Event: s.Event(),
		Flow: shortName(s.FlowName.Value), Bundle: b.Name, Installed: installed,
	}
	switch {
	case !opt.JobSpecs.wants(integration, s.Name.Value) && installed && opt.Prune:
		p.Action, p.Note = SpecUninstall, "not listed"
	case !opt.JobSpecs.wants(integration, s.Name.Value):
		p.Action = SpecSkip
		p.Note = skipNote(installed, b.Action != compare.Keep)
	case installed && b.Action == compare.Keep:
		p.Action = SpecKeep
	case installed:
		p.Action = SpecInstall // again: the upload switches it off
	default:
		p.Action = SpecInstall
	}
	return p
}

func skipNote(installed, upload bool) string {
	switch {
	case installed && upload:
		return "not listed; installed now, the upload switches it off"
	case installed:
		return "not listed; installed now, stays so"
	}
	return "not listed"
}

// specNames are the names of the bundles' job specs.
func specNames(want []*zis.Bundle) []string {
	var names []string
	for _, b := range want {
		for _, s := range b.JobSpecs {
			names = append(names, s.Name.Value)
		}
	}
	return names
}

// checkPrune refuses to uninstall more than a person has said, and anything
// for bundles without job specs: that looks like the wrong file.
func checkPrune(p Prepared, opt Options) error {
	var pruned []string
	for _, s := range p.JobSpecs {
		if s.Action == SpecUninstall {
			pruned = append(pruned, s.Name)
		}
	}
	if len(pruned) > 0 && len(specNames(p.want)) == 0 && !opt.AllowEmpty {
		return withHint(verdict.Errorf(verdict.PruneLimit, "", "the bundles have no job specs; pruning would switch the integration off"),
			verdict.Hint{Code: verdict.SwitchOn, Of: "allow-empty"})
	}
	if len(pruned) > opt.PruneLimit {
		return withHint(verdict.Errorf(verdict.PruneLimit, "", "pruning would uninstall %d job specs, more than %d: %s", len(pruned), opt.PruneLimit, strings.Join(pruned, ", ")),
			verdict.Hint{Code: verdict.RaiseOption, Of: "prune-limit"})
	}
	return nil
}

func namesOf(want []*zis.Bundle) []string {
	names := make([]string, len(want))
	for i, b := range want {
		names[i] = b.Name.Value
	}
	return names
}

// specInList is a job spec as the list shows it.
func specInList(s registry.JobSpec, integration string) SpecPlan {
	return SpecPlan{
		Name: s.Name, ARN: specARN(integration, s.Name), Event: s.EventSource + "/" + s.EventType,
		Flow: shortName(s.FlowName), Installed: s.Installed,
	}
}

// planOthers shows the bundles that our files don't know, and which of their
// job specs fire on an event of ours.
func planOthers(want []*zis.Bundle, have Remote) []Other {
	events := map[string]bool{}
	for _, b := range want {
		for _, s := range b.JobSpecs {
			events[s.Event()] = true
		}
	}
	on := have.installed()
	var others []Other
	for _, stored := range have.others(namesOf(want)) {
		o := Other{Name: stored.Name, UUID: stored.UUID, Digest: compare.ForeignSkeleton(stored.Doc)}
		for _, s := range zis.Read(stored.Doc).JobSpecs {
			o.JobSpecs = append(o.JobSpecs, foreignSpec(s, have.Integration, on[one(s.Name.Value)], events[s.Event()]))
		}
		others = append(others, o)
	}
	return others
}

func foreignSpec(s *zis.JobSpec, integration string, installed, shared bool) SpecPlan {
	p := SpecPlan{
		Action: SpecSkip, Name: s.Name.Value, ARN: specARN(integration, s.Name.Value), Event: s.Event(),
		Flow: shortName(s.FlowName.Value), Installed: installed,
	}
	if shared && p.Installed {
		p.Note = "fires on an event of yours"
	}
	return p
}

func specARN(integration, name string) string {
	return zis.ARN{Integration: integration, Kind: zis.KindJobSpec, Name: name}.String()
}

// shortName is a flow's name: the registry lists it short or as an ARN.
func shortName(flow string) string {
	if arn, ok := zis.ParseARN(flow); ok {
		return arn.Name
	}
	return strings.TrimSpace(flow)
}

// withHint adds what to do, as a code.
func withHint(e *verdict.Error, h verdict.Hint) *verdict.Error {
	e.Hint = h
	return e
}
