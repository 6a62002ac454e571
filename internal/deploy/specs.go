package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// SpecAction says what happens to a job spec.
type SpecAction string

// What can happen to a job spec.
//
//	                        installed now            not installed
//	wanted, bundle uploaded install (again)          install
//	wanted, bundle kept     keep                     install
//	in a bundle, not wanted skip                     skip
//	was in our bundle       orphan, or uninstall     gone, not listed
//	nobody's                orphan                   not listed
const (
	SpecInstall   SpecAction = "install"
	SpecKeep      SpecAction = "keep"      // installed already, nothing to do
	SpecSkip      SpecAction = "skip"      // left out by --job-specs
	SpecOrphan    SpecAction = "orphan"    // in no bundle any more, still fires
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
func planSpecs(want []*zis.Bundle, bundles []BundlePlan, have Remote, opt Options) []SpecPlan {
	on := have.installed()
	var plans []SpecPlan
	for i, b := range want {
		for _, s := range b.JobSpecs {
			plans = append(plans, planSpec(s, bundles[i], have.Integration, on[s.Name.Value], opt))
		}
	}
	return append(plans, orphans(want, have, opt)...)
}

func planSpec(s *zis.JobSpec, b BundlePlan, integration string, installed bool, opt Options) SpecPlan {
	p := SpecPlan{
		Name: s.Name.Value, ARN: specARN(integration, s.Name.Value), Event: s.Event(),
		Flow: shortName(s.FlowName.Value), Bundle: b.Name, Installed: installed,
	}
	switch {
	case !opt.JobSpecs.wants(s.Name.Value):
		p.Action = SpecSkip
		p.Note = skipNote(installed, b.Action != Keep)
	case installed && b.Action == Keep:
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

// orphans are job specs that are installed but in no bundle: they keep
// starting their flows (observed). One that our stored bundle had, or that a
// journal tells we had, is ours to prune; one of unknown origin is only shown.
func orphans(want []*zis.Bundle, have Remote, opt Options) []SpecPlan {
	names := namesOf(want)
	ours, foreign := specNames(have.Bundles, names), specNames(have.others(names), nil)
	wanted := map[string]bool{}
	for _, b := range want {
		for _, s := range b.JobSpecs {
			wanted[s.Name.Value] = true
		}
	}
	var plans []SpecPlan
	for _, s := range have.JobSpecs {
		if s.Installed && !wanted[s.Name] && foreign[s.Name] == "" {
			plans = append(plans, orphan(s, ours[s.Name], have.Integration, opt))
		}
	}
	return plans
}

func orphan(s registry.JobSpec, owner, integration string, opt Options) SpecPlan {
	p := listed(s, integration)
	p.Bundle = owner
	mine := owner != "" || slices.Contains(opt.Owned, s.Name)
	p.Action, p.Note = SpecOrphan, "in no bundle, keeps firing"
	if mine {
		p.Note = "no longer in the bundle, keeps firing"
	}
	if opt.Prune && (mine || opt.PruneOrphans) {
		p.Action, p.Note = SpecUninstall, strings.TrimSuffix(p.Note, ", keeps firing")
	}
	return p
}

// specNames maps the job specs of stored bundles to the bundle they stand in;
// only of the named bundles, if any are named.
func specNames(stored []Stored, names []string) map[string]string {
	owner := map[string]string{}
	for _, b := range stored {
		if names != nil && !slices.Contains(names, b.Name) {
			continue
		}
		for _, s := range zis.Read(b.Doc).JobSpecs {
			owner[s.Name.Value] = b.Name
		}
	}
	return owner
}

// owned are the job specs that our bundles had up to now: an interrupted
// prune is finished by them.
func owned(bundles []BundlePlan, have Remote, opt Options) []string {
	names := slices.Clone(opt.Owned)
	for name := range specNames(have.Bundles, bundleNames(bundles)) {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkPrune refuses to uninstall more than a person has said, and anything
// for bundles without job specs: that looks like the wrong file.
func checkPrune(p Plan, opt Options) error {
	var pruned []string
	wanted := 0
	for _, s := range p.JobSpecs {
		switch s.Action {
		case SpecUninstall:
			pruned = append(pruned, s.Name)
		case SpecInstall, SpecKeep, SpecSkip:
			wanted++
		}
	}
	if len(pruned) > 0 && wanted == 0 && !opt.AllowEmpty {
		return verdict.Errorf(verdict.PruneLimit, "if that is meant, say --allow-empty", "the bundles have no job specs; pruning would switch the integration off")
	}
	if len(pruned) > opt.PruneLimit {
		return verdict.Errorf(verdict.PruneLimit, fmt.Sprintf("if that is meant, say --prune-limit %d", len(pruned)),
			"pruning would uninstall %d job specs, more than %d: %s", len(pruned), opt.PruneLimit, strings.Join(pruned, ", "))
	}
	return nil
}

func bundleNames(bundles []BundlePlan) []string {
	names := make([]string, len(bundles))
	for i, b := range bundles {
		names[i] = b.Name
	}
	return names
}

func namesOf(want []*zis.Bundle) []string {
	names := make([]string, len(want))
	for i, b := range want {
		names[i] = b.Name.Value
	}
	return names
}

func listed(s registry.JobSpec, integration string) SpecPlan {
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
	var others []Other
	for _, stored := range have.others(namesOf(want)) {
		o := Other{Name: stored.Name, UUID: stored.UUID, Digest: stored.Doc.Digest()}
		for _, s := range zis.Read(stored.Doc).JobSpecs {
			o.JobSpecs = append(o.JobSpecs, foreignSpec(s, have, events[s.Event()]))
		}
		others = append(others, o)
	}
	return others
}

func foreignSpec(s *zis.JobSpec, have Remote, shared bool) SpecPlan {
	p := SpecPlan{
		Action: SpecSkip, Name: s.Name.Value, ARN: specARN(have.Integration, s.Name.Value), Event: s.Event(),
		Flow: shortName(s.FlowName.Value), Installed: have.installed()[s.Name.Value],
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
