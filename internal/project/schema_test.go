package project

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/xeipuuv/gojsonschema"
)

// object is what the test reads of a schema.
type object struct {
	Properties  map[string]object
	Items       *object
	Definitions map[string]object
}

func TestSchemaAndCodeKnowTheSameKeys(t *testing.T) {
	var s object
	text, err := os.ReadFile("../../schemas/zis.schema.json")
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	target := s.Definitions["target"]
	for what, c := range map[string]struct {
		schema object
		code   []string
	}{
		"zis.yml":    {s, names(rootKeys)},
		"a ring":     {*s.Properties["rings"].Items, names(ringKeys)},
		"a target":   {target, append(names(targetKeys), "name")},
		"a accepted": {*target.Properties["accept"].Items, names(acceptedKeys)},
	} {
		slices.Sort(c.code)
		if have := slices.Sorted(maps.Keys(c.schema.Properties)); !slices.Equal(have, c.code) {
			t.Errorf("%s: the schema has %q, the code reads %q", what, have, c.code)
		}
	}
	if _, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text)); err != nil {
		t.Error(err)
	}
}
