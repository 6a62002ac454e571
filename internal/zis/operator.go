package zis

import "slices"

// Operator is a comparison of a Choice rule.
type Operator struct {
	Name     string
	Operand  Operand
	Values   Operand // what it compares, also where the operand stands at a path; zero of IsPresent and IsNull
	Relation string  // Equals, LessThan, …; "" of IsPresent and IsNull
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
	fact := Fact{"DG/choice-state", Documented}
	relations := []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"}
	add := func(family string, values Operand, relations []string, paths ...string) {
		for _, r := range relations {
			list = append(list, Operator{family + r, values, values, r, fact})
			if slices.Contains(paths, r) {
				list = append(list, Operator{family + r + "Path", OperandPath, values, r, fact})
			}
		}
	}
	add("String", OperandText, relations, "Equals")
	add("Numeric", OperandNumber, relations, relations...)
	add("Boolean", OperandBoolean, relations[:1], "Equals")
	add("Timestamp", OperandTime, relations)
	return append(list, Operator{"IsPresent", OperandBoolean, "", "", fact}, Operator{"IsNull", OperandBoolean, "", "", fact})
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

// Logical are the operators that join conditions.
var Logical = terms("DG/choice-state", Documented, "And Or Not")
