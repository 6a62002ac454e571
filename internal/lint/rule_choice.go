package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/flow"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

const ruleChoiceOperator = "choice-operator"

var choiceRules = []Rule{
	{
		ID: ruleChoiceOperator, Severity: diag.Error, Evidence: Observed,
		Source:  "DG/choice-state: the table of operators; StringMatches was seen rejected at upload (BundleValidationError)",
		Summary: "a condition does not have exactly one operator that exists",
		State:   choiceOperators,
	},
	{
		ID: "choice-value", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/choice-state and Amazon States Language: what an operator compares with",
		Summary: "the value of an operator has the wrong type",
		State:   choiceValues,
	},
	{
		ID: "choice-default", Severity: diag.Warning, Evidence: Inferred,
		Source:  "DG/choice-state: Default is optional; Amazon States Language: without it, a run in which no rule is true fails",
		Summary: "a Choice has no Default",
		State:   choiceDefault,
	},
}

func choiceOperators(p *Pass, s *zis.State) {
	for c := range flow.Conditions(s) {
		oneOperator(p, c)
	}
}

// oneOperator reports what keeps a condition from having exactly one operator.
func oneOperator(p *Pass, c zis.Condition) {
	n := c.Node
	known := slices.DeleteFunc(slices.Clone(n.Members), func(m *source.Node) bool {
		return zis.OperatorOf(m.Name) == nil && !zis.Logical.Has(m.Name)
	})
	meant := flow.Slip(n, missingField(c))
	unknown := slices.DeleteFunc(slices.Clone(c.Unknown), func(m *source.Node) bool { return m == meant })
	switch {
	case len(known) > 1:
		p.AtKey(known[1], `write one of them, or nest both in "And"`, "the condition has two operators: %s and %s", known[0].Name, known[1].Name)
	case len(known) == 1 && n.Get("Variable") != nil && c.Logic != "":
		p.AtKey(n.Get("Variable"), "remove it: the nested conditions have their own", "%s takes no Variable", known[0].Name)
	case len(known) == 1 && known[0].IsArray() && len(known[0].Members) == 0:
		p.AtKey(known[0], "put conditions into it, or remove the rule", "%s joins no conditions", known[0].Name)
	case len(known) == 0 && len(unknown) == 0:
		p.AtKey(n, `add an operator, such as "StringEquals"`, "the condition has no operator")
	}
	for _, m := range unknown {
		message, help := "no operator is named %q", nearestOperator(m.Name)
		if len(known) > 0 {
			message, help = "%q is no field of a condition", "remove it"
		}
		p.AtKey(m, help, message, m.Name)
	}
}

// missingField is what a top-level or nested condition lacks besides an
// operator: the schema tells of it.
func missingField(c zis.Condition) string {
	switch {
	case c.Node.Get("Variable") == nil && c.Logic == "":
		return "Variable"
	case c.Node.Get("Next") == nil && c.Node.Parent.Name == "Choices":
		return "Next"
	}
	return ""
}

// nearestOperator says what to use for an operator that doesn't exist.
func nearestOperator(name string) string {
	switch name {
	case "StringMatches", "StringMatchesPath":
		return `use "StringEquals", one rule for each text; or compute true or false with zis:common:transform:Jq and test("…")`
	case "IsString", "IsNumeric", "IsBoolean", "IsTimestamp":
		return `use "IsPresent", or compute the type with zis:common:transform:Jq and type`
	}
	if base, ok := strings.CutSuffix(name, "Path"); ok && slices.Contains(zis.OperatorNames(), base) {
		return fmt.Sprintf("compare with a fixed value by %q, or compute true or false with zis:common:transform:Jq", base)
	}
	if best := nearest(name, slices.Concat(zis.OperatorNames(), zis.Logical.Names())); best != "" {
		return english.DidYouMean(best)
	}
	return "operators: " + strings.Join(zis.OperatorNames(), ", ")
}

