// Package render fills a target into a bundle: its values into placeholders and
// the name of its integration into ARNs. What it returns is always new; the
// document that it was made from stays as it was parsed.
package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
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
	Variables map[string]string // for {{NAME}}
	Secrets   map[string]string // the same, never to be shown
}

// Documents fills the values into documents that make up one integration. It
// works on the parsed values, so that no value can break out of its string.
//
// The rendered documents are new, and keep the places of their sources; one in
// which nothing is to be filled in shares its tree, which nobody changes. A
// placeholder without a value stays and is reported with severity s, as is a
// value that no document uses.
func Documents(docs []*source.Document, v Values, s diag.Severity) ([]*source.Document, []diag.Diagnostic) {
	r := &renderer{Values: v, severity: s, used: map[string]bool{}}
	rendered := make([]*source.Document, len(docs))
	for i, d := range docs {
		rendered[i] = r.document(d)
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
	doc      *source.Document
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

// hasPlaceholder tells whether a {{NAME}} stands in a string or name of n.
func hasPlaceholder(n *source.Node) bool {
	text, _ := n.Text()
	return toFill(text) || toFill(n.Name) || slices.ContainsFunc(n.Members, hasPlaceholder)
}

func toFill(s string) bool {
	return strings.Contains(s, "{{") && slices.ContainsFunc(expr.Placeholders(s), func(p expr.Placeholder) bool { return p.Kind == expr.Deployer })
}

// edit fills in the placeholders of a node's name and string.
func (r *renderer) edit(n *source.Node) source.Edit {
	e := n.Same()
	e.Name, _ = r.fill(n, n.Name, n.Key)
	if s, ok := n.Text(); ok {
		e.Value, e.Secret = r.fill(n, s, n.Span)
	}
	return e
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
		if p.Kind != expr.Deployer {
			continue
		}
		r.used[p.Name] = true
		if _, ok := r.Secrets[p.Name]; ok {
			secret = true
			r.checkSecret(n, at, p)
		} else if _, ok := r.Variables[p.Name]; !ok {
			name := diag.Cut(p.Name, diag.Quoted)
			r.report(n, at, p, r.severity, RulePlaceholder,
				fmt.Sprintf("no value is given for the placeholder {{%s}}", name),
				fmt.Sprintf("give --var %s=VALUE, or --secret-var %s with the value in the environment", name, name))
		}
	}
	return expr.Substitute(s, r.value), secret
}

func (r *renderer) value(name string) (string, bool) {
	if v, ok := r.Secrets[name]; ok {
		return v, true
	}
	v, ok := r.Variables[name]
	return v, ok
}

// shown are members whose text appears in plans, diagrams and logs.
var shown = []string{"Type", "StartAt", "Next", "Default", "ActionName", "connectionName", "method"}

// checkSecret refuses a secret outside the values of a definition: names and
// events are printed everywhere.
func (r *renderer) checkSecret(n *source.Node, at literal, p expr.Placeholder) {
	inDefinition := false
	for up := n.Parent; up != nil && !inDefinition; up = up.Parent {
		inDefinition = up.Name == "definition"
	}
	if inDefinition && at.span == n.Span && !slices.Contains(shown, n.Name) {
		return
	}
	r.report(n, at, p, diag.Error, RuleSecretInName,
		fmt.Sprintf("the secret {{%s}} stands in a name, which plans and logs show", p.Name),
		fmt.Sprintf("give it as --var %s=VALUE, or move it into a value of a definition", p.Name))
}

func (r *renderer) report(n *source.Node, at literal, p expr.Placeholder, s diag.Severity, rule, message, help string) {
	r.found = append(r.found, diag.Diagnostic{
		File: r.doc.File, Pointer: n.Pointer(), Rule: rule, Severity: s, Message: message, Help: help,
		Span: diag.Span{
			Start: at.span.Start + int32(at.source.Offset(p.Start)),
			End:   at.span.Start + int32(at.source.Offset(p.End)),
		},
	})
}

// unused reports values that no document asked for, at the top of the first.
func (r *renderer) unused(first *source.Document) {
	names := slices.Concat(slices.Collect(maps.Keys(r.Variables)), slices.Collect(maps.Keys(r.Secrets)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if r.used[name] {
			continue
		}
		d := first.Report(first.Root, r.severity, RuleUnusedValue,
			fmt.Sprintf("a value is given for %q, but no {{%s}} is in the bundle", name, name), "remove the value, or correct its name")
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
	note := func(n *source.Node) {
		s, _ := n.Text()
		if arn, ok := zis.ParseARN(s); ok {
			arns[n] = arn.In(integration).String()
		}
	}
	b := zis.Read(d)
	for _, spec := range b.JobSpecs {
		note(spec.FlowName.Node)
	}
	for _, f := range b.Flows {
		for s := range f.All {
			note(s.ActionName.Node)
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
