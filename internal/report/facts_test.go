package report_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func TestTasksAddUpToTheChanges(t *testing.T) {
	for name, r := range map[string]report.Report{
		"new":       {Plan: plan(t, "", flowOf(3, ""))},
		"changed":   {Plan: plan(t, flowOf(3, ""), flowOf(3, "other"))},
		"unchanged": {Plan: plan(t, flowOf(3, ""), flowOf(3, ""))},
	} {
		got := r.Tasks()
		if sum := got.Add + got.Change + got.Remove + got.Install + got.Uninstall; sum != r.Plan.Changes() {
			t.Errorf("%s: %+v are %d, not %d", name, got, sum, r.Plan.Changes())
		}
	}
	if diff := cmp.Diff(report.Tasks{Add: 2, Install: 1}, report.Report{Plan: plan(t, "", flowOf(1, ""))}.Tasks()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFailedStage(t *testing.T) {
	because := func(reason deploy.Reason) error { return &deploy.Error{Reason: reason, Err: errors.New("x")} }
	step := func(kind deploy.StepKind, state deploy.State) deploy.StepResult {
		return deploy.StepResult{Step: deploy.Step{Kind: kind}, State: state}
	}
	for _, c := range []struct {
		want string
		r    report.Report
		err  error
	}{
		{"", report.Report{}, nil},
		{"input", report.Report{}, because(deploy.MissingCredentials)},
		{"validate", report.Report{}, because(deploy.InvalidBundle)},
		{"plan", report.Report{Where: "a.zendesk.com"}, because(deploy.InvalidBundle)},
		{"plan", report.Report{Where: "a.zendesk.com"}, because(deploy.PruneLimit)},
		{"plan", report.Report{Plan: &deploy.Prepared{}}, because(deploy.PlanChanged)},
		{"read", report.Report{Where: "a.zendesk.com"}, errors.New("401")},
		{"upload", report.Report{Plan: &deploy.Prepared{}, Deploy: &deploy.Result{Steps: []deploy.StepResult{
			step(deploy.Snapshot, deploy.Done), step(deploy.Upload, deploy.Unknown), step(deploy.Install, deploy.NotRun),
		}}}, errors.New("x")},
	} {
		c.r.Conclude(c.err)
		if got := c.r.FailedStage(); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
