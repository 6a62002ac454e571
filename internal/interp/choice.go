package interp

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/source"
)

// condition is a rule of a Choice, or part of one, compiled.
type condition struct {
	node     *source.Node
	operator string // And, Or, Not, IsPresent, IsNull, or a comparison
	parts    []condition
	variable path
	want     any  // a value, unless
	other    path // the operator ends in Path
	refused  string
}

// families are the comparisons by the beginning of their names; which ends
// each has is documented in DG/choice-state.
var families = map[string]struct{ ends, paths string }{
	"String":    {" Equals LessThan GreaterThan LessThanEquals GreaterThanEquals ", " Equals "},
	"Numeric":   {" Equals LessThan GreaterThan LessThanEquals GreaterThanEquals ", " Equals LessThan GreaterThan LessThanEquals GreaterThanEquals "},
	"Boolean":   {" Equals ", " Equals "},
	"Timestamp": {" Equals LessThan GreaterThan LessThanEquals GreaterThanEquals ", ""},
}

// split takes a comparison apart: "NumericLessThanPath" is Numeric, LessThan,
// and by path.
func split(operator string) (family, end string, byPath, ok bool) {
	for name, has := range families {
		rest, found := strings.CutPrefix(operator, name)
		if !found {
			continue
		}
		if strings.Contains(has.ends, " "+rest+" ") {
			return name, rest, false, true
		}
		rest, found = strings.CutSuffix(rest, "Path")
		return name, rest, true, found && strings.Contains(has.paths, " "+rest+" ")
	}
	return "", "", false, false
}

// besides are members of a rule that are no operators.
var besides = []string{"Variable", "Next", "Comment"}

func compileCondition(n *source.Node) condition {
	c := condition{node: n}
	var operand *source.Node
	for _, m := range n.Members {
		if m.Name == besides[0] || m.Name == besides[1] || m.Name == besides[2] {
			continue
		}
		if operand != nil {
			c.refused = "a rule has two operators, " + operand.Name + " and " + m.Name
			return c
		}
		operand, c.operator = m, m.Name
	}
	if operand == nil {
		c.refused = "a rule has no operator"
		return c
	}
	c.operand(operand)
	return c
}

func (c *condition) operand(n *source.Node) {
	switch c.operator {
	case "And", "Or":
		if !n.IsArray() {
			c.refused = c.operator + " is no array"
		}
		for _, m := range n.Members {
			c.parts = append(c.parts, compileCondition(m))
		}
		return
	case "Not":
		c.parts = []condition{compileCondition(n)}
		return
	}
	variable, ok := c.node.Get("Variable").Text()
	if !ok {
		c.refused = "a rule with " + c.operator + " has no Variable"
		return
	}
	c.variable, c.want = compilePath(variable), n.Plain()
	if c.operator == "IsPresent" || c.operator == "IsNull" {
		if _, ok := c.want.(bool); !ok {
			c.refused = c.operator + " is neither true nor false"
		}
		return
	}
	_, _, byPath, ok := split(c.operator)
	if !ok {
		c.refused = "a Choice has no operator " + c.operator
	} else if byPath {
		other, _ := n.Text()
		c.other = compilePath(other)
	}
}

// holds tells whether the condition is true of the data.
func (r *run) holds(c *condition, data any) (bool, *Error) {
	if c.refused != "" {
		return false, r.at(&Error{Kind: Refused, Text: c.refused}, c.node)
	}
	switch c.operator {
	case "And", "Or":
		for i := range c.parts {
			ok, err := r.holds(&c.parts[i], data)
			if err != nil || ok == (c.operator == "Or") {
				return ok, err
			}
		}
		return c.operator == "And", nil
	case "Not":
		ok, err := r.holds(&c.parts[0], data)
		return !ok, err
	}
	return r.compares(c, data)
}

func (r *run) compares(c *condition, data any) (bool, *Error) {
	v, ok := r.find(data, c.variable)
	if c.operator == "IsPresent" {
		if ok && v == nil {
			ok = r.reads(PresentNull) == second
		}
		return ok == c.want, nil
	}
	if !ok {
		return false, r.missing(c, c.variable)
	}
	if c.operator == "IsNull" {
		return (v == nil) == c.want, nil
	}
	want := c.want
	family, end, byPath, _ := split(c.operator)
	if byPath {
		if want, ok = r.find(data, c.other); !ok {
			return false, r.missing(c, c.other)
		}
	}
	sign, comparable := order(family, v, want)
	return comparable && fits(end, sign), nil
}

// missing is what a comparison with a path that leads nowhere ends with.
func (r *run) missing(c *condition, p path) *Error {
	if r.reads(MissingVariable) == second {
		return r.at(&Error{Text: "JSON path not found: " + p.text}, c.node)
	}
	return nil
}

// order compares two values of a family; comparable is false if one is of
// another kind, which makes every comparison false.
func order(family string, a, b any) (sign int, comparable bool) {
	switch family {
	case "Boolean":
		x, ok := a.(bool)
		y, ok2 := b.(bool)
		if x == y {
			return 0, ok && ok2
		}
		return 1, ok && ok2
	case "Numeric":
		x, ok := a.(json.Number)
		y, ok2 := b.(json.Number)
		if !ok || !ok2 {
			return 0, false
		}
		return compareNumbers(x, y), true
	}
	x, ok := a.(string)
	y, ok2 := b.(string)
	if !ok || !ok2 {
		return 0, false
	}
	if family == "String" {
		return strings.Compare(x, y), true // bytes of UTF-8 are in the order of code points
	}
	s, err := time.Parse(time.RFC3339, x)
	t, err2 := time.Parse(time.RFC3339, y)
	return cmp.Compare(s.Sub(t), 0), err == nil && err2 == nil
}

func fits(end string, sign int) bool {
	switch end {
	case "Equals":
		return sign == 0
	case "LessThan":
		return sign < 0
	case "GreaterThan":
		return sign > 0
	case "LessThanEquals":
		return sign <= 0
	}
	return sign >= 0
}
