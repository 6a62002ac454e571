package program

import (
	"errors"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Credentials come from the environment only, where nobody sees them.
func (p *Program) Credentials() registry.Credentials {
	if p.Named != nil {
		return p.found.Credentials
	}
	return registry.Credentials{
		Email:      p.Getenv("ZENDESK_EMAIL"),
		APIToken:   registry.Secret(p.Getenv("ZENDESK_API_TOKEN")),
		ZISToken:   registry.Secret(p.Getenv("ZIS_OAUTH_TOKEN")),
		OAuthToken: registry.Secret(p.Getenv("ZENDESK_OAUTH_TOKEN")),

		ClientID:     p.Getenv("ZENDESK_CLIENT_ID"),
		ClientSecret: registry.Secret(p.Getenv("ZENDESK_CLIENT_SECRET")),
	}
}

// tellCredentials tells which credentials are used, and where they came from.
func (p *Program) tellCredentials(cred registry.Credentials) {
	for _, use := range []struct {
		what string
		kind registry.Kind
	}{{"credential", cred.ForRead()}, {"credential for uploads", cred.ForUpload()}} {
		if use.what == "credential" || use.kind != cred.ForRead() {
			p.Note("%s: %s (%s)", use.what, use.kind, english.Join(p.CredentialFrom(use.kind)))
		}
	}
}

// MissingCredentials tells, in a workflow, why GitHub gives this run none.
func (p *Program) MissingCredentials() error {
	if p.Named != nil && (p.Workflow == nil || p.Workflow.NoSecrets == "") {
		return p.keys.Missing(p.Named)
	}
	e := &verdict.Error{
		Reason: verdict.MissingCredentials, Err: errors.New("no credentials are given"),
		Hint: verdict.Hint{Code: verdict.GiveCredentials},
	}
	if p.Workflow != nil && p.Workflow.NoSecrets != "" {
		e.Err = errors.New("no credentials are given: " + p.Workflow.NoSecrets)
		e.Hint = verdict.Hint{}
		e.Next = "a maintainer can run the workflow from a branch of this repository; missing-credentials: skip lets such runs pass"
	}
	return e
}

// CredentialFrom names where a kind of credential came from: the variables, or the
// target's own name for it.
func (p *Program) CredentialFrom(kind registry.Kind) []string {
	if name := p.found.From[kind]; p.Named != nil && name != "" {
		return []string{name}
	}
	return from(kind)
}

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
