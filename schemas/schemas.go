// Package schemas holds the JSON Schemas (draft-07) of the files that people
// write for us or read from us. All serve editors as files; that of bundles
// serves the program too: embedded, compiled on first use.
//
// No schema uses oneOf, anyOf or not, whose errors name no place: what holds
// for one type alone is chosen by if/then/else on that type. The errors
// condition_then, condition_else and number_all_of that gojsonschema adds
// around the real ones say nothing and can be dropped.
package schemas

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/xeipuuv/gojsonschema"
)

//go:embed bundle.schema.json
var bundleSource string

var bundle = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	s, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(bundleSource))
	if err != nil {
		return nil, fmt.Errorf("compile bundle.schema.json: %w", err)
	}
	return s, nil
})

// Bundle is the schema of a ZIS bundle, compiled on the first call and safe
// for concurrent use. Numbers of the value that is validated must be
// json.Number, none of them beyond float64: see the schema's $comment.
func Bundle() (*gojsonschema.Schema, error) { return bundle() }
