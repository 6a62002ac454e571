package report

import "github.com/zisdeploy/zis-deploy/internal/deploy"

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
