package report_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func parse(t *testing.T, src string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("zis/bundle.json", []byte(src)))
	if doc == nil || len(found) > 0 {
		t.Fatal(found)
	}
	return doc
}

// flowOf is a bundle with one flow of n states in a row.
func flowOf(n int, more string) string {
	var b strings.Builder
	b.WriteString(`{"name": "big", "zis_template_version": "2019-10-14", "resources": {"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "S0", "States": {`)
	for i := range n {
		fmt.Fprintf(&b, `"S%d": {"Type": "Pass", "Comment": "%s", "Next": "S%d"},`, i, more, i+1)
	}
	fmt.Fprintf(&b, `"S%d": {"Type": "Succeed"}}}}},`, n)
	return b.String() + `"s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:f"}}}}`
}

func plan(t *testing.T, before, after string) *deploy.Prepared {
	t.Helper()
	have := deploy.Remote{Integration: "acme"}
	if before != "" {
		doc := parse(t, before)
		have.Bundles = []deploy.Stored{{BundleInfo: registry.BundleInfo{Name: zis.Read(doc).Name.Value, UUID: "5c72"}, Body: []byte(before), Doc: doc}}
	}
	p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(parse(t, after))}, have, deploy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

// running is an account that has a bundle and all its job specs installed.
func running(t *testing.T, text string) deploy.Remote {
	doc := parse(t, text)
	b := zis.Read(doc)
	have := deploy.Remote{Integration: "acme", Bundles: []deploy.Stored{{BundleInfo: registry.BundleInfo{Name: b.Name.Value, UUID: "5c72"}, Body: []byte(text), Doc: doc}}}
	for _, s := range b.JobSpecs {
		have.JobSpecs = append(have.JobSpecs, registry.JobSpec{Name: s.Name.Value, EventSource: s.EventSource.Value, EventType: s.EventType.Value, FlowName: s.FlowName.Value, Installed: true})
	}
	return have
}

// spec is a job spec of the example.
const spec = `,
    "on_priority_changed": {
      "type": "ZIS::JobSpec",
      "properties": {
        "name": "on_priority_changed",
        "event_source": "support",
        "event_type": "ticket.PriorityChanged",
        "flow_name": "zis:ticket_to_slack:flow:ticket_to_slack"
      }
    }`

// manyFlows is a bundle of n flows, each of 20 states, one of which decides by
// word and one of which sends it on.
func manyFlows(n int, word string) string {
	var b strings.Builder
	b.WriteString(`{"name": "many", "zis_template_version": "2019-10-14", "resources": {
	  "send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": "https://` + word + `.example.com/in", "requestBody": {"text": "{{$.text}}"}}}}`)
	for i := range n {
		fmt.Fprintf(&b, `, "f%d": {"type": "ZIS::Flow", "properties": {"name": "f%d", "definition": {"StartAt": "S0", "States": {`, i, i)
		for j := range 17 {
			fmt.Fprintf(&b, `"S%d": {"Type": "Pass", "Next": "S%d"}, `, j, j+1)
		}
		fmt.Fprintf(&b, `"S17": {"Type": "Choice", "Choices": [{"Variable": "$.input.x", "StringEquals": "%s", "Next": "S18"}], "Default": "S19"},
		  "S18": {"Type": "Action", "ActionName": "zis:acme:action:send", "Parameters": {"text.$": "$.input.text"}, "Next": "S19"}, "S19": {"Type": "Succeed"}}}}}`, word)
		fmt.Fprintf(&b, `, "s%d": {"type": "ZIS::JobSpec", "properties": {"name": "s%d", "event_source": "support", "event_type": "%s", "flow_name": "zis:acme:flow:f%d"}}`, i, i, someEvents[i], i)
	}
	return b.String() + "}}"
}

var someEvents = []string{"ticket.TicketCreated", "ticket.CommentAdded", "ticket.StatusChanged", "ticket.PriorityChanged", "ticket.TagsChanged", "user.UserCreated", "user.UserMerged", "ticket.TicketMerged"}

