package github

import (
	"encoding/json"
	"strconv"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Output is one output of the step.
type Output struct{ Name, Help, Value string }

// Facts are what outputs tell beside the report.
type Facts struct {
	PlanFile              string // that was written; may be empty
	Matrix                string // that targets made; JSON, names only
	Version               string // of this program
	Token                 string // that was minted; masked before it comes here
	CommentID, CommentURL string // of the comment on the pull request
}

// Outputs are all outputs of a run; each is there on every run, empty where
// it does not apply.
func Outputs(r report.Report, f Facts) []Output {
	list := []Output{
		{"result", "`succeeded`, `no-changes`, `changes` (a plan that would change something), `skipped`, `superseded`, `pending` (an admin has to apply the release in the app), `unproven` (every write was accepted, and what the account runs could not be seen or is shown otherwise) or `failed`", string(r.Outcome)},
		{"failure-reason", "one word for why it failed, such as `invalid-bundle` or `auth-failed`; empty otherwise", string(r.Reason)},
		{"failed-stage", "where it failed: `input`, `check`, `validate`, `read`, `plan`, `snapshot`, `upload`, `install`, `verify`, `uninstall` or `verify-pruned`", string(r.Stage)},
		{"has-changes", "`true` if the plan has changes, `false` if it has none", hasChanges(r)},
	}
	list = append(list, counts(r)...)
	return append(list,
		Output{"errors-count", "findings that are errors", strconv.Itoa(r.Count(diag.Error))},
		Output{"warnings-count", "findings that are warnings", strconv.Itoa(r.Count(diag.Warning))},
		Output{"plan-file", "the file that the plan was written to", f.PlanFile},
		Output{"plan-digest", "identity of the plan: what was seen, and what will be done", planDigest(r)},
		Output{"bundle-digest", "digest of the bundle as it is uploaded; of several, a JSON array", after(r)},
		Output{"remote-digest", "digest of the bundle that the account held before, empty if none; of several, a JSON array", before(r)},
		Output{"bundle-uuid", "the registry's uuid of the bundle; of several, a JSON array", uuids(r)},
		Output{"installed-job-specs", "JSON array of the ARNs that were read back as installed, 64 KB at most", installed(r)},
		Output{"uninstalled-job-specs", "JSON array of the ARNs that were read back as uninstalled, 64 KB at most", uninstalled(r)},
		Output{"rollback", "after a deploy `not-needed`, `restored`, `partial` or `impossible`", rollback(r)},
		Output{"matrix", "command `targets`: the matrix for a job that promotes or looks, JSON with names only", f.Matrix},
		Output{"report-file", "the file that the report was written to", r.Record},
		Output{"link", "where an admin applies the release, with the result `pending`", r.Link},
		Output{"comment-id", "id of the comment on the pull request", f.CommentID},
		Output{"comment-url", "address of the comment on the pull request", f.CommentURL},
		Output{"zis-oauth-token", "command `token`: the token that was minted, masked; it can't leave the job as a job output", f.Token},
		Output{"version", "version of this action", f.Version},
	)
}

func hasChanges(r report.Report) string {
	if r.Command == "pull" && r.Outcome != verdict.Failed {
		return strconv.FormatBool(r.Outcome == verdict.Changes)
	}
	if r.Plan == nil {
		return ""
	}
	return strconv.FormatBool(r.Plan.Changes() > 0 || !r.Plan.Empty())
}

// counts are the numbers of a plan. The first is the sum of the others and of
// the job specs that fire and are in no file.
func counts(r report.Report) []Output {
	t := r.Tasks()
	list := []Output{
		{"changes-count", "how many changes the plan has; a job spec that fires and is in no file is one", strconv.Itoa(t.Add + t.Change + t.Remove + t.Install + t.Uninstall + t.Extra)},
		{"to-add", "resources that the plan adds", strconv.Itoa(t.Add)},
		{"to-change", "resources, and values outside them, that the plan changes", strconv.Itoa(t.Change)},
		{"to-remove", "resources that the plan removes", strconv.Itoa(t.Remove)},
		{"to-install", "job specs that the plan switches on", strconv.Itoa(t.Install)},
		{"to-uninstall", "job specs that the plan switches off", strconv.Itoa(t.Uninstall)},
	}
	if r.Plan == nil {
		for i := range list {
			list[i].Value = ""
		}
	}
	return list
}

func planDigest(r report.Report) string {
	if r.Plan == nil {
		return ""
	}
	return r.Plan.Digest
}

func after(r report.Report) string {
	var list []string
	if r.Plan != nil {
		for _, b := range r.Plan.Bundles {
			list = append(list, b.After)
		}
	}
	return oneOrArray(list)
}

func before(r report.Report) string {
	var list []string
	if r.Plan != nil {
		for _, b := range r.Plan.Bundles {
			list = append(list, b.Before)
		}
	}
	return oneOrArray(list)
}

func uuids(r report.Report) string {
	if r.Deploy != nil {
		return oneOrArray(r.Deploy.UUIDs)
	}
	var list []string
	if r.Plan != nil {
		for _, b := range r.Plan.Bundles {
			list = append(list, b.UUID)
		}
	}
	return oneOrArray(list)
}

func installed(r report.Report) string {
	switch {
	case r.Deploy != nil:
		return array(r.Deploy.Installed)
	case r.Plan != nil:
		return array(r.Plan.Installed())
	}
	return ""
}

func uninstalled(r report.Report) string {
	if r.Deploy == nil {
		return ""
	}
	return array(r.Deploy.Uninstalled)
}

func rollback(r report.Report) string {
	switch {
	case r.Deploy == nil:
		return ""
	case r.Deploy.Rollback == "":
		return "not-needed"
	}
	return string(r.Deploy.Rollback)
}

func oneOrArray(list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return array(list)
}

// maxArray bounds an array: the outputs of a job share 1 MB.
const maxArray = 64 << 10

// array is a JSON array of as many of the strings, from the first on, as it
// has room for.
func array(list []string) string {
	text := []byte{'['}
	for i, s := range list {
		quoted, err := json.Marshal(s)
		quoted = diag.JSON(quoted)
		if err != nil || len(text)+len(quoted)+2 > maxArray {
			break
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, quoted...)
	}
	return string(append(text, ']'))
}
