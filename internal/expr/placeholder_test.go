package expr_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

func TestPlaceholders(t *testing.T) {
	for text, want := range map[string][]string{
		"zis:{{zis_integration_key}}:flow:f":                                 {"{{NAME}} zis_integration_key 4-27"},
		"{{ SN_BASIC }}{{$.token}}{{$.X_PLACEHOLDER}}":                       {"{{NAME}} SN_BASIC 0-14"},
		`"SURVEY_BASE_URL_PLACEHOLDER" + "?x="`:                              {"NAME_PLACEHOLDER SURVEY_BASE_URL_PLACEHOLDER 1-28"},
		"PLACEHOLDER_ID":                                                     {"NAME_PLACEHOLDER PLACEHOLDER_ID 0-14"},
		"YOUR_TSANET_API_EMAIL":                                              {"YOUR_NAME YOUR_TSANET_API_EMAIL 0-21"},
		"https://${SUB_1}.zendesk.com/${p}":                                  {"${NAME} SUB_1 8-16", "${NAME} p 29-33"},
		"/a/<YOUR_PATH>/<your-id>/<API_KEY>":                                 {"<YOUR_NAME> YOUR_PATH 3-14", "<YOUR_NAME> your-id 15-24", "<YOUR_NAME> API_KEY 25-34"},
		"{{YOUR_ID}} ${YOUR_ID}":                                             {"{{NAME}} YOUR_ID 0-11", "${NAME} YOUR_ID 12-22"},
		"<b>Your name</b> <BR> <TABLE> a<B>c <-> <1-2>":                      nil,
		`capture("(?<REDACT_STRING>x)")`:                                     nil,
		"placeholder my_placeholder YOUR_ Your_name":                         nil,
		"$ {} ${} ${1} {1} {{}} {{\n}} {\"a\": 1}":                           nil,
		"{{site-name}}{{ticket.id}}{{ env name }}":                           {"{{NAME}} site-name 0-13", "{{NAME}} ticket.id 13-26", "{{…}} env name 26-40"},
		"{{.input.id}} ${$.input.id} {$.input.id}":                           {"{{.path}} $.input.id 0-13", "${$.path} $.input.id 14-27", "${$.path} $.input.id 28-40"},
		"https://{subdomain}.zendesk.com/{{$.a}}":                            {"{name} subdomain 8-19"},
		"Bearer $ACCESS_TOKEN, 5 $USD, $us, $.a $":                           {"$NAME ACCESS_TOKEN 7-20"},
		"%TOKEN%/a%20b%AB%CD%Y%m%d 50% of %b%":                               {"%NAME% TOKEN 0-7"},
		"__API_KEY__ __loc__ a__B __httpresponse":                            {"__NAME__ API_KEY 0-11"},
		"@@HOST@@ @PORT@ me@example.com a@b@c":                               {"@@NAME@@ HOST 0-8", "@@NAME@@ PORT 9-15"},
		"#{TOKEN}# #{x} #1":                                                  {"#{NAME} TOKEN 0-9", "#{NAME} x 10-14"},
		"[[NAME]] [YOUR_ID] [your-id] [a] $(HOST) $(a)":                      {"[[NAME]] NAME 0-8", "[[NAME]] YOUR_ID 9-18", "[[NAME]] your-id 19-28", "$(NAME) HOST 33-40"},
		"<%= token %> ${{ secrets.TOKEN }} CHANGE_ME":                        {"<%= NAME %> = token 0-12", "{{NAME}} secrets.TOKEN 14-33", "NAME_PLACEHOLDER CHANGE_ME 34-43"},
		"INSERT_KEY_HERE REPLACE_ME REPLACE_ID WE_HERE":                      {"NAME_PLACEHOLDER INSERT_KEY_HERE 0-15", "NAME_PLACEHOLDER REPLACE_ME 16-26", "NAME_PLACEHOLDER REPLACE_ID 27-37"},
		"https://your-subdomain.zendesk.com/ ${A:-b}":                        {"YOUR_NAME your-subdomain 8-22", "${NAME} A:-b 36-43"},
		"https://<subdomain>.x/<id> <strong>a</strong>":                      {"<YOUR_NAME> subdomain 8-19"},
		"<ticket><name>x</name></ticket> <br> yours":                         nil,
		"#{{$.a}} ${{$.a}} [[{{$.a}}]] %{{$.a}}% @{{$.a}}@":                  nil,
		"{% if x %}{%- raw -%} {%} 5{% {%a":                                  {"{% NAME %} if x 0-10", "{% NAME %} - raw - 10-21"},
		"https://SUBDOMAIN.zendesk.com/your-domain":                          {"YOUR_NAME SUBDOMAIN 8-17"},
		"https://[subdomain].zendesk.com":                                    {"YOUR_NAME subdomain 8-19"},
		"https://api.your-domain.com https://subdomain.zendesk.com":          {"YOUR_NAME your-domain 12-23", "YOUR_NAME subdomain 36-45"},
		"https://company.example https://a.b/domain.zendesk.com/SUBDOMAIN.x": nil,
		"https://yourco.zendesk.com https://api.yourls.org":                  {"YOUR_NAME yourco 8-14"},
		"[FIELD_ID] [FIELD] [a_b]":                                           {"[[NAME]] FIELD_ID 0-10"},
		"{{$.a":                                                              nil,
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

func TestPlaceholdersInNames(t *testing.T) {
	for text, want := range map[string][]string{
		"post___NAME__":  {"__NAME__ NAME 5-13"},
		"a__ENV__b":      {"__NAME__ ENV 1-8"},
		"a__b__c my__X":  nil,
		"[event] [a.b]x": {"[[NAME]] event 0-7", "[[NAME]] a.b 8-13"},
	} {
		var got []string
		for _, p := range expr.PlaceholdersInName(text) {
			got = append(got, fmt.Sprintf("%v %s %d-%d", p.Kind, p.Name, p.Start, p.End))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

func TestSubstitute(t *testing.T) {
	values := func(p expr.Placeholder) (string, bool) {
		v, ok := map[string]string{"A": "1", "B": "{{A}}$&\"", "EMPTY": "", "site-name": "s", "A.C": "2"}[p.Name]
		return v, ok
	}
	for text, want := range map[string]string{
		"":                         "",
		"a{{A}}b{{ A }}c":          "a1b1c",
		"{{B}}":                    "{{A}}$&\"",
		"{{{A}}":                   "{1",
		"{{EMPTY}}":                "",
		"{{C}}{{A}}{{$.A}}{{A.B}}": "{{C}}1{{$.A}}{{A.B}}",
		"{{site-name}}{{A.C}}{A}":  "s2{A}",
		"{{A b}}{{.A}}":            "{{A b}}{{.A}}",
		"{{$.a {{A}}":              "{{$.a 1",
	} {
		if got := expr.Substitute(text, values); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestPlaceholdersInName(t *testing.T) {
	for text, want := range map[string]string{
		"zis:$key:flow:f": "$NAME key", "<EVENT>": "<YOUR_NAME> EVENT", "zis:<i>:flow:f": "<YOUR_NAME> i", "__key__": "__NAME__ key", "%key%": "%NAME% key", "my_flow": "", "a__b": "", "f.v1-2": "",
	} {
		got := ""
		for _, p := range expr.PlaceholdersInName(text) {
			got = fmt.Sprintf("%v %s", p.Kind, p.Name)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWhole(t *testing.T) {
	for text, want := range map[string]string{"{{A}}": "A", "{{ A }}": "A", " {{A}}": "", "{{A}}{{B}}": "", "{{$.A}}": "", "{{A b}}": "", "A": ""} {
		p, ok := expr.Whole(text)
		if got := p.Name; ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
}
