package github

import (
	"cmp"
	"fmt"
	"os"
	"strings"

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
	subject := a.subject(r)
	text, err := a.markdown(r, report.Page{Limit: room(file) - len(subject)})
	if text != "" {
		a.gh.AddStepSummary(subject + text)
	}
	return err
}

// subject is the first line: whose account, at which state of the repository.
func (a *Action) subject(r report.Report) string {
	event := a.Event()
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"target", r.Target}, {"account", cmp.Or(r.Where, a.Key.Target)}, {event.refKind(), event.refName()}, {"commit", short(event.Commit)},
	} {
		if part.value != "" {
			parts = append(parts, fmt.Sprintf("%s **%s**", part.name, report.Inline(part.value)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " · ") + "\n\n"
}

// room is how many bytes the summary file still takes.
func room(file string) int {
	info, err := os.Stat(file)
	if err != nil {
		return maxSummary
	}
	return max(0, maxSummary-int(info.Size()))
}
