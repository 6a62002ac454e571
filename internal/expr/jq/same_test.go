package jq_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

// TestSameAsJq compares what programs give out here with what jq says, on
// programs of the kinds that bundles have. Numbers are small: jq before 1.7
// has no others. What differs is told in docs/testing.md.
func TestSameAsJq(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs in one goroutine for long")
	}
	command, err := exec.LookPath("jq")
	if err != nil {
		if os.Getenv("ZIS_TEST_JQ") != "" {
			t.Fatal(err)
		}
		t.Skip("there is no jq on this machine (apt-get install jq)")
	}
	const data = `{"a":[3,1,2],"b":"x-1","c":null,"o":{"k":1,"l":[{"n":"p","v":2.5},{"n":"q","v":-1}]},"t":"2026-01-02T03:04:05Z","e":"","u":"é😀","f":false}`
	for _, program := range []string{
		".", ".a", ".zz", ".o.l[0].n", ".o.l[].v", ".a[-1]", ".a[1:]", ".u[1:]", ".o.l | length", ".c.d.e",
		".a | sort", ".a | unique | reverse", ".a | add / length", ".a | min, max", ".a | map(. * 2)", ".a | index(1)", ".a | contains([1])", ".a | any(. > 2), all(. > 2)",
		".o.l | map(select(.v > 0))", ".o.l | map({(.n): .v}) | add", ".o.l | sort_by(.v) | .[0].n", ".o.l | group_by(.v > 0) | length", ".o.l | from_entries?", "[.o.l[] | {key: .n, value: .v}] | from_entries",
		".o | to_entries | map(.key)", ".o | keys", ".o | has(\"k\"), has(\"z\")", ".o | del(.l)", ".o | with_entries(select(.key == \"k\"))", ".o * {l: 1}", ".o + {m: 2}",
		".b | split(\"-\")", ".b | test(\"^X-\"; \"i\")", ".b | capture(\"(?<p>[a-z]+)-(?<n>[0-9]+)\")", ".b | gsub(\"[0-9]\"; \"<\\(.)>\")", ".b | sub(\"x\"; \"y\")", ".b | ascii_upcase", ".b | ltrimstr(\"x-\") | tonumber", ".b | startswith(\"x\"), endswith(\"x\")", ".b | length, utf8bytelength", ".b | explode | implode", "\"\\(.b) and \\(.a) \\(.c)\"", ".u | length", ".u | @uri", ".b | @base64 | ., @base64d", ".a | @csv, @json, @text", ".o | tojson | fromjson", ".e | tonumber? // \"none\"", ".b * 3",
		".c // \"default\"", ".f // 1", ".a[] // 0", "(.zz // empty)", "[.c, .f] | map(not)", "if .f then 1 elif .b == \"x-1\" then 2 else 3 end", "if .c then 1 else 2 end",
		".t | fromdateiso8601", ".t | fromdateiso8601 | todate", ".t | strptime(\"%Y-%m-%dT%H:%M:%SZ\") | mktime", "0 | strftime(\"%Y-%m-%d\")", "1700000000 | todate", ".t | sub(\"T.*\"; \"\")",
		"reduce .a[] as $x (0; . + $x)", "[foreach .a[] as $x (0; . + $x)]", "[limit(2; .a[])]", "first(.a[]), last(.a[])", "[range(3)], [range(1; 10; 4)]", "[.a[] as $x | .o.l[] | .v + $x]", ". as {a: [$x, $y]} | $x + $y", "def f(g): g | g; 3 | f(. * 2)", "[.[] | type] | sort", "keys_unsorted | sort", "[.o | recurse_down] | length", "debug | .a", ".c | stderr", "[paths] | length", "[leaf_paths] | length", "[.. | numbers]", "getpath([\"o\", \"l\", 1, \"v\"])", "setpath([\"o\", \"k\"]; 9) | .o.k", "to_entries[0].key", "[recurse(if . < 3 then . + 1 else empty end)?]", "[splits(\"-\")?]", ".b | [splits(\"-\")]", ".a | flatten | tostring", "[.a, [4]] | flatten", "[[1, 2], [3]] | transpose", ".a | indices(1)", "[.a | combinations?] | length", "walk(if type == \"number\" then . + 1 else . end) | .a", "env | type", "$ENV | type", "now | type", "[1, [2]] | tojson", "{} | .a.b.c = 1", ".a |= map(. + 1) | .a", ".a[0] += 10 | .a", "del(.a[0, 1]) | .a", "1 / 3 | . * 3", "10 % 3, -10 % 3", "pow(2; 10), sqrt", "5 | floor, sqrt", "3.7 | floor, ceil, round", "infinite | isinfinite", "[nan] | sort", "1e3, 1.0, 100", "\"a\" < \"b\", [1] < [2], null < false", "try error(\"x\") catch .", "try (.b | tonumber) catch \"no number\"", ".a | .[\"x\"]?", "error", ".b.c", ".a.b", "{} + 1", "[] | first", "[] | add", "[] | max", "null | length", "@html \"<\\(.b)&\"", "@sh \"echo \\(.b)\"", "tojson | length", "ascii_downcase", "splits(1)",
	} {
		same(t, command, program, data)
	}
}

// same compares one program on data that is JSON.
func same(t *testing.T, command, program, data string) {
	t.Helper()
	decode := func(text []byte) (list []any) {
		in := json.NewDecoder(bytes.NewReader(text))
		for {
			var v any // numbers as numbers: 1.0 and 1 are one
			if in.Decode(&v) != nil {
				return list
			}
			list = append(list, v)
		}
	}
	cmd := exec.CommandContext(t.Context(), command, "-c", program)
	cmd.Stdin = strings.NewReader(data)
	out, theirs := cmd.Output()
	compiled, errs := jq.Compile(program)
	if len(errs) > 0 {
		t.Errorf("%s: %v", program, errs)
		return
	}
	in := json.NewDecoder(strings.NewReader(data))
	in.UseNumber()
	var v any
	if err := in.Decode(&v); err != nil {
		t.Fatal(err)
	}
	given, ours := compiled.Run(t.Context(), v, time.Unix(0, 0))
	if (ours == nil) != (theirs == nil) {
		t.Errorf("%s: %v here, %v by jq", program, ours, theirs)
	}
	if ours != nil || theirs != nil {
		return
	}
	var text []byte
	for _, one := range given {
		line, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, line...), '\n')
	}
	have, _ := json.Marshal(decode(text))
	want, _ := json.Marshal(decode(out))
	if !bytes.Equal(have, want) {
		t.Errorf("%s gives %s here, %s by jq", program, have, want)
	}
}
