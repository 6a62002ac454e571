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

// umbrellas only say that another error stands at or below their place.
var umbrellas = []string{"condition_then", "condition_else", "number_all_of"}

func TestSchemaIsDraft7(t *testing.T) {
	files, err := filepath.Glob("*.schema.json")
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		l := gojsonschema.NewSchemaLoader()
		l.Validate = true
		if _, err := l.Compile(gojsonschema.NewBytesLoader(source(t, file))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// source is the text of a schema.
func source(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEveryFieldIsAccepted(t *testing.T) {
	if got := check(t, full(t)); got != nil {
		t.Error(got)
	}
}

// Verdicts are those of the corpus' INDEX: what runs gets no error, what was
// rejected gets one at each place.
func TestCorpus(t *testing.T) {
	rules := "/resources/flow_forward_comment/properties/definition/States/GuardAuthor/Choices/"
	want := map[string][]string{
		"tsanet-stringmatches-REJECTED.json": {
			rules + "0 additional_property_not_allowed StringMatches",
			rules + "1 additional_property_not_allowed StringMatches",
		},
	}
	for _, file := range slices.Concat(corpus(t, "public/*.json"), corpus(t, "docs/*.json")) {
		got := check(t, read(t, file))
		if diff := cmp.Diff(want[filepath.Base(file)], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// The documentation prints single states, actions and job specs: each is
// accepted in a bundle that has nothing else.
func TestDocumentedFragments(t *testing.T) {
	for _, file := range corpus(t, "docs/fragments/*.json") {
		fragment := read(t, file).(map[string]any)
		kind, _, _ := strings.Cut(filepath.Base(file), "-")
		var resources map[string]any
		switch {
		case kind == "event": // a flow's input, no part of a bundle
			continue
		case kind == "state":
			resources = map[string]any{"f": map[string]any{"type": "ZIS::Flow", "properties": map[string]any{
				"name": "f", "definition": map[string]any{"StartAt": "A", "States": fragment},
			}}}
		case fragment["type"] != nil: // printed without its key
			resources = map[string]any{"a": fragment}
		default:
			resources = fragment
		}
		got := check(t, map[string]any{"zis_template_version": "2019-10-14", "name": "b", "resources": resources})
		if got != nil {
			t.Errorf("%s: %v", filepath.Base(file), got)
		}
	}
}

// check gives the errors of a bundle as "pointer type key", sorted and
// without the umbrellas. It holds that an invalid bundle gives at least one.
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
		if !slices.Contains(umbrellas, e.Type()) {
			got = append(got, describe(e))
		}
	}
	if !result.Valid() && len(got) == 0 {
		t.Errorf("nothing but umbrella errors: %v", result.Errors())
	}
	slices.Sort(got)
	return got
}

func describe(e gojsonschema.ResultError) string {
	pointer := strings.NewReplacer("~", "~0", "/", "~1", "\xff", "/").Replace(e.Context().String("\xff"))
	words := []string{strings.TrimPrefix(pointer, "(root)"), e.Type()}
	switch e.Type() {
	case "required", "additional_property_not_allowed":
		words = append(words, e.Details()["property"].(string))
	}
	return strings.Join(words, " ")
}

func full(t testing.TB) any {
	t.Helper()
	return read(t, "testdata/full.json")
}

func read(t testing.TB, file string) any {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(src))
}

func decode(t testing.TB, src string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(src))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v
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
