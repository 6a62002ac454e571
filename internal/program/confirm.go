package program

import (
	"context"

	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Asks tells whether somebody is to say yes before anything is written: where
// a person looks at a plan for the first time, of an account that is real.
func (p *Program) Asks() bool {
	return p.Listens() && !p.Yes && p.Target != "local" && p.PlanFile == ""
}

// Confirmed shows the plan and asks. Its error says that nobody said yes.
func (p *Program) Confirmed(ctx context.Context, r *report.Report, question string) error {
	p.Progress.Clear()
	if err := report.Proposal(p.Stderr, *r, p.ErrPaint); err != nil {
		return err
	}
	r.Shown = p.Format == "" || p.Format == "text"
	yes, err := p.Confirm(ctx, question)
	if err == nil && !yes {
		err = verdict.Errorf(verdict.Cancelled, "to deploy without being asked, give --yes", "not confirmed; nothing was written")
	}
	return verdict.At(verdict.Plan, err)
}
