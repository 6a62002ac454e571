package jq_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/itchyny/gojq"

	"github.com/zisdeploy/zis-deploy/internal/expr"
	"github.com/zisdeploy/zis-deploy/internal/expr/jq"
)

func inside(t *testing.T, s string, errs []expr.Error) {
	t.Helper()
	if len(errs) > expr.MaxErrors {
		t.Errorf("%d errors in %q", len(errs), s)
	}
	for _, e := range errs {
		if e.Start < 0 || e.Start > e.End || e.End > len(s) || e.Kind == 0 || e.Message == "" {
			t.Errorf("%q has %+v", s, e)
		}
	}
}

// FuzzCheck asks gojq's parser and compiler about the same program.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		".a | map(.b) | {c: 1, if: 2, \"d\\(.e)\": $x}", "def f($x; g): g; f(1; .)", ". as [$a, {b: $b}] ?// $a | $a",
		"reduce .[] as $x ($x; . + $x)", "label $f | break $f, break $g", "@base64 \"a\\(.b)\"", "\"\\d\"", "\"a", "[(", "# x\\\n.",
		"1 as $x | 2 as $y | [$x, $y, $__loc__]", ".a + {{$.b}} | .{{N}}", "import \"a\" as a; .", "module {a: 1}; .", "try error catch .", "1.e5 .. .5 1a",
		"if . then 1 elif 2 then 3 else 4 end", "a::b(1)", ".[1:2]?[]", "$ENV | input | _plus(1; 2)", "{(1): 2 | 3, $x: 4}", "\x00", "\"\x00\\ ", "é", "\"\\u12", "def f: def g: f; g;",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, program string) {
		_, errs := jq.Check(program)
		inside(t, program, errs)
		if strings.Contains(program, "{{") || len(program) > 10_000 || !utf8.ValidString(program) {
			return
		}
		query, err := gojq.Parse(program)
		if syntax := len(errs) == 1 && errs[0].Kind == expr.Syntax; err != nil {
			pe, ok := errors.AsType[*gojq.ParseError](err)
			if !syntax || ok && pe.Token != "" && pe.Token != "\x00" && errs[0].End != pe.Offset {
				t.Errorf("%q: gojq says %v at %d, we say %+v", program, err, pe.Offset, errs)
			}
			return
		}
		_, err = gojq.Compile(query)
		errs = slices.DeleteFunc(errs, func(e expr.Error) bool { return e.Kind == expr.UnknownFormat })
		if (err != nil) != (len(errs) > 0) && !knownBetter(err) {
			t.Errorf("%q: gojq says %v, we say %+v", program, err, errs)
		}
	})
}

// knownBetter tells whether gojq misses something that some jq has.
func knownBetter(err error) bool {
	if err == nil {
		return false
	}
	_, name, _ := strings.Cut(err.Error(), " not defined: ")
	name, _, _ = strings.Cut(name, "/")
	return name == "" || strings.HasPrefix(name, "_") || isRight(name) || isRight(name+"(.)")
}

func isRight(program string) bool {
	_, errs := jq.Check(program)
	return errs == nil
}
