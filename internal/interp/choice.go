package interp

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// condition is a rule of a Choice, or part of one, compiled.
type condition struct {
	node     *source.Node
	operator string // And, Or, Not, IsPresent, IsNull, or a comparison
	parts    []condition
	variable path
	want     any  // a value, unless
	other    path // the operator ends in Path
	test     *zis.Operator
	refused  string
}

func compileCondition(n *source.Node) condition {
	c := condition{node: n}
	var operand *source.Node
	for _, m := range n.Members {
		if zis.ConditionFields.Has(m.Name) {
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
	c.variable, c.want, c.test = compilePath(variable), n.Plain(), zis.OperatorOf(c.operator)
	_, isTruth := c.want.(bool)
	switch {
	case c.test == nil:
		c.refused = "a Choice has no operator " + c.operator
	case c.test.Relation == "" && !isTruth:
		c.refused = c.operator + " is neither true nor false"
	case c.test.Operand == zis.OperandPath:
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
	if c.test.Operand == zis.OperandPath {
		if want, ok = r.find(data, c.other); !ok {
			return false, r.missing(c, c.other)
		}
	}
	sign, comparable := order(c.test.Values, v, want)
	return comparable && fits(c.test.Relation, sign), nil
}

// missing is what a comparison with a path that leads nowhere ends with.
func (r *run) missing(c *condition, p path) *Error {
	if r.reads(MissingVariable) == second {
		return r.at(&Error{Text: "JSON path not found: " + p.text}, c.node)
	}
	return nil
}

// order compares two values of a kind; comparable is false if one is of
// another, which makes every comparison false.
func order(kind zis.Operand, a, b any) (sign int, comparable bool) {
	switch kind {
	case zis.OperandBoolean:
		x, ok := a.(bool)
		y, ok2 := b.(bool)
		if x == y {
			return 0, ok && ok2
		}
		return 1, ok && ok2
	case zis.OperandNumber:
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
	if kind == zis.OperandText {
		return strings.Compare(x, y), true // bytes of UTF-8 are in the order of code points
	}
	s, err := time.Parse(time.RFC3339, x)
	t, err2 := time.Parse(time.RFC3339, y)
	return cmp.Compare(s.Sub(t), 0), err == nil && err2 == nil
}

func fits(relation string, sign int) bool {
	switch relation {
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
