package lint

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var choiceOrderRules = []Rule{
	{
		ID: "unreachable-rule", Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/choice-state: rules are tried in their order, the first that is true wins",
		Summary: "a rule of a Choice can never be the first that is true",
		State:   unreachableRules,
	},
}

// unreachableRules finds rules that an earlier one includes: the same
// condition again, or a number range within an earlier one.
func unreachableRules(p *Pass, s *zis.State) {
	if s.Type.Value != zis.StateChoice || len(s.Choices) < 2 {
		return
	}
	seen := make(map[string]*source.Node, len(s.Choices))
	ranges := map[bound]limit{}
	for _, c := range s.Choices {
		key := conditionKey(c.Node)
		before := seen[key]
		if before == nil && key != "" {
			seen[key] = c.Node
		}
		if before == nil {
			before = cmp.Or(within(ranges, c.Node), partOf(seen, c.Condition))
		}
		if before == nil || !c.Node.IsObject() {
			continue
		}
		p.AtKey(c.Key(), "remove it, or put it before the other", "the rule is never reached: an earlier one is true whenever it is")
		p.Related(before, "the earlier one")
	}
}

// partOf is an earlier rule that is one of the conditions which And joins, or
// that asks whether what a comparison needs is there.
func partOf(seen map[string]*source.Node, c zis.Condition) *source.Node {
	for _, n := range c.Nested {
		if c.Logic != "And" {
			break
		}
		if before := cmp.Or(seen[conditionKey(n.Node)], isThere(seen, n)); before != nil {
			return before
		}
	}
	return isThere(seen, c)
}

// isThere is an earlier rule that is true wherever the variable of a comparison
// is there: without it the comparison is false.
func isThere(seen map[string]*source.Node, c zis.Condition) *source.Node {
	if c.Logic != "" || len(c.Tests) != 1 || c.Test("IsPresent") != nil || c.Test("IsNull") != nil {
		return nil
	}
	return seen[presentKey(c.Variable.Value)]
}

// presentKey is the key of the condition that a variable is there.
func presentKey(variable string) string {
	var b strings.Builder
	writeText(&b, "IsPresent")
	b.WriteString("true,")
	writeText(&b, "Variable")
	writeText(&b, variable)
	b.WriteString(",;")
	return b.String()
}

// conditionKey writes a condition without where it leads; equal ones are
// equal. "" for what can't be compared.
func conditionKey(n *source.Node) string {
	const usual = 128
	var b strings.Builder
	b.Grow(usual)
	writeCondition(&b, n)
	return b.String()
}

func writeCondition(b *strings.Builder, n *source.Node) {
	switch {
	case n.IsObject():
		members := slices.Clone(n.Members)
		slices.SortFunc(members, byName)
		for _, m := range members {
			if m.Name != "Next" && m.Name != "Comment" {
				writeText(b, m.Name)
				writeCondition(b, m)
			}
		}
		b.WriteByte(';')
	case n.IsArray():
		for _, m := range n.Members {
			writeCondition(b, m)
		}
		b.WriteByte(']')
	default:
		switch v := n.Value.(type) {
		case string:
			writeText(b, v)
		case json.Number:
			b.WriteString(v.String())
		case bool:
			b.WriteString(strconv.FormatBool(v))
		default:
			b.WriteString("null")
		}
		b.WriteByte(',')
	}
}

// writeText writes a text so that nothing in it looks like what follows.
func writeText(b *strings.Builder, s string) {
	b.WriteString(strconv.Itoa(len(s)))
	b.WriteByte(':')
	b.WriteString(s)
}

func byName(a, b *source.Node) int { return strings.Compare(a.Name, b.Name) }

// bound is one end of a number range of a variable.
type bound struct {
	variable string
	upper    bool
}

// limit is the widest range of that end so far.
type limit struct {
	number float64
	equal  bool // the number itself is in the range
	node   *source.Node
}

// within returns the earlier rule whose number range holds that of n, and
// notes the range of n.
func within(ranges map[bound]limit, n *source.Node) *source.Node {
	variable, ok := n.Get("Variable").Text()
	if !ok {
		return nil
	}
	for _, m := range n.Members {
		upper, equal, ok := numberRange(m.Name)
		number, isNumber := m.Value.(json.Number)
		if !ok || !isNumber {
			continue
		}
		f, _ := number.Float64()
		if m.Name == "NumericEquals" {
			return holds(ranges, variable, f)
		}
		key := bound{variable, upper}
		before, found := ranges[key]
		if found && includes(before, f, equal, upper) {
			return before.node
		}
		ranges[key] = limit{f, equal, n}
	}
	return nil
}

func numberRange(operator string) (upper, equal, ok bool) {
	switch operator {
	case "NumericLessThan":
		return true, false, true
	case "NumericLessThanEquals":
		return true, true, true
	case "NumericGreaterThan":
		return false, false, true
	case "NumericGreaterThanEquals":
		return false, true, true
	case "NumericEquals":
		return false, true, true
	}
	return false, false, false
}

func includes(before limit, number float64, equal, upper bool) bool {
	if number == before.number {
		return before.equal || !equal
	}
	return number < before.number == upper
}

// holds returns an earlier rule whose range has the number in it.
func holds(ranges map[bound]limit, variable string, number float64) *source.Node {
	for _, upper := range []bool{true, false} {
		if before, ok := ranges[bound{variable, upper}]; ok && includes(before, number, true, upper) {
			return before.node
		}
	}
	return nil
}
