package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// account is the account a run works on.
type account struct {
	client *registry.Client
	where  string // as people call it
	stop   func()
}

func (a *account) close() {
	if a != nil && a.stop != nil {
		a.stop()
	}
}

// connect finds the account: the built-in emulator, another registry, or
// SUBDOMAIN.zendesk.com. It makes no request.
func (c *command) connect(ctx context.Context) (*account, error) {
	if c.integration == "" {
		return nil, usagef("--integration is missing: the name under which the bundle is deployed")
	}
	if c.target == "local" {
		return c.local()
	}
	cred := c.credentials()
	if !cred.Any() {
		return nil, c.missingCredentials()
	}
	base, where, err := c.base()
	if err != nil {
		return nil, err
	}
	for _, secret := range cred.Secrets() {
		c.redact(secret.Reveal())
	}
	client, err := registry.New(base, cred)
	if err != nil {
		return nil, usage(err)
	}
	c.tune(client)
	c.client = client
	c.tellCredentials(client.Credentials)
	grant := c.grant(client)
	return &account{client: client, where: where, stop: func() {
		c.revoke(ctx, grant)
		client.Close()
	}}, nil
}

// grant lets the client mint tokens, if an OAuth client is given.
func (c *command) grant(client *registry.Client) *zendesk.Grant {
	g := zendesk.Use(client, c.integration)
	if g != nil {
		g.OnToken = func(token registry.Secret) {
			c.redact(token.Reveal())
			if c.keepOutOfLogs != nil {
				c.keepOutOfLogs(token.Reveal())
			}
		}
	}
	return g
}

// revoke ends the tokens of this run, whatever became of it. One that stays is
// told, and fails nothing: it did its work.
func (c *command) revoke(ctx context.Context, g *zendesk.Grant) {
	if err := g.Revoke(ctx); err != nil {
		c.note("warning: %v", err)
	}
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

// tune gives the client what a person has asked for.
func (c *command) tune(client *registry.Client) {
	client.Retries, client.RequestTimeout, client.MaxConcurrency = c.maxRetries, c.requestTimeout, c.concurrency
	if c.debug != nil {
		client.OnRequest = func(r registry.Request) {
			c.debug(fmt.Sprintf("%s %s: %d in %s (try %d)", r.Method, r.Path, r.Status, r.Took.Round(time.Millisecond), r.Try))
		}
	}
	client.OnRetry = c.progress.retry
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

func (c *command) missingCredentials() error {
	if c.noSecrets != "" {
		return usage(&verdict.Error{
			Reason: verdict.MissingCredentials,
			Err:    errors.New("no credentials are given: " + c.noSecrets),
			Next:   "a maintainer can run the workflow from a branch of this repository; missing-credentials: skip lets such runs pass",
		})
	}
	return usage(&verdict.Error{
		Reason: verdict.MissingCredentials,
		Err:    errors.New("no credentials are given"),
		Next:   "set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET, or ZENDESK_EMAIL and ZENDESK_API_TOKEN (an upload takes nothing else), or ZIS_OAUTH_TOKEN for a plan; in a workflow, secrets are missing on pull requests of forks and of Dependabot",
	})
}

// base is the registry's URL and what people call the account.
func (c *command) base() (url, where string, err error) {
	if c.baseURL != "" {
		return c.baseURL, strings.TrimPrefix(strings.TrimPrefix(c.baseURL, "https://"), "http://"), nil
	}
	subdomain := c.subdomain
	if subdomain == "" {
		subdomain = c.Getenv("ZENDESK_SUBDOMAIN")
	}
	if subdomain == "" {
		return "", "", usagef("--subdomain is missing: which account? (or --target local for the built-in emulator)")
	}
	if !validSubdomain(subdomain) {
		return "", "", usagef("the subdomain %q is not valid: give the part before .zendesk.com, such as acme", subdomain)
	}
	host := subdomain + ".zendesk.com"
	return "https://" + host, host, nil
}

// validSubdomain keeps anything that could lead a credential to another host
// out of the URL.
func validSubdomain(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return len(s) <= 63 && !strings.HasPrefix(s, "-")
}

// local starts the emulator inside this process, with the integration
// registered: what zis register does in a real account.
func (c *command) local() (*account, error) {
	if err := c.keepOutOfGit(); err != nil {
		return nil, err
	}
	server := &emulator.Server{StateFile: filepath.Join(c.stateDir(), "local.json")}
	if err := server.Open(); err != nil {
		return nil, usage(err)
	}
	if err := server.Register(c.integration); err != nil {
		return nil, usage(err)
	}
	dial, stop := emulator.Local(server)
	client, err := registry.New("http://localhost", registry.Credentials{Email: "admin@example.com", APIToken: "local-emulator-token"},
		registry.WithTransport(&http.Transport{DialContext: dial}))
	if err != nil {
		stop()
		return nil, err
	}
	c.tune(client)
	c.client = client
	return &account{client: client, where: "the local emulator", stop: stop}, nil
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
