package source_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// large makes a bundle of flows × states, about 540 bytes a state.
func large(flows, states int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"zis_template_version": "2019-10-14", "name": "large", "resources": {`)
	for f := range flows {
		if f > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  \"flow_%d\": {\"type\": \"ZIS::Flow\", \"properties\": {\"name\": \"flow_%d\", \"definition\": {\"StartAt\": \"S0\", \"States\": {", f, f)
		for s := range states {
			fmt.Fprintf(&b, `
      "S%d": {
        "Type": "Action",
        "ActionName": "zis:common:transform:Jq",
        "Comment": "state number %d of the flow number %d, which is here to have a typical length",
        "Parameters": {
          "expr": "{id: .ticket.id, tags: [.ticket.tags[] | select(startswith(\"a\"))], n: %d}",
          "data.$": "$.input.ticket_event"
        },
        "ResultPath": "$.result_%d",
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Done"}],
        "Next": "%s"
      },`, s, s, f, s, s, next(s, states))
		}
		b.WriteString(`"Done": {"Type": "Succeed"}}}}}`)
	}
	b.WriteString("}}")
	return b.Bytes()
}

func next(s, states int) string {
	if s+1 == states {
		return "Done"
	}
	return fmt.Sprintf("S%d", s+1)
}

func BenchmarkParse(b *testing.B) {
	src := large(50, 100)
	b.Run("bundle", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			if doc, found := source.Parse(diag.NewFile("large.json", src)); doc == nil || len(found) > 0 {
				b.Fatal(found)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			var v any
			if err := json.Unmarshal(src, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
