package emulator

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/schemas"
)

// validationError is the observed name of a refused upload. Where it stands in
// the answer is silent.
const validationError = "BundleValidationError"

// maxDetails bounds an answer; no limit is documented.
const maxDetails = 20

// invalid checks a bundle against its schema and returns what the registry
// would say, nil if nothing. Of a Choice rule that is wrong it says one
// misleading thing and nothing else (observed with an unsupported operator).
func invalid(v any) (details []string, err error) {
	defer func() { // the schema library panics on numbers; tame holds back those that are known
		if p := recover(); p != nil {
			details, err = nil, fmt.Errorf("bundle schema: %v", p)
		}
	}()
	schema, err := schemas.Bundle()
	if err != nil {
		return nil, err
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(tame(v)))
	if err != nil {
		return nil, err
	}
	for _, e := range result.Errors() {
		if inChoice(e) {
			return []string{"And is required"}, nil
		}
		if !around(e.Type()) {
			details = append(details, e.String())
		}
	}
	if details == nil && !result.Valid() {
		return []string{result.Errors()[0].String()}, nil
	}
	slices.Sort(details)
	details = slices.Compact(details)
	return details[:min(len(details), maxDetails)], nil
}

// inChoice tells whether an error is about a rule of a Choice state. No key
// can hold the byte \xff.
func inChoice(e gojsonschema.ResultError) bool {
	return strings.Contains(e.Context().String("\xff"), "\xffChoices\xff")
}

// around: these types of error only stand around the real ones.
func around(kind string) bool {
	return kind == "condition_then" || kind == "condition_else" || kind == "number_all_of"
}

// tame copies a value with its numbers as float64 has them, because
// gojsonschema panics on numbers beyond.
func tame(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, e := range v {
			c[key] = tame(e)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for n, e := range v {
			c[n] = tame(e)
		}
		return c
	case json.Number:
		f, _ := v.Float64() // beyond: infinite
		f = max(-math.MaxFloat64, min(f, math.MaxFloat64))
		return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
	}
	return v
}
