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
		`"\(.[])"`: jq.Many, `@uri "a\(.b)"`: jq.One, "@text": jq.One, `capture("(?<a>b)")`: jq.One, `match("a"; "gi")`: jq.Many | jq.None, `match("a"; "i")`: jq.One,
		".[] | select(.a)": jq.Many | jq.None, ".a[] | select(.b) | .c": jq.Many | jq.None, ".[] | values": jq.Many | jq.None,
		"empty": jq.None, "select(.a)": jq.None, ".a | select(. != null) | .b": jq.None, ".a | values": jq.None, ".a // empty": jq.None,
		"if .a then .b else empty end": jq.None, "if .a then 1 elif .b then empty else 2 end": jq.None, "{a: (.b | strings)}": jq.None, ".a + empty": jq.None,
		"(.a | select(. > 1)) // 0": jq.One, "select(.a) // null": jq.One, "map(select(.a))": jq.One, "[empty]": jq.One, "isempty(empty)": jq.One, "del(.[] | select(.a))": jq.One,
		"first(.[] | select(.a))": jq.One, "limit(1; .[] | select(.a))": jq.One, "first(.[] | select(.a)) // null": jq.One, "limit(1; .[])": jq.One, "limit(2; .[])": jq.Many,
		".a[] |= .b": jq.One, "(.a | select(.b)) |= 1": jq.One, ".a[] += 1": jq.One, ".a = .b[]": jq.Many, ".a |= empty": jq.One,
	} {
		if _, got, errs := jq.Inspect(program); got != want || errs != nil {
			t.Errorf("%s gives %d (%v), want %d", program, got, errs, want)
		}
	}
}
