package schemas_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/schemas"
)

// umbrella are the errors that only say that another error stands below.
var umbrella = []string{"condition_then", "condition_else", "number_all_of"}

func decode(t testing.TB, src []byte) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(src)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// check gives the errors of a bundle as "pointer type property", sorted,
// without the umbrellas. An invalid bundle gives at least one.
func check(t testing.TB, bundle any) []string {
	t.Helper()
	s, err := schemas.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	result, err := s.Validate(gojsonschema.NewRawLoader(bundle))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range result.Errors() {
		if !slices.Contains(umbrella, e.Type()) {
			got = append(got, line(e))
		}
	}
	if !result.Valid() && len(got) == 0 {
		t.Errorf("only umbrella errors: %v", result.Errors())
	}
	slices.Sort(got)
	return got
}

func line(e gojsonschema.ResultError) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	parts := strings.Split(e.Context().String("\xff"), "\xff")[1:]
	pointer := ""
	for _, p := range parts {
		pointer += "/" + escape.Replace(p)
	}
	s := pointer + " " + e.Type()
	if p, ok := e.Details()["property"].(string); ok && p != parts0(parts) {
		s += " " + p
	}
	return s
}

func parts0(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

func corpus(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../shared/corpus", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("../shared/corpus is not here")
	}
	return files
}

func TestCorpus(t *testing.T) {
	guard := "/resources/flow_forward_comment/properties/definition/States/GuardAuthor/Choices/"
	want := map[string][]string{
		"tsanet-stringmatches-REJECTED.json": {
			guard + "0 additional_property_not_allowed StringMatches",
			guard + "1 additional_property_not_allowed StringMatches",
		},
	}
	files := append(corpus(t, "public/*.json"), corpus(t, "docs/*.json")...)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := check(t, decode(t, src))
		if diff := cmp.Diff(want[filepath.Base(file)], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}
