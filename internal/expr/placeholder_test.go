package expr_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

func TestPlaceholders(t *testing.T) {
	for text, want := range map[string][]string{
		"zis:{{zis_integration_key}}:flow:f":            {"{{NAME}} zis_integration_key 4-27"},
		"{{ SN_BASIC }}{{$.token}}{{$.X_PLACEHOLDER}}":  {"{{NAME}} SN_BASIC 0-14"},
		`"SURVEY_BASE_URL_PLACEHOLDER" + "?x="`:         {"NAME_PLACEHOLDER SURVEY_BASE_URL_PLACEHOLDER 1-28"},
		"PLACEHOLDER_ID":                                {"NAME_PLACEHOLDER PLACEHOLDER_ID 0-14"},
		"YOUR_TSANET_API_EMAIL":                         {"YOUR_NAME YOUR_TSANET_API_EMAIL 0-21"},
		"https://${SUB_1}.zendesk.com/${p}":             {"${NAME} SUB_1 8-16", "${NAME} p 29-33"},
		"/a/<YOUR_PATH>/<your-id>/<API_KEY>":            {"<YOUR_NAME> YOUR_PATH 3-14", "<YOUR_NAME> your-id 15-24", "<YOUR_NAME> API_KEY 25-34"},
		"{{YOUR_ID}} ${YOUR_ID}":                        {"{{NAME}} YOUR_ID 0-11", "${NAME} YOUR_ID 12-22"},
		"<b>Your name</b> <BR> <TABLE> a<B>c <-> <1-2>": nil,
		`capture("(?<REDACT_STRING>x)")`:                nil,
		"placeholder my_placeholder YOUR_ Your_name":    nil,
		"$ {a} ${} ${1} ${a-b} {{ticket.id}} {{a b}}":   nil,
		"{{$.a": nil,
	} {
		var got []string
		for _, p := range expr.Placeholders(text) {
			got = append(got, fmt.Sprintf("%v %s %d-%d", p.Kind, p.Name, p.Start, p.End))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

func TestSubstitute(t *testing.T) {
	values := func(name string) (string, bool) {
		v, ok := map[string]string{"A": "1", "B": "{{A}}$&\"", "EMPTY": ""}[name]
		return v, ok
	}
	for text, want := range map[string]string{
		"":                         "",
		"a{{A}}b{{ A }}c":          "a1b1c",
		"{{B}}":                    "{{A}}$&\"",
		"{{{A}}":                   "{1",
		"{{EMPTY}}":                "",
		"{{C}}{{A}}{{$.A}}{{A.B}}": "{{C}}1{{$.A}}{{A.B}}",
		"{{$.a {{A}}":              "{{$.a 1",
	} {
		if got := expr.Substitute(text, values); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
