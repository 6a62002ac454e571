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

// history is what earlier deploys from here have left. One that did not end is
// told about.
func (s *Session) history() deploy.History {
	if s.Journal == "" {
		return deploy.History{}
	}
	h := deploy.ReadHistory(s.Journal, s.Target.Where, s.Target.Integration)
	if past := h.Unfinished(); past != nil && !past.Ended {
		s.note(fmt.Sprintf("the deploy of %s did not end: %s; the account is read again and the rest is done",
			past.Time.Local().Format(time.DateTime), past.Standing()))
	}
	return h
}
