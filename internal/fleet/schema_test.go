package fleet_test

import (
	"encoding/json"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/schemas"
)

func TestReportsAreWhatTheSchemaSays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		schema, err := schemas.Fleet()
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, "record: config\nrings: [first, second]\ntargets:\n"+target("a", "first", "")+target("b", "second", "")+target("c", "second", ", via: app"), nil)
		refused, _ := w.promote("second")
		first := w.must("first")
		w.files(text("two"), "v2")
		again := w.must("first")
		second := w.must("second")
		w.files(text("three"), "v3")
		behind := w.told()
		if len(behind.Rows[0].Sentences) == 0 {
			t.Error("nothing says what the release would change")
		}
		for _, r := range []fleet.Report{refused, first, again, second, behind, surveyOf(t, "status"), surveyOf(t, "drift")} {
			written, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			result, err := schema.Validate(gojsonschema.NewBytesLoader(written))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range result.Errors() {
				t.Errorf("%s: %s\n%s", r.Sentence, e, written)
			}
		}
	})
}
