package jq

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"runtime/metrics"
	"strconv"
	"time"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// Limits of one run of a jq program, so that none runs for ever: the longest
// program of a public bundle takes some thousand steps.
const (
	MaxSteps  = 1_000_000       // operations of gojq's machine: about a tenth of a second
	MaxMemory = 64 << 20        // bytes by which the heap may grow meanwhile
	MaxOutput = 1000            // values that a program may give out
	maxTime   = 5 * time.Second // for operations that take long in one step
)

// Why a run of a program was stopped, though nothing in it is wrong.
var (
	ErrSteps  = errors.New("the jq program takes more than a million steps")
	ErrTime   = errors.New("the jq program takes more than 5 seconds")
	ErrMemory = errors.New("the jq program takes more than 64 MiB of memory")
	ErrOutput = errors.New("the jq program gives out more than 1000 values")
)

// Program is a compiled program. It may be run by several goroutines at a time.
type Program struct{ code *gojq.Code }

// prelude makes what a program can learn of the machine come from the caller:
// the time is given, and so is the time zone.
const prelude = "def now: $__now; def localtime: gmtime; def strflocaltime(f): strftime(f); ."

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
	before, err := gojq.Parse(prelude)
	if err != nil {
		panic(err) // a constant
	}
	query.FuncDefs = append(before.FuncDefs, query.FuncDefs...)
	code, err := gojq.Compile(query, gojq.WithVariables([]string{"$__now"}))
	if err != nil {
		return nil, []expr.Error{{Kind: expr.Syntax, End: len(program), Message: err.Error()}}
	}
	return &Program{code}, nil
}

// asItIs looks at the text as it is, without taking anything in it for a
// placeholder.
func asItIs(program string) *checker {
	return &checker{text: program, tokens: lex(program)}
}

// Run gives data to the program and returns what it gives out. Numbers are
// json.Number on both sides, integers of any length exact. now is what the
// function now tells. An error is the program's, or one of Err…
func (p *Program) Run(ctx context.Context, data any, now time.Time) ([]any, error) {
	m := &meter{Context: ctx, began: time.Now(), heap: heap()}
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

// meter is a context that ends after so many steps: gojq asks Done before
// each of them.
type meter struct {
	context.Context
	steps   int
	began   time.Time
	heap    uint64
	growing bool
	failed  error
}

var ended = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done counts a step. Memory is looked at often, because ten steps can double
// it, and the clock seldom.
func (m *meter) Done() <-chan struct{} {
	m.steps++
	switch {
	case m.failed != nil:
	case m.steps > MaxSteps:
		m.failed = ErrSteps
	case (m.steps%32 == 0 || m.growing && m.steps%4 == 0) && m.grown() > MaxMemory:
		m.failed = ErrMemory
	case m.steps%4096 == 0 && m.Context.Err() != nil:
		m.failed = context.Cause(m.Context)
	case m.steps%4096 == 0 && time.Since(m.began) > maxTime:
		m.failed = ErrTime
	default:
		return nil
	}
	return ended
}

// grown is by how much the heap has grown. Where it is more than a little, the
// next step is looked at as well.
func (m *meter) grown() uint64 {
	const little = 8 << 20
	now := heap()
	if now < m.heap {
		m.heap = now // others have let go of theirs
	}
	m.growing = now-m.heap > little
	return now - m.heap
}

func (m *meter) Err() error { return m.failed }

func (m *meter) explain(err error) error {
	if m.failed != nil {
		return m.failed
	}
	if halt, ok := errors.AsType[*gojq.HaltError](err); ok {
		return fmt.Errorf("the program halts: %w", halt)
	}
	return err
}

// heap is how many bytes the living and the not yet swept objects take.
func heap() uint64 {
	sample := [1]metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
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