func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/ticket-to-slack/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// changedExample changes a condition, adds a state and an edge, removes one,
// and writes text that would like to be markup.
func changedExample(t *testing.T) string {
	return strings.NewReplacer(
		`"StringEquals": "urgent"`, `"StringEquals": "high | <b>@everyone</b>"`,
		`"Next": "Posted"`, `"Next": "Pause"`,
		`"Posted": {`, `"Pause": {"Type": "Wait", "Seconds": 1, "Next": "Posted"}, "Posted": {`,
		`"Default": "NotUrgent"`, `"Default": "Posted"`,
		`"NotUrgent": {
              "Type": "Succeed",
              "Message": "Ticket {{$.input.ticket_event.ticket.id}} is not urgent"
            },`, ``,
	).Replace(example(t))
}

func reports(t *testing.T) map[string]report.Report {
	small := report.Report{Command: "plan", Where: "acme.zendesk.com", Plan: plan(t, example(t), changedExample(t))}
	small.Conclude(nil, nil)
	large := report.Report{Command: "plan", Where: "acme.zendesk.com", Plan: plan(t, flowOf(150, "one"), strings.Replace(flowOf(150, "one"), `"S75": {"Type": "Pass", "Comment": "one"`, `"S75": {"Type": "Pass", "Result": {"a": 1}, "Comment": "one"`, 1))}
	large.Conclude(nil, nil)
	failed := report.Report{Command: "deploy", Where: "acme.zendesk.com", Plan: plan(t, "", example(t))}
	failed.Deploy = &deploy.Result{
		Rollback: deploy.Partial, ByHand: []string{"uninstall the job spec zis:acme:job_spec:on_ticket_created"},
		Steps: []deploy.StepResult{
			{Step: failed.Plan.Steps[0], State: deploy.Done},
			{Step: failed.Plan.Steps[1], State: deploy.Done},
			{Step: failed.Plan.Steps[2], State: deploy.Failed, Error: "500"},
			{Step: failed.Plan.Steps[3], State: deploy.NotRun},
		},
	}
	failed.Conclude(&verdict.Error{Reason: "install-failed", Err: errors.New(`install zis:acme:job_spec:on_ticket_created: 500 "::error::<script>"`), Next: "run again"}, nil)
	done := report.Report{Command: "deploy", Where: "acme.zendesk.com", Plan: plan(t, example(t), changedExample(t))}
	done.Deploy = &deploy.Result{Rollback: deploy.NotNeeded, Installed: []string{"zis:acme:job_spec:on_ticket_created", "zis:acme:job_spec:on_priority_changed"}}
	done.Conclude(nil, nil)
	changed := func(have deploy.Remote, after string) report.Report {
		p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(parse(t, after))}, have, deploy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := report.Report{Command: "plan", Where: "acme.zendesk.com", Plan: &p}
		r.Conclude(nil, nil)
		return r
	}
	host := changed(running(t, example(t)), strings.NewReplacer(
		"https://slack.com/", "https://hooks.example.net/",
		`#\\(.ticket.id)`, `no. \\(.ticket.id)`,
	).Replace(example(t)))
	renamed := changed(running(t, example(t)), strings.ReplaceAll(example(t), "PostMessage", "SendMessage"))
	removed := changed(running(t, example(t)), strings.Replace(example(t), spec, "", 1))
	many := changed(running(t, manyFlows(8, "one")), manyFlows(8, "two"))
	broken := report.Report{Command: "validate"}
	doc, found := source.Parse(diag.NewFile("zis/bundle.json", []byte("{\n  \"name\": \"a|b\",\n}")))
	if doc != nil {
		t.Fatal("it is broken")
	}
	broken.Files = []check.File{{Path: "zis/bundle.json", Findings: found}}
	broken.Conclude(broken.Err(), nil)
	return map[string]report.Report{
		"small-change": small, "large-change": large, "deploy": done, "failed-deploy": failed, "broken-bundle": broken,
		"another-host": host, "renamed-state": renamed, "removed-job-spec": removed, "many-changes": many,
	}
}

func TestMarkdownKeepsToItsLimit(t *testing.T) {
	r := reports(t)["large-change"]
	for _, limit := range []int{0, 10, 200, 1000, 3000} {
		var b bytes.Buffer
		if err := report.Markdown(&b, r, report.Page{Limit: limit}); err != nil {
			t.Fatal(err)
		}
		if b.Len() > limit {
			t.Errorf("%d bytes for a limit of %d", b.Len(), limit)
		}
		if strings.Count(b.String(), "```")%2 != 0 {
			t.Errorf("limit %d: a code block is not closed", limit)
		}
	}
}
