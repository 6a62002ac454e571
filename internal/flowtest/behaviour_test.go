package flowtest_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zisdeploy/zis-deploy/internal/flowtest"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// TestBehaviour compares the example with changes of it, on the example's own
// tests.
func TestBehaviour(t *testing.T) {
	text := string(file(t, example+"/bundle.json"))
	f, found := flowtest.Read(os.DirFS(example), "tests/ticket_to_slack.yml")
	if len(found) > 0 {
		t.Fatal(found)
	}
	for _, tt := range []struct {
		name, old, new string // in the bundle
		want           string
		lines          string // one of them
	}{
		{"nothing", "", "", "5 events do the same as before", ""},
		{"another body", `status \\(`, `state \\(`, "of 5 events, 3 send another body to slack.com", `/text: "Urgent ticket #35436, state open" was "Urgent ticket #35436, status open"`},
		{"another condition", `"StringEquals": "urgent"`, `"StringEquals": "normal"`, "of 5 events, 3 now end NotUrgent, 3 send one request less to slack.com, 1 now ends Posted and 1 sends one request more to slack.com", "ends Posted, before NotUrgent"},
		{"a dropped Catch", `"Catch"`, `"Comment2"`, "of 5 events, 1 now fails in PostMessage", `ends in a failure of PostMessage: external action failed due to status code: 403, before NotPosted`},
		{"another address", "https://slack.com/api/chat.postMessage", "https://hooks.slack.com/x", "of 5 events, 3 send a request to another address of slack.com, 1 now ends Posted and 1 sends one request less to slack.com", "POST https://hooks.slack.com/x was POST https://slack.com/api/chat.postMessage"},
		{"a job spec gone", `"type": "ZIS::JobSpec",` + "\n" + `      "properties": {` + "\n" + `        "name": "on_priority_changed"`, `"type": "ZIS::JobSpec",` + "\n" + `      "properties": {` + "\n" + `        "name": "on_something"`, "of 5 events, 1 no longer starts a flow", "it ended NotUrgent"},
		{"a secret", `"{{$.channel}}"`, `"xoxb-1234567890-abcdefghijklmnop"`, "of 5 events, 3 send another body to slack.com", `/channel: "(secret)" was "#support"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(text, tt.old) {
				t.Fatalf("the example has no %s", tt.old)
			}
			before := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "account", []byte(text))}}
			after := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "bundle.json", []byte(strings.Replace(text, tt.old, tt.new, 1)))}}
			b := flowtest.Compare(t.Context(), before, after, f.Cases)
			if b.String() != tt.want {
				t.Errorf("%s\nwant %s", b, tt.want)
			}
			var lines []string
			for _, c := range b.Changed {
				lines = append(lines, c.Lines()...)
			}
			if all := strings.Join(lines, "\n"); !strings.Contains(all, tt.lines) || strings.Contains(all, "xoxb") {
				t.Errorf("%s\nwant %s", all, tt.lines)
			}
		})
	}
}

// TestChanges tells of the archives in testdata/behaviour what the bundle in after/
// does with the events of the tests that that in before/ didn't.
func TestChanges(t *testing.T) {
	each(t, "behaviour", func(t *testing.T, s *session) {
		s.want(t, "mistakes", s.mistakes())
		of := func(dir string) *flowtest.Suite {
			var one flowtest.Suite
			for _, b := range s.suite.Bundles {
				if strings.HasPrefix(b.Doc.File.Path, dir) {
					one.Bundles = append(one.Bundles, b)
				}
			}
			return &one
		}
		found := flowtest.Compare(t.Context(), of("before/"), of("after/"), s.found.Cases())
		var told strings.Builder
		told.WriteString(found.String() + "\n")
		for _, c := range found.Changed {
			told.WriteString(c.Event + " (" + c.Place.String() + ")\n  " + strings.Join(c.Lines(), "\n  ") + "\n")
		}
		s.want(t, "changes", told.String())
	})
}

// TestRecordings starts what an event in a file starts in an account.
func TestRecordings(t *testing.T) {
	spec := func(name, source, kind string) string {
		return `"` + name + `":{"type":"ZIS::JobSpec","properties":{"name":"` + name + `","event_source":"` + source + `","event_type":"` + kind + `","flow_name":"zis:crm:flow:f"}}`
	}
	s := &flowtest.Suite{Bundles: []*zis.Bundle{bundle(t, "b.json", []byte(`{"name":"b","zis_template_version":"2019-10-14","resources":{`+strings.Join([]string{
		spec("made", "support", "ticket.TicketCreated"), spec("made_too", "support", "ticket.TicketCreated"),
		spec("status", "support", "ticket.StatusChanged"), spec("user", "support", "user.UserCreated"), spec("hook", "acme", "order"),
	}, ",")+`}}`))}}
	for _, tt := range []struct{ name, event, want string }{
		{"a.json", `{"ticket_event":{"type":"Ticket Created","ticket":{"id":1}}}`, "made made_too"},
		{"a.json", `{"account_id":1,"input":{"ticket_event":{"type":"Ticket Created","ticket":{"id":1}}}}`, "made made_too"},
		{"a.json", `{"ticket_event":{"type":"Status Changed","ticket":{"id":1},"previous":"open","current":"solved"}}`, "status"},
		{"a.json", `{"ticket_event":{"type":"Status Changed","meta":{"actor_id":1},"ticket":{"id":1}}}`, "status"},
		{"a.json", `{"ticket_event":{"ticket":{"id":1}}}`, "made made_too status"},
		{"a.json", `{"ticket_event":{"type":"Ticket Created","ticket":{"subject":1}}}`, ""},
		{"a.json", `{"user_event":{"type":"User Created","user":{"id":1}}}`, "user"},
		{"a.json", `{"order":1}`, "hook"},
		{"a.json", `[1]`, "hook"},
		{"status.json", `{"order":1}`, "status"},
		{"made.json", `{"order":1}`, "made"},
		{"made_too.2.json", `{"order":1}`, "made_too"},
	} {
		list, found := flowtest.Recordings(fstest.MapFS{"e/" + tt.name: {Data: []byte(tt.event)}}, []string{"e"}, nil)
		if len(found) > 0 {
			t.Fatal(found)
		}
		var starts []string
		for _, c := range flowtest.CasesOf(list, nil, s) {
			starts = append(starts, c.JobSpec)
		}
		if have := strings.Join(starts, " "); have != tt.want {
			t.Errorf("%s in %s starts %q, want %q", tt.event, tt.name, have, tt.want)
		}
	}
	if _, found := flowtest.Recordings(fstest.MapFS{"e/a.json": {Data: []byte("no")}}, []string{"e"}, nil); len(found) != 1 || found[0].Place.String() != "e/a.json:1:1" {
		t.Error(found)
	}
}
