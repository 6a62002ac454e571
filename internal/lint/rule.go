// Package lint is what is known about bundles beyond their syntax: a table of
// rules, one walk over a bundle that asks all of them, and the schema check.
package lint

import (
	"embed"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
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
// rules/ID.txtar. Exactly one of the functions is set (Number may stand
// beside Text), none for a finding that
// reading, rendering or the schema check makes.
type Rule struct {
	ID       string
	Severity diag.Severity
	Evidence Evidence
	Source   string // where the evidence is
	Summary  string // one line: what is wrong

	Bundles func(*Pass, []*zis.Bundle) // all bundles of the integration
	Bundle  func(*Pass, *zis.Bundle)
	Action  func(*Pass, *zis.Action)
	JobSpec func(*Pass, *zis.JobSpec)
	Flow    func(*Pass, *zis.Flow)
	Machine func(*Pass, *zis.Machine) // of a flow or of a Map
	State   func(*Pass, *zis.State)
	Reading func(*Pass, flow.Reading) // of every string that can hold paths
	Text    func(*Pass, *source.Node) // every string value of the file
	Number  func(*Pass, *source.Node) // every number
}

// Rules is the table, family after family.
func Rules() []Rule {
	return slices.Concat(
		fileRules, accountRules, schemaRules, fieldRules, nameRules, nameFormRules, referenceRules, stateRules, machineRules, choiceRules, choiceOrderRules, mapRules, waitRules, catchRules, secretRules, parameterRules, eventRules, httpRules, pairRules, leftoverRules, invisibleRules, selfStartRules, builtInRules, limitRules, pathRules, jqRules, dataRules,
	)
}

// unreadable are rules whose findings mean that nothing else was checked.
// Nobody can switch them off.
var unreadable = []string{source.RuleSyntax, source.RuleEncoding, source.RuleLimit, source.RuleNumber, ruleInternal}

// Filter takes away the findings of rules that are switched off and counts
// them. Run has done it for its own findings; those of reading and rendering
// pass through here.
func Filter(found []diag.Diagnostic, disable []string) (kept []diag.Diagnostic, disabled int) {
	for _, d := range found {
		if slices.Contains(disable, d.Rule) && !slices.Contains(unreadable, d.Rule) {
			disabled += 1 + d.More
			continue
		}
		kept = append(kept, d)
	}
	return kept, disabled
}

//go:embed rules/*.txtar
var explanations embed.FS

// Explanation is all there is to say about a rule.
type Explanation struct {
	Rule Rule
	Text string // Markdown: why it matters, what the platform does, the reason
	Bad  string // a bundle with the mistake, the findings in "// ^^^" lines below; "" if it can't be shown
	Good string // a bundle without it
}

// Explain returns the explanation of the rule of that id; ok is false if there
// is none.
func Explain(id string) (e Explanation, ok bool) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	data, err := explanations.ReadFile("rules/" + id + ".txtar")
	if i < 0 || err != nil {
		return Explanation{}, false
	}
	archive := txtar.Parse(data)
	e = Explanation{Rule: rules[i], Text: strings.TrimSpace(string(archive.Comment))}
	for _, f := range archive.Files {
		switch text := string(f.Data); {
		case e.Bad == "" && strings.HasPrefix(f.Name, "bad"):
			e.Bad = text
		case e.Good == "" && strings.HasPrefix(f.Name, "good"):
			e.Good = text
		}
	}
	return e, true
}
