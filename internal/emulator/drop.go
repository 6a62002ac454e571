package emulator

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
)

// dropping is a drop that has not happened yet.
type dropping struct {
	platform.Drop
	integration *Integration
	names       map[string]bool
	since       time.Time
}

// dropsOf are the job specs that an upload of b switches off; former is what
// the bundle's body was.
func dropsOf(what platform.Dropped, i *Integration, b upload, former []byte) map[string]bool {
	names := map[string]bool{}
	ours := 0
	for _, s := range i.JobSpecs {
		own := s.Bundle == b.name
		if own {
			ours++
		}
		if hits(what, s, own, ours, b, former) {
			names[s.Name] = true
		}
	}
	if what == platform.DropLast {
		return lastOf(i, b.name)
	}
	return names
}

func lastOf(i *Integration, bundle string) map[string]bool {
	names := map[string]bool{}
	for _, s := range i.JobSpecs {
		if s.Bundle == bundle {
			names = map[string]bool{s.Name: true}
		}
	}
	return names
}

func hits(what platform.Dropped, s *JobSpec, own bool, nth int, b upload, former []byte) bool {
	switch what {
	case platform.DropBundle:
		return own
	case platform.DropIntegration:
		return true
	case platform.DropOthers:
		return !own && s.Bundle != ""
	case platform.DropIfChanged:
		return own && !sameResources(b, former, func(string, resource) bool { return true })
	case platform.DropChangedSpec:
		return own && !sameResources(b, former, func(_ string, r resource) bool { return r.kind() == "ZIS::JobSpec" && r.property("name") == s.Name })
	case platform.DropChangedFlow:
		return own && !sameResources(b, former, func(_ string, r resource) bool { return r.kind() == "ZIS::Flow" && r.property("name") == s.FlowName })
	case platform.DropStale:
		return s.Bundle == ""
	case platform.DropWithStale:
		return own || s.Bundle == ""
	case platform.DropFirst:
		return own && nth == 1
	case platform.DropHalf:
		return own && nth%2 == 1
	}
	return false
}

// sameResources tells whether a bundle has the same resources of a kind as the
// former body.
func sameResources(b upload, former []byte, of func(string, resource) bool) bool {
	have := (&Bundle{Body: former}).resources()
	pick := func(all map[string]resource) []byte {
		some := map[string]resource{}
		for key, r := range all {
			if of(key, r) {
				some[key] = r
			}
		}
		text, _ := json.Marshal(some)
		return text
	}
	return bytes.Equal(pick(have), pick(b.resources))
}

// switchOff lets an upload's drop happen, now or when its time comes.
func (s *Server) switchOff(i *Integration, names map[string]bool) {
	d := dropping{Drop: s.rules.Drop, integration: i, names: names, since: s.now()}
	switch {
	case d.When == platform.WhenUploaded && d.After == 0:
		d.happen(s)
	case d.When == platform.WhenUploaded:
		s.later(d.since.Add(d.After), func() { d.happen(s) })
	default:
		s.waiting = append(s.waiting, d)
	}
}

func (d dropping) happen(s *Server) {
	for _, spec := range d.integration.JobSpecs {
		if !d.names[spec.Name] || d.Spare && spec.InstalledAt.After(d.since) {
			continue
		}
		spec.Installed = false
	}
	s.dropUnused(d.integration)
}

// trigger lets happen what waits for such a moment.
func (s *Server) trigger(when platform.DropTime, i *Integration) {
	var still []dropping
	for _, d := range s.waiting {
		if d.integration != i || d.When != when || when == platform.WhenAllInstalled && !allOn(i, d.names) {
			still = append(still, d)
			continue
		}
		if d.After > 0 {
			s.later(s.now().Add(d.After), func() { d.happen(s) })
			continue
		}
		d.happen(s)
	}
	s.waiting = still
}

func allOn(i *Integration, names map[string]bool) bool {
	for _, s := range i.JobSpecs {
		if names[s.Name] && !s.Installed {
			return false
		}
	}
	return true
}