func choiceValues(p *Pass, s *zis.State) {
	for c := range flow.Conditions(s) {
		for _, test := range c.Tests {
			if !neverHolds(p, s, c, test) {
				operatorValue(p, test)
			}
		}
	}
}

// neverHolds finds comparisons of a value whose type is known with one of
// another type.
func neverHolds(p *Pass, s *zis.State, c zis.Condition, test zis.Comparison) bool {
	if test.Name == "IsPresent" || test.Name == "IsNull" {
		return false
	}
	path := flow.PathOf(c.Variable.Node)
	names := flow.NamesOf(path)
	if len(names) == 0 || len(names) < len(path.Segments) {
		return false
	}
	shape := p.facts.ShapeAt(s, names)
	want := dataTypeOf(test.Values)
	if shape == nil || shape.Type == want || shape.Type == zis.Scalar && want != 0 || shape.Type == zis.Nothing {
		return false
	}
	p.At(test.Node, otherOperator(test.Name, shape.Type), "%s compares %s, and %s is %s: it never holds", test.Name, string(test.Values), flow.Dotted(names), shape.Type.String())
	return true
}

// otherOperator is a help text: the same comparison of values of that type.
func otherOperator(name string, of zis.DataType) string {
	beginning := map[zis.DataType]string{zis.Text: "String", zis.Number: "Numeric", zis.Boolean: "Boolean"}[of]
	for _, b := range []string{"String", "Numeric", "Boolean"} {
		if rest, ok := strings.CutPrefix(name, b); ok && beginning != "" && zis.OperatorOf(beginning+rest) != nil {
			return fmt.Sprintf("use %q", beginning+rest)
		}
	}
	return ""
}

// dataTypeOf is the type that an operand's values have.
func dataTypeOf(o zis.Operand) zis.DataType {
	switch o {
	case zis.OperandNumber:
		return zis.Number
	case zis.OperandBoolean:
		return zis.Boolean
	}
	return zis.Text
}

func operatorValue(p *Pass, test zis.Comparison) {
	m, want := test.Node, test.Operand
	text, isText := m.Text()
	switch {
	case isText && strings.Contains(text, "{{$"):
		p.At(m, inPlaceOf(m.Name), "%s compares with the text %q itself: nothing is filled in here", m.Name, text)
	case isText && flow.FilledIn(text):
		return // whatever is filled in
	case want == zis.OperandPath && isText && !strings.HasPrefix(text, "$"):
		p.At(m, fmt.Sprintf("write a path such as $.name, or compare with a fixed value by %q", strings.TrimSuffix(m.Name, "Path")),
			"%s compares with a path, and %q is none", m.Name, text)
	case want == zis.OperandPath && isText:
		return
	case want == zis.OperandTime && isText:
		if !isTime(text) {
			p.At(m, "write it as 2026-01-31T12:00:00Z", "%s compares with a time, and %q is none", m.Name, text)
		}
	case isText && strings.HasPrefix(text, "$.") && zis.OperatorOf(m.Name+"Path") != nil:
		p.At(m, fmt.Sprintf("use %q to compare with what stands at the path", m.Name+"Path"), "%s compares with the text %q itself", m.Name, text)
	case typeOf(m) != string(want):
		p.At(m, unquoted(p.files.of(m), m, want == zis.OperandNumber), "%s compares with %s, and this is %s", m.Name, string(want), typeOf(m))
	}
}

// inPlaceOf is a help text: how to compare with what stands at a path.
func inPlaceOf(operator string) string {
	if zis.OperatorOf(operator+"Path") != nil {
		return fmt.Sprintf("use %q with the path alone", operator+"Path")
	}
	return "compute true or false with " + zis.Jq
}

func choiceDefault(p *Pass, s *zis.State) {
	if p.facts.LacksDefault(s) {
		p.AtKey(s.Node, `add "Default" with the state to go on to`, "the Choice %q has no Default: a run in which no rule is true fails", s.Name)
	}
}
