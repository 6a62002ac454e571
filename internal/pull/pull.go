// Package pull writes what an account runs as bundle files: in the order in
// which people write them, without what the server has added, and without
// secrets. A plan of such a file, given the secrets, has no changes.
package pull

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Secret is a value of the account that doesn't go into a file: {{NAME}}
// stands there, and is to be given as a secret variable.
type Secret struct {
	Name    string
	What    string // "a password", …
	Pointer string // where it stands, as a JSON pointer
	Value   string // never to be shown
}

// Secrets are those of all bundles of an integration: one name for each value.
type Secrets struct {
	list  []Secret
	named map[string]string // names by value
	taken map[string]bool
}

// List are the secrets, in the order in which they were found.
func (s *Secrets) List() []Secret { return s.list }

// Lines are the secrets as NAME='VALUE', one a line, quoted for a shell.
func (s *Secrets) Lines() []byte {
	var b strings.Builder
	for _, one := range s.list {
		fmt.Fprintf(&b, "%s='%s'\n", one.Name, strings.ReplaceAll(one.Value, "'", `'\''`))
	}
	return []byte(b.String())
}

// Values are the secrets by their names.
func (s *Secrets) Values() map[string]string {
	values := make(map[string]string, len(s.list))
	for _, one := range s.list {
		values[one.Name] = one.Value
	}
	return values
}

// Reserve keeps a name from being given to a secret: a file has it already.
func (s *Secrets) Reserve(name string) {
	if s.named == nil {
		s.named, s.taken = map[string]string{}, map[string]bool{}
	}
	s.taken[name] = true
}

// File is the text of a bundle file for a bundle of the account.
func File(stored *source.Document, secrets *Secrets) []byte {
	return writer{secrets: secrets, indent: "  ", line: "\n"}.document(stored)
}

// name is the placeholder's name for a value: what holds it and what it is,
// such as POST_MESSAGE_AUTHORIZATION.
func (s *Secrets) name(n *source.Node, f credential.Found, value string) string {
	if s.named == nil {
		s.named, s.taken = map[string]string{}, map[string]bool{}
	}
	if name, ok := s.named[value]; ok {
		return name
	}
	base := Upper(ResourceOf(n) + "_" + cmp.Or(credential.NameOf(n), strings.TrimPrefix(strings.TrimPrefix(f.What, "a "), "an ")))
	name := base
	for i := 2; s.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	s.named[value], s.taken[name] = name, true
	s.list = append(s.list, Secret{Name: name, What: f.What, Pointer: n.Pointer(), Value: value})
	return name
}

// ResourceOf is the key of the resource that n stands in; "bundle" outside of
// all.
func ResourceOf(n *source.Node) string {
	key := ""
	for ; n != nil && n.Parent != nil; n = n.Parent {
		if n.Parent.Name == "resources" && n.Parent.Parent != nil && n.Parent.Parent.Parent == nil {
			key = n.Name
		}
	}
	return cmp.Or(key, "bundle")
}

// Upper is a text as a placeholder's name: letters, digits and _.
func Upper(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(unicode.ToUpper(r))
		} else if t := b.String(); t != "" && !strings.HasSuffix(t, "_") {
			b.WriteByte('_')
		}
	}
	name := strings.Trim(b.String(), "_")
	if name == "" || unicode.IsDigit(rune(name[0])) {
		name = "SECRET_" + name
	}
	return name
}

// Without is the string of n with {{NAME}} in the place of what is a secret.
func (s *Secrets) Without(n *source.Node, text string) string {
	f, ok := credential.At(n)
	if !ok {
		return text
	}
	value := text[f.Start:f.End]
	if !f.Sure && f.Start == 0 && f.End == len(text) {
		if word := strings.LastIndexByte(text, ' ') + 1; word > 0 { // "Bearer …": what comes before is no secret
			value, f.Start = text[word:], word
		}
	}
	if len(value) < credential.Least {
		return text // can't be given as a secret variable
	}
	return text[:f.Start] + "{{" + s.name(n, f, value) + "}}" + text[f.End:]
}

// writer writes JSON in a form of its own.
type writer struct {
	secrets *Secrets // nil: of ours, which has placeholders in their place and its own order
	indent  string
	line    string // the end of one
}

func (w writer) order(n *source.Node, members []*source.Node) []*source.Node {
	if w.secrets == nil {
		return members
	}
	return arranged(n, members)
}

func (w writer) document(doc *source.Document) []byte {
	var b strings.Builder
	members := slices.DeleteFunc(slices.Clone(doc.Root.Members), func(n *source.Node) bool { return isServerField(n.Name) })
	w.object(&b, w.order(doc.Root, members), 0)
	b.WriteString(w.line)
	return []byte(b.String())
}

// isServerField: what the registry adds to a bundle (docs/platform.md).
func isServerField(name string) bool {
	return slices.Contains([]string{"uuid", "integration", "zendesk_account_id", "$schema", "created_at", "updated_at"}, name)
}

func (w writer) value(b *strings.Builder, n *source.Node, depth int) {
	switch v := n.Value.(type) {
	case source.Object:
		w.object(b, w.order(n, n.Members), depth)
	case source.Array:
		w.array(b, n.Members, depth)
	case string:
		if w.secrets != nil {
			v = w.secrets.Without(n, v)
		}
		b.WriteString(Quote(v))
	case json.Number:
		b.WriteString(v.String())
	case bool:
		fmt.Fprint(b, v)
	default:
		b.WriteString("null")
	}
}

func (w writer) object(b *strings.Builder, members []*source.Node, depth int) {
	if len(members) == 0 {
		b.WriteString("{}")
		return
	}
	b.WriteByte('{')
	for i, m := range members {
		w.next(b, i, depth+1)
		b.WriteString(Quote(m.Name) + ": ")
		w.value(b, m, depth+1)
	}
	b.WriteString(w.line + strings.Repeat(w.indent, depth) + "}")
}

func (w writer) array(b *strings.Builder, items []*source.Node, depth int) {
	if len(items) == 0 {
		b.WriteString("[]")
		return
	}
	b.WriteByte('[')
	for i, m := range items {
		w.next(b, i, depth+1)
		w.value(b, m, depth+1)
	}
	b.WriteString(w.line + strings.Repeat(w.indent, depth) + "]")
}

// next begins the line of a member or item.
func (w writer) next(b *strings.Builder, i, depth int) {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteString(w.line + strings.Repeat(w.indent, depth))
}

// Quote is a text as a JSON string.
func Quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // of a string: can't fail
	return strings.TrimSuffix(b.String(), "\n")
}
