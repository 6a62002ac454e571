package report

import "github.com/zisdeploy/zis-deploy/internal/account"

// Of takes over what a session has found and done so far.
func (r *Report) Of(s *account.Session) {
	r.Findings, r.Notes = s.Checked.Findings, s.Notes
	r.Target = s.Target.Name
	r.Where, r.Plan, r.Deploy = s.Where(), s.Prepared, s.Result
	if s.Saved {
		r.Journal = s.Journal
	}
}
