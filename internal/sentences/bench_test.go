package sentences_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// largeBundle has n flows of 40 states each, and as many actions; word stands
// in each state.
func largeBundle(n int, word string) string {
	var b strings.Builder
	b.WriteString(`{"name": "big", "zis_template_version": "2019-10-14", "resources": {`)
	for i := range n {
		fmt.Fprintf(&b, `"a%d": {"type": "ZIS::Action::Http", "properties": {"name": "a%d", "definition": {"method": "POST", "url": "https://h%d.%s.example/x", "requestBody": {"text": "a few %s words {{$.text}}"}}}},`, i, i, i, word, word)
		fmt.Fprintf(&b, `"f%d": {"type": "ZIS::Flow", "properties": {"name": "f%d", "definition": {"StartAt": "S0", "States": {`, i, i)
		for j := range 40 {
			fmt.Fprintf(&b, `"S%d": {"Type": "Choice", "Choices": [{"Variable": "$.input.%s", "StringEquals": "%s", "Next": "T%d"}], "Default": "T%d"},`, j, word, word, j, j)
			fmt.Fprintf(&b, `"T%d": {"Type": "Action", "ActionName": "zis:acme:action:a%d", "Parameters": {"text.$": "$.input.%s"}, "Next": "S%d"},`, j, i, word, j+1)
		}
		fmt.Fprintf(&b, `"S40": {"Type": "Succeed", "Message": "%s"}}}}},`, word)
		fmt.Fprintf(&b, `"s%d": {"type": "ZIS::JobSpec", "properties": {"name": "s%d", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:f%d"}},`, i, i, i)
	}
	return strings.TrimSuffix(b.String(), ",") + "}}"
}

// BenchmarkTell compares the largest real bundle with its former version.
func BenchmarkTell(b *testing.B) {
	dir := corpus(b)
	before, after := parse(b, read(b, filepath.Join(dir, "tsanet-2026-07.json"))), parse(b, read(b, filepath.Join(dir, "tsanet-2026-08.json")))
	for b.Loop() {
		sentences.Tell([]sentences.Pair{{Before: before, After: after}}, nil)
	}
}

// BenchmarkTellLarge is linear: all of a bundle of 0.7 and 3 MB differs.
func BenchmarkTellLarge(b *testing.B) {
	for _, n := range []int{60, 240} {
		before, after := largeBundle(n, "old"), largeBundle(n, "new")
		pair := sentences.Pair{Before: parse(b, before), After: parse(b, after)}
		b.Run(fmt.Sprintf("%d_KB", len(after)>>10), func(b *testing.B) {
			b.SetBytes(int64(len(after)))
			for b.Loop() {
				sentences.Tell([]sentences.Pair{pair}, nil)
			}
		})
	}
}
