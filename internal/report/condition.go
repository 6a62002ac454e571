package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// comparisons are the operators of Choice rules as people write them.
var comparisons = []struct{ suffix, sign string }{
	{"GreaterThanEquals", "≥"}, {"LessThanEquals", "≤"}, {"GreaterThan", ">"}, {"LessThan", "<"}, {"Equals", "="},
}

// condition says a Choice rule in few words: "priority = urgent".
func condition(c zis.Condition) string {
	switch c.Logic {
	case "And", "Or":
		var parts []string
		for _, n := range c.Nested {
			parts = append(parts, condition(n))
		}
		return strings.Join(parts, " "+strings.ToLower(c.Logic)+" ")
	case "Not":
		return "not (" + condition(c.Nested[0]) + ")"
	}
	for _, test := range c.Tests {
		if text := comparison(shortPath(c.Variable.Value), test); text != "" {
			return text
		}
	}
	return "?"
}

func comparison(variable string, test zis.Comparison) string {
	if test.Name == "IsPresent" || test.Name == "IsNull" {
		word := strings.ToLower(strings.TrimPrefix(test.Name, "Is"))
		if test.Node.Value == false {
			word = "not " + word
		}
		return variable + " is " + word
	}
	operator := strings.TrimSuffix(test.Name, "Path")
	for _, c := range comparisons {
		if strings.HasSuffix(operator, c.suffix) {
			return fmt.Sprintf("%s %s %s", variable, c.sign, operand(test.Node))
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
