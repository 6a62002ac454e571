package emulator

import (
	"bytes"
	"encoding/json"
	"time"
)

// drop is what an upload switches off, and when.
type drop struct {
	what  dropped
	when  dropTime
	after time.Duration // then so much later
	spare bool          // what was installed meanwhile stays on
}

// dropped says which job specs an upload switches off.
type dropped int

const (
	dropBundle      dropped = iota // all of the bundle (observed)
	dropNothing                    // none
	dropIntegration                // all of the integration, other bundles' too
	dropOthers                     // other bundles' only
	dropIfChanged                  // all of the bundle, if anything in it changed
	dropChangedSpec                // those whose own definition changed
	dropChangedFlow                // those whose flow changed
	dropStale                      // those that the bundle has no longer, and only those
	dropWithStale                  // all of the bundle, and those that it has no longer
	dropFirst                      // the first of the bundle by name
	dropLast                       // the last of it
	dropHalf                       // every other one of it
)

// dropTime says on what the switching off waits.
type dropTime int

const (
	whenUploaded     dropTime = iota
	whenInstalled             // the first install after the upload
	whenAllInstalled          // the install after which all of the bundle are on
	whenRead                  // the first list of job specs after the upload
)

// specRules is what else may be different about job specs.
type specRules struct {
	installs   bool // an upload installs all of the bundle's
	newUUIDs   bool // an upload gives new uuids, to the bundle as well
	vanish     bool // one that isn't installed is not listed
	keepStale  bool // one that no bundle has stays in the list when it is off
	history    bool // an upload adds entries, former ones stay in the list, off
	ghosts     bool // the same, and they are shown as installed for ever
	oldestLast bool // newer entries first
}

// upload's memory of what has to be switched off.
type dropping struct {
	drop
	integration *Integration
	names       map[string]bool
	since       time.Time
}

// dropsOf are the job specs that an upload of b switches off; former is what
// the bundle's body was.
func (p *platform) dropsOf(i *Integration, b upload, former []byte) map[string]bool {
	names := map[string]bool{}
	ours := 0
	for _, s := range i.JobSpecs {
		own := s.Bundle == b.name
		if own {
			ours++
		}
		if p.drop.what.hits(s, own, ours, b, former) {
			names[s.Name] = true
		}
	}
	if p.drop.what == dropLast {
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

func (what dropped) hits(s *JobSpec, own bool, nth int, b upload, former []byte) bool {
	switch what {
	case dropBundle:
		return own
	case dropIntegration:
		return true
	case dropOthers:
		return !own && s.Bundle != ""
	case dropIfChanged:
		return own && !sameResources(b, former, func(string, resource) bool { return true })
	case dropChangedSpec:
		return own && !sameResources(b, former, func(_ string, r resource) bool { return r.kind() == "ZIS::JobSpec" && r.property("name") == s.Name })
	case dropChangedFlow:
		return own && !sameResources(b, former, func(_ string, r resource) bool { return r.kind() == "ZIS::Flow" && r.property("name") == s.FlowName })
	case dropStale:
		return s.Bundle == ""
	case dropWithStale:
		return own || s.Bundle == ""
	case dropFirst:
		return own && nth == 1
	case dropHalf:
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
	d := dropping{drop: s.platform.drop, integration: i, names: names, since: s.now()}
	switch {
	case d.when == whenUploaded && d.after == 0:
		d.happen(s)
	case d.when == whenUploaded:
		s.later(d.since.Add(d.after), func() { d.happen(s) })
	default:
		s.waiting = append(s.waiting, d)
	}
}

func (d dropping) happen(s *Server) {
	for _, spec := range d.integration.JobSpecs {
		if !d.names[spec.Name] || d.spare && spec.InstalledAt.After(d.since) {
			continue
		}
		spec.Installed = false
	}
	s.dropUnused(d.integration)
}

// trigger lets happen what waits for such a moment.
func (s *Server) trigger(when dropTime, i *Integration) {
	var still []dropping
	for _, d := range s.waiting {
		if d.integration != i || d.when != when || when == whenAllInstalled && !allOn(i, d.names) {
			still = append(still, d)
			continue
		}
		if d.after > 0 {
			s.later(s.now().Add(d.after), func() { d.happen(s) })
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
