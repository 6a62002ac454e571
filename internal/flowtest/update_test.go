package flowtest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// TestUpdateInEveryForm rewrites the want of files as people write them, and
// nothing else of them.
func TestUpdateInEveryForm(t *testing.T) {
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "b.json", []byte(`{"name":"b","zis_template_version":"2019-10-14","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"k":"it's {"},"ResultPath":"$.p","Next":"B"},"B":{"Type":"Succeed"}}}}}}}`))}}
	for _, tt := range []struct{ file, text, want string }{
		{"t.yml", "- name: a\n  flow: f\n  want:\n    end: A # of old\n  event: {x: 1}\n", "- name: a\n  flow: f\n  want: {end: B}\n  event: {x: 1}\n"},
		{"t.yml", "- {name: a, flow: f, want: {end: Renamed}, event: {x: 1}}\n- {name: b, flow: f, want: {end: A, data: {/p/k: \"}\"}}}\n", "- {name: a, flow: f, want: {end: B}, event: {x: 1}}\n- {name: b, flow: f, want: {end: B, data: {/p/k: \"it's {\"}}}\n"},
		{"t.yml", "- {name: a, flow: f, want: {end: A, data: {/p/k: 'isn''t }', # {\n    /p: don't}}, event: {x: 1}}\n", "- {name: a, flow: f, want: {end: B, data: {/p: {k: \"it's {\"}, /p/k: \"it's {\"}}, event: {x: 1}}\n"},
		{"t.json", `[{"name":"a","flow":"f","want":{"end":"A","data":{"/p/k":"}\""}},"event":{"x":1}},{"want":{"end":"B"},"name":"b","flow":"f"}]`, `[{"name":"a","flow":"f","want":{"end": "B", "data": {"/p/k": "it's {"}},"event":{"x":1}},{"want":{"end":"B"},"name":"b","flow":"f"}]`},
		{"t.json", "[\n\t{\n\t\t\"name\": \"a\",\n\t\t\"want\": {\n\t\t\t\"end\": \"Renamed\",\n\t\t\t\"data\": {\"/p/k\": 1}\n\t\t},\n\t\t\"flow\": \"f\"\n\t}\n]\n", "[\n\t{\n\t\t\"name\": \"a\",\n\t\t\"want\": {\n\t\t\t\"end\": \"B\",\n\t\t\t\"data\": {\n\t\t\t\t\"/p/k\": \"it's {\"\n\t\t\t}\n\t\t},\n\t\t\"flow\": \"f\"\n\t}\n]\n"},
	} {
		f, found := flowtest.Read(fstest.MapFS{tt.file: {Data: []byte(tt.text)}}, tt.file)
		if len(found) > 0 {
			t.Fatal(found)
		}
		have, _, err := f.Update(s.Run(t.Context(), f.Cases))
		if err != nil || have != tt.want {
			t.Errorf("%s becomes %s, %v; want %s", tt.text, have, err, tt.want)
			continue
		}
		again, found := flowtest.Read(fstest.MapFS{tt.file: {Data: []byte(have)}}, tt.file)
		if len(found) > 0 {
			t.Fatal(found)
		}
		for _, o := range s.Run(t.Context(), again.Cases) {
			if !o.Passed() {
				t.Errorf("%s: %v", have, o.Problems)
			}
		}
	}
}

// TestUpdateLeavesWhatWasStopped because a run that met a request without a mock
// says nothing of how the flow ends.
func TestUpdateLeavesWhatWasStopped(t *testing.T) {
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "b.json", file(t, example+"/bundle.json"))}}
	text := "- {name: a, flow: ticket_to_slack, event: {ticket_event: {ticket: {id: 1, priority: urgent}}}, config: {slack_settings: {channel: x}}, want: {end: NotPosted}}\n"
	f, _ := flowtest.Read(fstest.MapFS{"t.yml": {Data: []byte(text)}}, "t.yml")
	outcomes := s.Run(t.Context(), f.Cases)
	have, changed, err := f.Update(outcomes)
	if have != text || changed != 0 || err != nil || outcomes[0].Passed() || !strings.Contains(outcomes[0].Problems[0].Text, "unexpected request") {
		t.Errorf("%s, %d, %v, %v", have, changed, err, outcomes[0].Problems)
	}
}

// YAML takes more for the end of a line than a line feed. A file with such lines
// stays as it is, and is told why; one with those of Windows is rewritten.
func TestLinesThatEndOtherwise(t *testing.T) {
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "bundle.json", file(t, example+"/bundle.json"))}}
	for end, rewritten := range map[string]bool{"\n": true, "\r\n": true, "\r": false, "\u0085": false, "\u2028": false, "\u2029": false} {
		text := "- name: a\n  flow: ticket_to_slack\n  event: {}" + end + "  want:" + end + "    end: Nowhere\n"
		f, found := flowtest.Read(fstest.MapFS{"t.yml": {Data: []byte(text)}}, "t.yml")
		if f == nil || len(found) > 0 {
			if rewritten || len(found) == 0 {
				t.Errorf("%q: not read: %v", end, found)
			}
			continue // what YAML doesn't take for one is a mistake of the file
		}
		outcomes := s.Run(t.Context(), f.Cases)
		if outcomes[0].Passed() {
			t.Fatalf("%q: the case passes", end)
		}
		have, changed, err := f.Update(outcomes)
		switch {
		case rewritten && (err != nil || changed != 1 || strings.Contains(have, "Nowhere")):
			t.Errorf("%q: not rewritten: %v\n%s", end, err, have)
		case !rewritten && (err == nil || !strings.Contains(err.Error(), "t.yml: the wants of this file can't be rewritten: some of its lines end with")):
			t.Errorf("%q: the error is %v", end, err)
		}
	}
}
