package report

import (
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// Tasks counts what a plan would do; the sum is its number of changes.
type Tasks struct {
	Add, Change, Remove, Install, Uninstall int
	Extra                                   int // job specs that fire and are in no file
}

// Tasks counts what the plan does to resources and job specs. A resource that
// has another name is one change, and what only follows it is none. A value of
// a bundle outside its resources that differs is one change; a job spec that
// is only installed again after an upload is none.
func (r Report) Tasks() Tasks {
	var t Tasks
	if r.Plan == nil {
		return t
	}
	for _, b := range r.Plan.Bundles {
		t.Change += compare.Count(b.Changes)
	}
	for _, res := range r.Told().Resources {
		t.count(res.Change)
	}
	for _, s := range r.Plan.JobSpecs {
		switch {
		case s.Action == deploy.SpecInstall && !s.Installed:
			t.Install++
		case s.Action == deploy.SpecUninstall:
			t.Uninstall++
		case s.Action == deploy.SpecOrphan:
			t.Extra++
		}
	}
	return t
}

// Changes is how many changes the plan makes.
func (r Report) Changes() int {
	t := r.Tasks()
	return t.Add + t.Change + t.Remove + t.Install + t.Uninstall + t.Extra
}

func (t *Tasks) count(c sentences.Change) {
	switch c {
	case sentences.Added:
		t.Add++
	case sentences.Changed, sentences.Renamed, sentences.Idle:
		t.Change++
	case sentences.Removed:
		t.Remove++
	}
}
