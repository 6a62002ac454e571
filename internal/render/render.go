// Package render fills a target into a bundle: its values into placeholders and
// the name of its integration into ARNs. What it returns is always new; the
// document that it was made from stays as it was parsed.
package render

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Rules of rendering.
const (
	RulePlaceholder  = "placeholder"     // {{NAME}} without a value
	RuleUnusedValue  = "unused-variable" // a value without {{NAME}}
	RuleSecretInName = "secret-in-name"  // a secret where everybody can read it
)

// Values is what a target fills into a bundle.
type Values struct {
	Variables   map[string]string // for {{NAME}}
	Typed       map[string]any    // json.Number or bool: a string that is {{NAME}} and nothing else becomes that value
	Secrets     map[string]string // like Variables, never to be shown
	Numbers     []string          // those of Secrets that are no texts: a string that is {{NAME}} and nothing else becomes the number
	Integration string            // whose name goes into every ARN, whatever stands there; "" if it isn't known
	Declared    []string          // names that are declared elsewhere: there it is told if nothing asks for them
}

// Typed reads the text of a value that is no text: a number, true or false, as
// JSON writes it.
func Typed(text string) (value any, ok bool) {
	switch text {
	case "true", "false":
		return text == "true", true
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
		return nil, false
	}
	return json.Number(text), true
}

// Given are the values that may be shown, as texts.
func (v Values) Given() map[string]string {
	all := maps.Clone(v.Variables)
	if all == nil {
		all = map[string]string{}
	}
	for name, value := range v.Typed {
		all[name] = fmt.Sprint(value)
	}
	return all
}

// Set gives a value its name: a text, json.Number or bool. The maps must be
// there.
func (v Values) Set(name string, value any) {
	if text, ok := value.(string); ok {
		v.Variables[name] = text
		return
	}
	v.Typed[name] = value
}

// names are all names that a value is given for, sorted.
func (v Values) names() []string {
	all := slices.Concat(slices.Collect(maps.Keys(v.Variables)), slices.Collect(maps.Keys(v.Typed)), slices.Collect(maps.Keys(v.Secrets)))
	slices.Sort(all)
	return slices.Compact(all)
}

// Has tells whether a name has a value.
func (v Values) Has(name string) bool {
	_, ok := v.text(name)
	return ok
}

// text is the value of a name as it stands in a longer text.
func (v Values) text(name string) (s string, ok bool) {
	if s, ok = v.Secrets[name]; ok {
		return s, true
	}
	if typed, ok := v.Typed[name]; ok {
		return fmt.Sprint(typed), true
	}
	s, ok = v.Variables[name]
	return s, ok
}

// Documents fills the values into documents that make up one integration. It
// works on the parsed values, so that no value can break out of its string.
//
// The rendered documents are new, and keep the places of their sources; one in
// which nothing is to be filled in shares its tree, which nobody changes. A
// placeholder without a value stays and is reported with severity s, once for
// all its places; so is a placeholder in any other style where a name stands,
// and a value that no document uses.
func Documents(docs []*source.Document, v Values, s diag.Severity) ([]*source.Document, []diag.Diagnostic) {
	r := &renderer{Values: v, severity: s, used: map[string]bool{}, missing: map[string]int{}, last: map[diag.Severity]int{}}
	rendered := make([]*source.Document, len(docs))
	for i, d := range docs {
		r.look = newLookAround(docs, d)
		rendered[i] = r.document(d)
	}
	for i, d := range rendered {
		if mayHoldName(d.Root) {
			r.doc = docs[i]
			r.names(zis.Read(d))
		}
	}
	if len(docs) > 0 {
		r.unused(docs[0])
	}
	return rendered, r.found
}

type renderer struct {
	Values
	severity diag.Severity
	used     map[string]bool
	found    []diag.Diagnostic
	last     map[diag.Severity]int // of each severity: the last in found
	missing  map[string]int        // by name: the place in found of the placeholder without a value
	doc      *source.Document
	look     *lookAround
}

func (r *renderer) document(d *source.Document) *source.Document {
	r.doc = d
	var secrets []string
	for _, name := range slices.Sorted(maps.Keys(r.Secrets)) {
		secrets = append(secrets, r.Secrets[name])
	}
	if !hasPlaceholder(d.Root) {
		return d.With(secrets)
	}
	return d.Edited(secrets, r.edit)
}

// hasPlaceholder tells whether a {{…}} stands in a string or name of n.
func hasPlaceholder(n *source.Node) bool {
	text, _ := n.Text()
	return toFill(text) || toFill(n.Name) || slices.ContainsFunc(n.Members, hasPlaceholder)
}

func toFill(s string) bool {
	return strings.Contains(s, "{{") && slices.ContainsFunc(expr.Placeholders(s), braces)
}

// braces tells whether a placeholder is written {{…}}: it is refused where
// nothing fills it in.
func braces(p expr.Placeholder) bool { return p.Kind.InBraces() }

// edit fills in the placeholders of a node's name and string.
func (r *renderer) edit(n *source.Node) source.Edit {
	e := n.Same()
	e.Name, _ = r.fill(n, n.Name, n.Key)
	text, ok := n.Text()
	if !ok {
		return e
	}
	e.Value, e.Secret = r.fill(n, text, n.Span)
	if p, whole := expr.Whole(text); whole {
		if value, typed := r.typed(p.Name); typed {
			e.Value = value
		}
	}
	return e
}

// typed is the value of a name that is no text.
func (v Values) typed(name string) (any, bool) {
	if secret, ok := v.Secrets[name]; ok {
		value, ok := Typed(secret)
		return value, ok && slices.Contains(v.Numbers, name)
	}
	value, ok := v.Typed[name]
	return value, ok
}

