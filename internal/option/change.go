package option

import (
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// Change is what a deploy may do, and what becomes of its plan.
type Change struct {
	JobSpecs                        string // all, none, or names, one a line
	Prune, PruneOrphans, AllowEmpty bool
	PruneLimit                      int
	NoRollback, DryRun              bool
	AllowProtected                  bool
	Missing                         string // fail or skip
	PlanFile, Journal               string // paths
	DetailedExitcode, Yes           bool
	Via                             string        // api or app
	Wait                            time.Duration // for the admin who applies the release
}

func changeRows() []Row {
	return []Row{
		{
			Name: "job-specs", Default: "all", Verbs: online, Value: func(v *Values) any { return &v.JobSpecs },
			Help: "job specs to install: `all`, `none`, or names, one per line",
		},
		{
			Name: "prune", Default: "false", Verbs: slices.Concat(online, manyTargets[:1:1]), Value: func(v *Values) any { return &v.Prune },
			Help: "uninstall job specs that the bundle had and has no longer",
		},
		{
			Name: "prune-limit", Default: "5", Verbs: slices.Concat(online, manyTargets[:1:1]), Value: func(v *Values) any { return &v.PruneLimit },
			Help: "refuse to uninstall more job specs than this",
		},
		{
			Name: "prune-orphans", Default: "false", Verbs: slices.Concat(online, manyTargets[:1:1]), Value: func(v *Values) any { return &v.PruneOrphans },
			Help: "with prune: also installed job specs that are in no bundle of the integration",
		},
		{
			Name: "allow-empty", Default: "false", Verbs: slices.Concat(online, manyTargets[:1:1]), Value: func(v *Values) any { return &v.AllowEmpty },
			Help: "prune although the bundles have no job specs",
		},
		{
			Name: "plan-file", Verbs: online, Value: func(v *Values) any { return &v.PlanFile },
			Help: "plan: write the plan to this file; deploy: refuse if the plan is no longer the one in this file",
		},
		{
			Name: "via", Default: "api", Verbs: []string{"deploy"}, Value: func(v *Values) any { return &v.Via }, OneOf: []string{"api", "app"},
			Help: "who deploys: `api`, this run, which needs an API token for the upload; or `app`, an admin in a private Zendesk app that this run pushes: the result is `pending`",
		},
		{
			Name: "wait", Default: "0s", Verbs: []string{"deploy", "app push"}, Value: func(v *Values) any { return &v.Wait },
			Help: "with via `app`: read the account for so long, until the admin has applied the release; after that it is still `pending`",
		},
		{
			Name: "no-rollback", Default: "false", Verbs: []string{"deploy"}, Value: func(v *Values) any { return &v.NoRollback },
			Help: "leave a failed deploy as it is, instead of bringing the former state back",
		},
		{
			Name: "dry-run", Default: "false", Verbs: []string{"deploy"}, Value: func(v *Values) any { return &v.DryRun },
			Help: "do everything but write",
		},
		{
			Name: "allow-protected", Default: "false", Verbs: Writing, Value: func(v *Values) any { return &v.AllowProtected },
			Help: "write to targets that zis.yml calls protected",
		},
		{
			Name: "missing-credentials", Default: "fail", Verbs: online, Value: func(v *Values) any { return &v.Missing }, OneOf: []string{"fail", "skip"},
			Help: "`skip`: without credentials, as on pull requests of forks, check the files and pass with the result `skipped`",
		},
		{
			Name: "journal", Verbs: []string{"deploy"}, Typed: true, Value: func(v *Values) any { return &v.Journal },
			Help: "`FILE` that keeps the former state and the steps done (default below .zis)",
		},
		{
			Name: "out", Verbs: []string{"plan"}, Typed: true, Value: func(v *Values) any { return &v.PlanFile },
			Help: "the same as --plan-file",
		},
		{
			Name: "plan", Verbs: []string{"deploy"}, Typed: true, Value: func(v *Values) any { return &v.PlanFile },
			Help: "the same as --plan-file",
		},
		{
			Name: "detailed-exitcode", Default: "false", Verbs: []string{"plan", "deploy", "app push"}, Typed: true, Value: func(v *Values) any { return &v.DetailedExitcode },
			Help: "exit with 2 if there are changes, or if the release waits for an admin",
		},
		{
			Name: "yes", Default: "false", Verbs: []string{"deploy"}, Typed: true, Value: func(v *Values) any { return &v.Yes },
			Help: "write without asking first; on a terminal deploy shows the plan and asks",
		},
	}
}

// Options are the choices that make the plan.
func (c Change) Options() deploy.Options {
	return deploy.Options{
		JobSpecs: deploy.ParseSelection(c.JobSpecs), Prune: c.Prune, PruneOrphans: c.PruneOrphans,
		PruneLimit: c.PruneLimit, AllowEmpty: c.AllowEmpty,
	}
}
