package account

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// triesAPIToken tells whether there is an API token that no read uses. It is
// tried all the same: one that isn't used for 30 days is switched off, and one
// that is wrong would be noticed at the next upload only.
func (s *Session) triesAPIToken() bool {
	all := s.Target.Credentials
	return all.APIToken != "" && all.ForRead() != registry.APIToken
}

// noticeAPIToken tells what is wrong with it.
func (s *Session) noticeAPIToken(err error) {
	if err != nil && s.triesAPIToken() {
		s.Notes = append(s.Notes, fmt.Sprintf("the API token was tried, and an upload would fail: %v", err))
	}
}

// Uncertain tells, before the first request, why an upload may be refused; ""
// if nothing is known.
func (t Target) Uncertain() string {
	if kind := t.Credentials.ForUpload(); kind != registry.APIToken && kind != registry.None {
		return fmt.Sprintf("no API token is given: uploads have refused every %s so far (observed); it is tried once", kind)
	}
	return ""
}
