package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// maxPlaces is how many places of one placeholder are shown.
const maxPlaces = 100

// unfilled reports a {{…}} that nothing fills in. All places of one are one
// finding.
func (r *renderer) unfilled(n *source.Node, at literal, p expr.Placeholder) {
	written := "{{" + diag.Cut(strings.TrimPrefix(p.Name, "$"), diag.Quoted) + "}}"
	if i, known := r.missing[written]; known {
		if d := &r.found[i]; len(d.Related) < maxPlaces {
			d.Related = append(d.Related, diag.Related{File: r.doc.File, Span: r.span(at, p), Message: "and here"})
		}
		return
	}
	if r.enough(r.severity) {
		return
	}
	name := diag.Cut(p.Name, diag.Quoted)
	message := "no value is given for the placeholder " + written + ofTriggers(p.Name)
	if p.Kind != expr.Deployer {
		message = written + " is a placeholder that nobody fills in"
	}
	r.missing[written] = len(r.found)
	r.report(n, at, p, r.severity, RulePlaceholder, message, r.help(n, p, name))
}

// help says what to write in the place of a placeholder.
func (r *renderer) help(n *source.Node, p expr.Placeholder, name string) string {
	text, _ := n.Text()
	switch {
	case p.Kind == expr.RunPath:
		return fmt.Sprintf("did you mean {{%s}}?", name)
	case inIntegration(n, text, p):
		return "give the integration's name, which goes into every ARN, or " + variable(name)
	case isTyped(n) && p.Kind == expr.Deployer:
		return "give " + diag.Option("var", name+":=VALUE") + ": with := the value becomes a number, true or false"
	case r.look.passed(n, p.Name) != "":
		return fmt.Sprintf("did you mean {{$.%s}}? The state %q passes it", name, diag.Cut(r.look.passed(n, p.Name), diag.Quoted))
	case runTimePath(p.Name) != "":
		return fmt.Sprintf("did you mean {{%s}}, which is filled in when the flow runs? Otherwise give %s", runTimePath(p.Name), variable(name))
	case p.Kind == expr.Braced:
		as := strings.Map(variableRune, strings.TrimSpace(p.Name))
		if !expr.ValidVariable(as) {
			return "write the value"
		}
		as = diag.Cut(as, diag.Quoted)
		return fmt.Sprintf("write the value, or {{%s}} and give %s", as, variable(as))
	}
	return around(text, p, name) + "give " + variable(name) + ", or " + diag.Option("secret-var", name) + " with the value in the environment"
}

// around says what to write in the place of ${{NAME}} and {{{NAME}}}: what
// stands around the placeholder would stay.
func around(text string, p expr.Placeholder, name string) string {
	front, behind := text[:min(p.Start, len(text))], text[min(p.End, len(text)):]
	switch {
	case strings.HasSuffix(front, "$") && strings.HasPrefix(text[min(p.Start, len(text)):], "{{ "):
		return fmt.Sprintf("write {{%s}} without the $, which only GitHub's workflows know, and ", name)
	case strings.HasSuffix(front, "{") && strings.HasPrefix(behind, "}"):
		return fmt.Sprintf("write {{%s}} with two braces, and ", name)
	}
	return ""
}

// variable marks that a value is to be given to a variable.
func variable(name string) string { return diag.Option("var", name+"=VALUE") }

// isTyped tells whether a number, or true or false, must stand at n.
func isTyped(n *source.Node) bool {
	op := zis.OperatorOf(n.Name)
	switch {
	case op != nil:
		return op.Operand == zis.OperandNumber || op.Operand == zis.OperandBoolean
	case n.Parent != nil && n.Parent.Name == "Parameters":
		action, _ := n.Parent.Parent.Get("ActionName").Text()
		return zis.BuiltInOf(action).Takes(n.Name) == zis.Number
	}
	return n.Name == "Seconds" || n.Name == "TimeoutSeconds"
}

// ofTriggers says of a name like ticket.id or current_user.email whose style it
// is.
func ofTriggers(name string) string {
	root, _, dotted := strings.Cut(name, ".")
	if dotted && slices.Contains([]string{"ticket", "current_user", "user", "organization", "agent", "comment", "satisfaction", "account"}, root) {
		return " (the style of Zendesk's triggers)"
	}
	return ""
}

func variableRune(r rune) rune {
	if r == ' ' || r == '\t' {
		return '_'
	}
	return r
}

