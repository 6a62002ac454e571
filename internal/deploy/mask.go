package deploy

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Hidden stands for a secret wherever a value is shown.
const Hidden = source.Hidden

// mask hides secrets in what a plan shows. Secrets are
//   - values that a secret variable was filled into, and what stood in their
//     place before;
//   - any string that holds the present or the former text of such a variable;
//   - credentials written into the bundle: Authorization and similar headers,
//     and members named like a password or token.
type mask struct {
	doc     *source.Document // ours, rendered
	secrets []string
}

func newMask(doc *source.Document, have *Stored) *mask {
	m := &mask{doc: doc, secrets: slices.Clone(doc.Secrets())}
	if have != nil {
		m.learn(doc.Root, have.Doc.Root)
	}
	return m
}

// shortSecret is the length from which a former secret is recognised: hiding
// each string with a shorter one in it would hide everything.
const shortSecret = 4

// learn finds former secrets: where ours has "Basic NEW" and the account
// "Basic OLD", OLD was the secret.
func (m *mask) learn(want, have *source.Node) {
	for i, n := range want.Members {
		old := item(have, i)
		if want.IsObject() {
			old = have.Get(n.Name)
		}
		m.learn(n, old)
	}
	value, _ := want.Text()
	former, ok := have.Text()
	if !want.Secret || !ok {
		return
	}
	for _, secret := range m.doc.Secrets() {
		prefix, suffix, found := strings.Cut(value, secret)
		rest, hasPrefix := strings.CutPrefix(former, prefix)
		rest, hasSuffix := strings.CutSuffix(rest, suffix)
		if found && hasPrefix && hasSuffix && len(rest) >= shortSecret {
			m.secrets = append(m.secrets, rest)
		}
	}
}

// marked is the stored bundle as a new document whose strings with a secret in
// them say so.
func (m *mask) marked(stored *Stored) *source.Document {
	secret := map[*source.Node]bool{}
	m.mark(stored.Doc.Root, m.doc.Root, secret)
	return stored.Doc.Edited(nil, func(n *source.Node) source.Edit {
		e := n.Same()
		e.Secret = secret[n]
		return e
	})
}

// mark notes the strings below have that hold a secret; want is ours at the
// same place, or nil.
func (m *mask) mark(have, want *source.Node, secret map[*source.Node]bool) {
	if s, ok := have.Text(); ok {
		secret[have] = want != nil && want.Secret || m.holds(s)
	}
	for i, n := range have.Members {
		beside := item(want, i)
		if have.IsObject() {
			beside = want.Get(n.Name)
		}
		m.mark(n, beside, secret)
	}
}

// want shows a value of our bundle.
func (m *mask) want(pointer string, v any) string {
	return compact(m.hide(v, m.doc.At(pointer), m.inCredential(pointer)))
}

// have shows a value of the stored bundle, which says itself nowhere what is
// secret. Where ours has a secret nearby, in the same array, an item that has
// moved may hold the former one: strings that ours does not have are hidden.
func (m *mask) have(pointer string, v any) string {
	near := m.secretArray(pointer)
	if near == nil {
		return compact(m.hide(v, m.doc.At(pointer), m.inCredential(pointer)))
	}
	known := map[string]bool{}
	collect(near, known)
	return compact(hideUnknown(v, known))
}

// hide copies v with secrets replaced. n is the node of ours at the same
// place, or nil.
func (m *mask) hide(v any, n *source.Node, credential bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = m.hide(member, n.Get(name), credential && name == "value" || isCredentialName(name) || isHeaderValue(v, name))
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = m.hide(v[i], item(n, i), false)
		}
		return out
	case string:
		if n != nil && n.Secret || credential && v != "" && !isReference(v) || m.holds(v) {
			return Hidden
		}
	}
	return v
}

func (m *mask) holds(s string) bool {
	for _, secret := range m.secrets {
		if secret != "" && strings.Contains(s, secret) {
			return true
		}
	}
	return false
}

func item(n *source.Node, i int) *source.Node {
	if !n.IsArray() || i >= len(n.Members) {
		return nil
	}
	return n.Members[i]
}

// inCredential tells whether the value at pointer is itself a credential.
func (m *mask) inCredential(pointer string) bool {
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	if isCredentialName(name) {
		return true
	}
	n := m.doc.At(pointer)
	if n == nil || n.Parent == nil {
		return false
	}
	header, ok := n.Parent.Value.(map[string]any)
	return ok && isHeaderValue(header, n.Name)
}

// secretArray is the nearest array of ours around pointer if it holds a secret.
func (m *mask) secretArray(pointer string) *source.Node {
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if n := m.doc.At(at); n.IsArray() {
			if holdsSecret(n) {
				return n
			}
			return nil
		}
	}
	return nil
}

func holdsSecret(n *source.Node) bool {
	for _, m := range n.Members {
		if m.Secret || holdsSecret(m) {
			return true
		}
	}
	return false
}

func collect(n *source.Node, into map[string]bool) {
	if s, ok := n.Text(); ok && !n.Secret {
		into[s] = true
	}
	for _, m := range n.Members {
		collect(m, into)
	}
}

func hideUnknown(v any, known map[string]bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = hideUnknown(member, known)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = hideUnknown(item, known)
		}
		return out
	case string:
		if !known[v] {
			return Hidden
		}
	}
	return v
}

// isHeaderValue tells whether a member is the value of a credential header.
func isHeaderValue(header map[string]any, name string) bool {
	key, ok := header["key"].(string)
	return ok && strings.TrimSuffix(name, ".$") == "value" && isCredentialName(key)
}

// isReference tells whether a string only points at data of the run, like
// $.token or {{$.token}}: it is shown, there is nothing to hide.
func isReference(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "Basic "), "Bearer ")
	return strings.HasPrefix(s, "$") || strings.HasPrefix(s, "{{") && strings.HasSuffix(s, "}}") && strings.Count(s, "{{") == 1
}

// credentialNames are parts of header and member names, in lower case and
// without separators, under which people keep credentials (observed: four of
// five production bundles do).
var credentialNames = []string{"authorization", "password", "passwd", "secret", "apikey", "token", "credential", "cookie"}

func isCredentialName(name string) bool {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name))
	for _, part := range credentialNames {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
