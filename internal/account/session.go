// Package account is one target made ready: bundle files are checked, the
// account is connected and read, the plan made, carried out and proven. It
// knows no command line, no stream and no workflow: a verb, the admin's page
// and the fleet call it alike.
package account

import (
	"context"
	"errors"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Source is what is to be deployed, with what the target fills into it.
type Source struct {
	Files      []*diag.File
	Values     render.Values
	Unresolved diag.Severity // of a placeholder without a value; Error for what is uploaded
	Disable    []string      // ids of rules that are not to be reported
	Words      check.Words   // for options, in the help of findings
}

// Watch is told what goes on. Each function may be nil.
type Watch struct {
	Begin   func(what string) (ended func(error)) // something that takes time
	Step    func(deploy.Event)                    // of a deploy
	Note    func(text string)                     // told on the way
	Secret  func(text string)                     // a token that was minted, before it is used: it must be shown nowhere
	Hide    func(text string) string              // takes the run's secrets out of a text
	Request func(registry.Request)                // after each try
	Retry   func(registry.Retry)                  // before each wait
}

// Session is one run on one target. Its methods are called in the order Load,
// Connect, Plan, Apply, and Close in any case; what they find is in its fields
// even if a later one fails. Their errors have a reason and a stage (see
// verdict).
type Session struct {
	Target  Target
	Watch   Watch
	Journal string // file that keeps the former state and the steps done; "" keeps none
	Backup  string // another file for the former state, that outlives the machine; "" writes none
	Around  bool   // look whether another integration of the account runs the same bundle

	Checked  check.Result     // since Load
	Notes    []string         // what is not known, and doesn't change the verdict
	Prepared *deploy.Prepared // since Plan; nil before
	Result   *deploy.Result   // since Apply; nil before
	Saved    bool             // the journal holds the former state

	source     Source
	beside     around // since the account was read
	connection *Connection
	closing    []func()
}

// Load checks the bundle files. Its error says that a finding is an error; the
// findings are in Checked.
func (s *Session) Load(src Source) error {
	if err := CheckIntegration(s.Target.Integration); err != nil {
		return verdict.At(verdict.Input, err)
	}
	s.source = src
	s.Checked = check.Files(src.Files, check.Options{
		Integration: s.Target.Integration, Values: src.Values, Unresolved: src.Unresolved, Disable: src.Disable, Words: src.Words,
	})
	s.Notes = append(s.Notes, s.Checked.Notes...)
	return verdict.At(verdict.Validate, s.Checked.Err())
}

// Connect makes the client; it makes no request. Missing credentials are told
// here.
func (s *Session) Connect() error {
	if s.connection != nil {
		return nil
	}
	err := s.Target.check()
	if err == nil {
		s.connection, err = Dial(s.Target, s.Watch)
	}
	return verdict.At(verdict.Input, err)
}

// Client is the registry of the account; nil before Connect.
func (s *Session) Client() *registry.Client {
	if s.connection == nil {
		return nil
	}
	return s.connection.Client
}

// Where is the account as people call it; "" before Connect.
func (s *Session) Where() string {
	if s.connection == nil {
		return ""
	}
	return s.Target.Where
}

// Plan reads the account and compares it with the loaded files.
func (s *Session) Plan(ctx context.Context, opt deploy.Options) error {
	if err := s.Connect(); err != nil {
		return err
	}
	opt.History = s.history()
	have, err := s.read(ctx, opt.History)
	if err != nil {
		return verdict.At(verdict.Read, err)
	}
	if err := s.settle(have); err != nil {
		return verdict.At(verdict.Validate, err)
	}
	prepared, err := deploy.NewPlan(s.Checked.Bundles(), have, opt)
	if err != nil {
		return verdict.At(verdict.Plan, err)
	}
	s.Prepared = &prepared
	s.tellAround(s.beside)
	return nil
}

// Switch reads the account and plans to switch job specs on or off: the named
// ones, or without names all.
func (s *Session) Switch(ctx context.Context, on bool, names []string) error {
	return s.plan(ctx, s.history(), func(have deploy.Remote) (deploy.Prepared, error) { return deploy.NewSwitch(have, on, names) })
}

// Restore reads the account and plans the way back to what a run has saved.
func (s *Session) Restore(ctx context.Context, past *deploy.Past) error {
	if past.Target != s.Target.Where || past.Integration != s.Target.Integration {
		return verdict.At(verdict.Input, verdict.Errorf(verdict.InvalidInput, "name the file of this account and integration",
			"the saved state is of %q on %s, not of %q on %s", past.Integration, past.Target, s.Target.Integration, s.Target.Where))
	}
	earlier := s.history()
	return s.plan(ctx, earlier, func(have deploy.Remote) (deploy.Prepared, error) {
		return deploy.NewRestore(past, have, deploy.Options{History: earlier})
	})
}

// plan makes a plan that needs no files.
func (s *Session) plan(ctx context.Context, past deploy.History, plan func(deploy.Remote) (deploy.Prepared, error)) error {
	if err := s.Connect(); err != nil {
		return err
	}
	ended := s.begin("read " + s.Target.Where)
	have, err := deploy.ReadAfter(ctx, s.connection.Client, s.Target.Integration, past)
	ended(err)
	if err != nil {
		return verdict.At(verdict.Read, err)
	}
	prepared, err := plan(have)
	if err != nil {
		return verdict.At(verdict.Plan, err)
	}
	s.Prepared = &prepared
	return nil
}

// read reads what the integration holds, and beside that whether it has what
// the bundles need.
func (s *Session) read(ctx context.Context, past deploy.History) (deploy.Remote, error) {
	looking, stop := context.WithCancel(ctx)
	defer stop()
	found, beside := s.lookForNeeds(looking), s.lookAround(looking)
	ended := s.begin("read " + s.Target.Where)
	have, err := deploy.ReadAfter(ctx, s.connection.Client, s.Target.Integration, past)
	ended(err)
	if err != nil {
		stop()
		found()
		beside() // the read has failed already
		return have, err
	}
	s.take(found())
	s.beside = beside()
	s.noticeAPIToken(s.beside.failed)
	return have, nil
}

// Apply carries the plan out, and proves it by reading back. Of how, what the
// session knows itself is filled in. ctx ends with a signal alone; the run's
// own time is over at how.Until.
func (s *Session) Apply(ctx context.Context, how deploy.Settings) error {
	if s.Prepared == nil {
		return errors.New("nothing is planned")
	}
	how.Journal, how.Backup, how.Target, how.Attempts = s.Journal, s.Backup, s.Target.Where, 1+s.Target.Retries
	how.On, how.Note = s.Watch.Step, s.note
	result := deploy.Apply(ctx, s.connection.Client, *s.Prepared, how)
	s.Result, s.Saved = &result, result.Saved
	s.Notes = append(s.Notes, result.Notes...)
	return result.Err
}

// CheckSaved refuses a plan that is not the one in the text of a plan file.
func (s *Session) CheckSaved(text []byte) error {
	saved, err := deploy.Load(text)
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	err = s.Prepared.Same(saved, s.Target.Where)
	if verdict.IsUsage(err) {
		return verdict.At(verdict.Input, err)
	}
	return verdict.At(verdict.Plan, err)
}

// OnClose has a function called when the session is closed.
func (s *Session) OnClose(stop func()) { s.closing = append(s.closing, stop) }

// Close revokes what was minted for this run, and ends the connections.
func (s *Session) Close(ctx context.Context) {
	s.connection.Close(ctx)
	for _, stop := range s.closing {
		stop()
	}
}

func (s *Session) begin(what string) (ended func(error)) {
	if s.Watch.Begin == nil {
		return func(error) {}
	}
	return s.Watch.Begin(what)
}

func (s *Session) note(text string) {
	if s.Watch.Note != nil {
		s.Watch.Note(text)
	}
}
