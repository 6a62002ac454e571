package expr_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// parts shows a template as text, <path> and {name}, with offsets.
func parts(t expr.Template) []string {
	var out []string
	for _, p := range t.Parts {
		switch p.Kind {
		case expr.TextPart:
			out = append(out, p.Text)
		case expr.PathPart:
			out = append(out, "<"+p.Path.String()+">")
		case expr.NamePart:
			out = append(out, "{"+p.Name+"}")
		}
	}
	return out
}

func TestParseTemplate(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                   nil,
		"plain":                              {"plain"},
		"{{$.a}}":                            {"<$.a>"},
		"/tickets/{{$.a[0].id}}.json":        {"/tickets/", "<$.a[0].id>", ".json"},
		"{{ $.a }}{{\tNAME }}":               {"<$.a>", "{NAME}"},
		"zis:{{KEY}}:flow:{{k_2}}_{{$}}":     {"zis:", "{KEY}", ":flow:", "{k_2}", "_", "<$>"},
		`{"a":{"b":{{$.x}}}}`:                {`{"a":{"b":`, "<$.x>", "}}"},
		"{{{$.x}}: 1}":                       {"{", "<$.x>", ": 1}"},
		`{a: {b: {c: 1}}} | {{ticket.id}} {`: {`{a: {b: {c: 1}}} | {{ticket.id}} {`},
		"{{}} {{ }} {{2a}} {{a b}} {{a}":     {"{{}} {{ }} {{2a}} {{a b}} {{a}"},
		"⬅️ {{$.näme}}":                      {"⬅️ ", "<$.näme>"},
	} {
		got, errs := expr.ParseTemplate(text)
		if errs != nil {
			t.Errorf("%s: %+v", text, errs)
		}
		if diff := cmp.Diff(want, parts(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

func TestTemplatePlaces(t *testing.T) {
	got, _ := expr.ParseTemplate("é{{ $.a.b }}{{N}}")
	path := expr.Path{Segments: []expr.Segment{
		{Kind: expr.Name, Name: "a", Start: 6, End: 8},
		{Kind: expr.Name, Name: "b", Start: 8, End: 10},
	}}
	want := []expr.Part{
		{Kind: expr.TextPart, Text: "é", Start: 0, End: 2},
		{Kind: expr.PathPart, Text: "{{ $.a.b }}", Path: path, Start: 2, End: 13},
		{Kind: expr.NamePart, Text: "{{N}}", Name: "N", Start: 13, End: 18},
	}
	if diff := cmp.Diff(want, got.Parts); diff != "" {
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
		"$":                     {"<$>"},
		"$.input.id":            {"<$.input.id>"},
		"{{$.input.id}}":        {"<$.input.id>"},
		"$5 for {{$.input.id}}": {"$5 for ", "<$.input.id>"},
		"no path":               {"no path"},
	} {
		got, errs := expr.ParseValue(value)
		if diff := cmp.Diff(want, parts(got)); diff != "" || errs != nil {
			t.Errorf("%s: %+v (-want +got)\n%s", value, errs, diff)
		}
	}
	if _, errs := expr.ParseValue("$.a..b"); len(errs) != 1 || errs[0].Start != 3 {
		t.Errorf("$.a..b: got %+v", errs)
	}
}
