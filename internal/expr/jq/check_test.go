package jq_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

func TestCheckAccepts(t *testing.T) {
	for _, program := range []string{
		".", ".a.b[0]", "..", "[.[] | select(.a == 1)] | length", `"a\(.b | "c\(.d)e")f"`,
		`def f($x; g): $x + x + g + f(1; 2); f(.a; .b)`,
		`. as [$a, {b: $b, $c, "d": [$d], ("e" + $a): $e}] | [$a, $b, $c, $d, $e]`,
		`. as {$a, b: [$c]} ?// [$a] | $a, $c`,
		`reduce .[] as [$k, $v] ({}; .[$k] = $v)`, `foreach .[] as $x (0; . + $x; [., $x])`,
		`label $out | foreach .[] as $i (0; . + $i; if . > 9 then ., break $out else . end)`,
		`{a, "b": 1, "c\(.d)": 2, (.e): 3, if: 4, end: 5, "f"}`,
		`. as $x | {$x, $__loc__, y: $ENV.HOME, z: env}`,
		`if .a then .b elif .c then .d end`, `try error("x") catch .`, `.a?, .b[]?, .["c"]?, .d[1:2], .d[:1], .d[1:]`,
		`@base64 "a\(.b)", @base32d, @json, (. | @html)`, `-(.a) + -1 - +2`, `.a //= 1 | .b |= . + 1 | .c += 2`,
		"# comment $x (\n.a # and ' more \\\n still a comment\n| .b",
		`input_line_number, ascii, toarray, keys_unsorted, leaf_paths, $__prog_args, debug("x")`,
		`def f: def g: 3; g; f | . as $x | (1 as $y | $y) | $x`,
		`[limit(3; range(10))] | map(tostring) | join(",") | test("\\d+"; "x")`,
		"module {name: \"a\", if: [1]}; .a",
	} {
		if _, errs := jq.Check(program); errs != nil {
			t.Errorf("%s: %+v", program, errs)
		}
	}
}

func TestCheckFinds(t *testing.T) {
	for _, tt := range []struct {
		program string
		want    string // kind "text at the place" message
	}{
		{"", `syntax "" the jq program gives nothing out`},
		{"def f: 1;", `syntax "def f: 1;" the jq program gives nothing out`},
		{".a |", `syntax "" the jq program ends too early`},
		{"if .a then 1 else if .b then 2 end ", `syntax "" the jq program ends too early`},
		{"[.a | map(.b] | .c", `syntax "]" unexpected "]" in the jq program`},
		{"[.a | map(.b)", `syntax "[" "[" is never closed`},
		{`"a\(.b"`, `syntax "\"" the string is never closed`},
		{`.a + "b`, `syntax "\"b" the string is never closed`},
		{`.a "x\(1)y"`, `syntax "\"" unexpected "\"" in the jq program`},
		{`test("\d+")`, `syntax "\\d" \d is no escape of a jq string`},
		{`"\(1)\u12"`, `syntax "\\u12" \u12 is no escape of a jq string`},
		{".a && .b", `syntax "&" unexpected "&" in the jq program`},
		{".a || .b", `syntax "|" unexpected "|" in the jq program`},
		{".a === .b", `syntax "=" unexpected "=" in the jq program`},
		{"{a: 'b'}", `syntax "'" unexpected "'" in the jq program`},
		{".a = 1é", `syntax "é" unexpected "é" in the jq program`},
		{".a = 12ab", `syntax "12a" unexpected "12a" in the jq program`},
		{".a | # }\n }", `syntax "}" unexpected "}" in the jq program`},
		{"{a: foo}", `unknown-function "foo" jq has no function foo/0`},
		{`.foo | "foo" | {foo: 1} | # foo` + "\n foo", `unknown-function "foo" jq has no function foo/0`},
		{"def foo: 1; foo | foo(2)", `unknown-function "foo" jq has no function foo/1`},
		{"(def g: 1; g) | g", `unknown-function "g" jq has no function g/0`},
		{"def f(g): g; g", `unknown-function "g" jq has no function g/0`},
		{`"$x \($x)"`, `unknown-variable "$x" nothing binds the variable $x here`},
		{"(. as $x | $x) | $x", `unknown-variable "$x" nothing binds the variable $x here`},
		{"reduce .[] as $x ($x; .)", `unknown-variable "$x" nothing binds the variable $x here`},
		{"{$x}", `unknown-variable "$x" nothing binds the variable $x here`},
		{"break $out", `unknown-label "$out" there is no label $out around this break`},
		{"(label $out | .) | break $out", `unknown-label "$out" there is no label $out around this break`},
		{"@base46", `unknown-format "@base46" jq has no format @base46`},
		{`import "a" as a; a::b`, `no-modules "import" there are no modules to import`},
		{"module {A: 0}; A", `unknown-function "A" jq has no function A/0`},
		{"module {}; def f: 1; A", `unknown-function "A" jq has no function A/0`},
		{"module {}; A; 1", `syntax ";" unexpected ";" in the jq program`},
		{`include "a"; b`, `no-modules "include" there are no modules to include`},
	} {
		_, errs := jq.Check(tt.program)
		if len(errs) != 1 {
			t.Errorf("%s: want one error, got %+v", tt.program, errs)
			continue
		}
		e := errs[0]
		got := fmt.Sprintf("%s %q %s", kinds[e.Kind], tt.program[e.Start:e.End], e.Message)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.program, diff)
		}
	}
}

