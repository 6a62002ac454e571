package emulator

import "slices"

// history is what becomes of the body that an upload replaces.
type history struct {
	keeps  int  // how many former entries of a name stay in the list; 0: none
	first  bool // newer entries stand before older ones
	mixed  bool // every other entry first, then the rest
	skips  bool // an upload of what is there already makes no entry
	bodies bool // former entries can be read; else 404
}

// listed are the entries of the list of bundles, in its order.
func (i *Integration) listed(h history) []*Bundle {
	if h.keeps == 0 {
		return i.Bundles
	}
	all := slices.Concat(i.Former, i.Bundles) // oldest first
	if h.first {
		slices.Reverse(all)
	}
	if h.mixed {
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
func (i *Integration) retire(b *Bundle, h history) {
	former := *b
	i.Former = append(i.Former, &former)
	b.UUID = newUUID()
	count := 0
	for n, f := range slices.Backward(i.Former) {
		if f.Name != b.Name {
			continue
		}
		if count++; count > h.keeps {
			i.Former = slices.Delete(i.Former, n, n+1)
		}
	}
}

// listedSpecs are the entries of the list of job specs, in its order.
func (i *Integration) listedSpecs(rules specRules) []*JobSpec {
	specs := slices.Clone(i.JobSpecs)
	if rules.vanish {
		specs = slices.DeleteFunc(specs, func(s *JobSpec) bool { return !s.Installed })
	}
	if rules.history || rules.ghosts {
		specs = slices.Concat(i.FormerSpecs, specs)
	}
	if rules.oldestLast {
		slices.Reverse(specs)
	}
	return specs
}
