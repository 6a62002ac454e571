package cli

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// session is a run on the account that the options name. It makes no request.
func (c *command) session() *account.Session {
	s := &account.Session{Target: account.Target{
		Integration: c.integration, Credentials: c.credentials(),
		Retries: c.maxRetries, RequestTimeout: c.requestTimeout, Concurrency: c.concurrency,
	}, Watch: c.watch()}
	for _, secret := range s.Target.Credentials.Secrets() {
		c.redact(secret.Reveal())
	}
	return s
}

// watch lets a session tell what goes on.
func (c *command) watch() account.Watch {
	w := account.Watch{
		Begin: c.progress.begin, Step: c.progress.step, Retry: c.progress.retry,
		Note:   func(text string) { c.note("%s", text) },
		Secret: c.minted,
	}
	if c.debug != nil {
		w.Request = func(r registry.Request) {
			c.debug(fmt.Sprintf("%s %s: %d in %s (try %d)", r.Method, r.Path, r.Status, r.Took.Round(time.Millisecond), r.Try))
		}
	}
	return w
}

// minted hides a token that was minted for this run.
func (c *command) minted(token string) {
	c.redact(token)
	if c.keepOutOfLogs != nil {
		c.keepOutOfLogs(token)
	}
}

// connect makes the session ready to ask the account: the built-in emulator,
// another registry, or SUBDOMAIN.zendesk.com.
func (c *command) connect(s *account.Session) error {
	err := c.locate(s)
	if err == nil {
		err = s.Connect()
	}
	if verdict.ReasonOf(err) == verdict.MissingCredentials && c.noSecrets != "" {
		err = c.missingCredentials()
	}
	if err != nil {
		return verdict.At(verdict.Input, err)
	}
	c.client = s.Client()
	if c.target != "local" {
		c.tellCredentials(c.client.Credentials)
	}
	return nil
}

// tellCredentials tells which credentials are used, and where they came from.
func (c *command) tellCredentials(cred registry.Credentials) {
	for _, use := range []struct {
		what string
		kind registry.Kind
	}{{"credential", cred.ForRead()}, {"credential for uploads", cred.ForUpload()}} {
		if use.what == "credential" || use.kind != cred.ForRead() {
			c.note("%s: %s (%s)", use.what, use.kind, english.Join(from(use.kind)))
		}
	}
}

func (c *command) credentials() registry.Credentials {
	return registry.Credentials{
		Email:      c.Getenv("ZENDESK_EMAIL"),
		APIToken:   registry.Secret(c.Getenv("ZENDESK_API_TOKEN")),
		ZISToken:   registry.Secret(c.Getenv("ZIS_OAUTH_TOKEN")),
		OAuthToken: registry.Secret(c.Getenv("ZENDESK_OAUTH_TOKEN")),

		ClientID:     c.Getenv("ZENDESK_CLIENT_ID"),
		ClientSecret: registry.Secret(c.Getenv("ZENDESK_CLIENT_SECRET")),
	}
}

// locate finds the registry of the account. What else is missing is told
// first.
func (c *command) locate(s *account.Session) (err error) {
	switch {
	case s.Target.Integration == "":
	case c.target == "local":
		err = c.local(s)
	case s.Target.Credentials.Any():
		s.Target.URL, s.Target.Where, err = c.address()
	}
	return err
}

// missingCredentials tells why GitHub gives this run none.
func (c *command) missingCredentials() error {
	e := &verdict.Error{
		Reason: verdict.MissingCredentials, Err: errors.New("no credentials are given"),
		Hint: verdict.Hint{Code: verdict.GiveCredentials},
	}
	if c.noSecrets != "" {
		e.Err = errors.New("no credentials are given: " + c.noSecrets)
		e.Hint = verdict.Hint{}
		e.Next = "a maintainer can run the workflow from a branch of this repository; missing-credentials: skip lets such runs pass"
	}
	return e
}

// address is the registry's URL and what people call the account.
func (c *command) address() (url, where string, err error) {
	return account.Address(cmp.Or(c.subdomain, c.Getenv("ZENDESK_SUBDOMAIN")), c.baseURL)
}

// local starts the emulator inside this process, with the integration
// registered: what zis register does in a real account.
func (c *command) local(s *account.Session) error {
	if err := c.keepOutOfGit(); err != nil {
		return err
	}
	server := &emulator.Server{StateFile: filepath.Join(c.stateDir(), "local.json")}
	if err := server.Open(); err != nil {
		return usage(err)
	}
	if err := server.Register(s.Target.Integration); err != nil {
		return usage(err)
	}
	dial, stop := emulator.Local(server)
	s.Target.URL, s.Target.Where = "http://localhost", "the local emulator"
	s.Target.Credentials = registry.Credentials{Email: "admin@example.com", APIToken: "local-emulator-token"}
	s.Target.Transport = &http.Transport{DialContext: dial}
	s.OnClose(stop)
	return nil
}

// stateDir is where this tool keeps files of its own.
func (c *command) stateDir() string { return filepath.Join(c.rootDir, ".zis") }

// keepOutOfGit makes the state directory, and has git ignore all in it:
// journals hold bundles whole, credentials in them included.
func (c *command) keepOutOfGit() error {
	if err := os.MkdirAll(c.stateDir(), 0o700); err != nil {
		return usage(err)
	}
	f, err := os.OpenFile(filepath.Join(c.stateDir(), ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return usage(err)
	}
	_, err = f.WriteString("*\n")
	return errors.Join(err, f.Close())
}

// journalDir is where journals are kept: on a runner outside the workspace,
// so that no later step publishes the bodies in them.
func (c *command) journalDir() string {
	if temp := c.Getenv("RUNNER_TEMP"); c.inAction && temp != "" {
		return temp
	}
	return c.stateDir()
}
