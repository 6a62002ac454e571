package github

import (
	"encoding/json"
	"strconv"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Output is one output of the step. Values are single lines.
type Output struct{ Name, Help, Value string }

// Outputs are all outputs of a run; each is there on every run, empty where
// it does not apply.
func Outputs(r report.Report) []Output {
	return []Output{
		{"result", "`succeeded`, `no-changes`, `changes` (a plan that would change something) or `failed`", string(r.Outcome)},
		{"failure-reason", "one word for why it failed, such as `invalid-bundle` or `auth-failed`; empty otherwise", r.Reason},
		{"has-changes", "`true` if the plan has changes", hasChanges(r)},
		{"changes-count", "how many changes the plan has", changes(r)},
		{"errors-count", "findings that are errors", strconv.Itoa(r.Count(diag.Error))},
		{"warnings-count", "findings that are warnings", strconv.Itoa(r.Count(diag.Warning))},
		{"bundle-digest", "digest of the bundle as it is uploaded; of several, a JSON array", digests(r)},
		{"bundle-uuid", "the registry's uuid of the bundle; of several, a JSON array", uuids(r)},
		{"installed-job-specs", "JSON array of the ARNs that were read back as installed", installed(r)},
	}
}

func hasChanges(r report.Report) string {
	if r.Plan == nil {
		return ""
	}
	return strconv.FormatBool(!r.Plan.Empty())
}

func changes(r report.Report) string {
	if r.Plan == nil {
		return ""
	}
	return strconv.Itoa(r.Plan.Changes())
}

func digests(r report.Report) string {
	if r.Plan == nil {
		return ""
	}
	var list []string
	for _, b := range r.Plan.Bundles {
		list = append(list, b.After)
	}
	return oneOrArray(list)
}

func uuids(r report.Report) string {
	if r.Deploy != nil {
		return oneOrArray(r.Deploy.UUIDs)
	}
	if r.Plan == nil {
		return ""
	}
	var list []string
	for _, b := range r.Plan.Bundles {
		list = append(list, b.UUID)
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

func oneOrArray(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return array(list)
}

func array(list []string) string {
	if list == nil {
		list = []string{}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return ""
	}
	return string(text)
}
