package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

// What a plan could not tell for certain is read by the person who says yes,
// and by whoever reads the result, on every medium.
func TestNotesOfThePlanAreTold(t *testing.T) {
	const note = "somebody else has a job spec whose row could not be read"
	for name, failed := range map[string]bool{"planned": false, "failed": true} {
		r := reports(t)["failed-deploy"]
		p := *r.Plan
		p.Notes = []string{note}
		r.Plan = &p
		if !failed {
			r.Deploy = nil
			r.Command, r.DryRun = "plan", true
			r.Conclude(nil, nil)
		}
		media := map[string]func(*bytes.Buffer) error{
			"text":     func(b *bytes.Buffer) error { return report.Text(b, r, false) },
			"proposal": func(b *bytes.Buffer) error { return report.Proposal(b, r, false) },
			"markdown": func(b *bytes.Buffer) error { return report.Markdown(b, r, report.Page{Limit: 60_000}) },
		}
		for medium, write := range media {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(b.String(), note); n != 1 {
				t.Errorf("%s, %s: the note is told %d times:\n%s", name, medium, n, b.String())
			}
		}
	}
}
