package render_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const styles = `{"name": "n", "resources": {
  "a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"path": "/x/{{id}}/{{user.id}}", "connectionName": "%CONN%",
    "requestBody": {"a": "{{site-name}}", "b": "{{ site-name }} {{site-name}}", "c": "{{env name}}", "d": "{{.input.x}}", "e": "{left}"}}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": "__flow__", "definition": {"StartAt": "A", "States": {
    "A": {"Type": "Action", "ActionName": "zis:{{key}}:action:a", "Parameters": {"id.$": "$.input.id"}, "End": true}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "$SOURCE", "event_type": "t", "flow_name": "zis:INTEGRATION_PLACEHOLDER:flow:f"}}}}`

func stylesFor(t *testing.T, v render.Values) []string {
	_, found := filled(t, styles, v)
	var got []string
	for _, d := range diag.Sort(found) {
		places := ""
		if len(d.Related) > 0 {
			places = " +" + strings.Repeat("1", len(d.Related))
		}
		got = append(got, strings.TrimPrefix(d.Pointer, "/resources")+": "+d.Message+" | "+diag.InWords(d.Help, diag.Flag)+places)
	}
	return got
}

func TestWhatIsLeftIsToldOnceInEveryStyle(t *testing.T) {
	want := []string{
		`/a/properties/definition/path: no value is given for the placeholder {{id}} | did you mean {{$.id}}? The state "A" passes it`,
		`/a/properties/definition/path: no value is given for the placeholder {{user.id}} (the style of Zendesk's triggers) | did you mean {{$.input.user_event.user.id}}, which is filled in when the flow runs? Otherwise give --var user.id=VALUE`,
		`/a/properties/definition/connectionName: the placeholder %CONN% (the style of Windows) was never filled in | write the name, or {{CONN}} and give --var CONN=VALUE`,
		`/a/properties/definition/requestBody/a: no value is given for the placeholder {{site-name}} | give --var site-name=VALUE, or --secret-var site-name with the value in the environment +11`,
		`/a/properties/definition/requestBody/c: {{env name}} is a placeholder that nobody fills in | write the value, or {{env_name}} and give --var env_name=VALUE`,
		`/a/properties/definition/requestBody/d: {{.input.x}} is a placeholder that nobody fills in | did you mean {{$.input.x}}?`,
		`/f/properties/name: the placeholder __flow__ was never filled in | write the name, or {{flow}} and give --var flow=VALUE`,
		`/s/properties/event_source: the placeholder $SOURCE (the style of shell scripts and envsubst) was never filled in | write the name, or {{SOURCE}} and give --var SOURCE=VALUE`,
	}
	if diff := cmp.Diff(want, stylesFor(t, render.Values{Integration: "acme"})); diff != "" {
		t.Errorf("with an integration (-want +got)\n%s", diff)
	}
	got := strings.Join(stylesFor(t, render.Values{}), "\n")
	for _, left := range []string{"{{key}}", "INTEGRATION_PLACEHOLDER"} {
		if !strings.Contains(got, left) {
			t.Errorf("without an integration %s passes:\n%s", left, got)
		}
	}
}

func TestNamesWithDashesAndDotsAreFilledIn(t *testing.T) {
	docs, found := filled(t, `{"name": "{{site-name}} {{ env.name }}"}`, render.Values{Variables: map[string]string{"site-name": "a", "env.name": "b"}})
	if text, _ := docs.At("/name").Text(); text != "a b" || len(found) > 0 {
		t.Errorf("%q, %v", text, found)
	}
}

func TestAWholeStringBecomesANumber(t *testing.T) {
	number, ok := render.Typed("50244004053140")
	if !ok {
		t.Fatal("no number")
	}
	doc, found := filled(t, `{"a": "{{ID}}", "b": "id {{ID}}", "c": "{{ON}}", "{{ID}}": 1}`, render.Values{Typed: map[string]any{"ID": number, "ON": true}})
	if len(found) > 0 {
		t.Error(found)
	}
	if got, want := string(doc.JSON()), `{"a":50244004053140,"b":"id 50244004053140","c":true,"50244004053140":1}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if v := doc.Root.Plain().(map[string]any)["a"]; v != json.Number("50244004053140") {
		t.Errorf("the plain value is %#v", v)
	}
	for _, text := range []string{"", "a", "1a", "0x10", "NaN", "Inf", "01", "null", "{}", "1e999"} {
		if v, ok := render.Typed(text); ok {
			t.Errorf("%q is taken for %v", text, v)
		}
	}
}

// A value that goes into a string of a jq program means the same text there.
func TestValuesInsideJqMeanTheSameText(t *testing.T) {
	for _, value := range []string{`a\b`, `a"b`, "a\nb", `\(1)`, "tab\t", `"`, `é`} {
		src := `{"s": {"ActionName": "zis:common:transform:Jq", "Parameters": {"expr": "{v: \"x{{V}}\", w: .{{N}}}", "data.$": "$"}}, "t": "{{V}}"}`
		doc, found := filled(t, src, render.Values{Variables: map[string]string{"V": value, "N": "n"}})
		if len(found) > 0 {
			t.Fatal(found)
		}
		program, _ := doc.At("/s/Parameters/expr").Text()
		literal, rest, _ := strings.Cut(strings.TrimPrefix(program, "{v: "), ", w: ")
		var meant string
		if err := json.Unmarshal([]byte(literal), &meant); err != nil || meant != "x"+value || rest != ".n}" {
			t.Errorf("%q became the program %s (%v)", value, program, err)
		}
		if text, _ := doc.At("/t").Text(); text != value {
			t.Errorf("%q became %q outside of a program", value, text)
		}
	}
}

func TestEditedKeepsPlaces(t *testing.T) {
	doc, _ := source.Parse(diag.NewFile("a.json", []byte(`{"a": {"b": "{{X}}"}}`)))
	docs, _ := render.Documents([]*source.Document{doc}, render.Values{Variables: map[string]string{"X": "y"}}, diag.Error)
	if n := docs[0].At("/a/b"); n.Span != doc.At("/a/b").Span || n.Pointer() != "/a/b" || n.Root() != docs[0].Root {
		t.Errorf("%+v", n)
	}
}
