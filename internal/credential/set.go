package credential

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Set is the secrets of one run: what may not be shown anywhere. Its zero value
// holds none. It may be used by several goroutines.
type Set struct {
	mu       sync.RWMutex
	values   []string
	media    []func(string) string
	replacer *strings.Replacer // nil while there is nothing to take out
}

// Add puts secrets into the set. What is shorter than Least is left out: it
// would be found in ordinary words.
func (s *Set) Add(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		if len(v) >= Least && !slices.Contains(s.values, v) {
			s.values = append(s.values, v)
		}
	}
	s.compile()
}

// Escapes makes the set know how a medium writes a text: the escaped form of a
// secret is taken out too.
func (s *Set) Escapes(how ...func(string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media = append(s.media, how...)
	s.compile()
}

// Values are the secrets, in the order in which they were added.
func (s *Set) Values() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.values)
}

// Holds tells whether a text holds one of the secrets, in any form.
func (s *Set) Holds(text string) bool { return s.Redact(text) != text }

// Redact is the text with (secret) for every secret in it: as it is, and as
// JSON, URLs, HTML, base64 and Go write it. It must be given the whole text,
// before anything is cut off or escaped.
func (s *Set) Redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.replacer == nil {
		return text
	}
	return s.replacer.Replace(text)
}

func (s *Set) compile() {
	var all []string
	for _, v := range s.values {
		all = append(all, forms(v)...)
		for _, how := range s.media {
			all = append(all, how(v))
		}
	}
	all = slices.DeleteFunc(all, func(f string) bool { return len(f) < Least })
	// of two that begin alike the longer one comes first, or its end would stay
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, f := range slices.Compact(all) {
		pairs = append(pairs, f, Hidden)
	}
	s.replacer = nil
	if len(pairs) > 0 {
		s.replacer = strings.NewReplacer(pairs...)
	}
}
