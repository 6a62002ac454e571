package flowtest_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// FuzzCases reads and runs whatever is a file of cases: every mistake has its
// place, nothing panics, and what is read is run.
func FuzzCases(f *testing.F) {
	text, err := os.ReadFile(example + "/tests/ticket_to_slack.yml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("- {name: a, flow: ticket_to_slack, http: [{expect: {body: {jq: .}}, reply: reset, times: any}], want: {fail: }}"))
	f.Add([]byte("- name: a\n  flow: ticket_to_slack\n  links: [1, {}]\n  connections: {slack: \"*.com\"}\n  want:\n    links: []\n    data: {/a/0: 1}\n"))
	f.Add([]byte("[&a {name: *a}]"))
	b := bundle(f, "bundle.json", file(f, example+"/bundle.json"))
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := fstest.MapFS{"t.yml": {Data: text}, "urgent.json": {Data: []byte(`{"ticket_event":{}}`)}}
		cases, found := flowtest.Read(fsys, "t.yml")
		for _, m := range found {
			if m.Place.File == nil || m.Place.Line < 1 || m.Place.Column < 1 {
				t.Fatalf("a mistake without a place: %+v", m)
			}
			if span := m.Place.Span(); span.Start < 0 || int(span.End) > len(text) || span.Start > span.End {
				t.Fatalf("a mistake outside of its file: %v of %d", span, len(text))
			}
		}
		if cases == nil {
			if len(found) == 0 {
				t.Fatal("no cases, and no mistake")
			}
			return
		}
		s := &flowtest.Suite{Bundles: []*zis.Bundle{b}}
		outcomes := s.Run(t.Context(), cases.Cases)
		s.Cover(outcomes)
		_, _, _ = cases.Update(outcomes)
	})
}

func BenchmarkSuite(b *testing.B) {
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(b, "bundle.json", file(b, example+"/bundle.json"))}}
	f, found := flowtest.Read(os.DirFS(example), "tests/ticket_to_slack.yml")
	if len(found) > 0 {
		b.Fatal(found)
	}
	for b.Loop() {
		s.Run(b.Context(), f.Cases)
	}
}
