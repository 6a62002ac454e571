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

// TestRunLeavesItsDataAlone because a run's data is shared.
func TestRunLeavesItsDataAlone(t *testing.T) {
	data := []any{json.Number("3"), json.Number("1"), map[string]any{"a": json.Number("2")}}
	before := fmt.Sprint(data)
	p, _ := jq.Compile(`sort, (.[2].a = 5), (.[2] |= with_entries(.value = 7)), del(.[0]), (.[0] += 1) | tojson`)
	if _, err := p.Run(t.Context(), data, time.Time{}); err != nil || fmt.Sprint(data) != before {
		t.Errorf("%v: %v was %s", err, data, before)
	}
}
