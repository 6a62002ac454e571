package expr_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// paths shows what is read.
func paths(list []expr.Reference) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.Path.String())
	}
	return out
}

func TestParseTemplate(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                   nil,
		"plain":                              nil,
		"{{$.a}}":                            {"$.a"},
		"/tickets/{{$.a[0].id}}.json":        {"$.a[0].id"},
		"{{ $.a }}{{\tNAME }}":               {"$.a"},
		"zis:{{KEY}}:flow:{{k_2}}_{{$}}":     {"$"},
		`{"a":{"b":{{$.x}}}}`:                {"$.x"},
		"{{{$.x}}: {{$.y}}}":                 {"$.x", "$.y"},
		`{a: {b: {c: 1}}} | {{ticket.id}} {`: nil,
		"{{}} {{ }} {{2a}} {{a b}} {{a}":     nil,
		"⬅️ {{$.näme}}":                      {"$.näme"},
	} {
		got, errs := expr.ParseTemplate(text)
		if errs != nil {
			t.Errorf("%s: %+v", text, errs)
		}
		if diff := cmp.Diff(want, paths(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

func TestTemplatePlaces(t *testing.T) {
	got, _ := expr.ParseTemplate("é{{ $.a.b }}{{N}}")
	path := expr.Path{Segments: []expr.Segment{
		{Kind: expr.Name, Name: "a"},
		{Kind: expr.Name, Name: "b"},
	}}
	want := []expr.Reference{{Text: "{{ $.a.b }}", Path: path, Start: 2, End: 13}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseTemplateErrors(t *testing.T) {
	for _, tt := range []struct {
		text       string
		kind       expr.ErrorKind
		start, end int
	}{
		{"a {{$.b", expr.Unclosed, 2, 7},
		{"a {{$.b} c", expr.Unclosed, 2, 7},
		{"{{$.a\n}}", expr.Unclosed, 0, 5},
		{"{{$.a {{$.b}}", expr.Unclosed, 0, 5},
		{"x{{$a}}", expr.Syntax, 4, 5},
		{"{{$.a..b}}", expr.Undocumented, 5, 7},
		{"{{$.a b}}", expr.Syntax, 5, 6},
	} {
		_, errs := expr.ParseTemplate(tt.text)
		if len(errs) != 1 || errs[0].Kind != tt.kind || errs[0].Start != tt.start || errs[0].End != tt.end {
			t.Errorf("%q: want %v at %d-%d, got %+v", tt.text, tt.kind, tt.start, tt.end, errs)
		}
	}
	if _, errs := expr.ParseTemplate(strings.Repeat("{{$", 1000)); len(errs) != expr.MaxErrors {
		t.Errorf("got %d errors, want %d", len(errs), expr.MaxErrors)
	}
}

func TestParseValue(t *testing.T) {
	for value, want := range map[string][]string{
		"$":                     {"$"},
		"$.input.id":            {"$.input.id"},
		"{{$.input.id}}":        {"$.input.id"},
		"$5 for {{$.input.id}}": {"$.input.id"},
		"no path":               nil,
	} {
		got, errs := expr.ParseValue(value)
		if diff := cmp.Diff(want, paths(got)); diff != "" || errs != nil {
			t.Errorf("%s: %+v (-want +got)\n%s", value, errs, diff)
		}
	}
	if _, errs := expr.ParseValue("$.a..b"); len(errs) != 1 || errs[0].Start != 3 {
		t.Errorf("$.a..b: got %+v", errs)
	}
}
