package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// comparisons are the operators of Choice rules as people write them.
var comparisons = []struct{ suffix, sign string }{
	{"GreaterThanEquals", "≥"}, {"LessThanEquals", "≤"}, {"GreaterThan", ">"}, {"LessThan", "<"}, {"Equals", "="},
}

// condition says a Choice rule in few words: "priority = urgent".
func condition(rule *source.Node) string {
	for _, word := range []string{"And", "Or"} {
		if list := rule.Get(word); list.IsArray() {
			var parts []string
			for _, m := range list.Members {
				parts = append(parts, condition(m))
			}
			return strings.Join(parts, " "+strings.ToLower(word)+" ")
		}
	}
	if not := rule.Get("Not"); not != nil {
		return "not (" + condition(not) + ")"
	}
	variable, _ := rule.Get("Variable").Text()
	for _, m := range rule.Members {
		if text := comparison(shortPath(variable), m); text != "" {
			return text
		}
	}
	return "?"
}

func comparison(variable string, m *source.Node) string {
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
	operator := strings.TrimSuffix(m.Name, "Path")
	for _, c := range comparisons {
		if strings.HasSuffix(operator, c.suffix) {
			return fmt.Sprintf("%s %s %s", variable, c.sign, operand(m))
		}
	}
	return ""
}

func operand(m *source.Node) string {
	if m.Secret {
		return source.Hidden
	}
	if s, ok := m.Text(); ok {
		if strings.HasSuffix(m.Name, "Path") {
			return shortPath(s)
		}
		if s == "" {
			return `""`
		}
		return s
	}
	text, err := json.Marshal(m.Value)
	if err != nil {
		return "?"
	}
	return string(text)
}

// shortPath is the end of a path: enough to recognise it.
func shortPath(path string) string {
	parts := strings.Split(path, ".")
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	return strings.TrimPrefix(strings.Join(parts, "."), "$.")
}
