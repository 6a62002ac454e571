package report

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// Rollback says what became of the former state: a value of the output
// rollback, empty where nothing was deployed.
func (r Report) Rollback() deploy.Rollback {
	if r.Deploy == nil {
		return ""
	}
	return r.Deploy.Rollback
}

var rollbackWords = map[deploy.Rollback]string{
	deploy.Restored:   "the former state was brought back, and read back",
	deploy.Partial:    "the former state was brought back in part; the rest must be done by hand",
	deploy.Impossible: "the former state was not brought back; this must be done by hand",
}

func textRollback(b *bytes.Buffer, r Report) {
	words := rollbackWords[r.Rollback()]
	if words == "" {
		return
	}
	fmt.Fprintf(b, "rollback: %s\n", words)
	for _, line := range r.Deploy.ByHand {
		fmt.Fprintf(b, "  - %s\n", Plain(line))
	}
	if r.Journal != "" {
		fmt.Fprintf(b, "  the former state is kept in %s\n", Plain(r.Journal))
	}
	fmt.Fprintln(b)
}

func markdownNotes(r Report) []piece {
	notes := r.Notes
	if r.Plan != nil {
		notes = slices.Concat(r.Plan.Notes, r.Notes)
	}
	var lines []string
	for _, n := range notes {
		lines = append(lines, fmt.Sprintf("ℹ️ %s\n\n", Inline(n)))
	}
	return inLines("", lines, "")
}

func markdownRollback(r Report) []piece {
	words := rollbackWords[r.Rollback()]
	if words == "" {
		return nil
	}
	head := fmt.Sprintf("**Rollback:** %s\n\n", words)
	if len(r.Deploy.ByHand) == 0 {
		return plain(head)
	}
	var lines []string
	for _, line := range r.Deploy.ByHand {
		lines = append(lines, fmt.Sprintf("- %s\n", Inline(line)))
	}
	return inLines(head, lines, "\n")
}
