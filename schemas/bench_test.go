package schemas_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/schemas"
)

// bundle makes one of so many flows with so many states each: per ten states
// six Actions, three Choices and one other, as real bundles have them.
func large(flows, states int) []byte {
	resources := map[string]any{}
	for f := range flows {
		machine := map[string]any{}
		for i := range states {
			next := fmt.Sprintf("State.Number%d", i+1)
			s := map[string]any{
				"Type": "Action", "ActionName": "zis:common:transform:Jq", "ResultPath": "$.results.number", "Next": next,
				"Parameters": map[string]any{
					"expr":   ".input.ticket_event | {id: .ticket.id, tags: [.ticket.tags[] | select(startswith(\"a\"))], priority: (.ticket.priority // \"normal\")}",
					"data.$": "$.input",
					"note":   "a text that every such state carries along, so that its size is that of a real one, four hundred bytes and more",
				},
				"Catch": []any{map[string]any{"ErrorEquals": []any{"States.ALL"}, "Next": "Failed", "ResultPath": "$.error"}},
			}
			if i%10 > 5 {
				rule := map[string]any{"Variable": "$.results.number", "StringEquals": "a", "Next": next}
				and := map[string]any{"Next": next, "And": []any{
					map[string]any{"Variable": "$.results", "IsPresent": true}, map[string]any{"Variable": "$.results.number", "NumericEquals": 3},
				}}
				s = map[string]any{"Type": "Choice", "Default": next, "Choices": []any{rule, rule, and}}
			}
			if i%10 == 9 {
				s = map[string]any{"Type": "Succeed", "Message": "done"}
			}
			machine[fmt.Sprintf("State.Number%d", i)] = s
		}
		name := fmt.Sprintf("flow_%d", f)
		resources[name] = map[string]any{"type": "ZIS::Flow", "properties": map[string]any{
			"name": name, "definition": map[string]any{"StartAt": "State.Number0", "States": machine},
		}}
	}
	src, err := json.MarshalIndent(map[string]any{"zis_template_version": "2019-10-14", "name": "large", "resources": resources}, "", "  ")
	if err != nil {
		panic(err)
	}
	return src
}

func BenchmarkBundle(b *testing.B) {
	src := large(50, 100)
	v := decode(b, string(src))
	s, err := schemas.Bundle()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(src, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("schema", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			if r, err := s.Validate(gojsonschema.NewRawLoader(v)); err != nil || !r.Valid() {
				b.Fatal(err, r.Errors())
			}
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	text := source(b, "bundle.schema.json")
	for b.Loop() {
		if _, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
