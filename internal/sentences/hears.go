package sentences

import (
	"maps"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// unclear stands among hosts where there is more than was looked at, or where
// a host is chosen at run time.
const unclear = ""

// ahead is how many states are looked at to see where a rule leads.
const ahead = 100

// hears is the one host outside that is sent something if a rule leads to a
// state, and isn't where the Choice goes another way; "" if there is none, or
// more than one.
func (m *machine) hears(choice *zis.State, to string) string {
	here := m.reached(to)
	if len(here) == 0 || here[unclear] {
		return ""
	}
	here = maps.Clone(here)
	for _, l := range slots(choice) {
		if l.to == to {
			continue
		}
		there := m.reached(l.to)
		if there[unclear] {
			return ""
		}
		for host := range there {
			delete(here, host)
		}
	}
	if len(here) != 1 {
		return ""
	}
	return slices.Collect(maps.Keys(here))[0]
}

// reached are the hosts outside that are sent something from a state on.
func (m *machine) reached(from string) map[string]bool {
	first := m.byName[from]
	if first == nil {
		return nil
	}
	if hosts, ok := m.hosts[first]; ok {
		return hosts
	}
	hosts := map[string]bool{}
	seen := map[*zis.State]bool{first: true}
	queue := []*zis.State{first}
	for ; len(queue) > 0 && len(seen) <= ahead; queue = queue[1:] {
		m.sendsTo(queue[0], hosts)
		for _, l := range slots(queue[0]) {
			if next := m.byName[l.to]; next != nil && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	if len(queue) > 0 {
		hosts = map[string]bool{unclear: true}
	}
	if m.hosts == nil {
		m.hosts = map[*zis.State]map[string]bool{}
	}
	m.hosts[first] = hosts
	return hosts
}

// sendsTo adds the hosts to which a state itself sends something.
func (m *machine) sendsTo(s *zis.State, hosts map[string]bool) {
	if req, ok := m.calls(m.pair.is, s); ok && req.host != "" {
		if req.open {
			hosts[unclear] = true
		}
		hosts[req.host] = true
	}
	if s.Iterator != nil {
		for _, inner := range s.Iterator.States {
			m.sendsTo(inner, hosts)
		}
	}
}
