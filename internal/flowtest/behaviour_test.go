package flowtest_test

import (
	"os"
	"strings"
	"testing"

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
		{"nothing", "", "", "5 events of the tests do the same as before", ""},
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
