package deploy

import (
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// planBundle compares a bundle with the stored one, by what they mean. What is
// equal only if it came with our own upload counts as equal if an earlier run
// saw that.
func planBundle(want *zis.Bundle, have *Stored, integration string, seen []Seen) BundlePlan {
	m := compare.NewMask(want.Doc, have.doc())
	p := BundlePlan{Name: want.Name.Value, File: want.Doc.File.Path, Action: compare.Add, After: m.OurSkeleton()}
	if have == nil {
		p.Resources = planResources(want, nil, compare.Likeness{}, nil)
		return p
	}
	p.UUID, p.Action = have.UUID, compare.Keep
	p.Before, _ = m.SkeletonOf(have.Doc)
	ours := shownBefore(want, have, seen)
	l := compare.Bundles(want.Doc, have.Doc, integration, ours == nil)
	p.Notes = append(l.Notes, l.Assumed...)
	stored := zis.Read(have.Doc)
	p.Resources = planResources(want, stored.Resources, l, m)
	p.Changes = compare.Differences("", without(l.Have, "resources"), without(l.Want, "resources"), m, l.Moved)
	if l.Same() {
		return p
	}
	if ours != nil && ours.Altered && ours.Sure {
		return p.unproven()
	}
	p.Action = compare.Change
	return p
}

// shownBefore is what an earlier run noted when it read back this very content
// after its own upload and the account held what it holds now; or nil.
func shownBefore(want *zis.Bundle, have *Stored, seen []Seen) *Seen {
	for i := range seen { // the latest first
		if seen[i].Bundle == want.Name.Value {
			if seen[i].Sent == want.Doc.Digest() && seen[i].Shown == have.Doc.Digest() {
				return &seen[i]
			}
			return nil
		}
	}
	return nil
}

// unproven is the plan of a bundle that stays as the account has made it: its
// differences are told, and nothing is to be done about them.
func (p BundlePlan) unproven() BundlePlan {
	p.Unproven, p.Changes = p.Changes, nil
	for i := range p.Resources {
		r := &p.Resources[i]
		p.Unproven = append(p.Unproven, r.differing()...)
		r.Action, r.Changes = compare.Keep, nil
	}
	return p
}

// differing are the differences of a resource; one that is there or gone as a
// whole is one.
func (r ResourcePlan) differing() []compare.Difference {
	if r.Action == compare.Add || r.Action == compare.Remove {
		return []compare.Difference{{Action: r.Action, Pointer: "/resources/" + source.EscapePointer(r.Key)}}
	}
	return r.Changes
}

func without(values map[string]any, name string) map[string]any {
	out := make(map[string]any, len(values))
	for k, v := range values {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// planResources compares by key: ours in source order, then those that go.
func planResources(want *zis.Bundle, stored []*zis.Resource, l compare.Likeness, m *compare.Mask) []ResourcePlan {
	var plans []ResourcePlan
	ours := map[string]bool{}
	for _, r := range want.Resources {
		ours[r.Key] = true
		plans = append(plans, planResource(r, l, m))
	}
	told := map[string]bool{}
	for _, r := range stored {
		if _, _, there := l.Resource(r.Key); there && !ours[r.Key] && !told[r.Key] {
			told[r.Key] = true
			plans = append(plans, resourcePlan(compare.Remove, r))
		}
	}
	return plans
}

func planResource(want *zis.Resource, l compare.Likeness, m *compare.Mask) ResourcePlan {
	stored, ours, there := l.Resource(want.Key)
	if !there {
		return resourcePlan(compare.Add, want)
	}
	p := resourcePlan(compare.Keep, want)
	if compare.Same(stored, ours) { // most are: to look for differences takes longer
		return p
	}
	p.Changes = compare.Differences(want.Node.Pointer(), stored, ours, m, l.Moved)
	if len(p.Changes) > 0 {
		p.Action = compare.Change
	}
	return p
}

func resourcePlan(a compare.Action, r *zis.Resource) ResourcePlan {
	kind := r.Kind()
	if kind == "" {
		kind = r.Type.Value
	}
	return ResourcePlan{Action: a, Kind: kind, Key: r.Key, Name: r.Name.Value}
}
