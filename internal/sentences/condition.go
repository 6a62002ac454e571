package sentences

import (
	"encoding/json"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// comparisons are the operators of Choice rules as people write them.
var comparisons = []struct{ suffix, sign string }{
	{"GreaterThanEquals", "≥"}, {"LessThanEquals", "≤"}, {"GreaterThan", ">"}, {"LessThan", "<"}, {"Equals", "="},
}

// Condition says a Choice rule in few words: "ticket.priority = urgent". What
// it can't read is "?".
func Condition(rule *source.Node) string { return words{path: ShortPath}.condition(rule, "") }

// exactly says a rule with whole paths and the operators' own names.
func exactly(rule *source.Node) string {
	return words{path: Visible, operators: true}.condition(rule, "")
}

// words is how rules are said.
type words struct {
	path      func(string) string
	operators bool // by their names in the file
}

// condition is a rule inside another whose operator is around.
func (w words) condition(rule *source.Node, around string) string {
	for _, word := range []string{"And", "Or"} {
		if items := rule.Get(word); items.IsArray() {
			var parts []string
			for _, m := range items.Members {
				parts = append(parts, w.condition(m, word))
			}
			text := strings.Join(parts, " "+strings.ToLower(word)+" ")
			if around != "" && around != word && len(parts) > 1 {
				return "(" + text + ")"
			}
			return text
		}
	}
	if not := rule.Get("Not"); not != nil {
		return "not (" + w.condition(not, "") + ")"
	}
	variable, _ := rule.Get("Variable").Text()
	if rule.IsObject() {
		for _, m := range rule.Members {
			if text := w.comparison(w.path(variable), m); text != "" {
				return text
			}
		}
	}
	return "?"
}

func (w words) comparison(variable string, m *source.Node) string {
	switch m.Name {
	case "IsPresent", "IsNull":
		word := strings.ToLower(strings.TrimPrefix(m.Name, "Is"))
		if m.Value == false {
			word = "not " + word
		}
		return variable + " is " + word
	case "Variable", "Next", "Comment":
		return ""
	}
	if w.operators {
		return variable + " " + Visible(m.Name) + " " + w.operand(m)
	}
	operator := strings.TrimSuffix(m.Name, "Path")
	for _, c := range comparisons {
		if strings.HasSuffix(operator, c.suffix) {
			return variable + " " + c.sign + " " + w.operand(m)
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
	text, err := json.Marshal(m.Value)
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
