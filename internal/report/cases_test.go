package report_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// cases are the reports that testdata shows, by the names of the archives.
func cases(t *testing.T) map[string]report.Report {
	t.Helper()
	all := reports(t)
	maps.Copy(all, endings(t))
	maps.Copy(all, plans(t))
	maps.Copy(all, switches(t))
	all["findings"] = someFindings()
	all["failed-tests"], all["passed-tests"] = tests(t, false), tests(t, true)
	all["promotion"] = promotion()
	all["status"] = status()
	return all
}

// little is a bundle of one short flow, on two events.
const little = `{"name": "little", "description": "Tells of tickets", "zis_template_version": "2019-10-14", "resources": {
  "send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": "https://hooks.example.com/in", "requestBody": {"text": "Ticket {{$.id}}"}}}},
  "main": {"type": "ZIS::Flow", "properties": {"name": "main", "definition": {"StartAt": "Send", "States": {
    "Send": {"Type": "Action", "ActionName": "zis:acme:action:send", "Parameters": {"id.$": "$.input.ticket_event.ticket.id"}, "Next": "Sent"},
    "Sent": {"Type": "Succeed", "Message": "sent"}}}}},
  "on_created": {"type": "ZIS::JobSpec", "properties": {"name": "on_created", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:main"}},
  "on_merged": {"type": "ZIS::JobSpec", "properties": {"name": "on_merged", "event_source": "support", "event_type": "ticket.TicketMerged", "flow_name": "zis:acme:flow:main"}}}}`

// without is the little bundle without one of its job specs.
var without = strings.Replace(little, little[strings.Index(little, `,
  "on_merged"`):len(little)-2], "", 1)

// endings are reports of runs that have no plan to show, and of plans that
// ended otherwise than well.
func endings(t *testing.T) map[string]report.Report {
	t.Helper()
	conclude := func(command string, err error) report.Report {
		r := report.Report{Command: command, Where: "acme.zendesk.com"}
		r.Conclude(err, nil)
		return r
	}
	link := "https://acme.zendesk.com/agent/apps/zis-acme"
	waiting := conclude("deploy", &verdict.Pass{
		Outcome: verdict.Pending, Why: `"acme" waits for an admin of acme: ` + link,
		Next: "an administrator opens the address and applies the release; verify then proves that the account runs it",
	})
	waiting.Link = link
	unproven := report.Report{Command: "deploy", Where: "acme.zendesk.com", Plan: planned(t, running(t, little), strings.Replace(little, "/in", "/out", 1), deploy.Options{}).Plan}
	unproven.Deploy = &deploy.Result{Rollback: deploy.NotNeeded, Steps: []deploy.StepResult{{Step: unproven.Plan.Steps[0], State: deploy.Done}, {Step: unproven.Plan.Steps[1], State: deploy.Unknown, Error: "no answer"}}}
	unproven.Conclude(verdict.At(verdict.Verify, &verdict.Error{Reason: verdict.NotProven, Err: errors.New("the list of bundles could not be read"), Next: "verify once more"}), nil)
	list := map[string]report.Report{
		"skipped":           conclude("deploy", &verdict.Pass{Outcome: verdict.Skipped, Why: "no credentials are given", Next: "give them to the workflow"}),
		"superseded":        conclude("deploy", &verdict.Pass{Outcome: verdict.PassedOver, Why: "the branch has moved on to 0123456"}),
		"waits-for-admin":   waiting,
		"unproven":          unproven,
		"wrong-call":        conclude("zis", &verdict.Error{Reason: verdict.InvalidInput, Err: errors.New("unknown flag: --nonsense\x1b[31m"), Next: "zis --help"}),
		"account-is-silent": conclude("plan", verdict.At(verdict.Read, &registry.Error{Op: `list the bundles of "acme"`, Status: 503, Reason: verdict.Network, Message: "web page: Down <now>"})),
	}
	failed := report.Report{Command: "deploy", Where: "acme.zendesk.com", Plan: plan(t, "", little)}
	steps := []deploy.StepResult{{Step: failed.Plan.Steps[0], State: deploy.Done}, {Step: failed.Plan.Steps[1], State: deploy.Done}, {Step: failed.Plan.Steps[2], State: deploy.Failed, Error: "400 <no>"}, {Step: failed.Plan.Steps[3], State: deploy.NotRun}}
	for name, rollback := range map[string]deploy.Rollback{"rolled-back": deploy.Restored, "nothing-brought-back": deploy.Impossible} {
		r := failed
		r.Deploy = &deploy.Result{Rollback: rollback, Steps: steps}
		if rollback == deploy.Impossible {
			r.Journal, r.Deploy.ByHand = "zis.journal", []string{"upload zis/before.json", "install zis:acme:job_spec:a"}
		}
		r.Conclude(verdict.At(verdict.Install, &verdict.Error{Reason: verdict.InstallFailed, Err: errors.New("install zis:acme:job_spec:on_created: 400")}), nil)
		list[name] = r
	}
	return list
}

