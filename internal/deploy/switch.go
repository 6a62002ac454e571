package deploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// NewSwitch is a plan that switches job specs on or off and uploads nothing:
// those that are named, in short or in full; without names all of the
// account's bundles, and to switch off also what fires besides.
func NewSwitch(have Remote, on bool, names []string) (Prepared, error) {
	p := Prepared{Plan: Plan{Integration: have.Integration, Bundles: []BundlePlan{}}, before: have}
	known := have.switchable(on)
	if len(names) == 0 && len(have.Unread) > 0 {
		return Prepared{}, verdict.Errorf(verdict.InvalidInput, "name the job specs", "which job specs the integration has is not known for certain: %s", have.Unread[0])
	}
	chosen, err := choose(have.Integration, known, names)
	if err != nil {
		return Prepared{}, err
	}
	for _, s := range chosen {
		s.Action = SpecKeep
		switch {
		case on && !s.Installed:
			s.Action = SpecInstall
		case !on && s.Installed:
			s.Action = SpecUninstall
		case !on:
			s.Action = SpecSkip
		}
		p.JobSpecs = append(p.JobSpecs, s)
	}
	if on := othersOn(known, chosen); len(on) > 0 {
		p.Notes = append(p.Notes, "not named, and left on: "+specList(on))
	}
	return p, p.settle()
}

// othersOn are the known job specs that are on and were not chosen.
func othersOn(known, chosen []SpecPlan) []SpecPlan {
	return slices.DeleteFunc(slices.Clone(known), func(s SpecPlan) bool {
		return !s.Installed || slices.ContainsFunc(chosen, func(c SpecPlan) bool { return c.ARN == s.ARN })
	})
}

// switchable are the job specs of the account: those of its bundles, and those
// that fire and are in none, which can only be switched off.
func (r Remote) switchable(on bool) []SpecPlan {
	var list []SpecPlan
	told := map[string]bool{}
	add := func(s SpecPlan) {
		if !told[one(s.Name)] {
			told[one(s.Name)] = true
			list = append(list, s)
		}
	}
	isOn := r.installed()
	for _, b := range r.Bundles {
		for _, s := range zis.Read(b.Doc).JobSpecs {
			plan := foreignSpec(s, r.Integration, isOn[one(s.Name.Value)], false)
			plan.Bundle = b.Name
			add(plan)
		}
	}
	for _, s := range r.JobSpecs {
		if s.Installed && !on {
			add(specInList(s, r.Integration))
		}
	}
	return list
}

// choose picks the named job specs out of the known ones; all without names.
func choose(integration string, known []SpecPlan, names []string) ([]SpecPlan, error) {
	if len(names) == 0 {
		return known, nil
	}
	var list []SpecPlan
	for _, name := range names {
		i := slices.IndexFunc(known, func(s SpecPlan) bool { return one(s.Name) == one(name) || s.ARN == name })
		if i < 0 {
			return nil, verdict.Errorf(verdict.InvalidInput, "job specs of the integration: "+specList(known), "the integration %q has no job spec %q", integration, name)
		}
		if !slices.ContainsFunc(list, func(s SpecPlan) bool { return s.ARN == known[i].ARN }) {
			list = append(list, known[i])
		}
	}
	return list, nil
}

func specList(known []SpecPlan) string {
	var names []string
	for _, s := range known {
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return "none"
	}
	return shorten(strings.Join(names, ", "), 500)
}

// WasOn is what a file remembers that uninstall has written: exactly which job
// specs it has switched off.
type WasOn struct {
	Version     int      `json:"version"`
	Target      string   `json:"target"`
	Integration string   `json:"integration"`
	JobSpecs    []string `json:"jobSpecs"` // ARNs
}

// WasOn is what the plan switches off, for a file.
func (p Plan) WasOn(target string) ([]byte, error) {
	w := WasOn{Version: 1, Target: target, Integration: p.Integration, JobSpecs: []string{}}
	for _, s := range p.JobSpecs {
		if s.Action == SpecUninstall {
			w.JobSpecs = append(w.JobSpecs, s.ARN)
		}
	}
	text, err := json.MarshalIndent(w, "", "  ")
	return append(text, '\n'), err
}

// ReadWasOn reads such a file, and refuses one of another account or
// integration.
func ReadWasOn(text []byte, target, integration string) ([]string, error) {
	var w WasOn
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil || w.Version != 1 {
		return nil, verdict.Errorf(verdict.InvalidInput, "give the file that uninstall has written", "%w", errors.New("the file doesn't say which job specs were on"))
	}
	if w.Target != target || w.Integration != integration {
		return nil, verdict.Errorf(verdict.InvalidInput, "give the file of this account", "the file is of %q on %s, not of %q on %s", w.Integration, w.Target, integration, target)
	}
	return w.JobSpecs, nil
}
