package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/schemas"
)

// FuzzValidate: whatever the bytes, checking them ends without a panic, every
// finding stands inside the file, and what the schema refuses gets an error.
func FuzzValidate(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, found := bundle.Parse(diag.NewFile("bundle.json", src))
		if doc != nil {
			v := bundle.Values{Variables: map[string]string{"NAME": `a"b{{C}}`}, Secrets: map[string]string{"KEY": "s3cr3t"}}
			docs, more := bundle.Render([]*bundle.Document{doc}, v, diag.Warning)
			linted, _ := lint.Run(docs, lint.Options{Integration: "shop"})
			found = append(append(found, more...), linted...)
			refused(t, docs[0], found)
		} else if len(found) != 1 {
			t.Errorf("a file that can't be read has %d findings", len(found))
		}
		for _, d := range found {
			inside(t, d, src)
		}
	})
}

func inside(t *testing.T, d diag.Diagnostic, src []byte) {
	t.Helper()
	places := []diag.Span{d.Span}
	for _, r := range d.Related {
		places = append(places, r.Span)
	}
	for _, span := range places {
		if span.Start < 0 || span.End < span.Start || int(span.End) > len(src) {
			t.Errorf("%v: place %v of %d bytes", d, span, len(src))
		}
	}
	if d.Message == "" || d.Rule == "" || d.Severity == 0 || strings.Contains(d.Message, "%!") || strings.Contains(d.Help, "%!") || strings.Contains(d.Message, "s3cr3t") {
		t.Errorf("incomplete finding %+v", d)
	}
	if d.Rule == "internal" {
		t.Errorf("%v", d)
	}
}

// refused holds that an invalid bundle never passes in silence.
func refused(t *testing.T, doc *bundle.Document, found []diag.Diagnostic) {
	t.Helper()
	schema, err := schemas.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(doc.Root.Value))
	if err != nil || result.Valid() {
		return
	}
	for _, d := range found {
		if d.Severity == diag.Error {
			return
		}
	}
	t.Errorf("no error for what the schema refuses: %v", result.Errors())
}

// seeds are the examples of all rules, and numbers that the schema library
// can't take.
func seeds(tb testing.TB) (list [][]byte) {
	files, err := filepath.Glob("rules/*.txtar")
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			list = append(list, unmarked(f.Data))
		}
	}
	for _, keyword := range []string{`"zis_template_version"`, `"name"`, `"Seconds"`, `"TimeoutSeconds"`, `"Type"`, `"End"`} {
		list = append(list, []byte(`{`+keyword+`: 1e309, "resources": {"a": {"type": "ZIS::Flow", "properties": {"name": "a", "definition": {"StartAt": "S", "States": {"S": {"Type": "Wait", `+keyword+`: 1e999999}}}}}}}`))
	}
	return list
}
