package compare

import (
	"cmp"
	"encoding/json"
	"hash/maphash"
	"strings"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Hidden stands for a secret wherever a value is shown.
const Hidden = source.Hidden

// Mask says what may be shown of a bundle of ours and of the account's beside
// it. Of ours, all but
//   - what secret variables were filled in;
//   - what looks like a credential, or stands under a name of one.
//
// Of the account's, which says itself nowhere what was a secret once, less:
// also not
//   - what ours has a secret in the place of, and wherever else that stands;
//   - a text of an action's definition that ours doesn't have anywhere, unless
//     it is plainly no secret;
//   - a literal elsewhere that ours doesn't have and that looks random.
type Mask struct {
	doc    *source.Document // ours, as it is uploaded
	stored *source.Document // the account's; nil if there is none

	once    sync.Once
	secrets credential.Set                // of ours, and those that were in their place
	short   []string                      // those that are too short for the set
	beside  map[*source.Node]*source.Node // of values of theirs: the secret of ours in their place
	lists   map[*source.Node]bool         // of lists of theirs: whether the one of ours in their place holds a secret
	known   map[string]bool               // texts of ours that are no secret
	seed    maphash.Seed
	words   map[uint64]struct{} // hashes of the words in these: searching the texts for each of theirs would take minutes
}

// NewMask is that of our bundle and of the account's; have is nil if there is
// none.
func NewMask(doc, have *source.Document) *Mask {
	m := &Mask{doc: doc, stored: have, known: map[string]bool{}, beside: map[*source.Node]*source.Node{}, lists: map[*source.Node]bool{}}
	m.secrets.Add(doc.Secrets()...)
	return m
}

// Ours is our bundle, in which each value says what may be shown of it.
func (m *Mask) Ours() *source.Document { return concealed(m.doc, m.ofOurs) }

// Theirs is the account's bundle, in which each value says what may be shown
// of it; nil if there is none.
func (m *Mask) Theirs() *source.Document {
	if m.stored == nil {
		return nil
	}
	m.study(m.stored)
	return concealed(m.stored, m.ofTheirs)
}

// study learns from both bundles what ofTheirs asks.
func (m *Mask) study(have *source.Document) {
	m.once.Do(func() {
		m.learn(m.doc.Root, have.Root)
		m.seed, m.words = maphash.MakeSeed(), map[uint64]struct{}{}
		m.collect(m.doc.Root)
	})
}

// collect takes down the texts of ours that may be shown.
func (m *Mask) collect(n *source.Node) {
	if s, ok := n.Text(); ok && !n.Secret && !m.known[s] {
		m.known[s] = true
		credential.Words(s, func(word string) { m.words[maphash.String(m.seed, word)] = struct{}{} })
	}
	for _, c := range n.Members {
		m.collect(c)
	}
}

// shortSecret is the length from which a former secret is recognised: hiding
// each string with a shorter one in it would hide everything.
const shortSecret = 4

// learn finds former secrets: where ours has "Basic NEW" and the account
// "Basic OLD", OLD was the secret.
func (m *Mask) learn(want, have *source.Node) {
	for i, old := range zis.Beside(want, have) {
		m.learn(want.Members[i], old)
	}
	switch {
	case have == nil:
	case want.Secret:
		m.beside[have] = want
	case want.IsArray() && have.IsArray():
		m.lists[have] = holdsSecret(want)
	}
	value, _ := want.Text()
	former, ok := have.Text()
	if want.Secret && ok {
		for _, secret := range between(apart(value, m.doc.Secrets()), former) {
			m.remember(secret)
		}
	}
}

// apart is what stands around the secrets in a text: of "a=S1&b=S2" the parts
// "a=", "&b=" and "".
func apart(text string, secrets []string) []string {
	var parts []string
	for {
		at, length := len(text), 0
		for _, s := range secrets {
			if i := strings.Index(text, s); i >= 0 && (i < at || i == at && len(s) > length) {
				at, length = i, len(s)
			}
		}
		parts = append(parts, text[:at])
		if length == 0 {
			return parts
		}
		text = text[at+length:]
	}
}

// between is what a text has between the parts, in their order; none if it
// doesn't have them.
func between(parts []string, text string) (found []string) {
	last := len(parts) - 1
	text, begins := strings.CutPrefix(text, parts[0])
	text, ends := strings.CutSuffix(text, parts[last])
	if last == 0 || !begins || !ends {
		return nil
	}
	for _, part := range parts[1:last] {
		before, after, ok := strings.Cut(text, part)
		if !ok || part == "" { // where one ends and the other begins is unknown
			return nil
		}
		found = append(found, before)
		text = after
	}
	return append(found, text)
}

func (m *Mask) remember(secret string) {
	switch {
	case len(secret) < shortSecret:
		return
	case len(secret) < credential.Least:
		m.short = append(m.short, secret)
	}
	m.secrets.Add(secret)
}

// ofOurs is what may be shown of a value of ours.
func (m *Mask) ofOurs(n *source.Node) string {
	s := plain(n)
	shown := m.withoutSecrets(s)
	switch {
	case n.Secret && n.Shown() != Hidden: // of a bundle that an account held
		return m.withoutSecrets(n.Shown())
	case n.Secret && (shown == s || !isURL(s)):
		return Hidden
	}
	return withoutCredential(n, shown)
}

// isURL: of one with a secret in it, the host is to be seen.
func isURL(s string) bool { return strings.Contains(s, "://") && !strings.ContainsAny(s, " \n") }

// ofTheirs is what may be shown of a value of the account's.
func (m *Mask) ofTheirs(n *source.Node) string {
	s := plain(n)
	shown := m.withoutSecrets(s)
	beside := m.beside[n]
	switch {
	case beside != nil && beside.Shown() == Hidden && !isURL(s):
		return Hidden
	case m.known[s]:
		return withoutCredential(n, shown)
	}
	if shown = withoutCredential(n, shown); shown == Hidden {
		return shown
	}
	if _, isText := n.Value.(string); !isText {
		return shown
	}
	if isName(n) && credential.Name(shown) {
		return shown
	}
	if inDefinition(n) || m.inSecretList(n) {
		return credential.Unknown(shown)
	}
	return credential.Literals(shown, func(word string) bool {
		_, ok := m.words[maphash.String(m.seed, word)]
		return ok
	})
}

func (m *Mask) withoutSecrets(s string) string {
	s = m.secrets.Redact(s)
	for _, secret := range m.short {
		s = strings.ReplaceAll(s, secret, Hidden)
	}
	return s
}

// withoutCredential takes out of a text what looks like a credential, if only
// by its name.
func withoutCredential(n *source.Node, shown string) string {
	if shown != plain(n) { // what is left of it has another shape
		if f, ok := credential.In(credential.NameOf(n), shown); ok && f.Sure {
			return Hidden
		}
		return shown
	}
	f, ok := credential.At(n)
	if !ok {
		return shown
	}
	shown = shown[:f.Start] + taken + shown[f.End:]
	for range manyCredentials {
		f, ok := credential.In(credential.NameOf(n), shown)
		if !ok || !f.Sure || f.Start >= f.End {
			return strings.ReplaceAll(shown, taken, Hidden)
		}
		shown = shown[:f.Start] + taken + shown[f.End:]
	}
	return Hidden
}

// taken stands for a credential while others are looked for: data that is
// filled in later is none.
const taken = "{{$.taken}}"

// manyCredentials is how many one text can hold and still be shown in part: a
// URL holds one before its host and some in its query.
const manyCredentials = 10

// isName tells whether a value of a definition names something: a header, a
// connection.
func isName(n *source.Node) bool {
	return n.Name == "connectionName" || n.Name == "key" && n.Parent.Get("value") != nil
}

// inDefinition tells whether a value is part of an action's definition.
func inDefinition(n *source.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Name == "definition" && n.Parent != nil && n.Parent.Name == "properties" && n.Parent.Parent != nil {
			kind, _ := n.Parent.Parent.Get("type").Text()
			return kind != zis.TypeFlow
		}
	}
	return false
}

