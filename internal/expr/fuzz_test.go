package expr_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
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

// FuzzPath holds that a path that parses is written as it was read.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"$", "$.a.b[0].c", "$['a b'][\"c\"]", `$['it\'s \\']`, "$..a", "$.a[*]", "$.a[1:2]", "$[?(@.a)]", "$.", "$.a b", "$[99999999999]", "$é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, err := expr.ParsePath(s)
		if err != nil {
			inside(t, s, []expr.Error{*err})
			return
		}
		again, err := expr.ParsePath(path.String())
		if err != nil {
			t.Fatalf("%q is written as %q: %+v", s, path, *err)
		}
		if diff := cmp.Diff(path, again); diff != "" {
			t.Errorf("%q is written as %q (-want +got)\n%s", s, path, diff)
		}
	})
}

// FuzzTemplate holds that references and placeholders have their places apart
// from each other, and that substitution replaces just the placeholders.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"a {{$.b}} {{NAME}} c", "{{{$.x}}}", "{{$", "{{ $.a }", "${{A}}", "${A}<YOUR_B>C_PLACEHOLDER YOUR_D", "(?<A_B>", "{{$.a {{B}}", "{{\n}}", "{{é}}", "{{a-b.c}} {{a b}} {{.a}} ${$.a} {a} $TOKEN %A_B% __X__ @@X@@ #{X}# [[X]] [YOUR_X] $(XYZ) <%= x %> CHANGE_ME"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		reads, errs := expr.ParseTemplate(s)
		inside(t, s, errs)
		taken := make([]bool, len(s))
		take := func(start, end int) {
			for i := start; i < end; i++ {
				if taken[i] {
					t.Errorf("%q: %d-%d is taken already", s, start, end)
				}
				taken[i] = true
			}
		}
		for _, r := range reads {
			if r.Text != s[r.Start:r.End] || !strings.HasPrefix(r.Text, "{{") || !strings.HasSuffix(r.Text, "}}") {
				t.Errorf("%q: %+v is out of place", s, r)
			}
			take(r.Start, r.End)
		}
		var want strings.Builder
		last, done := 0, 0
		for _, p := range expr.Placeholders(s) {
			if p.Start < last || p.End <= p.Start || p.End > len(s) || !strings.Contains(s[p.Start:p.End], strings.TrimPrefix(p.Name, "$")) {
				t.Errorf("%q: %+v is out of place", s, p)
			}
			last = p.End
			if p.Kind == expr.Deployer {
				take(p.Start, p.End)
				want.WriteString(s[done:p.Start] + "<" + p.Name + "{{a}}>")
				done = p.End
			}
		}
		want.WriteString(s[done:])
		got := expr.Substitute(s, func(p expr.Placeholder) (string, bool) { return "<" + p.Name + "{{a}}>", true })
		if got != want.String() {
			t.Errorf("%q became %q, want %q", s, got, want.String())
		}
	})
}

// FuzzSource decodes every prefix of a literal with encoding/json.
func FuzzSource(f *testing.F) {
	for _, seed := range []string{"abc", `\"\\\/\b\f\n\r\t`, `é\u00e9€\u20ac`, `\ud83d\ude00x😀`, `\ud83dx\ude00`, `\ud83d\u0041`, "\ufffd\ufffd", "\xff\xc3", `\u12`, `\`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		literal := []byte(`"` + text + `"`)
		var whole string
		if len(text) > 200 || json.Unmarshal(literal, &whole) != nil {
			for i := range 2 * len(literal) {
				if at := expr.NewSource(literal).Offset(i); at < 0 || at >= len(literal) {
					t.Errorf("%q: %d is at %d", literal, i, at)
				}
			}
			return
		}
		places := map[int]int{} // in the decoded string → in the literal
		for cut := 1; cut < len(literal); cut++ {
			var prefix string
			if json.Unmarshal(slices.Concat(literal[:cut], []byte(`"`)), &prefix) == nil && strings.HasPrefix(whole, prefix) {
				places[len(prefix)] = cut // the last: half a character is decoded as U+FFFD
			}
		}
		source := expr.NewSource(literal)
		for _, decoded := range slices.Sorted(maps.Keys(places)) {
			if got := source.Offset(decoded); got != places[decoded] {
				t.Errorf("%q: decoded %d is at %d, want %d", literal, decoded, got, places[decoded])
			}
		}
	})
}