// runTimePath is the path that a name in the style of Zendesk's triggers, or
// of other template languages, may have been meant for; "" if it isn't known.
func runTimePath(name string) string {
	parts := strings.Split(name, ".")
	if zis.RootNames.Has(parts[0]) && (len(parts) == 1) == (parts[0] != "input") {
		return "$." + name
	}
	if len(parts) < 2 {
		return ""
	}
	for _, e := range zis.Events() {
		for _, wrapper := range e.Payload.Fields() {
			below := e.Payload.At(wrapper)
			if parts[0] == wrapper && !below.Lacks(parts[1:]) {
				return "$.input." + name
			}
			if object := below.At(parts[0]); object != nil && object.Type == zis.Object && parts[0] != "meta" && !object.Lacks(parts[1:]) {
				return "$.input." + wrapper + "." + name
			}
		}
	}
	return ""
}

// mayHoldName tells whether a placeholder may stand in what can be a name.
func mayHoldName(n *source.Node) bool {
	switch n.Name {
	case "name", "event_source", "event_type", "flow_name", "ActionName", "connectionName":
		if text, ok := n.Text(); ok && expr.MayHold(text) {
			return true
		}
	}
	return slices.ContainsFunc(n.Members, mayHoldName)
}

// names reports what was left in names, in any style but {{…}}.
func (r *renderer) names(b *zis.Bundle) {
	for s := range b.Names {
		at := literal{s.Node.Span, expr.NewSource(r.doc.File.Src[s.Node.Span.Start:s.Node.Span.End])}
		for _, p := range expr.PlaceholdersInName(s.Value) {
			if braces(p) || r.Integration != "" && inIntegration(s.Node, s.Value, p) || s.Node.Secret {
				continue
			}
			as := strings.NewReplacer("-", "_", " ", "_").Replace(diag.Cut(p.Name, diag.Quoted))
			written := diag.Cut(s.Value[p.Start:p.End], diag.Quoted)
			r.report(s.Node, at, p, r.severity, RulePlaceholder, fmt.Sprintf("the placeholder %s%s was never filled in", written, style(p)),
				fmt.Sprintf("write the name, or {{%s}} and give %s", as, variable(as)))
		}
	}
}

func style(p expr.Placeholder) string {
	if origin := p.Kind.Origin(); origin != "" {
		return " (the style " + origin + ")"
	}
	return ""
}

func (r *renderer) span(at literal, p expr.Placeholder) diag.Span {
	return diag.Span{
		Start: at.span.Start + int32(at.source.Offset(p.Start)),
		End:   at.span.Start + int32(at.source.Offset(p.End)),
	}
}

func (r *renderer) report(n *source.Node, at literal, p expr.Placeholder, s diag.Severity, rule, message, help string) {
	if r.enough(s) {
		return
	}
	r.last[s] = len(r.found)
	r.found = append(r.found, diag.Diagnostic{
		File: r.doc.File, Pointer: n.Pointer(), Rule: rule, Severity: s, Message: message, Help: help, Span: r.span(at, p),
	})
}

// enough counts a finding instead of keeping it where very many are kept.
func (r *renderer) enough(s diag.Severity) bool {
	last, known := r.last[s]
	if !known || len(r.found) < diag.MostFindings {
		return false
	}
	r.found[last].More++
	return true
}

// lookAround knows what the states of all documents pass to the actions of one.
type lookAround struct {
	docs    []*source.Document
	doc     *source.Document
	passing map[string]map[string]string // by the action's name and the parameter's: a state
	defined map[*source.Node]string      // names of actions by their definition
}

func newLookAround(docs []*source.Document, d *source.Document) *lookAround {
	return &lookAround{docs: docs, doc: d}
}

// passed is a state that passes a parameter of that name to the action in
// whose definition n stands; "" if there is none.
func (l *lookAround) passed(n *source.Node, name string) string {
	if l.passing == nil {
		l.read()
	}
	for ; n != nil; n = n.Parent {
		if action, ok := l.defined[n]; ok {
			return l.passing[action][name]
		}
	}
	return ""
}

func (l *lookAround) read() {
	l.passing, l.defined = map[string]map[string]string{}, map[*source.Node]string{}
	for _, a := range zis.Read(l.doc).Actions {
		l.defined[a.Definition] = a.Name.Value
	}
	for _, d := range l.docs {
		for _, f := range zis.Read(d).Flows {
			for s := range f.All {
				l.note(s)
			}
		}
	}
}

func (l *lookAround) note(s *zis.State) {
	arn, ok := zis.ParseARN(s.ActionName.Value)
	if !ok || !s.Parameters.IsObject() {
		return
	}
	if l.passing[arn.Name] == nil {
		l.passing[arn.Name] = map[string]string{}
	}
	for _, m := range s.Parameters.Members {
		l.passing[arn.Name][strings.TrimSuffix(m.Name, ".$")] = s.Name
	}
}
