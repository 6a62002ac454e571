package cli

import (
	"bytes"
	"fmt"
	"os"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// publish gives the report to all who are not at the terminal: the file of
// --report-file, then the workflow. Only a run's first report is published.
func (c *command) publish(r *report.Report) error {
	if c.published {
		return nil
	}
	c.published = true
	err := c.record(r)
	if c.observe != nil {
		c.observe(*r)
	}
	return err
}

// record writes --report-file. It holds no secret: whoever uploads artifacts
// may read it.
func (c *command) record(r *report.Report) error {
	if c.reportFile == "" {
		return nil
	}
	whole := *r
	whole.Timings = c.measured()
	var b bytes.Buffer
	if err := report.WriteRecord(c.fenced(&b), whole); err != nil {
		return err
	}
	if err := os.WriteFile(c.reportFile, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("--report-file: %w", err)
	}
	r.Record = c.reportFile
	return nil
}

// measured tells how the requests went; nil if there were none.
func (c *command) measured() *report.Timings {
	if c.client == nil {
		return nil
	}
	s := c.client.Stats()
	return &report.Timings{Requests: s.Requests, Retries: s.Retries, Total: s.Total.Milliseconds(), Chain: s.Chain, Critical: s.Critical.Milliseconds()}
}

func (c *command) tellTimings(t *report.Timings) {
	if t != nil {
		c.note("timings: %s, %d of them again; the longest chain is %s, %d ms (one after the other all would take %d ms)",
			english.Plural(t.Requests, "request"), t.Retries, english.Plural(t.Chain, "request"), t.Critical, t.Total)
	}
}
