package scaffold

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/pull"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Given is a bundle file that was there, as a repository takes it.
type Given struct {
	Text    []byte // the file's, with {{NAME}} in the place of other placeholders and of secrets
	Changed bool   // it isn't the file's own text
	Vars    []Var
	Secrets []string // names of secret variables, those without a known value among them
	Found   pull.Secrets
	Notes   []string // what became {{NAME}}
}

// Take reads the placeholders of a bundle file, in whatever style they are
// written. known are values that are known by their names: "integration",
// "subdomain" and those that somebody gave.
func Take(doc *source.Document, known map[string]string) Given {
	t := taker{doc: doc, known: known, named: map[string]*variable{}}
	for p := range holes(doc.Root) {
		t.g.Found.Reserve(p.Name)
	}
	t.node(doc.Root)
	t.g.Changed = len(t.edits) > 0
	t.g.Text = t.text()
	for _, v := range t.order {
		if v.secret {
			t.g.Secrets = append(t.g.Secrets, v.name)
		} else {
			t.g.Vars = append(t.g.Vars, v.value(known))
		}
	}
	for _, s := range t.g.Found.List() {
		t.g.Secrets = append(t.g.Secrets, s.Name)
	}
	t.g.Notes = append(t.g.Notes, t.g.Found.Left()...)
	return t.g
}

// holes are the placeholders {{NAME}} below n.
func holes(n *source.Node) func(yield func(expr.Placeholder) bool) {
	return func(yield func(expr.Placeholder) bool) { eachHole(n, yield) }
}

func eachHole(n *source.Node, yield func(expr.Placeholder) bool) bool {
	text, _ := n.Text()
	for _, p := range slices.Concat(expr.Placeholders(n.Name), expr.Placeholders(text)) {
		if p.Kind == expr.Deployer && !yield(p) {
			return false
		}
	}
	return !slices.ContainsFunc(n.Members, func(m *source.Node) bool { return !eachHole(m, yield) })
}

// variable is what one or more placeholders become.
type variable struct {
	name     string
	written  string // as the file has it
	fallback string // that the file gives, as in ${NAME:-fallback}
	secret   bool
	named    bool // it stands in a name
	numeric  bool // a number must stand there
}

// value is the variable with the best value there is. One that nobody knows is
// open: its text says so, and the rules find it.
func (v *variable) value(known map[string]string) Var {
	plain := strings.ToLower(strings.ReplaceAll(v.name, "_", ""))
	text, ok := known[v.name]
	if !ok && v.fallback != "" {
		text, ok = v.fallback, true
	}
	for _, word := range []string{"integration", "subdomain"} {
		if !ok && strings.Contains(plain, word) {
			text, ok = known[word]
		}
	}
	switch {
	case ok && v.numeric && json.Valid([]byte(text)):
		return Var{Name: v.name, Value: json.Number(text)}
	case ok:
		return Var{Name: v.name, Value: text}
	case v.numeric:
		return Var{Name: v.name, Value: json.Number("1"), Open: true}
	case v.named:
		return Var{Name: v.name, Value: strings.ToLower(v.name), Open: true}
	}
	return Var{Name: v.name, Value: "YOUR_" + strings.TrimPrefix(pull.Upper(v.name), "YOUR_"), Open: true}
}

// edit is a JSON string of the file that gets another text.
type edit struct {
	span diag.Span
	text string
}

type taker struct {
	doc   *source.Document
	known map[string]string
	g     Given
	named map[string]*variable
	order []*variable
	edits []edit
}

func (t *taker) node(n *source.Node) {
	if n.Name != "" {
		t.string(n, n.Name, n.Key, true)
	}
	if text, ok := n.Text(); ok {
		t.string(n, text, n.Span, false)
	}
	for _, m := range n.Members {
		t.node(m)
	}
}

// string looks for placeholders in a string or, if it is a key, in a member's
// name; without any for a secret.
func (t *taker) string(n *source.Node, text string, at diag.Span, key bool) {
	var found []expr.Placeholder
	switch {
	case !key:
		found = placeholders(n, text)
	case isResource(n):
		found = expr.PlaceholdersInName(text)
	default:
		found = slices.DeleteFunc(expr.Placeholders(text), func(p expr.Placeholder) bool { return !p.Kind.InBraces() })
	}
	found = slices.DeleteFunc(found, func(p expr.Placeholder) bool { return p.Kind == expr.RunPath || p.Kind == expr.OtherPath })
	if len(found) == 0 {
		if !key {
			t.replaced(at, text, t.g.Found.Without(n, text))
		}
		return
	}
	var b strings.Builder
	done := 0
	for _, p := range found {
		v := t.variable(n, text, p, key)
		b.WriteString(text[done:p.Start] + "{{" + v.name + "}}")
		done = p.End
	}
	t.replaced(at, text, b.String()+text[done:])
}

