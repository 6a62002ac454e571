package emulator

import (
	"slices"
	"time"
)

// What a reader looks at, and what may lag behind the account.
const (
	seeBundles   = "the list of bundles"
	seeBody      = "a bundle's body"
	seeSpecs     = "the list of job specs"
	seeInstalled = "whether job specs are installed"
	seeUploads   = "that a bundle was uploaded, for an install"
)

// lag is how far behind the account a reading is.
type lag struct {
	by    time.Duration
	turns bool // every other reading only: one of two copies lags
}

// version is an integration as it was from a time on.
type version struct {
	from time.Time
	of   *Integration
}

// remember keeps what the account is now, if something lags. It is called
// with the lock, after every change.
func (s *Server) remember() {
	if len(s.platform.lag) == 0 {
		return
	}
	now := s.now()
	for _, i := range s.state.Integrations {
		old := s.versions[i.Name]
		if n := len(old); n > 0 && old[n-1].from.Equal(now) {
			old = old[:n-1]
		}
		s.versions[i.Name] = append(old, version{now, i.clone()})
	}
}

// forget begins a new memory: whoever looks back sees what is there now.
func (s *Server) forget() {
	s.versions, s.turn = map[string][]version{}, map[string]int{}
	for _, i := range s.state.Integrations {
		s.versions[i.Name] = []version{{time.Time{}, i.clone()}}
	}
}

// clone is a copy that later changes don't reach. Bodies are never written
// into, so they are shared.
func (i *Integration) clone() *Integration {
	c := *i
	c.Bundles, c.Former = cloned(i.Bundles), cloned(i.Former)
	c.JobSpecs, c.FormerSpecs = cloned(i.JobSpecs), cloned(i.FormerSpecs)
	c.Connections, c.Webhooks = slices.Clone(i.Connections), slices.Clone(i.Webhooks)
	return &c
}

func cloned[T any](list []*T) []*T {
	if list == nil {
		return nil
	}
	c := make([]*T, len(list))
	for n, e := range list {
		copied := *e
		c[n] = &copied
	}
	return c
}

// seen is an integration as a reader of one of its sides sees it.
func (s *Server) seen(i *Integration, what string) *Integration {
	l, lags := s.platform.lag[what]
	if !lags || i == nil {
		return i
	}
	if l.turns {
		s.turn[what]++
		if s.turn[what]%2 == 1 {
			return i
		}
	}
	then := s.now().Add(-l.by)
	for _, v := range slices.Backward(s.versions[i.Name]) {
		if !v.from.After(then) {
			return v.of
		}
	}
	return &Integration{Name: i.Name}
}

// seenSpecs is the list of job specs, with flags that may lag on their own.
func (s *Server) seenSpecs(i *Integration) []*JobSpec {
	list := s.seen(i, seeSpecs)
	flags := s.seen(i, seeInstalled)
	specs := list.listedSpecs(s.platform.specs)
	if _, lags := s.platform.lag[seeInstalled]; !lags {
		return specs
	}
	specs = cloned(specs)
	for _, spec := range specs {
		then := flags.JobSpec(spec.Name)
		spec.Installed = then != nil && then.Installed
	}
	return specs
}
