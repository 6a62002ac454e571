package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/flow"
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
		Source:  "the manual of jq 1.5 to 1.8; which version the platform runs is not documented. A program gets its data alone: no environment, no further input, no files",
		Summary: "a jq program uses a name that jq doesn't have, or that tells nothing on the platform",
		Machine: jqNames,
	},
	{
		ID: "jq-text", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/zis-built-in-actions: expr.$ is a text with placeholders; what is put into it becomes part of the program, unescaped",
		Summary: "text that people write becomes part of a jq program",
		Reading: jqText,
	},
	{
		ID: "jq-outputs", Severity: diag.Warning, Evidence: Inferred,
		Source:  "no page says what becomes of several results of a jq program, or of none",
		Summary: "a jq program gives several values, or may give none",
		Machine: jqOutputs,
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

// harmless are fields of events whose values Zendesk chooses: words, numbers
// and times, which no quote can stand in.
var harmless = []string{"status", "priority", "type", "role", "created_at", "updated_at", "channel", "subdomain", "integration_key", "account_id"}

// jqText finds what is filled into a program when the flow runs, unless it is
// known to be no free text.
func jqText(p *Pass, r flow.Reading) {
	if r.Kind != flow.ProgramText || r.Node.Name != "expr.$" || r.State == nil {
		return
	}
	if text, _ := r.Node.Text(); strings.HasPrefix(text, "$.") {
		return
	}
	for _, read := range r.Paths {
		names := flow.NamesOf(read.Path)
		if len(names) == 0 || slices.Contains(harmless, names[len(names)-1]) || isNumber(p.facts.ShapeAt(r.State, names)) {
			continue
		}
		p.Inside(r.Node, read.Start, read.End, "read it from the data: "+safeForm(names),
			"%s becomes part of the program: a quote or a backslash in it ends the run, or does something else", read.Text)
		return // the others of the program are alike
	}
}

func isNumber(s *zis.Shape) bool { return s != nil && (s.Type == zis.Number || s.Type == zis.Boolean) }

// safeForm is the way to give a program what stands at a path.
func safeForm(names []string) string {
	const shown = 3
	last := "." + strings.Join(names[max(0, len(names)-shown):], ".")
	data := "$"
	if len(names) > shown {
		data = flow.Dotted(names[:len(names)-shown])
	}
	return fmt.Sprintf(`"data.$": %q and %s in "expr"`, diag.Cut(data, diag.Quoted), diag.Cut(last, diag.Quoted))
}

func jqOutputs(p *Pass, m *zis.Machine) {
	for _, s := range m.States {
		program := p.facts.Program(s)
		if program.Gives == jq.One || s.ResultPath == nil {
			continue
		}
		if program.Gives&jq.Many == 0 {
			p.At(program.Node, "say what it gives otherwise: ( … ) // null", "the jq program of the state %q may give no value; what is kept then isn't documented", s.Name)
			continue
		}
		p.At(program.Node, "put the program into [ … ], or into first( … )", "the jq program of the state %q gives several values; which of them is kept isn't documented", s.Name)
		if program.Gives&jq.None != 0 {
			p.Only(diag.Note)
		}
	}
}
