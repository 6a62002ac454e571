package report

import (
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// Tasks counts what a plan would do; the sum is its number of changes.
type Tasks struct{ Add, Change, Remove, Install, Uninstall int }

// Tasks counts what the plan does to resources and job specs. A value of a
// bundle outside its resources that differs is one change; a job spec that is
// only installed again after an upload is none.
func (r Report) Tasks() Tasks {
	var t Tasks
	if r.Plan == nil {
		return t
	}
	for _, b := range r.Plan.Bundles {
		t.Change += len(b.Changes)
		for _, res := range b.Resources {
			t.count(res.Action)
		}
	}
	for _, s := range r.Plan.JobSpecs {
		switch {
		case s.Action == deploy.SpecInstall && !s.Installed:
			t.Install++
		case s.Action == deploy.SpecUninstall:
			t.Uninstall++
		}
	}
	return t
}

func (t *Tasks) count(a deploy.Action) {
	switch a {
	case deploy.Add:
		t.Add++
	case deploy.Change:
		t.Change++
	case deploy.Remove:
		t.Remove++
	}
}

// FailedStage names where a run failed: input, check, validate, read, plan, or the
// kind of the step that a deploy ended in; "" if it did not fail.
func (r Report) FailedStage() string {
	reason := deploy.Reason(r.Reason)
	switch {
	case r.Outcome != Failed:
		return ""
	case r.Deploy != nil:
		return r.failedStep()
	case reason == "superseded":
		return "check"
	case reason == deploy.InvalidInput || reason == deploy.MissingCredentials:
		return "input"
	case reason == deploy.InvalidBundle && r.Where == "":
		return "validate"
	case r.Plan != nil || reason == deploy.InvalidBundle || reason == deploy.PruneLimit:
		return "plan"
	}
	return "read"
}

func (r Report) failedStep() string {
	i := slices.IndexFunc(r.Deploy.Steps, func(s deploy.StepResult) bool {
		return s.State != deploy.Done
	})
	if i < 0 {
		return "plan"
	}
	return string(r.Deploy.Steps[i].Kind)
}
