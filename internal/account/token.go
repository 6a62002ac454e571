package account

import (
	"context"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// tryAPIToken begins to try an API token that no read uses, and returns a
// function that waits for the answer: what is wrong with it, or nil. A token
// that isn't used for 30 days is switched off, and one that is wrong would be
// noticed at the next upload only.
func (s *Session) tryAPIToken(ctx context.Context) func() error {
	all := s.Target.Credentials
	if all.APIToken == "" || all.ForRead() == registry.APIToken {
		return func() error { return nil }
	}
	alone := s.Target
	alone.Credentials = registry.Credentials{Email: all.Email, APIToken: all.APIToken}
	ctx, cancel := context.WithTimeout(ctx, supplyTime)
	tried := make(chan error, 1)
	go func() {
		defer cancel()
		reach, err := Dial(alone, Watch{Request: s.Watch.Request})
		if err == nil {
			defer reach.Close(ctx)
			_, err = reach.Client.Integrations(ctx)
		}
		tried <- err
	}()
	return func() error { return <-tried }
}

// noticeAPIToken tells what is wrong with it.
func (s *Session) noticeAPIToken(err error) {
	if err != nil {
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