// kinds are the names of the sorts of mistakes in this test.
var kinds = map[expr.ErrorKind]string{
	expr.Syntax: "syntax", expr.UnknownFunction: "unknown-function", expr.UnknownVariable: "unknown-variable",
	expr.UnknownLabel: "unknown-label", expr.UnknownFormat: "unknown-format", expr.NoModules: "no-modules", expr.Limit: "limit",
}

// The text of a name occurs before the place that is wrong.
func TestCheckPlaces(t *testing.T) {
	for program, want := range map[string][]int{
		"(. as $x | $x) | $x":             {17},
		"def f(g): g; .g, g":              {17},
		`"f \("f(" | .f)" | {f: f}, f(1)`: {23, 27},
		"a, b | a, c":                     {0, 3, 10},
		"(def g: 1; g) | g":               {16},
	} {
		var got []int
		_, errs := jq.Check(program)
		for _, e := range errs {
			got = append(got, e.Start)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", program, diff)
		}
	}
}

func TestCheckHelps(t *testing.T) {
	for program, want := range map[string]string{
		"lenght":                           `did you mean "length"?`,
		"map(.a; .b)":                      "map exists with this many arguments: 1",
		". as $ticket | $tiket":            `did you mean "$ticket"?`,
		"def clean: .; claen":              `did you mean "clean"?`,
		"[.a | map(.b]":                    `"(" is still open here`,
		".a && .b":                         `jq writes "and"`,
		".a || .b":                         `jq writes "or"`,
		".a === .b":                        `jq writes "==" and "!="`,
		"!.a":                              `jq negates with "| not"`,
		"if 1 then 2 else if 3 then 4 end": `every "if" needs its "end"; instead of "else if" write "elif"`,
	} {
		_, errs := jq.Check(program)
		if len(errs) != 1 || errs[0].Help != want {
			t.Errorf("%s: want help %q, got %+v", program, want, errs)
		}
	}
}

func TestCheckWithPlaceholders(t *testing.T) {
	for program, want := range map[string]string{
		`.comment | capture("(?<text>{{$.regex}})"; "gi")`:  "",
		`.statuses | index(["{{$.input.status}}"])`:         "",
		`.a == {{$.x}} and .b[{{N}}] == {{$.y}}.c`:          "",
		`{{{$.key}}: 1, {{K}}: {{$.v}}, a: {b: {{$.w}}}}`:   "",
		`.{{$.name}} | .field_{{$.id}} | .x{{N}}y | 1{{N}}`: "",
		`${{N}} | f_{{N}} | @{{N}} | g{{$.name}}h(1)`:       "",
		`{{$.program}}`:        "",
		`.a {{$.operator}} .b`: "",
		`{{F}}(.a)`:            "",
		`if {{$.cond}}`:        "",
		`"\{{$.x}}"`:           "",
		`"{{$.x}}" | lenght`:   "12-18",
		`.a + {{$.x}} | (.b`:   "15-16",
		`.a + "{{$.x}}" "b"`:   "15-18",
		`.a | {{$.x`:           "5-10",
		`.a | {{$.x..y}}`:      "10-12",
	} {
		var got strings.Builder
		_, errs := jq.Check(program)
		for _, e := range errs {
			got.WriteString(fmt.Sprintf("%d-%d", e.Start, e.End))
		}
		if got.String() != want {
			t.Errorf("%s: want errors at %q, got %q: %+v", program, want, got.String(), errs)
		}
	}
}

