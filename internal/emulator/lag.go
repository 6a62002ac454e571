package emulator

import (
	"maps"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

// version is an integration as it was from a time on.
type version struct {
	from time.Time
	of   *Integration
}

// remember keeps what the account is now, if something lags. It is called
// with the lock, after every change.
func (s *Server) remember() {
	if len(s.rules.Lags) == 0 {
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
	s.versions, s.turn = map[string][]version{}, map[platform.Side]int{}
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
	c.Connections, c.Webhooks, c.Configs = slices.Clone(i.Connections), slices.Clone(i.Webhooks), cloned(i.Configs)
	c.Clients, c.Flows, c.Links = slices.Clone(i.Clients), maps.Clone(i.Flows), slices.Clone(i.Links)
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
func (s *Server) seen(i *Integration, what platform.Side) *Integration {
	l, lags := s.rules.Lags[what]
	if !lags || i == nil {
		return i
	}
	if l.Turns {
		s.turn[what]++
		if s.turn[what]%2 == 1 {
			return i
		}
	}
	then := s.now().Add(-l.By)
	for _, v := range slices.Backward(s.versions[i.Name]) {
		if !v.from.After(then) {
			return v.of
		}
	}
	return &Integration{Name: i.Name}
}

// seenSpecs is the list of job specs, with flags that may lag on their own.
func (s *Server) seenSpecs(i *Integration) []*JobSpec {
	list := s.seen(i, platform.SeeSpecs)
	flags := s.seen(i, platform.SeeInstalled)
	specs := list.listedSpecs(s.rules.Specs)
	if _, lags := s.rules.Lags[platform.SeeInstalled]; !lags {
		return specs
	}
	specs = cloned(specs)
	for _, spec := range specs {
		then := flags.JobSpec(spec.Name)
		spec.Installed = then != nil && then.Installed
	}
	return specs
}
