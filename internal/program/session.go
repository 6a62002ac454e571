package program

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Planned is the first half of the line that deploy follows to its end: the
// files are read and checked, the account is read, the two are compared. The
// session is there even if that fails.
func (p *Program) Planned(ctx context.Context, args []string) (*account.Session, error) {
	s := p.Session()
	if _, err := Within(ctx, p, func() (any, error) { return nil, p.load(s, args, diag.Error) }); err != nil {
		if ctx.Err() != nil {
			s = &account.Session{Target: s.Target} // the other is still being loaded
		}
		return s, err
	}
	if err := p.Connect(s); err != nil {
		return s, err
	}
	s.Journal, s.Backup, s.Around = p.JournalPath(s), p.OnDisk(p.BackupFile), p.Around
	if err := s.Plan(ctx, p.Change.Options()); err != nil || p.Named == nil || !p.read.Records() {
		return s, err
	}
	return s, fleet.SameAccount(ctx, s.Client(), s.Target.Integration, s.Prepared.Before())
}

// Session is a run on the account that the options name. It makes no request.
func (p *Program) Session() *account.Session {
	s := &account.Session{Target: account.Target{
		Name: p.Account.Target, Integration: p.Integration, Credentials: p.Credentials(),
		Retries: p.MaxRetries, RequestTimeout: p.RequestTimeout, Concurrency: p.Concurrency,
	}, Watch: p.Watch()}
	for _, secret := range s.Target.Credentials.Secrets() {
		p.Hide(secret.Reveal())
	}
	return s
}

// Watch lets a session tell what goes on.
func (p *Program) Watch() account.Watch {
	w := account.Watch{
		Begin: p.Progress.Begin, Step: p.Progress.Step, Retry: p.Progress.Retry,
		Note:   func(text string) { p.Note("%s", text) },
		Secret: p.Minted, Hide: p.Secrets.Clean,
	}
	if p.Workflow != nil && p.Workflow.Debug != nil {
		w.Request = func(r registry.Request) {
			p.Workflow.Debug(fmt.Sprintf("%s %s: %d in %s (try %d)", r.Method, r.Path, r.Status, r.Took.Round(time.Millisecond), r.Try))
		}
	}
	return w
}

// Minted hides a token that was minted for this run.
func (p *Program) Minted(token string) { p.Hide(token) }

// load reads and checks the bundle files.
func (p *Program) load(s *account.Session, args []string, unresolved diag.Severity) error {
	src, err := p.source(args, unresolved)
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	if err := s.Load(src); err != nil && len(s.Checked.Files) == 0 || p.Named == nil {
		return err
	}
	fleet.Place(&s.Checked, p.Named, p.Parse(src.Files), src.Disable)
	return verdict.At(verdict.Validate, s.Checked.Err())
}

// CheckFiles is load without an account.
func (p *Program) CheckFiles(args []string, unresolved diag.Severity) (check.Result, error) {
	s := &account.Session{Target: account.Target{Integration: p.Integration}}
	err := p.load(s, args, unresolved)
	return s.Checked, err
}

// source is what the options name: files, values, rules that are switched off.
func (p *Program) source(args []string, unresolved diag.Severity) (account.Source, error) {
	src := account.Source{Unresolved: unresolved, Words: p.given}
	paths, err := p.BundlePaths(args)
	if err == nil && len(paths) == 0 {
		err = Usagef("no bundle file is given")
	}
	if err == nil {
		err = account.CheckIntegration(p.Integration)
	}
	if err != nil {
		return src, err
	}
	if src.Values, err = p.values(); err != nil {
		return src, err
	}
	if src.Files, err = p.Bundles(paths); err != nil {
		return src, err
	}
	src.Disable, err = p.DisabledRules()
	return src, err
}

