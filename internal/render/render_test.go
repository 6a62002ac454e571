package render_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

const twoARNs = `{
  "name": "{{NAME}}", "$schema": "x",
  "resources": {
    "{{KEY}}_flow": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
      "A": {"Type": "Map", "Comment": "zis:src:action:a is called here", "Iterator": {"StartAt": "B", "States": {
        "B": {"Type": "Action", "ActionName": "zis:src:action:a", "Parameters": {"text": "zis:src:action:a", "t.$": "{{$.x}}"}}}}},
      "C": {"Type": "Action", "ActionName": "zis:common:transform:Jq"}}}}},
    "a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"headers": [
      {"key": "Authorization", "value": "Basic {{ SECRET }}"}, {"key": "X-Flow", "value": "zis:src:flow:f"}]}}},
    "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "flow_name": "zis:{{ANY}}:flow:f"}}
  }
}`

func parse(t *testing.T, src string) (*source.Document, []diag.Diagnostic) {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("b.json", []byte(src)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc, found
}

func filled(t *testing.T, src string, v render.Values) (*source.Document, []diag.Diagnostic) {
	t.Helper()
	doc, found := parse(t, src)
	if len(found) > 0 {
		t.Fatal(found)
	}
	docs, found := render.Documents([]*source.Document{doc}, v, diag.Error)
	return docs[0], found
}

func TestRenderFillsStringsAndRetargetsARNsOnly(t *testing.T) {
	doc, found := filled(t, twoARNs, render.Values{
		Variables: map[string]string{"NAME": `a "quoted" {{KEY}}`, "KEY": "k", "ANY": "z"},
		Secrets:   map[string]string{"SECRET": "c2VjcmV0"},
	})
	if len(found) > 0 {
		t.Fatal(found)
	}
	doc = render.Retarget(doc, "acme")
	want := `{
  "name": "a \"quoted\" {{KEY}}",
  "resources": {
    "k_flow": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
      "A": {"Type": "Map", "Comment": "zis:src:action:a is called here", "Iterator": {"StartAt": "B", "States": {
        "B": {"Type": "Action", "ActionName": "zis:acme:action:a", "Parameters": {"text": "zis:src:action:a", "t.$": "{{$.x}}"}}}}},
      "C": {"Type": "Action", "ActionName": "zis:common:transform:Jq"}}}}},
    "a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"headers": [
      {"key": "Authorization", "value": "Basic c2VjcmV0"}, {"key": "X-Flow", "value": "zis:src:flow:f"}]}}},
    "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "flow_name": "zis:acme:flow:f"}}
  }
}`
	wanted, _ := parse(t, want)
	if diff := cmp.Diff(string(wanted.JSON()), string(doc.JSON())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !doc.At("/resources/a/properties/definition/headers/0/value").Secret {
		t.Error("the value with a secret in it is not marked")
	}
}

func TestRenderReports(t *testing.T) {
	_, found := filled(t, twoARNs, render.Values{
		Variables: map[string]string{"NAME": "n", "SECRET": "x", "TYPO": "y"},
		Secrets:   map[string]string{"KEY": "secret"},
	})
	var got []string
	for _, d := range diag.Sort(found) {
		got = append(got, strings.TrimPrefix(d.String(), "b.json:")+" "+d.Pointer)
	}
	want := []string{
		`1:1: error: a value is given for "TYPO", but no {{TYPO}} is in the bundle [unused-variable] `,
		`4:6: error: the secret {{KEY}} stands in a name, which plans and logs show [secret-in-name] /resources/{{KEY}}_flow`,
		`10:81: error: no value is given for the placeholder {{ANY}} [placeholder] /resources/s/properties/flow_name`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestASecretStandsInNoNameOfAHeader(t *testing.T) {
	const src = `{"name": "n", "resources": {"a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {
	  "headers": [{"key": "X-{{KEY}}", "value": "{{KEY}}"}], "queryParams": [{"key": "{{KEY}}", "value": "1"}], "requestBody": {"key": "{{KEY}}", "list": [{"key": "{{KEY}}", "value": "1"}]}}}}}}`
	_, found := filled(t, src, render.Values{Secrets: map[string]string{"KEY": "secret"}})
	var got []string
	for _, d := range diag.Sort(found) {
		got = append(got, d.Rule+" "+d.Pointer)
	}
	const at = "secret-in-name /resources/a/properties/definition/"
	if diff := cmp.Diff([]string{at + "headers/0/key", at + "queryParams/0/key"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRenderingForASecondAccountLeavesTheFirstAlone(t *testing.T) {
	const src = `{"name": "n", "resources": {
	  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
	    "A": {"Type": "Action", "ActionName": "zis:src:action:a", "End": true}}}}},
	  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "flow_name": "zis:src:flow:f"}}%s}}`
	for name, more := range map[string]string{"nothing to fill in": "", "a placeholder": `, "c": {"type": "{{TYPE}}"}`} {
		t.Run(name, func(t *testing.T) {
			doc, _ := parse(t, fmt.Sprintf(src, more))
			before := string(doc.JSON())
			forAccount := func(integration string) *source.Document {
				docs, _ := render.Documents([]*source.Document{doc}, render.Values{Variables: map[string]string{"TYPE": integration}}, diag.Error)
				return render.Retarget(docs[0], integration)
			}
			first := forAccount("first")
			held := string(first.JSON())
			second := forAccount("second")
			if got := string(first.JSON()); got != held || !strings.Contains(got, "zis:first:action:a") || strings.Contains(got, "second") {
				t.Errorf("the first account's document became\n%s", got)
			}
			if got, _ := json.Marshal(first.Root.Plain()); !strings.Contains(string(got), "zis:first:flow:f") {
				t.Errorf("the first account's values became\n%s", got)
			}
			if got := string(second.JSON()); !strings.Contains(got, "zis:second:flow:f") || strings.Contains(got, "first") {
				t.Errorf("the second account's document is\n%s", got)
			}
			if got := string(doc.JSON()); got != before {
				t.Errorf("the source became\n%s", got)
			}
		})
	}
}