// literal is a string as the file writes it.
type literal struct {
	span   diag.Span
	source *expr.Source
}

// fill replaces the placeholders of one string, which stands at span in the
// file, and tells whether a secret came in.
func (r *renderer) fill(n *source.Node, s string, span diag.Span) (filled string, secret bool) {
	if !toFill(s) {
		return s, false
	}
	at := literal{span, expr.NewSource(r.doc.File.Src[span.Start:span.End])}
	for _, p := range expr.Placeholders(s) {
		if !braces(p) {
			continue
		}
		_, given := r.text(p.Name)
		if given {
			r.used[p.Name] = true
		}
		if value, ok := r.Secrets[p.Name]; ok {
			secret = true
			r.checkSecret(n, at, p)
			r.checkNumber(n, at, p, value)
		} else if !given && !(r.Integration != "" && inIntegration(n, s, p)) {
			r.unfilled(n, at, p)
		}
	}
	return expr.Substitute(s, r.filler(n, s)), secret
}

// filler is what is put into the string s of n. Into a jq program's strings a
// text goes so that it means the same there.
func (r *renderer) filler(n *source.Node, s string) expr.Filled {
	inString := func(int) bool { return false }
	if isProgram(n) {
		inString = jq.InString(s)
	}
	return func(p expr.Placeholder) (string, bool) {
		v, ok := r.text(p.Name)
		if ok && inString(p.Start) {
			v = jq.Escape(v)
		}
		return v, ok
	}
}

// isProgram tells whether n is the program of a jq transform.
func isProgram(n *source.Node) bool {
	if n.Name != "expr" && n.Name != "expr.$" || n.Parent == nil || n.Parent.Name != "Parameters" {
		return false
	}
	action, _ := n.Parent.Parent.Get("ActionName").Text()
	return action == zis.Jq
}

// inIntegration tells whether a placeholder of the string s stands where an ARN
// has its integration, which a deploy writes there.
func inIntegration(n *source.Node, s string, p expr.Placeholder) bool {
	const prefix, longest = "zis:", 256 // of a name with placeholders in it
	if n.Name != "flow_name" && n.Name != "ActionName" || p.Start < len(prefix) || p.End > longest {
		return false
	}
	arn, ok := zis.ParseARN(s)
	return ok && p.End <= len(prefix)+len(arn.Integration)
}

// shown are members whose text appears in plans, diagrams and logs.
var shown = []string{"Type", "StartAt", "Next", "Default", "ActionName", "connectionName", "method"}

// checkSecret refuses a secret outside the values of a definition: names, of
// headers too, and events are printed everywhere.
func (r *renderer) checkSecret(n *source.Node, at literal, p expr.Placeholder) {
	inDefinition := false
	for up := n.Parent; up != nil && !inDefinition; up = up.Parent {
		inDefinition = up.Name == "definition"
	}
	if inDefinition && at.span == n.Span && !slices.Contains(shown, n.Name) && !namesHeader(n) {
		return
	}
	r.report(n, at, p, diag.Error, RuleSecretInName,
		fmt.Sprintf("the secret {{%s}} stands in a name, which plans and logs show", p.Name),
		"give "+variable(p.Name)+" instead, or move it into a value of a definition")
}

// checkNumber refuses a secret that is said to be a number and is none.
func (r *renderer) checkNumber(n *source.Node, at literal, p expr.Placeholder, value string) {
	if _, ok := Typed(value); ok || !slices.Contains(r.Numbers, p.Name) {
		return
	}
	r.report(n, at, p, diag.Error, RulePlaceholder,
		fmt.Sprintf("the secret %s is given as a number, %s:=, and its value is none", p.Name, p.Name),
		"give the secret a number, or its name without :=")
}

// namesHeader tells whether n is the name of a header or of a parameter of the
// query.
func namesHeader(n *source.Node) bool {
	list := n.Parent.Parent
	return n.Name == "key" && list.IsArray() && slices.Contains([]string{"headers", "queryParams", "query"}, list.Name) && list.Parent.Name == "definition"
}

// unused reports values that no document asked for, at the top of the first.
func (r *renderer) unused(first *source.Document) {
	for _, name := range r.Values.names() {
		if r.used[name] || slices.Contains(r.Declared, name) {
			continue
		}
		severity, help := r.severity, "remove the value, or correct its name"
		if _, ok := r.Secrets[name]; ok { // the account may still hold it
			severity, help = diag.Note, "it is hidden wherever it is shown, and goes nowhere; once no account holds it, remove it"
		}
		d := first.Report(first.Root, severity, RuleUnusedValue,
			fmt.Sprintf("a value is given for %q, but no {{%s}} is in the bundle", name, name), help)
		d.Span.End = d.Span.Start + 1
		r.found = append(r.found, d)
	}
}

// Retarget is a new document with the name of the target's integration in
// every ARN, and nowhere else: in the two places where the bundle language has
// one, a job spec's flow_name and a state's ActionName. Built-ins
// (zis:common:…) stay.
func Retarget(d *source.Document, integration string) *source.Document {
	arns := map[*source.Node]string{}
	for s := range zis.Read(d).ARNs {
		if arn, ok := zis.ParseARN(s.Value); ok {
			arns[s.Node] = arn.In(integration).String()
		}
	}
	return d.Edited(nil, func(n *source.Node) source.Edit {
		e := n.Same()
		if arn, ok := arns[n]; ok {
			e.Value = arn
		}
		return e
	})
}
