// Package schemas holds the JSON Schemas (draft-07) of the files that people
// write for us or read from us. They serve editors as files, and the program
// as compiled values: embedded, compiled on first use.
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
	return compile("bundle.schema.json", bundleSource)
})

// Bundle is the schema of a ZIS bundle, compiled on the first call and safe
// for concurrent use. Numbers of the value that is validated must be
// json.Number, none of them beyond float64: see the schema's $comment.
func Bundle() (*gojsonschema.Schema, error) { return bundle() }

// BundleSource is the text of bundle.schema.json, the caller's own copy.
func BundleSource() []byte { return []byte(bundleSource) }

//go:embed report.schema.json
var reportSource string

var report = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	return compile("report.schema.json", reportSource)
})

// Report is the schema of what --report-file writes, compiled on the first
// call and safe for concurrent use.
func Report() (*gojsonschema.Schema, error) { return report() }

// ReportSource is the text of report.schema.json, the caller's own copy.
func ReportSource() []byte { return []byte(reportSource) }

//go:embed zis.schema.json
var projectSource string

var project = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	return compile("zis.schema.json", projectSource)
})

// Project is the schema of zis.yml, compiled on the first call and safe for
// concurrent use. It is for editors; the program finds more, with places.
func Project() (*gojsonschema.Schema, error) { return project() }

// ProjectSource is the text of zis.schema.json, the caller's own copy.
func ProjectSource() []byte { return []byte(projectSource) }

//go:embed fleet.schema.json
var fleetSource string

var fleet = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	return compile("fleet.schema.json", fleetSource)
})

// Fleet is the schema of a report on many targets, compiled on the first call
// and safe for concurrent use.
func Fleet() (*gojsonschema.Schema, error) { return fleet() }

func compile(name, source string) (*gojsonschema.Schema, error) {
	s, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(source))
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", name, err)
	}
	return s, nil
}
