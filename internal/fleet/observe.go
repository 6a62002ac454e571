package fleet

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Observe reads what a target runs.
func (a *Accounts) Observe(ctx context.Context, t *project.Target) (Standing, error) {
	s, err := a.open(t)
	if err != nil {
		return Standing{}, err
	}
	defer s.Close(ctx)
	r, err := a.read(ctx, s)
	if err != nil {
		return Standing{Account: s.Where()}, err
	}
	o := observation{a, t, r}
	standing, err := o.standing()
	standing.Account = s.Where()
	return standing, err
}

// observation compares a reading with the release.
type observation struct {
	*Accounts
	target *project.Target
	reading
}

func (o observation) standing() (Standing, error) {
	s := Standing{Record: o.record, NoRecord: o.noWord}
	secrets, missing, err := o.Keys.Secrets(o.target)
	if err != nil {
		return s, err
	}
	known := values(o.target)
	known.Secrets = secrets
	s.Wildcards = o.fill(known, missing)
	p, err := o.plan(known, o.options())
	if err != nil {
		return s, err
	}
	s.Specs, s.Others, s.Changes, s.Difference = specsOf(p.Plan), othersOf(p.Plan), p.Changes(), differences(p.Plan)
	s.Content = o.content(p.Plan, known)
	if s.Content == Recorded {
		s.Specs = o.record.specs(onNames(o.have))
	}
	if !s.Runs() {
		o.tell(&s, known)
	}
	return s, nil
}

// fill puts the values that only the account knows into those of secret
// variables, and counts their places.
func (o observation) fill(known render.Values, missing []string) int {
	if len(missing) == 0 {
		return 0
	}
	found := o.learn(known, missing)
	for _, name := range missing {
		if value, ok := found.values[name].(string); ok {
			known.Secrets[name] = value
			o.hide(value)
		} else {
			known.Secrets[name] = wild(name) // equals nothing
		}
	}
	return found.places
}

func (o observation) hide(secrets ...string) {
	if o.Hide != nil {
		o.Hide(secrets...)
	}
}

func (o observation) learn(known render.Values, names []string) learned {
	with := known
	with.Variables, with.Typed, with.Secrets = maps.Clone(known.Variables), maps.Clone(known.Typed), maps.Clone(known.Secrets)
	for _, name := range names {
		delete(with.Variables, name)
		delete(with.Typed, name)
		with.Secrets[name] = wild(name)
	}
	docs, _ := render.Documents(o.Bundles.Documents(), with, diag.Error)
	for i, d := range docs {
		docs[i] = render.Retarget(d, o.target.Integration.Value)
	}
	return learn(docs, o.have, names)
}

// plan is what a deploy of the release with these values would change.
func (o observation) plan(values render.Values, opt deploy.Options) (deploy.Prepared, error) {
	docs, _ := render.Documents(o.Bundles.Documents(), values, diag.Error)
	bundles := make([]*zis.Bundle, len(docs))
	for i, d := range docs {
		bundles[i] = zis.Read(render.Retarget(d, o.target.Integration.Value))
	}
	return deploy.NewPlan(bundles, o.have, opt)
}

func (o observation) options() deploy.Options {
	opt := o.Options(o.target)
	opt.Prune, opt.PruneOrphans = false, false // what is on is told, not planned away
	return opt
}

// content says what bundles the account holds.
func (o observation) content(p deploy.Plan, known render.Values) Content {
	kept, added := 0, 0
	for _, b := range p.Bundles {
		switch b.Action {
		case compare.Keep:
			kept++
		case compare.Add:
			added++
		}
	}
	switch {
	case kept == len(p.Bundles) && p.Unproven():
		return Foreign // since our own upload, the account shows something else
	case kept == len(p.Bundles):
		return This
	case added == len(p.Bundles):
		return Nothing
	case added == 0 && o.otherSettings(known):
		return Settings
	case o.record != nil && o.record.Current:
		return Recorded
	}
	return Foreign
}

// otherSettings tells whether the account holds the files with other values in
// their placeholders.
func (o observation) otherSettings(known render.Values) bool {
	names := slices.Concat(slices.Collect(maps.Keys(known.Given())), slices.Collect(maps.Keys(known.Secrets)))
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return false
	}
	found := o.learn(known, names)
	with := render.Values{Variables: map[string]string{}, Typed: map[string]any{}, Secrets: map[string]string{}, Integration: known.Integration}
	for _, name := range names {
		value, ok := found.values[name]
		if !ok {
			value = wild(name) // equals nothing
		}
		if _, secret := known.Secrets[name]; secret {
			with.Secrets[name] = fmt.Sprint(value)
			o.hide(with.Secrets[name])
		} else {
			with.Set(name, value)
		}
	}
	p, err := o.plan(with, o.options())
	return err == nil && !slices.ContainsFunc(p.Bundles, func(b deploy.BundlePlan) bool { return b.Action != compare.Keep })
}