// plans are plans, and what became of them, that say something of their own.
func plans(t *testing.T) map[string]report.Report {
	t.Helper()
	have, changed := running(t, little), strings.Replace(little, "Ticket {{$.id}}", "See {{$.id}} <b>", 1)
	other := parse(t, strings.NewReplacer(`"on_`, `"other_on_`, `"main"`, `"other_flow"`, `"send"`, `"other_send"`, `"little"`, `"the | other"`).Replace(little))
	beside := running(t, little)
	beside.Bundles = append(beside.Bundles,
		deploy.Stored{BundleInfo: registry.BundleInfo{Name: "the | other", UUID: "77aa"}, Body: []byte("{}"), Doc: other},
		deploy.Stored{BundleInfo: registry.BundleInfo{Name: "an empty one", UUID: "88bb"}, Body: []byte("{}"), Doc: parse(t, `{"name": "an empty one", "zis_template_version": "2019-10-14", "resources": {}}`)})
	for i, s := range zis.Read(other).JobSpecs {
		beside.JobSpecs = append(beside.JobSpecs, registry.JobSpec{Name: s.Name.Value, EventSource: "support", EventType: s.EventType.Value, FlowName: s.FlowName.Value, Installed: i == 0})
	}
	recorded := planned(t, have, changed, deploy.Options{})
	recorded.Behaviour = &report.Behaviour{
		Sentence: "of 14 events, 2 send another body to hooks.example.com", Events: 14,
		Changed: []report.BehaviourEvent{
			{Name: "an urgent ticket", Place: "zis/tests/urgent.yml:3:5", Lines: []string{"POST hooks.example.com/in", "  body.text", "  - Ticket 1", "  + See 1 <b>"}},
			{Name: "a ticket | with a pipe", Place: "zis/tests/urgent.yml:19:5", Lines: []string{"POST hooks.example.com/in", "  body.text", "  - Ticket ```", "  + See ``` <b>"}},
		},
	}
	fires := planned(t, firing(t, have), without, deploy.Options{})
	nothing := report.Report{Command: "deploy", Where: "acme.zendesk.com", Plan: fires.Plan}
	nothing.Conclude(nil, func(h verdict.Hint) string { return "run it again with --" + string(h.Code) })
	pruned := planned(t, firing(t, have), without, deploy.Options{Prune: true, PruneLimit: 5})
	pruned.Command, pruned.Deploy = "deploy", &deploy.Result{Rollback: deploy.NotNeeded, Installed: []string{"zis:acme:job_spec:on_created"}, Uninstalled: []string{"zis:acme:job_spec:on_merged"}}
	pruned.Conclude(nil, nil)
	local := report.Report{Command: "deploy", Where: account.Local, Plan: plan(t, "", little)}
	local.Deploy = &deploy.Result{Rollback: deploy.NotNeeded, Installed: []string{"a", "b"}}
	local.Conclude(nil, nil)
	fields := planned(t, have, strings.NewReplacer("Tells of tickets", "Tells of <all> tickets", `"Type": "Succeed",`, `"Type": "Succeed", "Comment": "the end",`).Replace(little), deploy.Options{})
	return map[string]report.Report{
		"other-bundles":   planned(t, beside, changed, deploy.Options{}),
		"recorded-events": recorded,
		"fires-besides":   fires,
		"deployed-before": nothing,
		"pruned":          pruned,
		"local":           local,
		"bundle-fields":   fields,
		"renamed-spec":    planned(t, have, strings.ReplaceAll(little, "on_merged", "on_merge"), deploy.Options{}),
		"up-to-date":      planned(t, have, little, deploy.Options{}),
	}
}