// values are those of placeholders; secrets among them are hidden from now on.
func (p *Program) values() (render.Values, error) {
	texts, others, err := p.Files.Plain()
	if err != nil {
		return render.Values{}, err
	}
	v := render.Values{Variables: texts, Typed: map[string]any{}, Numbers: p.Files.SecretNumbers()}
	for _, t := range []*project.Target{p.Named, p.only} {
		if t != nil {
			v.Numbers = append(v.Numbers, t.SecretNumbers...)
		}
	}
	for name, text := range others {
		value, ok := render.Typed(text)
		if !ok {
			return v, Usagef("the variable %q is %q, which is no number, true or false: a text is given as %s=VALUE", name, english.Cut(text, 40), name)
		}
		v.Typed[name] = value
	}
	if err := p.targetValues(&v); err != nil {
		return v, err
	}
	secrets, err := p.Files.Secret(v.Given(), p.Getenv)
	if err == nil {
		err = p.targetSecrets(secrets)
	}
	for _, s := range secrets {
		if !p.Offline || s != standIn {
			p.Hide(s)
		}
	}
	v.Secrets = secrets
	return v, err
}

// DisabledRules are those that options and zis.yml switch off. What is no rule
// is refused: a slip would leave on what was meant to be off.
func (p *Program) DisabledRules() ([]string, error) {
	config, err := p.Project()
	if err != nil {
		return nil, err
	}
	ids := p.Files.Disabled()
	for _, id := range config.DisableRules {
		ids = append(ids, id.Value)
	}
	for _, id := range ids {
		if !slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == id }) {
			return nil, Usagef("no rule is called %q; zis rules lists them", id)
		}
	}
	return ids, nil
}

// Connect makes the session ready to ask the account: the built-in emulator,
// another registry, or SUBDOMAIN.zendesk.com.
func (p *Program) Connect(s *account.Session) error {
	err := p.locate(s)
	if err == nil {
		err = s.Connect()
	}
	switch {
	case p.Named != nil && s.Target.Credentials.Complete() != nil:
		err = p.keys.Missing(p.Named)
	case verdict.ReasonOf(err) == verdict.MissingCredentials:
		err = p.MissingCredentials()
	}
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	p.client = s.Client()
	if p.Target != "local" {
		p.tellCredentials(p.client.Credentials)
	}
	if warning := s.Target.Uncertain(); warning != "" && p.Uploads {
		p.Note("warning: %s", warning)
		s.Notes = append(s.Notes, warning)
	}
	return nil
}

// locate finds the registry of the account. What else is missing is told
// first.
func (p *Program) locate(s *account.Session) (err error) {
	switch {
	case s.Target.Integration == "":
	case p.Target == "local":
		err = p.local(s)
	case s.Target.Credentials.Any():
		s.Target.URL, s.Target.Where, err = p.Address()
	}
	return err
}

// Address is the registry's URL and what people call the account.
func (p *Program) Address() (url, where string, err error) {
	subdomain := p.Subdomain
	if p.Named == nil {
		subdomain = cmp.Or(subdomain, p.Getenv("ZENDESK_SUBDOMAIN"))
	}
	if p.ExpectSubdomain != "" && !strings.EqualFold(subdomain, p.ExpectSubdomain) {
		return "", "", p.unexpected(subdomain)
	}
	return account.Address(subdomain, p.BaseURL)
}

// unexpected refuses another account than the one that was meant.
func (p *Program) unexpected(subdomain string) error {
	return verdict.Errorf(verdict.InvalidInput,
		"nothing was asked of any account; is the job's environment spelt right, and does it have its own values? One that is missing falls back to the repository's",
		"%s is %q, and %q is expected", p.Option("subdomain"), subdomain, p.ExpectSubdomain)
}

// LocalCredentials are those of the local account, which takes any.
var LocalCredentials = registry.Credentials{Email: "admin@example.com", APIToken: "local-emulator-token"}

// local starts the emulator inside this process, with the integration
// registered: what zis register does in a real account.
func (p *Program) local(s *account.Session) error {
	if err := p.Workspace.KeepState("local.json"); err != nil {
		return Usage(err)
	}
	server := &emulator.Server{StateFile: filepath.Join(p.Workspace.StateDir(), "local.json")}
	if err := server.Open(); err != nil {
		return Usage(err)
	}
	if err := server.Register(s.Target.Integration); err != nil {
		return Usage(err)
	}
	dial, stop := emulator.Local(server)
	s.Target.URL, s.Target.Where = "http://localhost", account.Local
	s.Target.Credentials = LocalCredentials
	s.Target.Transport = &http.Transport{DialContext: dial}
	s.OnClose(stop)
	return nil
}
