package credential

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Set is the secrets of one run: what may not be shown anywhere. Its zero value
// holds none. It may be used by several goroutines.
type Set struct {
	mu       sync.RWMutex
	values   []string
	media    []func(string) string
	forms    []string          // in which the values are looked for, longest first
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
	return s.joined(s.replacer.Replace(text))
}

// joinedLeast is the length from which a secret is found although white space
// is in it: letters of a shorter one follow each other by chance.
const joinedLeast = 10

// joined takes out secrets that white space breaks up, as a server that wraps
// lines or cuts words does.
func (s *Set) joined(text string) string {
	if !strings.ContainsFunc(text, unicode.IsSpace) {
		return text
	}
	squeezed := strings.Map(dropSpace, text)
	for _, form := range s.forms {
		word := strings.Map(dropSpace, form)
		if len(word) >= joinedLeast && strings.Contains(squeezed, word) {
			text = takeOut(text, word)
			squeezed = strings.Map(dropSpace, text)
		}
	}
	return text
}

func dropSpace(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// takeOut replaces word in a text, whatever white space stands in between.
func takeOut(text, word string) string {
	var b strings.Builder
	for at := 0; at < len(text); {
		if end := endOf(text[at:], word); end > 0 {
			b.WriteString(Hidden)
			at += end
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		b.WriteString(text[at : at+size])
		at += size
	}
	return b.String()
}

// endOf is how far word reaches at the beginning of text; 0 if it isn't there.
func endOf(text, word string) int {
	at := 0
	for word != "" {
		if at == len(text) {
			return 0
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case strings.HasPrefix(word, text[at:at+size]):
			word = word[size:]
		case at == 0 || dropSpace(r) >= 0:
			return 0
		}
		at += size
	}
	return at
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
	s.forms = slices.Compact(all)
	for _, f := range s.forms {
		pairs = append(pairs, f, Hidden)
	}
	s.replacer = nil
	if len(pairs) > 0 {
		s.replacer = strings.NewReplacer(pairs...)
	}
}