// firing is an account whose bundle has one job spec less than are installed.
func firing(t *testing.T, have deploy.Remote) deploy.Remote {
	t.Helper()
	have.Bundles = running(t, without).Bundles
	return have
}

// switches are plans that upload nothing.
func switches(t *testing.T) map[string]report.Report {
	t.Helper()
	switched := func(command string, on bool, have deploy.Remote, done bool, names ...string) report.Report {
		p, err := deploy.NewSwitch(have, on, names)
		if err != nil {
			t.Fatal(err)
		}
		r := report.Report{Command: command, Where: "acme.zendesk.com", Plan: &p}
		r.DryRun = !done
		if done {
			r.Deploy = &deploy.Result{Rollback: deploy.NotNeeded}
			for _, s := range p.JobSpecs {
				if on {
					r.Deploy.Installed = append(r.Deploy.Installed, s.ARN)
				}
			}
		}
		r.Conclude(nil, nil)
		return r
	}
	off := running(t, little)
	for i := range off.JobSpecs {
		off.JobSpecs[i].Installed = false
	}
	return map[string]report.Report{
		"switch-off":       switched("uninstall", false, running(t, little), false),
		"switched-off":     switched("uninstall", false, running(t, little), true),
		"switched-off-one": switched("uninstall", false, running(t, little), true, "on_merged"),
		"switched-on":      switched("install", true, off, true),
		"on-already":       switched("install", true, running(t, little), false),
		"off-already":      switched("uninstall", false, off, false),
	}
}

// someFindings are those of a file whose lines hold what is not to be shown.
func someFindings() report.Report {
	src := "{\n\t\"name\": \"täglich\", \"token\": \"xoxb-1234567890-abcdef\",\n  \"url\": \"https://a.example/\", \"bidi\": \"a\u202eb\",\n  \"again\": 1, \"again\": 2\n}\n"
	f := diag.NewFile("zis/<bundle>.json", []byte(src))
	at := func(text string) diag.Span {
		i := strings.LastIndex(src, text)
		return diag.Span{Start: int32(i), End: int32(i + len(text))}
	}
	r := report.Report{Command: "validate"}
	r.Files = []check.File{{Path: f.Path, Findings: []diag.Diagnostic{
		{File: f, Span: at(`"xoxb-1234567890-abcdef"`), Pointer: "/token", Rule: "secret", Severity: diag.Error, Message: "this looks like a token of Slack", Help: "name a connection"},
		{File: f, Span: at(`"name"`), Pointer: "/name", Rule: "name-alphabet", Severity: diag.Warning, Message: "the name holds 'ä' | <b>", Help: "use letters", More: 2},
		{File: f, Span: at(`"again"`), Pointer: "/again", Rule: "duplicate-key", Severity: diag.Note, Message: "the key \"again\" stands twice", Related: []diag.Related{{File: f, Span: diag.Span{Start: at(`"again": 1`).Start, End: at(`"again": 1`).Start + 7}, Message: "first here"}}},
		{File: f, Span: at("\u202e"), Pointer: "/bidi", Rule: "invisible-character", Severity: diag.Warning, Message: "the text holds \u202e"},
	}}, {Path: "zis/clean.json"}}
	r.Conclude(r.Err(), nil)
	return r
}

// tests is how tests of the little flow went.
func tests(t *testing.T, passed bool) report.Report {
	t.Helper()
	b := zis.Read(parse(t, little))
	graph := diagram.New(sentences.Flow{After: b.Flows[0]}, nil, diagram.Most)
	reached := map[string]bool{}
	for i, n := range graph.Nodes {
		reached[n.Name] = passed || i%2 == 0
	}
	r := report.Report{Command: "test", Tests: &report.Tests{
		Summary: "2 cases passed; coverage 100% (12 of 12)",
		Cases:   []report.Tested{{"an urgent ticket", true, ""}, {"a ticket | of <b>nobody</b>", true, "relies on A7, A19"}},
		Flows:   []report.Covered{{Flow: "main", Graph: graph, Reached: reached}},
	}}
	if passed {
		r.Conclude(nil, nil)
		return r
	}
	f := diag.NewFile("zis/tests/urgent.yml", []byte("- name: an urgent ticket\n  want: posted\n"))
	r.Tests.Summary, r.Tests.Failed, r.Tests.Missed = "1 of 2 cases failed; coverage 50% (6 of 12)", true, []string{"zis/bundle.json:12:3 Sent", "zis/bundle.json:30:3 Catch of LoadSettings"}
	r.Tests.Cases[1].Passed = false
	r.Files = []check.File{{Path: f.Path, Findings: []diag.Diagnostic{{File: f, Span: diag.Span{Start: 27, End: 31}, Rule: "failed-test", Severity: diag.Error, Message: "an urgent ticket: nothing is posted", Help: "the run ended in NotUrgent"}}}}
	r.Conclude(&verdict.Error{Reason: verdict.TestFailed, Err: errors.New("1 of 2 cases failed"), Next: "zis test --update rewrites what cases want, if what the flows do is right"}, nil)
	return r
}

