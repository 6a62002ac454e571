package lint

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
)

const jqTransform = "zis:common:transform:Jq"

var jqRules = []Rule{
	{
		ID: "jq-syntax", Severity: diag.Error, Evidence: Documented,
		Source:  "DG/zis-built-in-actions: expr is a jq program; all programs of public bundles can be read by the parser used here (gojq)",
		Summary: "a jq program can't be read",
		State:   jqSyntax,
	},
	{
		ID: "jq-name", Severity: diag.Warning, Evidence: Inferred,
		Source:  "the manual of jq 1.5 to 1.8; which version the platform runs is not documented",
		Summary: "a jq program uses a name that jq doesn't have",
		State:   jqNames,
	},
}

func jqSyntax(p *Pass, s *bundle.State) {
	program := p.index.program(s)
	for _, e := range program.errors {
		if certain(e) || e.Kind == expr.Undocumented {
			p.Inside(program.node, e.Start, e.End, e.Help, "%s", e.Message)
		}
	}
}

func jqNames(p *Pass, s *bundle.State) {
	program := p.index.program(s)
	for _, e := range program.errors {
		if !certain(e) && e.Kind != expr.Undocumented {
			p.Inside(program.node, e.Start, e.End, e.Help, "%s", e.Message)
		}
	}
}

// jqProgram is a jq program and what is known of it.
type jqProgram struct {
	node   *bundle.Node
	errors []expr.Error
	result *expr.Shape
}

// program is the jq program of a state; the zero value if the state has none,
// or one that is only known at run time.
func (x *index) program(s *bundle.State) jqProgram {
	if !isJq(s) {
		return jqProgram{}
	}
	program, ok := x.programs[s]
	if !ok {
		program = readProgram(s)
		x.programs[s] = program
	}
	return program
}

func readProgram(s *bundle.State) jqProgram {
	n := s.Node.Get("Parameters", "expr")
	if n == nil {
		n = s.Node.Get("Parameters", "expr.$")
	}
	text, ok := n.Text()
	if !ok || n.Name == "expr.$" && strings.HasPrefix(text, "$.") {
		return jqProgram{}
	}
	result, errors := expr.CheckJq(text)
	return jqProgram{n, errors, result}
}
