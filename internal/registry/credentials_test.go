package registry_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// A secret without the one whose secret it is can't be used, and somebody
// forgot to give a half. The other way round, as on a fork, there is none.
func TestHalvesOfCredentials(t *testing.T) {
	for _, tt := range []struct {
		name string
		cred registry.Credentials
		want string // in the error; "" if they are complete
		kind registry.Kind
	}{
		{"an API token alone", registry.Credentials{APIToken: "x"}, "ZENDESK_EMAIL", registry.None},
		{"an API token and a blank email", registry.Credentials{APIToken: "x", Email: " "}, "ZENDESK_EMAIL", registry.None},
		{"a client's secret alone", registry.Credentials{ClientSecret: "x"}, "ZENDESK_CLIENT_ID", registry.None},
		{"a client's secret and a blank identifier", registry.Credentials{ClientSecret: "x", ClientID: "\n"}, "ZENDESK_CLIENT_ID", registry.None},
		{"an email alone", registry.Credentials{Email: "a@b"}, "", registry.None},
		{"an identifier alone", registry.Credentials{ClientID: "deployer"}, "", registry.None},
		{"an identifier and a blank secret", registry.Credentials{ClientID: "deployer", ClientSecret: " \n"}, "", registry.None},
		{"a client", registry.Credentials{ClientID: "deployer", ClientSecret: "x"}, "", registry.ClientZISToken},
		{"a client and a token", registry.Credentials{ClientID: "deployer", ClientSecret: "x", OAuthToken: "y"}, "", registry.ClientZISToken},
		{"a client and an API token", registry.Credentials{ClientID: "deployer", ClientSecret: "x", Email: "a@b", APIToken: "y"}, "", registry.ClientZISToken},
	} {
		err := tt.cred.Complete()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if have := tt.cred.ForRead(); have != tt.kind {
			t.Errorf("%s: reads as %q, want %q", tt.name, have, tt.kind)
		}
		if tt.cred.Any() != (tt.kind != registry.None) {
			t.Errorf("%s: Any is %v", tt.name, tt.cred.Any())
		}
	}
}

// refusing is a Source whose account refuses the client.
type refusing struct{ err error }

func (r refusing) Token(context.Context, registry.Kind) (registry.Secret, error) { return "", r.err }
func (refusing) Refused(registry.Kind, registry.Secret)                          {}

// Why no token was minted is why the call failed, with the same hint; nothing
// is sent.
func TestNoTokenNoCall(t *testing.T) {
	refused := &registry.Error{Op: "mint", Status: 401, Reason: verdict.AuthFailed, Hint: verdict.Hint{Code: verdict.CheckClientSecret}}
	for _, tt := range []struct {
		name   string
		source registry.Source
		reason verdict.Reason
		hint   verdict.Code
		text   string
	}{
		{"nobody mints", nil, verdict.MissingCredentials, "", "no token can be minted here"},
		{"another failure", refusing{errors.New("the disk is full")}, verdict.MissingCredentials, "", "the disk is full"},
		{"the account refuses", refusing{refused}, verdict.AuthFailed, verdict.CheckClientSecret, "401 Unauthorized"},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			c := serve(t, registry.Credentials{ClientID: "deployer", ClientSecret: "x"}, reply(200, `{"bundles":[]}`))
			c.Source = tt.source
			_, err := c.Bundles(t.Context(), "demo")
			e := asError(t, err)
			if e.Reason != tt.reason || e.Hint.Code != tt.hint || !strings.Contains(e.Error(), tt.text) {
				t.Errorf("%v, reason %s, hint %s", e, e.Reason, e.Hint.Code)
			}
			if n := c.Stats().Requests; n != 0 || registry.Unknown(err) || registry.Answered(err) {
				t.Errorf("%d requests; unknown %v, answered %v", n, registry.Unknown(err), registry.Answered(err))
			}
		})
	}
}
