package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/program"
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
// credential is good for (docs/platform.md 1.2, 2.1), and says what was found.
type probe struct {
	kind     registry.Kind
	only     registry.Credentials
	read     func(context.Context, *program.Program, *registry.Client) (detail string, warnings []string, err error)
	warnings []string
}

// probes are those of the credentials that are given.
func probes(p *program.Program) []probe {
	all := p.Credentials()
	list := []probe{{
		kind: registry.APIToken, only: registry.Credentials{Email: all.Email, APIToken: all.APIToken}, read: readIntegrations,
		warnings: []string{
			"an API token that isn't used for 30 days is deactivated; a deploy, or zis doctor, uses it",
			"no API token can be made since 2026-10-27, and all stop on 2027-04-30; an upload takes nothing else so far",
		},
	}, {
		kind: registry.ZISToken, only: registry.Credentials{ZISToken: all.ZISToken}, read: readJobSpecs,
	}, {
		kind: registry.OAuthToken, only: registry.Credentials{OAuthToken: all.OAuthToken}, read: readClients,
		warnings: []string{"uploads refuse every OAuth token (observed); only an API token can upload"},
	}, {
		kind: registry.ClientToken, only: registry.Credentials{ClientID: all.ClientID, ClientSecret: all.ClientSecret}, read: readWithClient,
	}}
	return slices.DeleteFunc(list, func(p probe) bool {
		return p.only.APIToken == "" && p.only.ZISToken == "" && p.only.OAuthToken == "" && p.only.ClientSecret == ""
	})
}

func try(ctx context.Context, p *program.Program, base string, one probe) (credential, error) {
	done := credential{Kind: one.kind, From: p.CredentialFrom(one.kind), Warnings: one.warnings}
	for _, secret := range one.only.Secrets() {
		p.Secrets.Hide(secret.Reveal())
	}
	reach, err := dial(p, base, one.only)
	if err != nil {
		done.Detail = err.Error()
		return done, err
	}
	defer reach.Close(ctx)
	detail, warnings, err := one.read(ctx, p, reach.Client)
	if bearer, ok := reach.Grant.Bearer(); ok && err == nil {
		lives, more := lifetime(bearer)
		detail, warnings = detail+"; "+lives, append(warnings, more...)
	}
	if err != nil {
		done.Detail, done.Next = err.Error(), verdict.NextOf(err, p.Say)
		return done, err
	}
	done.Works, done.Detail = true, detail
	done.Warnings = append(warnings, done.Warnings...)
	return done, nil
}

// dial connects with some of the credentials only.
func dial(p *program.Program, base string, only registry.Credentials) (*account.Connection, error) {
	t := p.Session().Target
	t.URL, t.Credentials = base, only
	return account.Dial(t, p.Watch())
}

// readIntegrations: the list takes API tokens alone.
func readIntegrations(ctx context.Context, p *program.Program, reg *registry.Client) (string, []string, error) {
	list, err := reg.Integrations(ctx)
	if err != nil || p.Integration == "" {
		return fmt.Sprintf("reads the integrations of the account (%d)", len(list)), nil, err
	}
	if slices.ContainsFunc(list, func(i registry.Integration) bool { return i.Name == p.Integration }) {
		return fmt.Sprintf("reads the integrations of the account, %q among them", p.Integration), nil, nil
	}
	return "reads the integrations of the account",
		[]string{fmt.Sprintf("%q is not registered in this account; zis register does that", p.Integration)}, nil
}

// readJobSpecs: of an OAuth token only that of the integration can.
func readJobSpecs(ctx context.Context, p *program.Program, reg *registry.Client) (string, []string, error) {
	list, err := reg.JobSpecs(ctx, p.Integration)
	return fmt.Sprintf("reads the job specs of %q (%d)", p.Integration, len(list)), nil, err
}

// readClients: the Support API knows no ZIS OAuth token.
func readClients(ctx context.Context, p *program.Program, reg *registry.Client) (string, []string, error) {
	list, err := reg.OAuthClients(ctx)
	return fmt.Sprintf("reads the OAuth clients of the account (%d)", len(list)), nil, err
}

// readWithClient: of an integration it can do all that a ZIS OAuth token can.
func readWithClient(ctx context.Context, p *program.Program, reg *registry.Client) (string, []string, error) {
	if p.Integration != "" {
		return readJobSpecs(ctx, p, reg)
	}
	return readClients(ctx, p, reg)
}
