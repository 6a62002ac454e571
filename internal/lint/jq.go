package lint

import (
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var jqRules = []Rule{
	{
		ID: "jq-syntax", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/zis-built-in-actions: expr is a jq program; all programs of public bundles can be read by the parser used here (gojq)",
		Summary: "a jq program can't be read",
		Machine: jqSyntax,
	},
	{
		ID: "jq-name", Severity: diag.Warning, Evidence: Inferred,
		Source:  "the manual of jq 1.5 to 1.8; which version the platform runs is not documented",
		Summary: "a jq program uses a name that jq doesn't have",
		Machine: jqNames,
	},
}

func jqSyntax(p *Pass, m *zis.Machine) {
	jqErrors(p, m, func(e expr.Error) bool { return certain(e) || e.Kind == expr.Undocumented })
}

func jqNames(p *Pass, m *zis.Machine) {
	jqErrors(p, m, func(e expr.Error) bool { return !certain(e) && e.Kind != expr.Undocumented })
}

// jqErrors reports those errors of a machine's programs that a rule is about.
func jqErrors(p *Pass, m *zis.Machine, about func(expr.Error) bool) {
	for _, s := range m.States {
		program := p.facts.Program(s)
		for _, e := range program.Errors {
			if about(e) {
				p.Inside(program.Node, e.Start, e.End, e.Help, "%s", e.Message)
			}
		}
	}
}