// None of these may take long, overflow the stack or flood the report.
func TestCheckHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads very long programs")
	}
	const n = 100_000
	for name, tt := range map[string]struct {
		program string
		errors  int
	}{
		"open parentheses":     {strings.Repeat("(", n), 1},
		"nested parentheses":   {strings.Repeat("(", n) + "." + strings.Repeat(")", n), 1},
		"nested arrays":        {strings.Repeat("[", n) + strings.Repeat("]", n), 1},
		"nested strings":       {strings.Repeat(`"\(`, n) + "." + strings.Repeat(`)"`, n), 1},
		"open strings":         {strings.Repeat(`"\(`, n), 1},
		"quotes":               {strings.Repeat(`"\("`, n), 1},
		"signs":                {strings.Repeat("-", n) + "1", 1},
		"tries":                {strings.Repeat("try ", n) + "1", 1},
		"nested definitions":   {strings.Repeat("def f:", 5000) + "." + strings.Repeat(";.", 5000), 0},
		"many definitions":     {strings.Repeat("def f:.;", n) + ".", 1},
		"some definitions":     {strings.Repeat("def f:.;", jq.MaxDefinitions) + ".", 0},
		"pipes":                {strings.Repeat(".|", n) + ".", 0},
		"sums":                 {strings.Repeat("1+", n) + "1", 0},
		"suffixes":             {strings.Repeat(".a", n), 0},
		"one variable":         {strings.Repeat(". as $x|", n) + "$x", 0},
		"elifs":                {"if 1 then 2 " + strings.Repeat("elif 3 then 4 ", n) + "end", 0},
		"labels":               {strings.Repeat("label $x|", n) + "break $x", 1},
		"one unknown":          {strings.Repeat("$x,", n) + "1", 1},
		"placeholders":         {strings.Repeat("{{N}}x,", n) + "1", 0},
		"open placeholders":    {strings.Repeat("{{$", n), expr.MaxErrors},
		"half placeholders":    {strings.Repeat("{{ a", n), 1},
		"too large":            {strings.Repeat(" ", jq.MaxBytes) + "1", 1},
		"nul":                  {".a\x00" + strings.Repeat("(", n), 0},
		"long name":            {strings.Repeat("a", n), 1},
		"nested destructuring": {". as " + strings.Repeat("[", n) + "$x" + strings.Repeat("]", n) + "|.", 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, errs := jq.Check(tt.program)
			if len(errs) != tt.errors {
				t.Errorf("want %d errors, got %d: %.200v", tt.errors, len(errs), errs)
			}
			for _, e := range errs {
				if len(e.Message)+len(e.Help) > 500 {
					t.Errorf("a message of %d bytes", len(e.Message)+len(e.Help))
				}
			}
		})
	}
	different := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String() + "1"
	}
	for format, want := range map[string]int{". as $x%d|": 0, "$x%d,": expr.MaxErrors, "f%d,": expr.MaxErrors, "{a:[$x%[1]d]}|": expr.MaxErrors} {
		if _, errs := jq.Check(different(format)); len(errs) != want {
			t.Errorf("%s: want %d errors, got %d", format, want, len(errs))
		}
	}
}

func TestResult(t *testing.T) {
	for program, want := range map[string]*jq.Shape{
		`.`:                           nil,
		`.a`:                          nil,
		`f | {a}`:                     nil, // jq has no function f
		`{"id": {{$.id}}}`:            nil, // whatever is filled in
		`{(.key): 1}`:                 nil,
		`{"a\(.b)": 1}`:               nil,
		`{a: 1} + .`:                  nil,
		`{a: 1}.a`:                    nil,
		`{a: 1}, {b: 2}`:              nil,
		`if . then {a: 1} else . end`: nil,
		`"text"`:                      {Kind: jq.Text},
		`[.list[] | {id}]`:            {Kind: jq.Array},
		`.a | tostring`:               {Kind: jq.Text},
		`.a | length`:                 {Kind: jq.Number},
		`.a == 1 and .b`:              {Kind: jq.Boolean},
		`.a // false`:                 nil,
		`def length: "a"; length`:     nil,
		`@uri "a\(.b)"`:               {Kind: jq.Text},
		`.x | {id, "b c": .b, $__loc__, d: {e: [1]}, f: (.f | {})}`: {Kind: jq.Object, Members: map[string]*jq.Shape{
			"id": nil, "b c": nil, "__loc__": nil, "d": {Kind: jq.Object, Members: map[string]*jq.Shape{"e": {Kind: jq.Array}}}, "f": {Kind: jq.Object, Members: map[string]*jq.Shape{}},
		}},
		`.x as $x | def f: 1; ({a: $x})`: {Kind: jq.Object, Members: map[string]*jq.Shape{"a": nil}},
	} {
		if got, _ := jq.Check(program); !cmp.Equal(want, got) {
			t.Errorf("%s: %s", program, cmp.Diff(want, got))
		}
	}
}
