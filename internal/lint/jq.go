package lint

import (
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const jqTransform = "zis:common:transform:Jq"

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
		program := p.index.program(s)
		for _, e := range program.errors {
			if about(e) {
				p.Inside(program.node, e.Start, e.End, e.Help, "%s", e.Message)
			}
		}
	}
}

// jqProgram is a jq program and what is known of it.
type jqProgram struct {
	node   *source.Node
	errors []expr.Error
	result *jq.Shape
}

// readPrograms are the jq programs of all states that have one which is known
// before run time.
func readPrograms(bundles []*zis.Bundle) map[*zis.Machine][]jqProgram {
	programs := map[*zis.Machine][]jqProgram{}
	for _, b := range bundles {
		for _, f := range b.Flows {
			for s := range f.All {
				if n, text, ok := programOf(s); ok {
					if programs[s.Machine] == nil {
						programs[s.Machine] = make([]jqProgram, len(s.Machine.States))
					}
					result, errors := jq.Check(text)
					programs[s.Machine][s.Index] = jqProgram{n, errors, result}
				}
			}
		}
	}
	return programs
}

// program is that of a state; empty if it has none.
func (x *index) program(s *zis.State) jqProgram {
	list := x.programs()[s.Machine]
	if list == nil {
		return jqProgram{}
	}
	return list[s.Index]
}

func programOf(s *zis.State) (n *source.Node, text string, ok bool) {
	if !isJq(s) {
		return nil, "", false
	}
	n = s.Parameters.Get("expr")
	if n == nil {
		n = s.Parameters.Get("expr.$")
	}
	text, ok = n.Text()
	return n, text, ok && !(n.Name == "expr.$" && strings.HasPrefix(text, "$."))
}
