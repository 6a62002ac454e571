package report_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// hostilePath has whatever is not a letter in a URI, and what looks like a
// scheme.
const hostilePath = "a:b/ü 50%#?[x]\n\"/bundle.json"

// sarif writes the findings of the bad examples of all rules.
func sarif(t *testing.T) []byte {
	t.Helper()
	r := report.Report{Findings: check.Findings{Files: []check.File{{Path: hostilePath}}}}
	for _, rule := range lint.Rules() {
		e, ok := lint.Explain(rule.ID)
		if !ok {
			t.Fatalf("no example of %s", rule.ID)
		}
		doc, found := source.Parse(diag.NewFile(hostilePath, unmarked(e.Bad)))
		if doc != nil {
			linted, _ := lint.Run([]*source.Document{doc}, lint.Options{})
			found = append(found, linted...)
		}
		r.Add(found)
	}
	var b bytes.Buffer
	if err := report.SARIF(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unmarked takes the lines out that mark the findings of an example.
func unmarked(example string) []byte {
	var src []byte
	for line := range strings.Lines(example) {
		if !strings.HasPrefix(line, "//") {
			src = append(src, line...)
		}
	}
	return src
}

// TestSARIFIsValid needs the official schema, which .ci/run fetches.
func TestSARIFIsValid(t *testing.T) {
	path := os.Getenv("SARIF_SCHEMA")
	if path == "" {
		t.Skip("SARIF_SCHEMA does not name the file with the official schema: .ci/run does")
	}
	schema, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(schema), gojsonschema.NewBytesLoader(sarif(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range result.Errors() {
		t.Errorf("%v", e)
	}
}

func TestSARIFNamesFilesByURI(t *testing.T) {
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(sarif(t), &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 || len(log.Runs[0].Results) == 0 {
		t.Fatalf("no results: %+v", log)
	}
	for _, result := range log.Runs[0].Results {
		got := result.Locations[0].PhysicalLocation.ArtifactLocation.URI
		u, err := url.Parse(got)
		if err != nil || u.IsAbs() || u.Fragment != "" || u.RawQuery != "" || u.Path != "./"+hostilePath {
			t.Fatalf("URI %q is read as %+v, %v", got, u, err)
		}
	}
}
