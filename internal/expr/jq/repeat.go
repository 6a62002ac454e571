package jq

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/itchyny/gojq"
)

// A text times a number is the one operation that makes much of little in a
// single step, which nothing can interrupt: "x" * 1e9. So what is multiplied is
// looked at before: L * R becomes __factors(L; R) | .[0] * .[1].

const factors = "__factors"

// product multiplies what __factors has let pass.
var product = mustParse(".[0] * .[1]")

// byFactor is A *= B, where B is a variable already.
var byFactor = mustParse(factors + "(.; $__factor) | .[0] * .[1]")

func mustParse(program string) *gojq.Query {
	q, err := gojq.Parse(program)
	if err != nil {
		panic(err) // a constant of ours
	}
	return q
}

// guardProducts changes the products of a program.
func guardProducts(program string, q *gojq.Query) {
	if strings.Contains(program, "*") || strings.Contains(program, "_multiply") {
		eachQuery(reflect.ValueOf(q), guardProduct)
	}
}

func guardProduct(q *gojq.Query) {
	switch {
	case q.Op == gojq.OpMul:
		q.Left, q.Right, q.Op = call(factors, q.Left, q.Right), product, gojq.OpPipe
	case q.Op == gojq.OpUpdateMul:
		modify := &gojq.Query{Left: q.Left, Op: gojq.OpModify, Right: byFactor}
		q.Left, q.Right, q.Op, q.Patterns = q.Right, modify, gojq.OpPipe, []*gojq.Pattern{{Name: "$__factor"}}
	case q.Term != nil && q.Term.Func != nil && q.Term.Func.Name == "_multiply" && len(q.Term.Func.Args) == 2:
		q.Term.Type, q.Term.Func, q.Term.Query = gojq.TermTypeQuery, nil, &gojq.Query{Left: call(factors, q.Term.Func.Args...), Op: gojq.OpPipe, Right: product}
	}
}

func call(name string, args ...*gojq.Query) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name, Args: args}}}
}

// eachQuery visits the queries of a program, the inner ones first.
func eachQuery(v reflect.Value, visit func(*gojq.Query)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		eachQuery(v.Elem(), visit)
		if q, ok := v.Interface().(*gojq.Query); ok {
			visit(q)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			eachQuery(field, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachQuery(v.Index(i), visit)
		}
	}
}

// fitting is the function __factors: both of its arguments, if their product
// isn't a text beyond all measure.
func fitting(_ any, args []any) any {
	l, r := args[0], args[1]
	text, isText := l.(string)
	n, isNumber := gojq.ToFloat64(r)
	if !isText {
		text, isText = r.(string)
		n, isNumber = gojq.ToFloat64(l)
	}
	if isText && isNumber && float64(len(text))*n > MaxMemory {
		return fmt.Errorf("%w: a text of %d bytes, %g times", ErrMemory, len(text), n)
	}
	return []any{l, r}
}
