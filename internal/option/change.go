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
	BackupFile, Save, From          string // paths
	Settle                          time.Duration
	DetailedExitcode, Yes           bool
	Via                             string        // api or app
	Wait                            time.Duration // for the admin who applies the release
}

func changeRows() []Row {
	return []Row{
		{
			Name: "job-specs", Lines: true, Default: "all", Verbs: slices.Concat(online, switches[:2:2]), Value: func(v *Values) any { return &v.JobSpecs },
			Help: "job specs to install, of uninstall those to switch off: `all`, `none`, or names, short or in full, one per line",
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
			Name: "settle", Default: "0s", Verbs: []string{"deploy", "install", "uninstall", "restore"}, Value: func(v *Values) any { return &v.Settle },
			Help: "look once more after so long: for an account whose job specs go off some time after an upload",
		},
		{
			Name: "backup-file", Verbs: []string{"deploy", "install", "uninstall", "restore"}, Value: func(v *Values) any { return &v.BackupFile },
			Help: "write the former state to this file as well, credentials in it included; restore: the file to go back to. Without it the former state ends with the job",
		},
		{
			Name: "save", Verbs: []string{"uninstall"}, Value: func(v *Values) any { return &v.Save },
			Help: "uninstall: write to this file which job specs were on",
		},
		{
			Name: "from", Verbs: []string{"install"}, Value: func(v *Values) any { return &v.From },
			Help: "install: switch on exactly what this file of uninstall says",
		},
		{
			Name: "no-rollback", Default: "false", Verbs: []string{"deploy", "restore"}, Value: func(v *Values) any { return &v.NoRollback },
			Help: "leave a failed deploy as it is, instead of bringing the former state back",
		},
		{
			Name: "dry-run", Default: "false", Verbs: slices.Concat([]string{"deploy"}, switches, manyTargets[:1:1]), Value: func(v *Values) any { return &v.DryRun },
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
			Name: "journal", Verbs: slices.Concat([]string{"deploy"}, switches), Typed: true, Value: func(v *Values) any { return &v.Journal },
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
			Name: "detailed-exitcode", Default: "false", Verbs: slices.Concat([]string{"plan", "deploy", "app push"}, manyTargets), Typed: true, Value: func(v *Values) any { return &v.DetailedExitcode },
			Help: "exit with 2 if there are changes or drift, or if the release waits for an admin",
		},
		{
			Name: "yes", Default: "false", Verbs: slices.Concat([]string{"deploy", "register"}, switches), Typed: true, Value: func(v *Values) any { return &v.Yes },
			Help: "write without asking first; on a terminal the plan is shown, or what is for good, and asked for",
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
