// Package pull writes what an account runs as bundle files: in the order in
// which people write them, without what the server has added, and without
// secrets. A plan of such a file, given the secrets, has no changes.
package pull

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Secret is a value of the account that doesn't go into a file: {{NAME}}
// stands there, and is to be given as a secret variable.
type Secret struct {
	Name    string
	What    string // "a password", …
	Pointer string // where it stands, as a JSON pointer
	Value   string // never to be shown
	Number  bool   // the value is a number
}

// Secrets are those of all bundles of an integration: one name for each value.
type Secrets struct {
	list  []Secret
	named map[string]string // names by value
	taken map[string]bool

	random []Secret          // those that are known wherever they stand
	left   map[string]string // why those at these pointers can't be hidden
}

// List are the secrets, in the order in which they were found.
func (s *Secrets) List() []Secret { return s.list }

// add lists secrets for which files have names already, before the others.
func (s *Secrets) add(known []Secret) {
	known = slices.DeleteFunc(slices.Clone(known), func(k Secret) bool {
		return slices.ContainsFunc(s.list, func(have Secret) bool { return have.Name == k.Name })
	})
	s.list = append(known, s.list...)
}

// is says what a name that a file has stands for: where the account has that
// value elsewhere too, it gets the same name.
func (s *Secrets) is(name, value string) {
	if _, ok := s.named[value]; !ok && len(value) >= credential.Least {
		s.know(name, value)
	}
}

// eachHole calls with the name of each placeholder {{NAME}} below n.
func eachHole(n *source.Node, with func(name string)) {
	text, _ := n.Text()
	for _, p := range slices.Concat(expr.Placeholders(n.Name), expr.Placeholders(text)) {
		if p.Kind == expr.Deployer {
			with(p.Name)
		}
	}
	for _, m := range n.Members {
		eachHole(m, with)
	}
}

// Lines are the secrets as NAME='VALUE', one a line, quoted for a shell.
func (s *Secrets) Lines() []byte {
	var b strings.Builder
	for _, one := range s.list {
		fmt.Fprintf(&b, "%s='%s'\n", one.Name, strings.ReplaceAll(one.Value, "'", `'\''`))
	}
	return []byte(b.String())
}

// Left are notes on secrets that stay in the files, because no secret variable
// can have their value or may stand in their place.
func (s *Secrets) Left() []string {
	var notes []string
	for _, pointer := range slices.Sorted(maps.Keys(s.left)) {
		notes = append(notes, fmt.Sprintf("what stands at %s looks like a secret, and %s: it is in the file; change it in the account, or keep it in a connection", pointer, s.left[pointer]))
	}
	return notes
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
	s.begin()
	s.taken[name] = true
}

func (s *Secrets) begin() {
	if s.named == nil {
		s.named, s.taken, s.left = map[string]string{}, map[string]bool{}, map[string]string{}
	}
}

// File is the text of a bundle file for a bundle of the account.
func File(stored *source.Document, secrets *Secrets) []byte {
	secrets.collect(stored.Root)
	return writer{secrets: secrets, indent: "  ", line: "\n"}.document(stored)
}

// name is the placeholder's name for a value: what holds it and what it is,
// such as POST_MESSAGE_AUTHORIZATION.
func (s *Secrets) name(n *source.Node, f credential.Found, value string) string {
	_, isText := n.Text()
	key := keyOf(value, !isText)
	if name, ok := s.named[key]; ok {
		return name
	}
	base := Upper(ResourceOf(n) + "_" + cmp.Or(credential.NameOf(n), strings.TrimPrefix(strings.TrimPrefix(f.What, "a "), "an ")))
	name := base
	for i := 2; s.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	s.taken[name] = true
	s.know(name, key)
	s.list = append(s.list, Secret{Name: name, What: f.What, Pointer: n.Pointer(), Value: value, Number: !isText})
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

// Without is the string of n with {{NAME}} in the place of what is a secret:
// what looks like one or stands under the name of one, and what was one
// elsewhere.
func (s *Secrets) Without(n *source.Node, text string) string {
	s.begin()
	f, ok := credential.At(n)
	if !ok {
		return s.withoutKnown(n, text)
	}
	if !mayHide(n) {
		s.left[n.Pointer()] = everybody
		return text
	}
	value := text[f.Start:f.End]
	if !f.Sure && f.Start == 0 && f.End == len(text) {
		if first, rest, ok := strings.Cut(text, " "); ok && credential.IsScheme(first) && !strings.Contains(rest, " ") {
			value, f.Start = rest, len(first)+1
		}
	}
	if len(value) < credential.Least { // can't be given as a secret variable
		s.left[n.Pointer()] = "is too short for a secret variable"
		return text
	}
	return text[:f.Start] + "{{" + s.name(n, f, value) + "}}" + text[f.End:]
}

const everybody = "stands where everybody reads it, and no secret variable may"

// withoutKnown hides secrets under names of nothing secret: random ones alone,
// as an ordinary word may be somebody's password.
func (s *Secrets) withoutKnown(n *source.Node, text string) string {
	if len(text) < credential.Least {
		return text
	}
	for _, one := range s.random {
		if !mayHide(n) && strings.Contains(text, one.Value) {
			s.left[n.Pointer()] = everybody
			return text
		}
		text = strings.ReplaceAll(text, one.Value, "{{"+one.Name+"}}")
	}
	return text
}

// number is the text of a number, with "{{NAME}}" in the place of a secret.
func (s *Secrets) number(n *source.Node, v json.Number) string {
	f, ok := credential.At(n)
	if !ok || !f.Sure || !mayHide(n) {
		return v.String()
	}
	return Quote("{{" + s.name(n, f, v.String()) + "}}")
}

// keyOf tells a number from a text of the same digits: they need two names.
func keyOf(value string, number bool) string {
	if number {
		return "number " + value
	}
	return value
}

// mayHide tells whether a secret variable may stand at n: in a definition, and
// in no name there.
func mayHide(n *source.Node) bool {
	if slices.Contains([]string{"Type", "StartAt", "Next", "Default", "ActionName", "connectionName", "method"}, n.Name) {
		return false
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Name == "definition" {
			return true
		}
	}
	return false
}

// collect names all secrets of a bundle, so that each is known wherever it
// stands.
func (s *Secrets) collect(n *source.Node) {
	if text, ok := n.Text(); ok {
		s.Without(n, text)
	}
	for _, m := range n.Members {
		s.collect(m)
	}
}

// know remembers what a name stands for.
func (s *Secrets) know(name, value string) {
	s.named[value] = name
	if credential.Random(value) {
		s.random = append(s.random, Secret{Name: name, Value: value})
	}
}

// writer writes JSON in a form of its own.
type writer struct {
	secrets *Secrets
	indent  string
	line    string // the end of one
}

func (w writer) document(doc *source.Document) []byte {
	var b strings.Builder
	members := slices.DeleteFunc(slices.Clone(doc.Root.Members), func(n *source.Node) bool { return isServerField(n.Name) })
	w.object(&b, arranged(doc.Root, members), 0)
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
		w.object(b, arranged(n, n.Members), depth)
	case source.Array:
		w.array(b, n.Members, depth)
	case string:
		b.WriteString(Quote(w.secrets.Without(n, v)))
	case json.Number:
		b.WriteString(w.secrets.number(n, v))
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
