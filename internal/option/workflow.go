package option

// workflowRows are inputs that have no flag: a workflow alone knows them.
func workflowRows() []Row {
	return []Row{
		{
			Name: "superseded", Default: "fail", OneOf: []string{"fail", "skip", "allow"},
			Help: "what a deploy does whose branch or tag something newer has taken the place of, with other files, as when an old run is repeated: `fail`, `skip`, or `allow` it",
		},
		{
			Name: "allow-pr-deploy", Default: "false", OneOf: []string{"true", "false"},
			Help: "let events write to an account whose code nobody has accepted yet, such as pull requests; without it a deploy fails there with `invalid-input`",
		},
		{
			Name: "comment", Default: "auto", OneOf: []string{"auto", "always", "never"},
			Help: "comment on the pull request, one for each target, kept up to date: `auto` (on a change or failure, or when there is one), `always`, `never`",
		},
		{
			Name: "working-directory", Default: ".",
			Help: "directory in the workspace that the paths in bundle are relative to, and where zis.yml is looked for before the root",
		},
	}
}

// credentialRows come from the environment on the command line, where nobody
// sees them.
func credentialRows() []Row {
	return []Row{
		{Name: "zendesk-email", Env: "ZENDESK_EMAIL", Help: "email address of the API token's admin"},
		{Name: "zendesk-api-token", Env: "ZENDESK_API_TOKEN", Help: "API token: the upload accepts nothing else"},
		{Name: "zis-oauth-token", Env: "ZIS_OAUTH_TOKEN", Help: "OAuth token of the integration: reads, installs and uninstalls"},
		{Name: "zendesk-client-id", Env: "ZENDESK_CLIENT_ID", Help: "identifier of a confidential OAuth client of an admin: tokens are minted with it for the run, and revoked"},
		{Name: "zendesk-client-secret", Env: "ZENDESK_CLIENT_SECRET", Help: "its secret: registers, reads, installs and uninstalls; an upload refuses it"},
		{Name: "zendesk-oauth-token", Env: "ZENDESK_OAUTH_TOKEN", Help: "any other OAuth token of an admin: registers and mints tokens; an upload refuses it"},
		{Name: "github-token", Env: "GITHUB_TOKEN", Help: "token of the workflow, for the comment (pull-requests: write) and the check for superseded commits (contents: read)"},
	}
}
