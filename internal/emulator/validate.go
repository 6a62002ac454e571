package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/schemas"
)

// invalid checks an upload against the bundle language and returns what the
// registry would say, or "". The text for a Choice operator that is not
// supported is the observed, misleading one.
func invalid(text []byte) (detail string) {
	defer func() { // the schema library panics on numbers that no program can hold
		if recover() != nil {
			detail = "a number is out of range"
		}
	}()
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
		switch {
		case slices.Contains(umbrellas, e.Type()):
		case strings.Contains(e.Context().String("/"), "/Choices/"):
			return "And is required"
		default:
			details = append(details, e.String())
		}
	}
	slices.Sort(details)
	return strings.Join(details[:min(1, len(details))], "")
}

// umbrellas only say that another error stands at or below their place.
var umbrellas = []string{"condition_then", "condition_else", "number_all_of"}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
