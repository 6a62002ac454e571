package registry_test

import (
	"context"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// TestRefusals: what was seen or documented (docs/platform.md 2.4 and 7) is told with
// its meaning and the way out.
func TestRefusals(t *testing.T) {
	upload := func(ctx context.Context, c *registry.Client) error { return c.Upload(ctx, "demo", []byte(`{}`)) }
	install := func(ctx context.Context, c *registry.Client) error { return c.Install(ctx, "zis:demo:job_spec:a") }
	specs := func(ctx context.Context, c *registry.Client) error { _, err := c.JobSpecs(ctx, "demo"); return err }
	connections := func(ctx context.Context, c *registry.Client) error { _, err := c.Connections(ctx, "demo"); return err }
	register := func(ctx context.Context, c *registry.Client) error {
		_, err := c.CreateIntegration(ctx, "demo", "")
		return err
	}
	token := registry.Credentials{ZISToken: zisToken}
	api := registry.Credentials{Email: "a@b", APIToken: apiToken}
	tests := []struct {
		name   string
		cred   registry.Credentials
		call   func(context.Context, *registry.Client) error
		status int
		body   string
		want   string // the error
		reason verdict.Reason
		hint   verdict.Code
	}{
		{
			"OAuth disabled", token, upload, 401, "Authorization failed due to OAuth being disabled for this API request\n",
			`upload a bundle to "demo": 401 "Authorization failed due to OAuth being disabled for this API request": this call takes no OAuth token, and one was sent`,
			verdict.AuthFailed, verdict.UploadNeedsAPIToken,
		},
		{
			"integration mismatch", token, specs, 401, "Authorization failed due to integration mismatch",
			`list the job specs of "demo": 401 "Authorization failed due to integration mismatch": the token is not of this integration, or no integration has exactly this name`,
			verdict.AuthFailed, verdict.OtherIntegration,
		},
		{
			"integration mismatch at install", token, install, 401, "Authorization failed due to integration mismatch",
			`install zis:demo:job_spec:a: 401 "Authorization failed due to integration mismatch": the token is not of this integration, or no integration has exactly this name`,
			verdict.AuthFailed, verdict.OtherIntegration,
		},
		{
			"a bad ZIS token", token, install, 401, "Authentication failed",
			`install zis:demo:job_spec:a: 401 "Authentication failed": the token is missing, malformed or expired`,
			verdict.AuthFailed, verdict.CheckZISToken,
		},
		{
			"a bad API token", api, install, 401, `{"error":"Couldn't authenticate you"}`,
			`install zis:demo:job_spec:a: 401 "Couldn't authenticate you": the account doesn't know this credential`,
			verdict.AuthFailed, verdict.CheckAPIToken,
		},
		{
			"a bad OAuth token",
			registry.Credentials{OAuthToken: oauthToken},
			specs, 401, "Authentication failed",
			`list the job specs of "demo": 401 "Authentication failed": the token is missing, malformed or expired`,
			verdict.AuthFailed, verdict.CheckOAuthToken,
		},
		{
			"API token unsupported", api, connections, 403, "API token is not supported",
			`list the connections of "demo": 403 "API token is not supported": this call takes no API token, only a ZIS OAuth token`,
			verdict.AuthFailed, verdict.NeedsZISToken,
		},
		{
			"not an admin", api, upload, 403, `{"message":"Only admin user is allowed"}`,
			`upload a bundle to "demo": 403 "Only admin user is allowed": the user of this credential is no admin`,
			verdict.AuthFailed, verdict.NeedsAdmin,
		},
		{
			"a taken name", api, register, 400, `{"message":"the integration: demo is not available for upsert by this account"}`,
			`register "demo": 400 "the integration: demo is not available for upsert by this account": the name belongs to another Zendesk account`,
			verdict.InvalidInput, verdict.ChooseName,
		},
		{
			"a bad name", api, register, 400, `{"errors":[{"code":"1010","detail":"invalid integration key","status":"400"}],"message":"Bad Request"}`,
			`register "demo": 400 "Bad Request: invalid integration key (1010)": the integration's name is not valid`,
			verdict.InvalidInput, verdict.IntegrationName,
		},
		{
			"duplicates", api, upload, 400, `{"errors":[{"code":"1010","detail":"Bundle contains duplicated resources","status":"400"}]}`,
			`upload a bundle to "demo": 400 "Bundle contains duplicated resources (1010)": a flow, action or job spec has a name that another of the integration has`,
			verdict.UploadRejected, verdict.UniqueNames,
		},
		{
			"an unknown operator", api, upload, 400, `{"message":"BundleValidationError: resources.f: And is required"}`,
			`upload a bundle to "demo": 400 "BundleValidationError: resources.f: And is required": a Choice rule has an operator that ZIS doesn't know: the server then names And`,
			verdict.UploadRejected, verdict.ChoiceOperators,
		},
		{
			"another invalid bundle", api, upload, 400, `{"what":"BundleValidationError"}`,
			`upload a bundle to "demo": 400 "{\"what\":\"BundleValidationError\"}": the bundle breaks the bundle language; the server's words can mislead`,
			verdict.UploadRejected, verdict.ValidateTheFiles,
		},
		{
			"an unknown job spec", token, install, 400, `{"message":"one or more requested job specs is invalid"}`,
			`install zis:demo:job_spec:a: 400 "one or more requested job specs is invalid": no uploaded bundle of the integration has this job spec`,
			verdict.InstallFailed, verdict.UploadFirst,
		},
		{
			"the documented 401", api, upload, 401, `{"errors":[{"code":"1001","detail":"error message","status":"401"}],"message":"Unauthorized"}`,
			`upload a bundle to "demo": 401 "Unauthorized: error message (1001)"`,
			verdict.AuthFailed, verdict.CheckAPIToken,
		},
		{
			"Zendesk's own form", api, register, 422, `{"error":{"title":"Invalid","message":"too long"}}`,
			`register "demo": 422 "Invalid: too long"`, verdict.InvalidInput, "",
		},
		{
			"no words", token, specs, 404, "",
			`list the job specs of "demo": 404 Not Found`, verdict.NotFound, verdict.Register,
		},
		{
			"a page", api, upload, 503, "<html><TITLE>Down\n for now</TITLE><body>" + strings.Repeat("x", 1000),
			`upload a bundle to "demo": 503 "web page: Down for now"`, verdict.UploadRejected, verdict.ReadBack,
		},
		{
			"a page without title", api, upload, 400, "<p>x</p>",
			`upload a bundle to "demo": 400 "web page"`, verdict.UploadRejected, "",
		},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			c := serve(t, tt.cred, reply(tt.status, tt.body))
			c.Retries = 0
			e := asError(t, tt.call(t.Context(), c))
			if e.Error() != tt.want {
				t.Errorf("error is\n%s\nwant\n%s", e, tt.want)
			}
			if e.Reason != tt.reason {
				t.Errorf("reason is %q, want %q", e.Reason, tt.reason)
			}
			if e.Hint.Code != tt.hint || tt.hint != "" && e.Hint.Of != "demo" {
				t.Errorf("hint is %q, want %q", e.Hint, tt.hint)
			}
		})
	}
}

func TestServerTextIsInert(t *testing.T) {
	tests := map[string]string{
		"\x1b[31mred\x07 \u202eback\u200bwards": "[31mred back wards",
		"a\r\n::error::b\n\n c":                 "a ::error::b c",
		"bad \xff utf-8":                        "bad � utf-8",
		strings.Repeat("ä", 5000):               strings.Repeat("ä", 300) + "…",
	}
	for body, want := range tests {
		bubble(t, want[:8], func(t *testing.T) {
			c := serve(t, everything(), reply(400, body))
			if e := asError(t, c.Upload(t.Context(), "demo", nil)); e.Message != want {
				t.Errorf("message is %q, want %q", e.Message, want)
			}
		})
	}
}
