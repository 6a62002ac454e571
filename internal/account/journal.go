package account

import (
	"fmt"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// JournalName is the name of the journal of one integration of one account.
func JournalName(where, integration string) string {
	name := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, where)
	return "zis-" + name + "-" + integration + ".journal"
}

// owned are the job specs that our bundles had before the last deploy from
// here: it may have ended between upload and prune. One that did not end is
// told about.
func (s *Session) owned() []string {
	if s.Journal == "" {
		return nil
	}
	past, err := deploy.ReadJournal(s.Journal)
	if err != nil || past == nil || past.Target != s.Target.Where || past.Integration != s.Target.Integration {
		return nil
	}
	if !past.Ended {
		s.note(fmt.Sprintf("the deploy of %s did not end: %s; the account is read again and the rest is done",
			past.Time.Local().Format(time.DateTime), past.Standing()))
	}
	return past.Owned
}
