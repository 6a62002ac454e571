package jq_test

import (
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

func TestOutputs(t *testing.T) {
	for program, want := range map[string]jq.Outputs{
		".a": jq.One, ".a // .b": jq.One, "[.[] | .id]": jq.One, "map(.id)": jq.One, "first(.[])": jq.One, ".a[0]": jq.One,
		"reduce .[] as $x (0; . + $x)": jq.One, "{a: [.[]]}": jq.One, "if .a then 1 else 2 end": jq.One, "[.[] | select(.a)][0]": jq.One,
		".[]": jq.Many, ".a[]": jq.Many, ".a, .b": jq.Many, ".[] | .id": jq.Many, ".a | .[] | {id}": jq.Many, "{a: .[]}": jq.Many, "..": jq.Many,
		"(.a[] | .b)": jq.Many, "if .a then .b[] else 1 end": jq.Many, "range(3)": jq.Many, ".[] + 1": jq.Many, ".a as $x | .[]": jq.Many,
		`"\(.[])"`: jq.Many, `@uri "a\(.b)"`: jq.One, "@text": jq.One, `capture("(?<a>b)")`: jq.One, `match("a"; "gi")`: jq.Maybe, `match("a"; "i")`: jq.One,
		".[] | select(.a)": jq.Maybe, ".a[] | select(.b) | .c": jq.Maybe, ".[] | values": jq.Maybe,
	} {
		if _, got, errs := jq.Inspect(program); got != want || errs != nil {
			t.Errorf("%s gives %d (%v), want %d", program, got, errs, want)
		}
	}
}
