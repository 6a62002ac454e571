package jq_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

func TestRun(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	data := map[string]any{"n": json.Number("12345678901234567890"), "f": json.Number("1.10"), "l": []any{"a", nil, true}}
	for _, tt := range []struct{ program, want string }{
		{".n", "[12345678901234567890]"},
		{".f", "[1.10]"},
		{".l[]", "[a <nil> true]"},
		{".f + 1", "[2.1]"},
		{"1e1000", "[1.7976931348623157e+308]"},
		{"nan", "[<nil>]"},
		{"now | todate", "[2026-01-02T03:04:05Z]"},
		{"now | localtime | mktime", "[1767323045]"},
		{"0 | strflocaltime(\"%H %Z\")", "[00 UTC]"},
		{"def now: 7; now", "[7]"},
		{"$ENV | length", "[0]"},
		{"empty", "[]"},
		{"[(1,2) * (3,4)] | tojson", "[[3,6,4,8]]"},
		{`65 | ascii, ([1] | toarray[0]), ({a: [1]} | [leaf_paths] | tojson), (2 | pow10), debug("x")`, `[A 1 [["a",0]] 100 65]`},
		{`"ab" * 2, 2 * "ab", "ab" * 0, "ab" * -1, 1.5 * "ab"`, "[abab abab  <nil> ab]"},
		{`{a:{b:1}} * {a:{c:2}} | tojson`, `[{"a":{"b":1,"c":2}}]`},
		{`[.l[0] *= (2,3) | .l[0]] | tojson`, `[["aa","aaa"]]`},
		{`.n * 10`, "[123456789012345678900]"},
		{`[2 * 3 * 4 + 1, -(2 * 3), ([1,2] | map(. * .)), _multiply(2; 3)] | tojson`, "[[25,-6,[1,4],6]]"},
		{`"\(2 * 3)" as $x | reduce (1 * 2, 3) as $y ($x; . + "\($y * 2)")`, "[646]"},
		{`try ({} * 2) catch "no"`, "[no]"},
		{`def f($a): $a * 2; f(3 * 1)`, "[6]"},
	} {
		p, errs := jq.Compile(tt.program)
		if len(errs) > 0 {
			t.Errorf("%s: %v", tt.program, errs)
			continue
		}
		out, err := p.Run(t.Context(), data, now)
		if err != nil || fmt.Sprint(out) != tt.want {
			t.Errorf("%s gives %v, %v; want %s", tt.program, out, err, tt.want)
		}
	}
}

func TestRunStops(t *testing.T) {
	ended, end := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	end(mine)
	for _, tt := range []struct {
		program string
		ctx     context.Context
		want    error
	}{
		{"last(range(1e12))", t.Context(), jq.ErrSteps},
		{"def f: f; f", t.Context(), jq.ErrSteps},
		{"repeat(1)", t.Context(), jq.ErrOutput},
		{`reduce range(60) as $i ("xxxxxxxxxxxxxxxx"; .+.) | length`, t.Context(), jq.ErrMemory},
		{"reduce range(40) as $i (1; [.,.])", t.Context(), jq.ErrMemory},
		{"last(range(1e12))", ended, mine},
		{`"x" * 1e9 | length`, t.Context(), jq.ErrMemory},
		{`1e9 * "x" | length`, t.Context(), jq.ErrMemory},
		{`{a: "x"} | .a *= 1e9`, t.Context(), jq.ErrMemory},
		{`_multiply("x"; 1e9)`, t.Context(), jq.ErrMemory},
		{`"\("x" * 1e9)"`, t.Context(), jq.ErrMemory},
		{`["x" * 1e9?]`, t.Context(), jq.ErrMemory},
	} {
		p, errs := jq.Compile(tt.program)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if _, err := p.Run(tt.ctx, nil, time.Time{}); !errors.Is(err, tt.want) {
			t.Errorf("%s ends with %v, want %v", tt.program, err, tt.want)
		}
	}
}

// TestRunLeavesBehind runs single operations that nothing can interrupt: Run
// ends long before they do. Each ends by itself after a while, so that the
// tests after it have the machine.
func TestRunLeavesBehind(t *testing.T) {
	defer jq.Hurry(50 * time.Millisecond)()
	for _, program := range []string{
		"def f: reduce range(25) as $i (1; [.,.]); f == f",
		`("x" * 1e4 | explode) as $a | ("y" * 1e4 | explode) as $b | $a - $b | length`,
		`[range(150) | "x" * 1e6] | join("") | length`,
		"reduce range(24) as $i (1; [.,.]) | tojson | length",
		"reduce range(22) as $i (1; [.,.]) | flatten | length",
	} {
		p, errs := jq.Compile(program)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if out, err := p.Run(t.Context(), nil, time.Time{}); !errors.Is(err, jq.ErrTime) && !errors.Is(err, jq.ErrMemory) {
			t.Errorf("%s gives %v, %v", program, out, err)
		}
		for jq.Left() > 0 {
			time.Sleep(time.Millisecond)
		}
	}
}

// TestRunLeavesItsDataAlone because a run's data is shared.
func TestRunLeavesItsDataAlone(t *testing.T) {
	data := []any{json.Number("3"), json.Number("1"), map[string]any{"a": json.Number("2")}}
	before := fmt.Sprint(data)
	p, _ := jq.Compile(`sort, (.[2].a = 5), (.[2] |= with_entries(.value = 7)), del(.[0]), (.[0] += 1) | tojson`)
	if _, err := p.Run(t.Context(), data, time.Time{}); err != nil || fmt.Sprint(data) != before {
		t.Errorf("%v: %v was %s", err, data, before)
	}
}
