package fleet

import (
	"context"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/keyring"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Accounts is the Worker on real accounts: each target is a session.
type Accounts struct {
	Bundles check.Parsed
	Keys    *keyring.Keys
	Keeper  Keeper
	Records bool     // a record is kept in the accounts
	Disable []string // ids of rules that are not to be reported

	// Session makes the session of a target: its address and credentials, and
	// how it is spoken to. It makes no request.
	Session func(t *project.Target, c registry.Credentials) (*account.Session, error)
	// Options are the choices of a target's plan.
	Options func(t *project.Target) deploy.Options
	// Hide is told values that were found in an account and must not be shown.
	Hide func(secrets ...string)
}

// open makes a target's session ready to ask its account.
func (a *Accounts) open(t *project.Target) (*account.Session, error) {
	found, err := a.Keys.Of(t)
	if err != nil {
		return nil, err
	}
	if !found.Any() || found.Complete() != nil {
		return nil, a.Keys.Missing(t)
	}
	s, err := a.Session(t, found.Credentials)
	if err != nil {
		return nil, err
	}
	return s, s.Connect()
}

// reading is what an account was found to hold.
type reading struct {
	have    deploy.Remote
	record  *Record
	account int64 // that the config service says
	noWord  string
}

// read reads the account and, beside it, its record.
func (a *Accounts) read(ctx context.Context, s *account.Session) (reading, error) {
	var r reading
	recorded := make(chan struct{})
	go func() {
		defer close(recorded)
		if a.Records {
			r.record, r.account, r.noWord = readRecord(ctx, s.Client(), s.Target.Integration)
		}
	}()
	have, err := deploy.Read(ctx, s.Client(), s.Target.Integration)
	<-recorded
	r.have = have
	if err != nil {
		return r, verdict.At(verdict.Read, err)
	}
	if r.record != nil {
		r.record.Current = len(r.record.Bundles) > 0 && digest(have, r.record.Bundles, r.record.Hidden) == r.record.Digest
	}
	return r, sameAccount(r.record, r.account, have)
}
