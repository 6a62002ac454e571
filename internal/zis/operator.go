package zis

import (
	"slices"
	"strings"
)

// Operator is a comparison of a Choice rule.
type Operator struct {
	Name    string
	Operand Operand
	Fact
}

// Operand is what an operator compares with. Its text is said to people.
type Operand string

// The operands.
const (
	OperandText    Operand = "a text"
	OperandNumber  Operand = "a number"
	OperandBoolean Operand = "true or false"
	OperandTime    Operand = "a time"
	OperandPath    Operand = "a path"
)

// Operators are those of DG/choice-state; any other is refused at upload
// (observed: StringMatches).
var Operators = operators()

func operators() (list []Operator) {
	add := func(operand Operand, names ...string) {
		for _, n := range names {
			list = append(list, Operator{n, operand, Fact{"DG/choice-state", Documented}})
		}
	}
	add(OperandText, "StringEquals")
	add(OperandPath, "StringEqualsPath")
	add(OperandText, "StringLessThan", "StringGreaterThan", "StringLessThanEquals", "StringGreaterThanEquals")
	for _, n := range []string{"NumericEquals", "NumericLessThan", "NumericGreaterThan", "NumericLessThanEquals", "NumericGreaterThanEquals"} {
		add(OperandNumber, n)
		add(OperandPath, n+"Path")
	}
	add(OperandBoolean, "BooleanEquals")
	add(OperandPath, "BooleanEqualsPath")
	add(OperandTime, "TimestampEquals", "TimestampLessThan", "TimestampGreaterThan", "TimestampLessThanEquals", "TimestampGreaterThanEquals")
	add(OperandBoolean, "IsPresent", "IsNull")
	return list
}

// OperatorNames are the names of all operators, in the order of the
// documentation.
func OperatorNames() []string {
	names := make([]string, len(Operators))
	for i, o := range Operators {
		names[i] = o.Name
	}
	return names
}

// OperatorOf is the operator of that name; nil if there is none.
func OperatorOf(name string) *Operator {
	i := slices.IndexFunc(Operators, func(o Operator) bool { return o.Name == name })
	if i < 0 {
		return nil
	}
	return &Operators[i]
}

// Compares is the type of value that an operator compares, whether its operand
// is written down or stands at a path.
func (o *Operator) Compares() Operand {
	switch {
	case strings.HasPrefix(o.Name, "String"):
		return OperandText
	case strings.HasPrefix(o.Name, "Numeric"):
		return OperandNumber
	case strings.HasPrefix(o.Name, "Timestamp"):
		return OperandTime
	}
	return OperandBoolean
}

// Logical are the operators that join conditions.
var Logical = terms("DG/choice-state", Documented, "And Or Not")
