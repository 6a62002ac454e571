package deploy

import (
	"fmt"
	"strings"
)

// standing says what the account does now, as far as is known: how many of our
// job specs are on. It is the first thing to be told of a deploy that ended
// between an upload and its installs.
func (a *apply) standing() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var off []string
	total, tickets := 0, false
	for _, s := range a.plan.JobSpecs {
		if s.Action != SpecInstall && s.Action != SpecKeep {
			continue
		}
		total++
		tickets = tickets || strings.Contains(s.Event, "/ticket.")
		if a.off[one(s.Name)] {
			off = append(off, s.Name)
		}
	}
	what := "event"
	if tickets {
		what = "ticket"
	}
	switch {
	case total == 0:
		return "no job spec is to be on"
	case len(off) == 0:
		return fmt.Sprintf("%d of %d job specs are on", total, total)
	case len(off) == total:
		return fmt.Sprintf("%d of %d job specs are off: no %s starts this integration", total, total, what)
	}
	return fmt.Sprintf("%d of %d job specs are off: %q start nothing", len(off), total, off)
}

// look takes over from a reading which job specs are on.
func (a *apply) lookAt(have Remote) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.off == nil {
		a.off = map[string]bool{}
	}
	for _, s := range a.plan.JobSpecs {
		if have.on(s.Name) {
			delete(a.off, one(s.Name))
		} else {
			a.off[one(s.Name)] = true
		}
	}
}
