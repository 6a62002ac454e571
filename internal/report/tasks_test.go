package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

func TestTasksAddUpToTheChanges(t *testing.T) {
	for name, r := range map[string]report.Report{
		"new":       {Plan: plan(t, "", flowOf(3, ""))},
		"changed":   {Plan: plan(t, flowOf(3, ""), flowOf(3, "other"))},
		"unchanged": {Plan: plan(t, flowOf(3, ""), flowOf(3, ""))},
	} {
		got := r.Tasks()
		if sum := got.Add + got.Change + got.Remove + got.Install + got.Uninstall + got.Extra; sum != r.Plan.Changes() {
			t.Errorf("%s: %+v are %d, not %d", name, got, sum, r.Plan.Changes())
		}
	}
	if diff := cmp.Diff(report.Tasks{Add: 2, Install: 1}, report.Report{Plan: plan(t, "", flowOf(1, ""))}.Tasks()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
