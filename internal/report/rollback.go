package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

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

func markdownNotes(r Report) string {
	var b strings.Builder
	notes := r.Notes
	if r.Plan != nil {
		notes = slices.Concat(r.Plan.Notes, r.Notes)
	}
	for _, n := range notes {
		fmt.Fprintf(&b, "ℹ️ %s\n\n", Inline(n))
	}
	return b.String()
}

func markdownRollback(r Report) string {
	words := rollbackWords[r.Rollback()]
	if words == "" {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**Rollback:** %s\n\n", words)
	for _, line := range r.Deploy.ByHand {
		fmt.Fprintf(&b, "- %s\n", Inline(line))
	}
	if len(r.Deploy.ByHand) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}
