package program

import (
	"bytes"
	"fmt"
	"io"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Publish gives the report to all who are not at the terminal: files, then the
// workflow. Only a run's first report is published.
func (p *Program) Publish(r *report.Report) error {
	if p.Published {
		return nil
	}
	p.Published = true
	err := p.record(r)
	if p.Workflow != nil {
		p.Workflow.Publish(*r)
	}
	return err
}

// record writes the files that take the report. They hold no secret: whoever
// uploads artifacts may read them.
func (p *Program) record(r *report.Report) error {
	whole := *r
	whole.Timings = p.measured()
	for _, out := range []struct {
		option, path string
		write        func(io.Writer, report.Report) error
	}{{"report-file", p.ReportFile, report.WriteRecord}, {"sarif-file", p.SarifFile, report.SARIF}} {
		if out.path == "" {
			continue
		}
		var b bytes.Buffer
		if err := out.write(p.Secrets.Fenced(&b), whole); err != nil {
			return err
		}
		if err := p.Workspace.Write(out.path, b.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", p.Option(out.option), err)
		}
	}
	r.Record = p.ReportFile
	return nil
}

// measured tells how the requests went; nil if there were none.
func (p *Program) measured() *report.Timings {
	if p.client == nil {
		return nil
	}
	s := p.client.Stats()
	return &report.Timings{Requests: s.Requests, Retries: s.Retries, Total: s.Total.Milliseconds(), Chain: s.Chain, Critical: s.Critical.Milliseconds()}
}

func (p *Program) tellTimings(t *report.Timings) {
	if t != nil {
		p.Note("timings: %s, %d of them again; the longest chain is %s, %d ms (one after the other all would take %d ms)",
			english.Plural(t.Requests, "request"), t.Retries, english.Plural(t.Chain, "request"), t.Critical, t.Total)
	}
}

// Write gives the report to stdout in the asked format.
func (p *Program) Write(r report.Report) error {
	if p.Format == "github" {
		return github.Annotations(p.Stdout, p.Getenv, r)
	}
	if format, ok := report.In(p.Format); ok {
		return format.Write(p.Stdout, r)
	}
	return report.Text(p.Stdout, r, p.OutPaint)
}
