// Package lint is what is known about bundles beyond their syntax: a table of
// rules, one walk over a bundle that asks all of them, and the schema check.
package lint

import (
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// Evidence says what a rule rests on.
type Evidence string

// The marks of evidence. Only what is documented without contradiction, or was
// seen rejected by the platform, may be an error.
const (
	Documented Evidence = "documented" // Zendesk's documentation says so
	Observed   Evidence = "observed"   // seen in public code, or in a project's notes of a live account
	Inferred   Evidence = "inferred"   // our conclusion
)

// Rule is one row of the rule table. Its longer explanation and examples are
// rules/ID.txtar. Exactly one of the functions is set, none for a finding that
// reading, rendering or the schema check makes.
type Rule struct {
	ID       string
	Severity diag.Severity
	Evidence Evidence
	Source   string // where the evidence is
	Summary  string // one line: what is wrong

	Bundles func(*Pass, []*bundle.Bundle) // all bundles of the integration
	Bundle  func(*Pass, *bundle.Bundle)
	Flow    func(*Pass, *bundle.Flow)
	Machine func(*Pass, *bundle.Machine) // of a flow or of a Map
	State   func(*Pass, *bundle.State)
	Action  func(*Pass, *bundle.Action)
	JobSpec func(*Pass, *bundle.JobSpec)
}

// Rules is the table, family after family.
func Rules() []Rule {
	return slices.Concat(fileRules, schemaRules, nameRules, referenceRules, machineRules, mapRules, waitRules, catchRules)
}

// Pass is one rule at work on one bundle.
type Pass struct {
	Options Options

	rule  *Rule
	index *index
	found *[]diag.Diagnostic
}

// At reports a finding about a value: its place is where the value stands.
func (p *Pass) At(n *bundle.Node, help, format string, args ...any) {
	p.report(n, n.Span, help, format, args...)
}

// AtKey reports a finding about a member's name.
func (p *Pass) AtKey(n *bundle.Node, help, format string, args ...any) {
	p.report(n, n.Key, help, format, args...)
}

func (p *Pass) report(n *bundle.Node, span diag.Span, help, format string, args ...any) {
	*p.found = append(*p.found, diag.Diagnostic{
		File: p.index.files[n.Root()], Span: span, Pointer: n.Pointer(), Rule: p.rule.ID, Severity: p.rule.Severity,
		Message: fmt.Sprintf(format, args...), Help: help,
	})
}

// Related adds a second place to the finding that was reported last.
func (p *Pass) Related(n *bundle.Node, message string) {
	last := &(*p.found)[len(*p.found)-1]
	last.Related = append(last.Related, diag.Related{File: p.index.files[n.Root()], Span: n.Span, Message: message})
}
