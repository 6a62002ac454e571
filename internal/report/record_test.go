package report_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Every outcome is told in the shape that report.schema.json promises.
func TestRecordKeepsToItsSchema(t *testing.T) {
	text, err := os.ReadFile("../../schemas/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range outcomes(t) {
		var b bytes.Buffer
		if err := report.WriteRecord(&b, r); err != nil {
			t.Fatal(err)
		}
		result, err := schema.Validate(gojsonschema.NewBytesLoader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range result.Errors() {
			t.Errorf("%s: %s", name, e)
		}
	}
}

// outcomes are the golden reports, and a deploy for each end it can have.
func outcomes(t *testing.T) map[string]report.Report {
	all := reports(t)
	for _, rollback := range []deploy.Rollback{deploy.NotNeeded, deploy.Restored, deploy.Partial, deploy.Impossible} {
		r := all["failed-deploy"]
		result := *r.Deploy
		result.Rollback = rollback
		r.Deploy, r.Journal = &result, "zis.journal"
		all["rollback "+string(rollback)] = r
	}
	done := all["failed-deploy"]
	done.Deploy = &deploy.Result{
		Rollback: deploy.NotNeeded, UUIDs: []string{"5c72"}, Installed: []string{"zis:acme:job_spec:a"}, Uninstalled: []string{"zis:acme:job_spec:b"},
		Steps: []deploy.StepResult{{Step: done.Plan.Steps[0], State: deploy.Done}},
	}
	done.Timings = &report.Timings{Requests: 3, Chain: 2, Total: 300, Critical: 200}
	done.Next, done.Notes = "", []string{"not known whether the integration has all that the bundle needs"}
	done.Conclude(nil, nil)
	dry := done
	dry.Deploy, dry.DryRun = nil, true
	dry.Conclude(nil, nil)
	same := report.Report{Command: "deploy", Where: "acme.zendesk.com", Plan: plan(t, example(t), example(t))}
	same.Plan.Steps = nil
	same.Conclude(nil, nil)
	typed := report.Report{Command: "zis"}
	typed.Conclude(&verdict.Error{Reason: verdict.InvalidInput, Err: errors.New("unknown flag: --nonsense")}, nil)
	valid := report.Report{Command: "validate", Findings: check.Findings{Files: []check.File{{Path: "zis/bundle.json"}}}}
	valid.Conclude(nil, nil)
	for _, outcome := range []verdict.Outcome{verdict.Skipped, verdict.PassedOver} {
		passed := report.Report{Command: "deploy", Where: "acme.zendesk.com"}
		passed.Conclude(&verdict.Pass{Outcome: outcome, Why: "why", Next: "next"}, nil)
		all[string(outcome)] = passed
	}
	all["done"], all["dry run"], all["no changes"], all["bad call"], all["valid"] = done, dry, same, typed, valid
	return all
}
