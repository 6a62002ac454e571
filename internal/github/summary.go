package github

import (
	"os"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

// maxSummary bounds the summary file, whatever else is in it: over 1,048,576
// bytes the runner drops it whole (actions/runner FileCommandManager).
const maxSummary = 1_000_000

// summarize appends the report to the job summary.
func (a *Action) summarize(r report.Report) error {
	file := a.getenv("GITHUB_STEP_SUMMARY")
	if file == "" {
		return nil
	}
	text, err := a.markdown(r, report.Page{Limit: room(file)})
	if text != "" {
		a.gh.AddStepSummary(text)
	}
	return err
}

// room is how many bytes the summary file still takes.
func room(file string) int {
	info, err := os.Stat(file)
	if err != nil {
		return maxSummary
	}
	return max(0, maxSummary-int(info.Size()))
}
