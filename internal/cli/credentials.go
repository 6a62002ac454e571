package cli

import (
	"errors"

	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// credentials come from the environment only, where nobody sees them.
func (p *program) credentials() registry.Credentials {
	if p.named != nil {
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
func (p *program) tellCredentials(cred registry.Credentials) {
	for _, use := range []struct {
		what string
		kind registry.Kind
	}{{"credential", cred.ForRead()}, {"credential for uploads", cred.ForUpload()}} {
		if use.what == "credential" || use.kind != cred.ForRead() {
			p.Note("%s: %s (%s)", use.what, use.kind, p.from(use.kind))
		}
	}
}

// missingCredentials tells, in a workflow, why GitHub gives this run none.
func (p *program) missingCredentials() error {
	if p.named != nil && (p.workflow == nil || p.workflow.noSecrets == "") {
		return p.keys.Missing(p.named)
	}
	e := &verdict.Error{
		Reason: verdict.MissingCredentials, Err: errors.New("no credentials are given"),
		Hint: verdict.Hint{Code: verdict.GiveCredentials},
	}
	if p.workflow != nil && p.workflow.noSecrets != "" {
		e.Err = errors.New("no credentials are given: " + p.workflow.noSecrets)
		e.Hint = verdict.Hint{}
		e.Next = "a maintainer can run the workflow from a branch of this repository; missing-credentials: skip lets such runs pass"
	}
	return e
}

// from names where a credential came from.
func (p *program) from(kind registry.Kind) string {
	if name := p.found.From[kind]; p.named != nil && name != "" {
		return name
	}
	return english.Join(from(kind))
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
