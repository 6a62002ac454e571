package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// credential is one credential and whether the account takes it.
type credential struct {
	Kind     registry.Kind `json:"kind"`
	From     []string      `json:"from"` // environment variables
	Works    bool          `json:"works"`
	Detail   string        `json:"detail"`
	Next     string        `json:"next,omitempty"`
	Warnings []string      `json:"warnings,omitempty"`
}

// probe tries one credential with one cheap read that no other kind of
// credential is good for (zis.md 1.2, 2.1), and says what was found.
type probe struct {
	kind     registry.Kind
	only     registry.Credentials
	read     func(context.Context, *registry.Client) (detail string, warnings []string, err error)
	warnings []string
}

// probes are those of the credentials that are given.
func (c *command) probes() []probe {
	all := c.credentials()
	list := []probe{{
		kind: registry.APIToken, only: registry.Credentials{Email: all.Email, APIToken: all.APIToken}, read: c.readIntegrations,
		warnings: []string{
			"an API token that isn't used for 30 days is deactivated; a deploy, or zis doctor, uses it",
			"no API token can be made since 2026-10-27, and all stop on 2027-04-30; an upload takes nothing else so far",
		},
	}, {
		kind: registry.ZISToken, only: registry.Credentials{ZISToken: all.ZISToken}, read: c.readJobSpecs,
	}, {
		kind: registry.OAuthToken, only: registry.Credentials{OAuthToken: all.OAuthToken}, read: c.readClients,
		warnings: []string{"uploads refuse every OAuth token (observed); only an API token can upload"},
	}, {
		kind: registry.ClientToken, only: registry.Credentials{ClientID: all.ClientID, ClientSecret: all.ClientSecret}, read: c.readWithClient,
	}}
	return slices.DeleteFunc(list, func(p probe) bool {
		return p.only.APIToken == "" && p.only.ZISToken == "" && p.only.OAuthToken == "" && p.only.ClientSecret == ""
	})
}

// from are the variables that a kind of credential comes from.
func from(k registry.Kind) []string {
	switch k {
	case registry.APIToken:
		return []string{"ZENDESK_EMAIL", "ZENDESK_API_TOKEN"}
	case registry.ZISToken:
		return []string{"ZIS_OAUTH_TOKEN"}
	case registry.OAuthToken:
		return []string{"ZENDESK_OAUTH_TOKEN"}
	case registry.ClientToken, registry.ClientZISToken:
		return []string{"ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"}
	}
	return nil
}

func (c *command) try(ctx context.Context, base string, p probe) (credential, error) {
	done := credential{Kind: p.kind, From: from(p.kind), Warnings: p.warnings}
	for _, secret := range p.only.Secrets() {
		c.redact(secret.Reveal())
	}
	reach, err := c.dial(base, p.only)
	if err != nil {
		done.Detail = err.Error()
		return done, err
	}
	defer reach.Close(ctx)
	detail, warnings, err := p.read(ctx, reach.Client)
	if bearer, ok := reach.Grant.Bearer(); ok && err == nil {
		lives, more := lifetime(bearer)
		detail, warnings = detail+"; "+lives, append(warnings, more...)
	}
	if err != nil {
		done.Detail, done.Next = err.Error(), verdict.NextOf(err, c.say)
		return done, err
	}
	done.Works, done.Detail = true, detail
	done.Warnings = append(warnings, done.Warnings...)
	return done, nil
}

// dial connects with some of the credentials only.
func (c *command) dial(base string, only registry.Credentials) (*account.Connection, error) {
	t := c.session().Target
	t.URL, t.Credentials = base, only
	return account.Dial(t, c.watch())
}

// readIntegrations: the list takes API tokens alone.
func (c *command) readIntegrations(ctx context.Context, reg *registry.Client) (string, []string, error) {
	list, err := reg.Integrations(ctx)
	if err != nil || c.integration == "" {
		return fmt.Sprintf("reads the integrations of the account (%d)", len(list)), nil, err
	}
	if slices.ContainsFunc(list, func(i registry.Integration) bool { return i.Name == c.integration }) {
		return fmt.Sprintf("reads the integrations of the account, %q among them", c.integration), nil, nil
	}
	return "reads the integrations of the account",
		[]string{fmt.Sprintf("%q is not registered in this account; zis register does that", c.integration)}, nil
}

// readJobSpecs: of an OAuth token only that of the integration can.
func (c *command) readJobSpecs(ctx context.Context, reg *registry.Client) (string, []string, error) {
	list, err := reg.JobSpecs(ctx, c.integration)
	return fmt.Sprintf("reads the job specs of %q (%d)", c.integration, len(list)), nil, err
}

// readClients: the Support API knows no ZIS OAuth token.
func (c *command) readClients(ctx context.Context, reg *registry.Client) (string, []string, error) {
	list, err := reg.OAuthClients(ctx)
	return fmt.Sprintf("reads the OAuth clients of the account (%d)", len(list)), nil, err
}

// readWithClient: of an integration it can do all that a ZIS OAuth token can.
func (c *command) readWithClient(ctx context.Context, reg *registry.Client) (string, []string, error) {
	if c.integration != "" {
		return c.readJobSpecs(ctx, reg)
	}
	return c.readClients(ctx, reg)
}
