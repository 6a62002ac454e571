package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// planned is the first half of the line that deploy follows to its end: the
// files are read and checked, the account is read, the two are compared. The
// session is there even if that fails.
func (p *program) planned(ctx context.Context, args []string) (*account.Session, error) {
	s := p.session()
	if _, err := within(ctx, p, func() (any, error) { return nil, p.load(s, args, diag.Error) }); err != nil {
		if ctx.Err() != nil {
			s = &account.Session{Target: s.Target} // the other is still being loaded
		}
		return s, err
	}
	if err := p.connect(s); err != nil {
		return s, err
	}
	s.Journal, s.Backup, s.Around = p.journalPath(s), p.BackupFile, p.around
	return s, s.Plan(ctx, p.Change.Options())
}

// session is a run on the account that the options name. It makes no request.
func (p *program) session() *account.Session {
	s := &account.Session{Target: account.Target{
		Name: p.Account.Target, Integration: p.Integration, Credentials: p.credentials(),
		Retries: p.MaxRetries, RequestTimeout: p.RequestTimeout, Concurrency: p.Concurrency,
	}, Watch: p.watch()}
	for _, secret := range s.Target.Credentials.Secrets() {
		p.hide(secret.Reveal())
	}
	return s
}

// watch lets a session tell what goes on.
func (p *program) watch() account.Watch {
	w := account.Watch{
		Begin: p.Progress.Begin, Step: p.Progress.Step, Retry: p.Progress.Retry,
		Note:   func(text string) { p.Note("%s", text) },
		Secret: p.minted, Hide: p.Secrets.Clean,
	}
	if p.workflow != nil && p.workflow.debug != nil {
		w.Request = func(r registry.Request) {
			p.workflow.debug(fmt.Sprintf("%s %s: %d in %s (try %d)", r.Method, r.Path, r.Status, r.Took.Round(time.Millisecond), r.Try))
		}
	}
	return w
}

// minted hides a token that was minted for this run.
func (p *program) minted(token string) { p.hide(token) }

// load reads and checks the bundle files.
func (p *program) load(s *account.Session, args []string, unresolved diag.Severity) error {
	src, err := p.source(args, unresolved)
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	return s.Load(src)
}

// check is load without an account.
func (p *program) check(args []string, unresolved diag.Severity) (check.Result, error) {
	s := &account.Session{Target: account.Target{Integration: p.Integration}}
	err := p.load(s, args, unresolved)
	return s.Checked, err
}

// source is what the options name: files, values, rules that are switched off.
func (p *program) source(args []string, unresolved diag.Severity) (account.Source, error) {
	src := account.Source{Unresolved: unresolved}
	paths, err := p.bundlePaths(args)
	if err == nil && len(paths) == 0 {
		err = usagef("no bundle file is given")
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
	if src.Files, err = p.bundles(paths); err != nil {
		return src, err
	}
	src.Disable, err = p.disabledRules()
	return src, err
}

// values are those of placeholders; secrets among them are hidden from now on.
func (p *program) values() (render.Values, error) {
	texts, others, err := p.Files.Plain()
	if err != nil {
		return render.Values{}, err
	}
	v := render.Values{Variables: texts, Typed: map[string]any{}}
	for name, text := range others {
		value, ok := render.Typed(text)
		if !ok {
			return v, usagef("the variable %q is %q, which is no number, true or false: a text is given as %s=VALUE", name, english.Cut(text, 40), name)
		}
		v.Typed[name] = value
	}
	if err := p.targetValues(v); err != nil {
		return v, err
	}
	secrets, err := p.Files.Secret(v.Given(), p.Getenv)
	if err == nil {
		err = p.targetSecrets(secrets)
	}
	p.hide(slices.Collect(maps.Values(secrets))...)
	v.Secrets = secrets
	return v, err
}

// disabledRules are those that options and zis.yml switch off. What is no rule
// is refused: a slip would leave on what was meant to be off.
func (p *program) disabledRules() ([]string, error) {
	config, err := p.project()
	if err != nil {
		return nil, err
	}
	ids := p.Files.Disabled()
	for _, id := range config.DisableRules {
		ids = append(ids, id.Value)
	}
	for _, id := range ids {
		if !slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == id }) {
			return nil, usagef("no rule is called %q; zis rules lists them", id)
		}
	}
	return ids, nil
}

// connect makes the session ready to ask the account: the built-in emulator,
// another registry, or SUBDOMAIN.zendesk.com.
func (p *program) connect(s *account.Session) error {
	err := p.locate(s)
	if err == nil {
		err = s.Connect()
	}
	if verdict.ReasonOf(err) == verdict.MissingCredentials {
		err = p.missingCredentials()
	}
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	p.client = s.Client()
	if p.Target != "local" {
		p.tellCredentials(p.client.Credentials)
	}
	if warning := s.Target.Uncertain(); warning != "" && p.uploads {
		p.Note("warning: %s", warning)
		s.Notes = append(s.Notes, warning)
	}
	return nil
}

// locate finds the registry of the account. What else is missing is told
// first.
func (p *program) locate(s *account.Session) (err error) {
	switch {
	case s.Target.Integration == "":
	case p.Target == "local":
		err = p.local(s)
	case s.Target.Credentials.Any():
		s.Target.URL, s.Target.Where, err = p.address()
	}
	return err
}

// address is the registry's URL and what people call the account.
func (p *program) address() (url, where string, err error) {
	subdomain := p.Subdomain
	if p.named == nil {
		subdomain = cmp.Or(subdomain, p.Getenv("ZENDESK_SUBDOMAIN"))
	}
	if p.ExpectSubdomain != "" && !strings.EqualFold(subdomain, p.ExpectSubdomain) {
		return "", "", p.unexpected(subdomain)
	}
	return account.Address(subdomain, p.BaseURL)
}

// unexpected refuses another account than the one that was meant.
func (p *program) unexpected(subdomain string) error {
	return verdict.Errorf(verdict.InvalidInput,
		"nothing was asked of any account; is the job's environment spelt right, and does it have its own values? One that is missing falls back to the repository's",
		"%s is %q, and %q is expected", p.option("subdomain"), subdomain, p.ExpectSubdomain)
}

// localCredentials are those of the local account, which takes any.
var localCredentials = registry.Credentials{Email: "admin@example.com", APIToken: "local-emulator-token"}

// local starts the emulator inside this process, with the integration
// registered: what zis register does in a real account.
func (p *program) local(s *account.Session) error {
	if err := p.files.KeepState("local.json"); err != nil {
		return usage(err)
	}
	server := &emulator.Server{StateFile: filepath.Join(p.files.StateDir(), "local.json")}
	if err := server.Open(); err != nil {
		return usage(err)
	}
	if err := server.Register(s.Target.Integration); err != nil {
		return usage(err)
	}
	dial, stop := emulator.Local(server)
	s.Target.URL, s.Target.Where = "http://localhost", "the local emulator"
	s.Target.Credentials = localCredentials
	s.Target.Transport = &http.Transport{DialContext: dial}
	s.OnClose(stop)
	return nil
}
