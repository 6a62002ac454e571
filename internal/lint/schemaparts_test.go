package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// inParts is a bundle of several parts of the schema check: a long list in a
// state of a Map state among many, and many resources.
func inParts(choices, states, resources int) string {
	var b strings.Builder
	b.WriteString(`{"name":"b","zis_template_version":"2019-10-14","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"M","States":{
		"M":{"Type":"Map","ItemsPath":"$.l","Next":"S0","Iterator":{"StartAt":"C","States":{"C":{"Type":"Choice","Default":"E","Choices":[`)
	for i := range choices {
		fmt.Fprintf(&b, `{"Variable":"$.a%d","StringEquals":"x","Next":"E"},`, i)
	}
	b.WriteString(`{"Variable":"$.a","StringEquals":7,"Next":"E"}]},"E":{"Type":"Pass","End":"yes"}}}},`)
	for i := range states {
		fmt.Fprintf(&b, `"S%d":{"Type":"Wait","Seconds":1,"Next":"S%d"},`, i, i+1)
	}
	fmt.Fprintf(&b, `"S%d":{"Type":"Wait","Seconds":"1","End":true}}}}}`, states)
	for i := range resources {
		fmt.Fprintf(&b, `,"a%d":{"type":"ZIS::Action::Http","properties":{"name":"a%d","definition":{"method":"GET","url":"https://x.example"}}}`, i, i)
	}
	b.WriteString(`,"last":{"type":"ZIS::Action::Http","properties":{"name":"last","definition":{"method":1,"url":"https://x.example"}}}}}`)
	return b.String()
}

func schemaFindings(t *testing.T, src string) (places []string) {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("b.json", []byte(src)))
	if doc == nil {
		t.Fatal(found)
	}
	all, _ := lint.Run([]*source.Document{doc}, lint.Options{})
	for _, d := range all {
		if d.Rule == "schema" {
			places = append(places, d.Pointer+": "+d.Message)
		}
	}
	slices.Sort(places)
	return places
}

// However large a document is, an error is found where it stands, once.
func TestSchemaErrorsOfLargeDocuments(t *testing.T) {
	small := schemaFindings(t, inParts(1, 1, 1))
	if len(small) != 4 {
		t.Fatalf("%q", small)
	}
	large := strings.NewReplacer("/Choices/1/", "/Choices/3000/", "/S1/", "/S4000/").Replace(strings.Join(small, "\n"))
	if got := strings.Join(schemaFindings(t, inParts(3000, 4000, 2000)), "\n"); got != large {
		t.Errorf("have\n%s\nwant\n%s", got, large)
	}
}

// What the check leaves out is said.
func TestSchemaErrorsAreTooMany(t *testing.T) {
	got := schemaFindings(t, strings.ReplaceAll(inParts(1, 1, 24_000), `"method":"GET"`, `"method":1`))
	const stopped = ": the file has more than 20000 errors against the schema, and isn't checked against it from line "
	if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, stopped) }) || len(got) > 25_000 {
		t.Errorf("%d: %q", len(got), got[len(got)-3:])
	}
}
