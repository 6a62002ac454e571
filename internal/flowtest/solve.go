package flowtest

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// atom is one comparison of a Choice.
type atom struct {
	variable jq.Path
	operator string
	operand  any
	other    jq.Path // of an operator that ends in Path
}

// atoms are the comparisons of a rule, in order.
func atoms(n *source.Node) []atom {
	var list []atom
	if text, ok := n.Get("Variable").Text(); ok {
		if p, ok := steps(text); ok {
			list = append(list, atomOf(n, p))
		}
	}
	for _, name := range []string{"And", "Or", "Not"} {
		in := n.Get(name)
		if in.IsObject() {
			list = append(list, atoms(in)...)
		} else if in != nil {
			for _, m := range in.Members {
				list = append(list, atoms(m)...)
			}
		}
	}
	return list
}

func atomOf(n *source.Node, variable jq.Path) atom {
	a := atom{variable: variable}
	for _, m := range n.Members {
		if m.Name == "Variable" || m.Name == "Next" || m.Name == "Comment" {
			continue
		}
		a.operator, a.operand = m.Name, m.Value
		if text, ok := m.Text(); ok && strings.HasSuffix(m.Name, "Path") {
			a.other, _ = steps(text)
		}
	}
	return a
}

// against is what the variable is compared with.
func (a atom) against(data any) any {
	if a.other != nil {
		return at(data, a.other)
	}
	return a.operand
}

// ground is a value of the other path with which the variable can be compared;
// nil if what is there will do.
func (a atom) ground(data any) any {
	if a.other == nil {
		return nil
	}
	_, isNumber := at(data, a.other).(json.Number)
	_, isText := at(data, a.other).(string)
	_, isTruth := at(data, a.other).(bool)
	switch {
	case strings.HasPrefix(a.operator, "Numeric") && !isNumber:
		return json.Number("5")
	case strings.HasPrefix(a.operator, "String") && !isText:
		return "text"
	case strings.HasPrefix(a.operator, "Boolean") && !isTruth:
		return true
	}
	return nil
}

// values are what the variable of a comparison may be, so that it turns out in
// each way: the operand and its neighbours, nothing, and another kind. The
// first makes it true, as a rule.
func (a atom) values(operand any) []any {
	switch v := operand.(type) {
	case json.Number:
		list := []any{v, beside(v, 1), beside(v, -1), absent{}}
		if strings.Contains(a.operator, "Less") && !strings.Contains(a.operator, "Equals") {
			list[0], list[2] = list[2], list[0]
		} else if strings.Contains(a.operator, "Greater") && !strings.Contains(a.operator, "Equals") {
			list[0], list[1] = list[1], list[0]
		}
		return list
	case bool:
		if a.operator == "IsPresent" || a.operator == "IsNull" {
			return present(a.operator, v)
		}
		return []any{v, !v, nil, absent{}}
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil && strings.HasPrefix(a.operator, "Timestamp") {
			return []any{v, t.Add(time.Hour).Format(time.RFC3339), t.Add(-time.Hour).Format(time.RFC3339), nil, absent{}}
		}
		return []any{v, v + "x", "", strings.ToUpper(v), nil, absent{}}
	}
	return []any{"text", json.Number("1"), true, nil, absent{}}
}

func present(operator string, truth bool) []any {
	there := []any{"text", json.Number("1"), map[string]any{}}
	if operator == "IsPresent" == truth {
		return append(there, nil, absent{})
	}
	return append([]any{nil, absent{}}, there...)
}

// beside is a number and what is added to it.
func beside(n json.Number, add int64) json.Number {
	r, ok := new(big.Rat).SetString(string(n))
	if !ok || len(n) > 40 {
		return "0"
	}
	r.Add(r, big.NewRat(add, 1))
	if r.IsInt() {
		return json.Number(r.Num().String())
	}
	f, _ := r.Float64()
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
}

// relation names how a comparison came out, finer than true or false: a
// mistaken operator shows at the edge.
func (a atom) relation(data any) string {
	operand := a.against(data)
	switch v := at(data, a.variable).(type) {
	case absent:
		return "missing"
	case nil:
		return "null"
	case json.Number:
		if w, ok := operand.(json.Number); ok {
			x, _ := new(big.Rat).SetString(string(v))
			y, _ := new(big.Rat).SetString(string(w))
			if x != nil && y != nil {
				return strconv.Itoa(x.Cmp(y))
			}
		}
	case string:
		if w, ok := operand.(string); ok {
			return strconv.Itoa(strings.Compare(v, w))
		}
	case bool:
		return strconv.FormatBool(v)
	}
	return "another kind"
}

var threeDigits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b[345]\d\d\b`) })

// statuses are the bad statuses that a text speaks of.
func statuses(text string) []int {
	var list []int
	for _, found := range threeDigits().FindAllString(text, 8) {
		n, _ := strconv.Atoi(found)
		list = append(list, n)
	}
	return list
}

// candidates are values that may matter to a program.
func candidates(access jq.Access, wanted any) []any {
	list := []any{wanted, "text", json.Number("1"), true, nil, "1", []any{"text"}}
	for _, v := range access.Values[:min(len(access.Values), maxPaths)] {
		list = append(list, v)
		if text, ok := v.(string); ok {
			list = append(list, []any{text}, upright(text))
		}
		if n, ok := v.(json.Number); ok {
			list = append(list, beside(n, 1))
		}
	}
	var once []any
	for _, v := range list {
		if _, gone := v.(absent); gone {
			continue
		}
		if !slices.ContainsFunc(once, func(o any) bool { return sameValue(o, v) }) {
			once = append(once, v)
		}
	}
	return once
}

// upright is a text that a simple pattern may match.
func upright(pattern string) string {
	return strings.Trim(regexp.MustCompile(`\(\?<\w+>|[\\^$()*+?|\[\]]`).ReplaceAllString(pattern, ""), " ")
}

func sameValue(a, b any) bool {
	switch a.(type) {
	case absent:
		_, ok := b.(absent)
		return ok
	case []any, map[string]any:
		return false
	}
	switch b.(type) {
	case []any, map[string]any, absent:
		return false
	}
	return a == b
}