// promotion is a run on five targets, of which some went well.
func promotion() report.Report {
	at := time.Date(2026, 11, 2, 3, 4, 5, 0, time.UTC)
	digest := "sha256:" + strings.Repeat("ab", 32)
	record := &fleet.Record{Release: "v1.4.0", Digest: digest, Time: at}
	r := fleet.Report{
		Command: "promote", Outcome: verdict.Failed, Sentence: "promote v1.5.0 to the ring early: 1 of 5 targets failed", Next: "zis promote --resume",
		Release: fleet.Release{Name: "v1.5.0", Digest: digest}, Ring: "early", Time: at,
		Before: []fleet.Row{{Name: "own", Account: "acme-test", Verdict: fleet.Verdict(fleet.This), Sentence: "runs this release", Drift: true, Notes: []string{"a job spec is on that nobody knows"}}},
		Rows: []fleet.Row{
			{
				Name: "north", Ring: "early", Account: "acme-north", Integration: "crm", Verdict: fleet.Failed, Sentence: "deploy failed: install: 400 <x>", Next: "run again", Specs: &fleet.Specs{On: 1, Off: []string{"a", "b"}}, Record: record,
				Sentences: []sentences.Sentence{{Text: "Ticket data goes to x.example.", Kind: sentences.Destination, Alarm: true}},
			},
			{Name: "east", Ring: "early", Account: "acme-east", Verdict: fleet.Succeeded, Sentence: "done and read back", Specs: &fleet.Specs{On: 3}, Record: record},
			{Name: "west | 2", Ring: "early", Account: "acme-west", Verdict: fleet.NoChanges, Sentence: "ran it already", Specs: &fleet.Specs{On: 2, More: []string{"old"}}, Others: []fleet.Other{{Name: "x", Firing: 2}, {Name: "y", Firing: 1}}},
			{Name: "south", Ring: "early", Account: "acme-south", Verdict: fleet.Pending, Sentence: "waits for an admin", Link: "https://acme-south.zendesk.com/agent/apps/zis", Others: []fleet.Other{{Name: "x"}}},
			{Name: "later", Ring: "early", Account: "acme-later", Verdict: fleet.NotStarted, Sentence: "not started"},
		},
		Notes: []string{"the former ring was read at 03:04"},
	}
	told := report.Report{Command: r.Command, Outcome: r.Outcome, Sentence: r.Sentence, Next: r.Next, Fleet: &r, Notes: r.Notes}
	return told
}

// status is what targets run that somebody has changed by hand.
func status() report.Report {
	row := fleet.Row{Name: "north", Account: "acme-north", Integration: "crm", Verdict: fleet.Verdict(fleet.Foreign), Drift: true, Sentence: "runs something else"}
	for i := range 12 {
		row.Differences = append(row.Differences, fleet.Difference{Bundle: "crm", Pointer: fmt.Sprintf("/resources/a%d/properties/name", i), Have: map[bool]string{true: "by hand <i>"}[i > 0], Want: map[bool]string{true: "a"}[i%2 == 0]})
	}
	row.Accepted = []fleet.Acceptance{{Difference: fleet.Difference{Bundle: "crm", Pointer: "/description"}, Reason: "they wanted their own words", Until: "2027-01-31"}}
	r := fleet.Report{Command: "status", Outcome: verdict.Changes, Sentence: "1 of 1 target runs something else", Rows: []fleet.Row{row}, Release: fleet.Release{Commit: "0123456789abcdef0123456789abcdef01234567", Digest: "sha256:00"}, Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))}
	return report.Report{Command: r.Command, Outcome: r.Outcome, Sentence: r.Sentence, Fleet: &r}
}
