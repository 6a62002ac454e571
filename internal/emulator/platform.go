package emulator

import (
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Behave makes the account behave as the named dispositions say, from now on
// and in nothing else; without names, as the references say. An unknown name
// is an error. What the account holds stays.
func (s *Server) Behave(names ...string) error {
	rules, err := platform.Named(names...)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	s.settle()
	s.rules = rules
	s.forget()
	return nil
}

// handle answers a request as this platform does. It is called with the lock.
func (s *Server) handle(r *request, handler func(*request) wire.Answer) wire.Answer {
	seen := r.seen()
	d := s.rules.Detour(seen, s.now())
	switch {
	case d == nil:
		return s.rules.Shape(seen, handler(r))
	case d.Real != nil:
		return d.Real(s.rules.Shape(seen, handler(r)))
	case d.Lands > 0:
		s.later(s.now().Add(d.Lands), func() { handler(r) })
	case d.Takes:
		if a := handler(r); a.Status >= 300 {
			return a
		}
	}
	return d.With(seen)
}

// seen is what a disposition may know of a request.
func (r *request) seen() platform.Request {
	seen := platform.Request{Request: r.Request, On: r.on, Body: r.body, Registered: r.integration != nil, Prefix: prefixOf(r.Context())}
	if r.integration != nil {
		seen.UploadedAt = r.integration.UploadedAt
	}
	if spec := r.spec(); spec != nil {
		seen.Installed = spec.Installed
	}
	return seen
}

// due is something that happens by itself at a time.
type due struct {
	at time.Time
	do func()
}

// later lets something happen at a time: with the first look at the account
// from then on, which nobody can tell from then itself.
func (s *Server) later(at time.Time, do func()) { s.pending = append(s.pending, due{at, do}) }

// settle lets happen what is due, in the order of its times. It is called with
// the lock.
func (s *Server) settle() {
	for {
		now := s.now()
		next := -1
		for n, d := range s.pending {
			if !d.at.After(now) && (next < 0 || d.at.Before(s.pending[next].at)) {
				next = n
			}
		}
		if next < 0 {
			return
		}
		do := s.pending[next].do
		s.pending = slices.Delete(s.pending, next, next+1)
		do()
		s.remember()
	}
}

func (s *Server) now() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return time.Now()
}