func (t *taker) replaced(at diag.Span, was, is string) {
	if was != is {
		t.edits = append(t.edits, edit{at, pull.Quote(is)})
	}
}

// placeholders are those of a string in all styles, without what a deploy
// writes itself: the integration of an ARN.
func placeholders(n *source.Node, text string) []expr.Placeholder {
	list := lint.Leftovers(n)
	for _, p := range expr.Placeholders(text) {
		if p.Kind.InBraces() {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b expr.Placeholder) int { return cmp.Compare(a.Start, b.Start) })
	arn, ok := zis.ParseARN(text)
	return slices.DeleteFunc(list, func(p expr.Placeholder) bool { return ok && p.End <= len("zis:")+len(arn.Integration) })
}

// variable is the one that a placeholder stands for.
func (t *taker) variable(n *source.Node, text string, p expr.Placeholder, key bool) *variable {
	written := text[p.Start:p.End]
	name, fallback := nameOf(p)
	if slices.Contains(generic, name) { // one word for many things
		name = pull.Upper(pull.ResourceOf(n) + "_" + cmp.Or(credential.NameOf(n), n.Name))
	}
	_, shown := t.known[name] // somebody gave it where it can be seen
	secret := !key && !shown && isSecret(n, text, p, name)
	if secret && name != pull.Upper(name) {
		name = pull.Upper(name) // a secret's name must be one of GitHub's
	}
	v := t.named[name]
	if v == nil {
		v = &variable{name: name, written: written, fallback: fallback, secret: secret}
		t.named[name], t.order = v, append(t.order, v)
		if p.Kind != expr.Deployer || name != p.Name {
			t.g.Notes = append(t.g.Notes, fmt.Sprintf("%s became {{%s}}", written, name))
		}
	}
	v.named = v.named || key || n.Name == "name" || !inDefinition(n)
	v.secret = v.secret && secret
	v.numeric = v.numeric || !key && len(written) == len(text) && isNumeric(n)
	return v
}

// generic are placeholders that say nothing of what is meant.
var generic = []string{"CHANGE_ME", "CHANGEME", "REPLACE_ME", "PLACEHOLDER", "VALUE", "TODO"}

// nameOf is the placeholder's name as {{NAME}} can have it, and the value that
// stands beside it.
func nameOf(p expr.Placeholder) (name, fallback string) {
	name = p.Name
	if p.Kind == expr.Deployer {
		return name, ""
	}
	if p.Kind == expr.Shell {
		name, fallback, _ = strings.Cut(name, ":")
		fallback = strings.TrimLeft(fallback, "-=")
	}
	name = cmp.Or(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSuffix(name, "_PLACEHOLDER"), "PLACEHOLDER_"), "YOUR_"), name)
	name = strings.Map(func(r rune) rune {
		if r == '_' || r < 0x80 && (r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z') {
			return r
		}
		return '_'
	}, strings.Trim(name, "= "))
	if !expr.ValidVariable(name) {
		name = "VALUE_" + name
	}
	return name, fallback
}

// isSecret tells whether a placeholder stands for a secret, by its name or by
// that of its place, where one can stand: in a value of a definition.
func isSecret(n *source.Node, text string, p expr.Placeholder, name string) bool {
	if !inDefinition(n) || slices.Contains([]string{"Type", "StartAt", "Next", "Default", "ActionName", "connectionName", "method", "name"}, n.Name) {
		return false
	}
	before := strings.TrimSpace(text[:p.Start])
	alone := p.End == len(text) && (before == "" || !strings.ContainsAny(before, " /="))
	return credential.Named(name) != "" || alone && credential.Named(credential.NameOf(n)) != ""
}

func inDefinition(n *source.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Name == "definition" {
			return true
		}
	}
	return false
}

func isResource(n *source.Node) bool {
	return n.Parent != nil && n.Parent.Name == "resources" && n.Parent.Parent != nil && n.Parent.Parent.Parent == nil
}

// isNumeric tells whether a number must stand at n.
func isNumeric(n *source.Node) bool {
	op := zis.OperatorOf(n.Name)
	return op != nil && op.Operand == zis.OperandNumber || n.Name == "Seconds" || n.Name == "TimeoutSeconds"
}

// text is the file with the edits.
func (t *taker) text() []byte {
	var b bytes.Buffer
	done := int32(0)
	for _, e := range t.edits {
		b.Write(t.doc.File.Src[done:e.span.Start])
		b.WriteString(e.text)
		done = e.span.End
	}
	b.Write(t.doc.File.Src[done:])
	return b.Bytes()
}
