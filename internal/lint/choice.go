package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
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

// operators are those of DG/choice-state; there are no others.
var operators = []string{
	"StringEquals", "StringEqualsPath", "StringLessThan", "StringGreaterThan", "StringLessThanEquals", "StringGreaterThanEquals",
	"NumericEquals", "NumericEqualsPath", "NumericLessThan", "NumericLessThanPath", "NumericGreaterThan", "NumericGreaterThanPath",
	"NumericLessThanEquals", "NumericLessThanEqualsPath", "NumericGreaterThanEquals", "NumericGreaterThanEqualsPath",
	"BooleanEquals", "BooleanEqualsPath",
	"TimestampEquals", "TimestampLessThan", "TimestampGreaterThan", "TimestampLessThanEquals", "TimestampGreaterThanEquals",
	"IsPresent", "IsNull",
}

var (
	logical    = []string{"And", "Or", "Not"}
	ruleFields = []string{"Variable", "Next", "Comment", "And", "Or", "Not"}
)

// conditions yields the rules of a Choice and what is nested in them.
func conditions(s *zis.State, yield func(n *source.Node)) {
	if s.Type.Value != zis.StateChoice {
		return
	}
	for _, c := range s.Choices {
		nested(c.Node, yield)
	}
}

func nested(n *source.Node, yield func(*source.Node)) {
	if !n.IsObject() {
		return
	}
	yield(n)
	if not := n.Get("Not"); not != nil {
		nested(not, yield)
	}
	for _, l := range []string{"And", "Or"} {
		if list := n.Get(l); list.IsArray() {
			for _, m := range list.Members {
				nested(m, yield)
			}
		}
	}
}

func choiceOperators(p *Pass, s *zis.State) {
	conditions(s, func(n *source.Node) { condition(p, n) })
}

// condition reports what keeps n from having exactly one operator.
func condition(p *Pass, n *source.Node) {
	var known, unknown []*source.Node
	meant := slip(n, missingField(n))
	for _, m := range n.Members {
		switch {
		case slices.Contains(operators, m.Name), slices.Contains(logical, m.Name):
			known = append(known, m)
		case !slices.Contains(ruleFields, m.Name) && m != meant:
			unknown = append(unknown, m)
		}
	}
	variable := n.Get("Variable")
	switch {
	case len(known) > 1:
		p.AtKey(known[1], `write one of them, or nest both in "And"`, "the condition has two operators: %s and %s", known[0].Name, known[1].Name)
	case len(known) == 1 && variable != nil && slices.Contains(logical, known[0].Name):
		p.AtKey(variable, "remove it: the nested conditions have their own", "%s takes no Variable", known[0].Name)
	case len(known) == 0 && len(unknown) == 0:
		p.AtKey(n, `add an operator, such as "StringEquals"`, "the condition has no operator")
	}
	for _, m := range unknown {
		message, help := "no operator is named %q", nearestOperator(m.Name)
		if len(known) > 0 {
			message = "%q is no field of a condition"
		}
		p.AtKey(m, help, message, m.Name)
	}
}

// missingField is what a top-level or nested condition lacks besides an
// operator: the schema tells of it.
func missingField(n *source.Node) string {
	if n.Get("Variable") == nil && !slices.ContainsFunc(logical, func(l string) bool { return n.Get(l) != nil }) {
		return "Variable"
	}
	if n.Get("Next") == nil && n.Parent.Name == "Choices" {
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
	if best := nearest(name, slices.Concat(operators, logical)); best != "" {
		return quoteHint(best)
	}
	if base, ok := strings.CutSuffix(name, "Path"); ok && slices.Contains(operators, base) {
		return fmt.Sprintf("compare with a fixed value by %q, or compute true or false with zis:common:transform:Jq", base)
	}
	return "operators: " + strings.Join(operators, ", ")
}

func choiceValues(p *Pass, s *zis.State) {
	conditions(s, func(n *source.Node) {
		for _, m := range n.Members {
			if slices.Contains(operators, m.Name) {
				operatorValue(p, m)
			}
		}
	})
}

func operatorValue(p *Pass, m *source.Node) {
	want := operatorType(m.Name)
	text, isText := m.Text()
	switch {
	case isText && hasPlaceholder(text):
		return // whatever is filled in
	case want == "a path" && isText && !strings.HasPrefix(text, "$"):
		p.At(m, fmt.Sprintf("write a path such as $.name, or compare with a fixed value by %q", strings.TrimSuffix(m.Name, "Path")),
			"%s compares with a path, and %q is none", m.Name, text)
	case want == "a path" && isText:
		return
	case want == "a time" && isText:
		if !isTime(text) {
			p.At(m, "write it as 2026-01-31T12:00:00Z", "%s compares with a time, and %q is none", m.Name, text)
		}
	case isText && strings.HasPrefix(text, "$.") && slices.Contains(operators, m.Name+"Path"):
		p.At(m, fmt.Sprintf("use %q to compare with what stands at the path", m.Name+"Path"), "%s compares with the text %q itself", m.Name, text)
	case typeOf(m) != want:
		p.At(m, "", "%s compares with %s, and this is %s", m.Name, want, typeOf(m))
	}
}

// operatorType is what the operator's value must be.
func operatorType(operator string) string {
	switch {
	case strings.HasSuffix(operator, "Path"):
		return "a path"
	case strings.HasPrefix(operator, "String"):
		return "a text"
	case strings.HasPrefix(operator, "Numeric"):
		return "a number"
	case strings.HasPrefix(operator, "Timestamp"):
		return "a time"
	}
	return "true or false"
}

func choiceDefault(p *Pass, s *zis.State) {
	if p.index.lacksDefault(s) {
		p.AtKey(s.Node, `add "Default" with the state to go on to`, "the Choice %q has no Default: a run in which no rule is true fails", s.Name)
	}
}

// lacksDefault tells whether no rule of a Choice may be true and there is no
// Default. Two rules can leave nothing over.
func (x *index) lacksDefault(s *zis.State) bool {
	if s.Type.Value != zis.StateChoice || s.Node.Get("Default") != nil || x.misspelt(s, "Default") || len(s.Choices) == 0 {
		return false
	}
	seen := map[string]bool{}
	for _, c := range s.Choices {
		variable, _ := c.Node.Get("Variable").Text()
		for _, op := range []string{"BooleanEquals", "IsPresent", "IsNull"} {
			if v := c.Node.Get(op); v != nil {
				seen[fmt.Sprint(variable, " ", op, " ", v.Value)] = true
				if seen[fmt.Sprint(variable, " ", op, " ", v.Value != true)] {
					return false
				}
			}
		}
	}
	return true
}
