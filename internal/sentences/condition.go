package sentences

import (
	"encoding/json"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// comparisons are the operators of Choice rules as people write them.
var comparisons = []struct{ suffix, sign string }{
	{"GreaterThanEquals", "≥"}, {"LessThanEquals", "≤"}, {"GreaterThan", ">"}, {"LessThan", "<"}, {"Equals", "="},
}

// Condition says a Choice rule in few words: "ticket.priority = urgent". What
// it can't read is "?".
func Condition(c zis.Condition) string { return words{path: ShortPath}.condition(c, "") }

// exactly says a rule with whole paths and the operators' own names.
func exactly(c zis.Condition) string { return words{path: Visible, exact: true}.condition(c, "") }

// words is how rules are said.
type words struct {
	path  func(string) string
	exact bool // operators by their names in the file, also those that nobody documents
}

// condition is a rule inside another whose operator is around.
func (w words) condition(c zis.Condition, around string) string {
	switch c.Logic {
	case "And", "Or":
		var parts []string
		for _, n := range c.Nested {
			parts = append(parts, w.condition(n, c.Logic))
		}
		text := strings.Join(parts, " "+strings.ToLower(c.Logic)+" ")
		if around != "" && around != c.Logic && len(parts) > 1 {
			return "(" + text + ")"
		}
		return text
	case "Not":
		return "not (" + w.condition(c.Nested[0], "") + ")"
	}
	for _, test := range c.Tests {
		if text := w.comparison(w.path(c.Variable.Value), test.Node); text != "" {
			return text
		}
	}
	if w.exact && len(c.Unknown) > 0 {
		return w.comparison(w.path(c.Variable.Value), c.Unknown[0])
	}
	return "?"
}

// comparison says an operator, which is the name of the member that its
// operand is.
func (w words) comparison(variable string, operand *source.Node) string {
	if w.exact {
		return variable + " " + Visible(operand.Name) + " " + w.operand(operand)
	}
	if operand.Name == "IsPresent" || operand.Name == "IsNull" {
		word := strings.ToLower(strings.TrimPrefix(operand.Name, "Is"))
		if operand.Value == false {
			word = "not " + word
		}
		return variable + " is " + word
	}
	operator := strings.TrimSuffix(operand.Name, "Path")
	for _, c := range comparisons {
		if strings.HasSuffix(operator, c.suffix) {
			return variable + " " + c.sign + " " + w.operand(operand)
		}
	}
	return ""
}

func (w words) operand(m *source.Node) string {
	if m.Secret {
		return source.Hidden
	}
	if s, ok := m.Text(); ok {
		if strings.HasSuffix(m.Name, "Path") {
			return w.path(s)
		}
		return name(s)
	}
	text, err := json.Marshal(m.Plain())
	if err != nil {
		return "?"
	}
	return Visible(string(text))
}

// ShortPath is the end of a path: enough to recognise it.
func ShortPath(path string) string {
	parts := strings.Split(path, ".")
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	return Visible(shorten(strings.TrimPrefix(strings.Join(parts, "."), "$."), valueWidth))
}
