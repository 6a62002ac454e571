package jq

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// Limits of one run of a jq program, so that none runs for ever.
const (
	MaxSteps  = 1_000_000       // operations of gojq's machine: about a tenth of a second
	MaxMemory = 64 << 20        // bytes by which the heap may grow meanwhile
	MaxOutput = 1000            // values that a program may give out
	MaxTime   = 5 * time.Second // for operations that take long in one step
)

// Why a run of a program was stopped, though nothing in it is wrong.
var (
	ErrSteps  = errors.New("the jq program takes more than a million steps")
	ErrTime   = errors.New("the jq program takes more than 5 seconds")
	ErrMemory = errors.New("the jq program takes more than 64 MiB of memory")
	ErrOutput = errors.New("the jq program gives out more than 1000 values")
	ErrBusy   = errors.New("too many jq programs before this one could not be stopped, and are still running")
)

// Program is a compiled program. It may be run by several goroutines at a time.
type Program struct{ code *gojq.Code }

// before makes what a program can learn of the machine come from the caller:
// the time is given, and so is the time zone.
var before = mustParse("def now: $__now; def localtime: gmtime; def strflocaltime(f): strftime(f); .")

// Compile compiles a program as it is sent to zis:common:transform:Jq, with
// nothing left to be filled in. Its mistakes are those of Check.
func Compile(program string) (*Program, []expr.Error) {
	if _, errs := Check(program); len(errs) > 0 {
		return nil, errs
	}
	query, err := gojq.Parse(program)
	if err != nil {
		return nil, asItIs(program).syntax(err)
	}
	guardProducts(program, query)
	query.FuncDefs = slices.Concat(before.FuncDefs, missing(program), query.FuncDefs)
	code, err := gojq.Compile(query, gojq.WithVariables([]string{"$__now"}), gojq.WithFunction(factors, 2, 2, fitting))
	if err != nil {
		return nil, []expr.Error{{Kind: expr.Syntax, End: len(program), Message: err.Error()}}
	}
	return &Program{code}, nil
}

// missing defines what a program names and gojq lacks.
func missing(program string) []*gojq.FuncDef {
	return slices.DeleteFunc(slices.Clone(definedHere()), func(d *gojq.FuncDef) bool { return !strings.Contains(program, d.Name) })
}

// asItIs looks at the text as it is, without taking anything in it for a
// placeholder.
func asItIs(program string) *checker {
	return &checker{text: program, tokens: lex(program)}
}

// Run gives data to the program and returns what it gives out. Numbers are
// json.Number on both sides, integers of any length exact. now is what the
// function now tells. An error is the program's, or one of Err…
//
// A single operation of gojq can't be interrupted. One that takes too long is
// left behind: Run returns, and the operation goes on until it ends by itself.
func (p *Program) Run(ctx context.Context, data any, now time.Time) ([]any, error) {
	const tries = 3 // what others allocate meanwhile looks like the program's own
	for n := 1; ; n++ {
		out, left, err := p.guarded(ctx, data, now)
		if left || n == tries || !errors.Is(err, ErrMemory) {
			return out, err
		}
	}
}

// values runs the program under a meter.
func (p *Program) values(m *meter, data any, now time.Time) ([]any, error) {
	seconds := float64(now.UnixNano()) / 1e9
	var out []any
	for iter := p.code.RunWithContext(m, data, seconds); ; {
		v, ok := iter.Next()
		if !ok {
			return out, nil
		}
		if err, isError := v.(error); isError {
			return nil, m.explain(err)
		}
		if len(out) == MaxOutput {
			return nil, ErrOutput
		}
		v, err := plain(v, new(int))
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// maxValues bounds a result: values that share their parts can be far larger
// when they are written than they are in memory.
const maxValues = 1_000_000

// plain writes the numbers of a result as json.Number.
func plain(v any, count *int) (any, error) {
	if *count++; *count > maxValues {
		return nil, ErrMemory
	}
	switch v := v.(type) {
	case string:
		*count += len(v) / 16
	case int:
		return json.Number(strconv.Itoa(v)), nil
	case *big.Int:
		return json.Number(v.String()), nil
	case float64:
		return number(v), nil
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			p, err := plain(item, count)
			if err != nil {
				return nil, err
			}
			list[i] = p
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, item := range v {
			p, err := plain(item, count)
			if err != nil {
				return nil, err
			}
			object[name] = p
		}
		return object, nil
	}
	return v, nil
}

// number writes a float as jq does: what is no number is null, and what is
// beyond the largest is the largest.
func number(f float64) any {
	if math.IsNaN(f) {
		return nil
	}
	text, err := gojq.Marshal(f)
	if err != nil {
		return nil
	}
	return json.Number(text)
}
