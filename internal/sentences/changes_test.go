package sentences_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func parse(t testing.TB, text string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("zis/bundle.json", []byte(text)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// account holds a bundle, with its job specs installed but those named.
func account(t testing.TB, text string, off ...string) deploy.Remote {
	have := deploy.Remote{Integration: "acme"}
	if text == "" {
		return have
	}
	doc := parse(t, text)
	b := zis.Read(doc)
	have.Bundles = []deploy.Stored{{BundleInfo: registry.BundleInfo{Name: b.Name.Value, UUID: "5c72"}, Body: []byte(text), Doc: doc}}
	for _, s := range b.JobSpecs {
		have.JobSpecs = append(have.JobSpecs, registry.JobSpec{
			Name: s.Name.Value, EventSource: s.EventSource.Value, EventType: s.EventType.Value,
			FlowName: s.FlowName.Value, Installed: !slices.Contains(off, s.Name.Value),
		})
	}
	return have
}

func plan(t testing.TB, have deploy.Remote, after string, opt deploy.Options) deploy.Prepared {
	t.Helper()
	p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(parse(t, after))}, have, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// change is an edit of the example: what is replaced by what, in turn.
type change struct {
	name   string
	edit   []string
	before []string // what is replaced in the example first
	opt    deploy.Options
	off    []string // job specs that are not installed
	main   bool     // one of the twelve that a newcomer must understand
}

const (
	posted    = `"Next": "Posted"`
	states    = `"Posted": {`
	resources = `"ticket_to_slack": {
      "type"`
	spec = `,
    "on_priority_changed": {
      "type": "ZIS::JobSpec",
      "properties": {
        "name": "on_priority_changed",
        "event_source": "support",
        "event_type": "ticket.PriorityChanged",
        "flow_name": "zis:ticket_to_slack:flow:ticket_to_slack"
      }
    }`
	billing = `"bill": {"type": "ZIS::Action::Http", "properties": {"name": "bill", "definition": {"method": "POST", "url": "https://api.example.com/v1/bills", "requestBody": {"who": "{{$.who}}", "what": "{{$.what}}"}}}},
    `
	callBilling = `"Bill": {"Type": "Action", "ActionName": "zis:ticket_to_slack:action:bill", "Parameters": {"who.$": "$.input.ticket_event.ticket.requester", "what.$": "$.input.ticket_event.ticket.subject"}, "Next": "Posted"},
            `
	rules = `"Choices": [
                {
                  "Variable": "$.input.ticket_event.ticket.priority",
                  "StringEquals": "urgent",
                  "Next": "WriteMessage"
                }
              ]`
	twoRules = `"Choices": [
                {"Variable": "$.input.ticket_event.ticket.priority", "StringEquals": "urgent", "Next": "WriteMessage"},
                {"Variable": "$.input.ticket_event.ticket.status", "StringEquals": "solved", "Next": "Posted"}
              ]`
	swappedRules = `"Choices": [
                {"Variable": "$.input.ticket_event.ticket.status", "StringEquals": "solved", "Next": "Posted"},
                {"Variable": "$.input.ticket_event.ticket.priority", "StringEquals": "urgent", "Next": "WriteMessage"}
              ]`
	jqState = `"WriteMessage": {
              "Type": "Action",
              "ActionName": "zis:common:transform:Jq",
              "Parameters": {
                "expr": "\"Urgent ticket #\\(.ticket.id), status \\(.ticket.status // \"unknown\")\"",
                "data.$": "$.input.ticket_event"
              },
              "ResultPath": "$.message",
              "Next": "PostMessage"
            },
            `
	catch = `"Catch": [
                {
                  "ErrorEquals": ["States.ALL"],
                  "ResultPath": "$.error",
                  "Next": "NotPosted"
                }
              ],
              `
)

var prune = deploy.Options{Prune: true, PruneLimit: 5}

var changes = []change{
	{name: "a changed condition", main: true, edit: []string{`"StringEquals": "urgent"`, `"StringEquals": "high"`}},
	{name: "a changed jq program", main: true, edit: []string{`#\\(.ticket.id)`, `no. \\(.ticket.id) of \\(.ticket.requester.name)`}},
	{name: "a renamed state", main: true, edit: []string{`"PostMessage"`, `"SendMessage"`}},
	{name: "another host", main: true, edit: []string{`https://slack.com/api/chat.postMessage`, `https://hooks.example.net/api/chat.postMessage`}},
	{name: "a removed job spec", main: true, edit: []string{spec, ``}},
	{name: "a new request", main: true, edit: []string{resources, billing + resources, posted, `"Next": "Bill"`, states, callBilling + states}},
	{name: "a message of the log", main: true, edit: []string{`is not urgent`, `waits until tomorrow`}},
	{name: "an added And", main: true, edit: []string{rules, `"Choices": [{"And": [{"Variable": "$.input.ticket_event.ticket.priority", "StringEquals": "urgent"}, {"Variable": "$.input.ticket_event.ticket.status", "StringEquals": "open"}], "Next": "WriteMessage"}]`}},
	{name: "an inserted state", main: true, edit: []string{posted, `"Next": "Pause"`, states, `"Pause": {"Type": "Wait", "Seconds": 5, "Next": "Posted"}, ` + states}},
	{name: "a new Catch", main: true, edit: []string{`"ResultPath": "$.settings",`, `"ResultPath": "$.settings", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "NotPosted"}],`}},
	{name: "a changed connection", main: true, edit: []string{`"connectionName": "slack"`, `"connectionName": "slack_eu"`}},

	{name: "nothing but the order of keys", edit: []string{`"method": "POST",
          "url": "https://slack.com/api/chat.postMessage",`, `"url": "https://slack.com/api/chat.postMessage", "method": "POST",`}},
	{name: "a comment", edit: []string{`"Type": "Fail",`, `"Type": "Fail", "Comment": "so that somebody looks",`}},
	{name: "a renamed action", edit: []string{`"post_message"`, `"tell_slack"`, `action:post_message`, `action:tell_slack`}},
	{name: "a renamed flow", edit: []string{`"ticket_to_slack"`, `"urgent_to_slack"`, `flow:ticket_to_slack`, `flow:urgent_to_slack`}},
	{name: "another key", edit: []string{`"post_message": {`, `"poster": {`}},
	{name: "a renamed job spec without prune", edit: []string{`"on_priority_changed"`, `"on_priority"`}},
	{name: "a renamed job spec with prune", opt: prune, edit: []string{`"on_priority_changed"`, `"on_priority"`}},
	{name: "a removed job spec with prune", opt: prune, edit: []string{spec, ``}},
	{name: "a job spec that is not listed", opt: deploy.Options{JobSpecs: deploy.Selection{Names: []string{"on_ticket_created"}}}, edit: []string{`"StringEquals": "urgent"`, `"StringEquals": "high"`}},
	{name: "a job spec that was switched off", off: []string{"on_priority_changed"}, edit: []string{`"StringEquals": "urgent"`, `"StringEquals": "high"`}},
	{name: "another event", edit: []string{`ticket.PriorityChanged`, `ticket.CommentAdded`}},
	{name: "a host chosen at run time", edit: []string{`https://slack.com/api`, `https://{{$.host}}/api`}},
	{name: "without encryption", edit: []string{`https://slack.com`, `http://slack.com`}},
	{name: "a host that looks like it", edit: []string{`https://slack.com`, "https://sl\u0430ck.com"}},
	{name: "a host behind a user", edit: []string{`https://slack.com/`, `https://slack.com@hooks.example.net/`}},
	{name: "another path", edit: []string{`chat.postMessage`, `chat.postEphemeral`}},
	{name: "another method", edit: []string{`"method": "POST"`, `"method": "PUT"`}},
	{name: "more data in the body", edit: []string{`"text": "{{$.text}}"`, `"text": "{{$.text}}", "mail": "{{$.mail}}"`, `"text.$": "$.message"`, `"text.$": "$.message", "mail.$": "$.input.ticket_event.ticket.requester.email"`}},
	{name: "a header", edit: []string{`{ "key": "Content-Type", "value": "application/json" }`, `{ "key": "Content-Type", "value": "application/json" }, { "key": "Authorization", "value": "Bearer abcdefg1234567" }`}},
	{name: "a Catch that goes", edit: []string{catch, ``}},
	{name: "other settings", edit: []string{`"scope": "slack_settings"`, `"scope": "slack_eu"`}},
	{name: "a program that makes no text", before: []string{`"expr": "\"Urgent ticket #\\(.ticket.id), status \\(.ticket.status // \"unknown\")\""`, `"expr": ".ticket | {id, status}"`}, edit: []string{`{id, status}`, `{id, status, tags}`}},
	{name: "a program that reads something else", edit: []string{`"data.$": "$.input.ticket_event"`, `"data.$": "$.input"`}},
	{name: "a text that a Pass sets", before: []string{`"Type": "Succeed",
              "Message": "Ticket {{$.input.ticket_event.ticket.id}} is not urgent"`, `"Type": "Pass", "Result": {"note": "we will look tomorrow"}, "End": true`}, edit: []string{`look tomorrow`, `look on Monday`}},
	{name: "another key in a body", edit: []string{`"text": "{{$.text}}"`, `"message": "{{$.text}}"`}},
	{name: "a path that becomes a text", edit: []string{`"text.$": "$.message"`, `"text": "$.message"`}},
	{name: "another parameter", edit: []string{`"text.$": "$.message"`, `"words.$": "$.message"`}},
	{name: "a way around", edit: []string{`"Next": "IsUrgent"`, `"Next": "WriteMessage"`}},
	{name: "a state that goes", edit: []string{`"Next": "WriteMessage"`, `"Next": "PostMessage"`, jqState, ``}},
	{name: "a swapped order of rules", main: true, before: []string{rules, twoRules}, edit: []string{twoRules, swappedRules}},
	{name: "a rule more", edit: []string{rules, twoRules}},
	{name: "a comment that everybody sees", before: []string{`"channel": "{{$.channel}}"`, `"public": false`}, edit: []string{`"public": false`, `"public": true`}},
	{name: "a text that would like to be markup", edit: []string{`is not urgent`, "is <b>not</b> @everyone\u202e\u200b | ”. Nothing changes."}},
	{name: "an Or", edit: []string{rules, `"Choices": [{"Or": [{"Variable": "$.input.ticket_event.ticket.priority", "StringEquals": "urgent"}, {"Variable": "$.input.ticket_event.ticket.priority", "StringEquals": "high"}], "Next": "WriteMessage"}]`}},
	{name: "an operator", edit: []string{`"StringEquals": "urgent"`, `"StringEqualsPath": "$.settings.priority"`}},
	{name: "a field that nobody knows", edit: []string{`"Type": "Fail",`, `"Type": "Fail", "Retry": [{"MaxAttempts": 3}],`}},
	{name: "a resource of an unknown type", edit: []string{resources, `"x": {"type": "ZIS::Link", "properties": {"name": "x"}}, ` + resources}},
	{name: "two names exchanged", edit: []string{`"Posted"`, `"Tmp"`, `"NotUrgent"`, `"Posted"`, `"Tmp"`, `"NotUrgent"`}},
	{name: "renamed and changed", edit: []string{`"PostMessage"`, `"SendMessage"`, `"channel.$": "$.settings.channel"`, `"channel.$": "$.settings.room"`}},
}

func edited(t testing.TB, text string, edit []string) string {
	for i := 0; i < len(edit); i += 2 {
		if !strings.Contains(text, edit[i]) {
			t.Fatalf("the example has no %s", edit[i])
		}
		text = strings.ReplaceAll(text, edit[i], edit[i+1])
	}
	return text
}

func written(told sentences.Told) string {
	var b strings.Builder
	for _, s := range told.Sentences {
		sign := ""
		if s.Alarm {
			sign = "⚠️ "
		}
		fmt.Fprintf(&b, "- %s%s [%s]\n", sign, s.Text, s.Kind)
	}
	for _, s := range told.Smaller {
		fmt.Fprintf(&b, "  - %s [%s]\n", s.Text, s.Kind)
	}
	if b.Len() == 0 {
		return "(nothing to say)\n"
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, path), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

const example = "../../examples/ticket-to-slack/bundle.json"

func TestChangesAreSaidInWords(t *testing.T) {
	before := read(t, example)
	var b strings.Builder
	for _, c := range changes {
		was := edited(t, before, c.before)
		told := sentences.Of(plan(t, account(t, was, c.off...), edited(t, was, c.edit), c.opt))
		fmt.Fprintf(&b, "## %s\n\n%s\n", c.name, written(told))
	}
	first := sentences.Of(plan(t, account(t, ""), before, deploy.Options{}))
	fmt.Fprintf(&b, "## the first deploy\n\n%s", written(first))
	golden(t, "changes.md", b.String())
}

// corpus is the folder of real bundles; the test is skipped without it.
func corpus(t testing.TB) string {
	const dir = "../../../shared/corpus/public"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real bundles are not here: ", err)
	}
	return dir
}

func TestRealChanges(t *testing.T) {
	dir := corpus(t)
	versions := []string{"first", "stringmatches-REJECTED", "stringequals", "role-renamed", "2026-07", "2026-08"}
	var b strings.Builder
	for i := range versions[1:] {
		before, after := read(t, filepath.Join(dir, "tsanet-"+versions[i]+".json")), read(t, filepath.Join(dir, "tsanet-"+versions[i+1]+".json"))
		told := sentences.Of(plan(t, account(t, before), after, deploy.Options{}))
		fmt.Fprintf(&b, "## %s to %s\n\n%s\n", versions[i], versions[i+1], written(told))
	}
	golden(t, "real.md", b.String())
}

// TestDocumentOfKinds keeps the table of docs/plan.md: each kind with what is
// said of one of the changes above.
func TestDocumentOfKinds(t *testing.T) {
	const path = "../../docs/plan.md"
	before, examples := read(t, example), map[sentences.Kind]string{}
	for _, c := range changes {
		was := edited(t, before, c.before)
		told := sentences.Of(plan(t, account(t, was, c.off...), edited(t, was, c.edit), c.opt))
		for _, s := range told.Sentences {
			if examples[s.Kind] == "" {
				examples[s.Kind] = s.Text
			}
		}
	}
	examples[sentences.Rest] = "and 12 smaller changes."
	var table strings.Builder
	table.WriteString("| kind | what it is about | for example |\n|---|---|---|\n")
	for _, row := range sentences.Kinds() {
		if examples[row.Kind] == "" {
			t.Errorf("no change of the example has a sentence of the kind %s", row.Kind)
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", row.Kind, row.Meaning, strings.ReplaceAll(examples[row.Kind], "|", `\|`))
	}
	head, rest, _ := strings.Cut(read(t, path), "<!-- kinds -->\n")
	_, tail, ok := strings.Cut(rest, "<!-- /kinds -->")
	want := head + "<!-- kinds -->\n" + table.String() + "<!-- /kinds -->" + tail
	if !ok {
		t.Fatal("docs/plan.md has no place for the table")
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, read(t, path)); diff != "" {
		t.Errorf("docs/plan.md is not what is said; -update rewrites it (-want +got)\n%s", diff)
	}
}

func TestKindsOfTheSchemaAreOurs(t *testing.T) {
	for _, name := range []string{"report", "fleet"} {
		schema := read(t, "../../schemas/"+name+".schema.json")
		for _, row := range sentences.Kinds() {
			if !strings.Contains(schema, `"`+string(row.Kind)+`"`) {
				t.Errorf("%s.schema.json doesn't know the kind %s", name, row.Kind)
			}
		}
	}
}