// inSecretList tells whether a value stands in the same list as a secret of
// ours: an item that has moved may hold the former one.
func (m *Mask) inSecretList(n *source.Node) bool {
	for ; n != nil; n = n.Parent {
		if holds, ok := m.lists[n]; ok {
			return holds
		}
	}
	return false
}

func holdsSecret(n *source.Node) bool {
	for _, m := range n.Members {
		if m.Secret || holdsSecret(m) {
			return true
		}
	}
	return false
}

// plain is the text of a string or number, "" of any other value.
func plain(n *source.Node) string {
	switch v := n.Value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// want shows a value of our bundle, have one of the account's.
func (m *Mask) want(pointer string) string { return compact(visible(m.doc.At(pointer), m.ofOurs)) }

func (m *Mask) have(pointer string) string {
	m.study(m.stored)
	return compact(visible(m.stored.At(pointer), m.ofTheirs))
}

// visible is a value as it may be shown.
func visible(n *source.Node, show func(*source.Node) string) any {
	if n == nil {
		return nil
	}
	switch n.Value.(type) {
	case source.Object:
		out := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			out[m.Name] = visible(m, show)
		}
		return out
	case source.Array:
		out := make([]any, len(n.Members))
		for i, m := range n.Members {
			out[i] = visible(m, show)
		}
		return out
	}
	if s := plain(n); s != "" {
		if shown := show(n); shown != s {
			return cmp.Or(shown, Hidden)
		}
	}
	if n.Secret {
		return n.Shown()
	}
	return n.Value
}
