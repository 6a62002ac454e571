package zis

import "github.com/zisdeploy/zis-deploy/internal/source"

// Condition is a Choice rule, or one that is nested in it, as far as it could
// be understood: what is wrong in it isn't repaired.
type Condition struct {
	Node     *source.Node
	Variable String
	Logic    string       // "And", "Or", "Not"; "" of a comparison
	Nested   []Condition  // of a Logic
	Tests    []Comparison // in source order; a right comparison has one
	Unknown  []*source.Node
}

// Comparison is an operator with its operand.
type Comparison struct {
	*Operator
	Node *source.Node // the operand
}

// Conditional reads a condition. Of several logical operators the first
// counts.
func Conditional(n *source.Node) Condition {
	c := Condition{Node: n}
	if !n.IsObject() {
		return c
	}
	for _, m := range n.Members {
		switch op := OperatorOf(m.Name); {
		case m.Name == "Variable":
			c.Variable = text(m)
		case op != nil:
			c.Tests = append(c.Tests, Comparison{op, m})
		case Logical.Has(m.Name):
			c.logic(m)
		case !ConditionFields.Has(m.Name):
			c.Unknown = append(c.Unknown, m)
		}
	}
	return c
}

func (c *Condition) logic(m *source.Node) {
	if c.Logic != "" {
		return
	}
	c.Logic = m.Name
	if m.Name == "Not" {
		c.Nested = []Condition{Conditional(m)}
		return
	}
	for _, n := range items(m) {
		c.Nested = append(c.Nested, Conditional(n))
	}
}

// All yields the condition and those nested in it that are objects, outer ones
// first.
func (c Condition) All(yield func(Condition) bool) { c.each(yield) }

func (c Condition) each(yield func(Condition) bool) bool {
	if !c.Node.IsObject() {
		return true
	}
	if !yield(c) {
		return false
	}
	for _, n := range c.Nested {
		if !n.each(yield) {
			return false
		}
	}
	return true
}

// Key is the member that tells a condition from others: its first operator,
// comparing or logical; the condition itself if it has none.
func (c Condition) Key() *source.Node {
	for _, m := range c.Node.Members {
		if OperatorOf(m.Name) != nil || Logical.Has(m.Name) {
			return m
		}
	}
	return c.Node
}

// Test is the comparison by that operator; nil if the condition has none.
func (c Condition) Test(operator string) *Comparison {
	for i := range c.Tests {
		if c.Tests[i].Name == operator {
			return &c.Tests[i]
		}
	}
	return nil
}
