package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/schemas"
)

// invalid checks an upload against the bundle language and returns what the
// registry would say, or "". The text for a Choice operator that is not
// supported is the observed, misleading one.
func invalid(text []byte) string {
	schema, err := schemas.Bundle()
	if err != nil {
		return err.Error()
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return err.Error()
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(v))
	if err != nil {
		return err.Error()
	}
	var details []string
	for _, e := range result.Errors() {
		if inChoice(e.Context().String("/")) {
			return "And is required"
		}
		details = append(details, e.String())
	}
	slices.Sort(details)
	if len(details) == 0 {
		return ""
	}
	return details[0]
}

func inChoice(place string) bool { return bytes.Contains([]byte(place), []byte("/Choices/")) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
