package emulator

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

// inHistory are the entries of the list of bundles, in its order.
func (i *Integration) inHistory(h platform.History) []*Bundle {
	if h.Keeps == 0 {
		return i.Bundles
	}
	all := slices.Concat(i.Former, i.Bundles) // oldest first
	if h.First {
		slices.Reverse(all)
	}
	if h.Mixed {
		all = mixed(all)
	}
	return all
}

// mixed takes every other entry first: an order from which no age is told.
func mixed(all []*Bundle) []*Bundle {
	var even, odd []*Bundle
	for n, b := range all {
		if n%2 == 0 {
			even = append(even, b)
		} else {
			odd = append(odd, b)
		}
	}
	return slices.Concat(odd, even)
}

// retire keeps a bundle's body as a former entry; the bundle gets a new uuid.
func (i *Integration) retire(b *Bundle, h platform.History) {
	former := *b
	i.Former = append(i.Former, &former)
	b.UUID = newUUID()
	count := 0
	for n, f := range slices.Backward(i.Former) {
		if f.Name != b.Name {
			continue
		}
		if count++; count > h.Keeps {
			i.Former = slices.Delete(i.Former, n, n+1)
		}
	}
}

// listedSpecs are the entries of the list of job specs, in its order.
func (i *Integration) listedSpecs(rules platform.SpecRules) []*JobSpec {
	specs := slices.Clone(i.JobSpecs)
	if rules.Vanish {
		specs = slices.DeleteFunc(specs, func(s *JobSpec) bool { return !s.Installed })
	}
	if rules.History || rules.Ghosts {
		specs = slices.Concat(i.FormerSpecs, specs)
	}
	if rules.NewFirst {
		slices.Reverse(specs)
	}
	return specs
}
