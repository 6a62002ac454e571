package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// access says who may use an endpoint.
type access struct {
	takes   []platform.Credential
	creates bool   // the integration in the path need not exist
	support bool   // of the Support API, not of ZIS
	open    bool   // for anybody, with the credential in the request's own form
	scope   string // the word before ":read" and ":write" in a narrow scope
}

func (a access) oauth() bool {
	return slices.Contains(a.takes, platform.ZISToken) || slices.Contains(a.takes, platform.AdminToken)
}

// identity is what a request's credential tells.
type identity struct {
	kind  platform.Credential
	of    string // the integration of a ZIS OAuth token
	user  string // email; "" for a credential that nobody is named for
	token Token  // of an OAuth token
}

// admit finds the integration that a request is about, and answers the
// observed refusals, all of them plain text:
//
//	no, unknown or expired credential           401 Authentication failed
//	API token where OAuth is needed             403 API token is not supported
//	OAuth where only API tokens are taken       401 … OAuth being disabled … (observed at uploads)
//	token of another client than the            401 … integration mismatch
//	integration's, integration not registered
//	a person who is no admin                    403 Only admin user is allowed (observed at uploads)
func (s *Server) admit(r *request, a access) (wire.Answer, bool) {
	r.who = s.identify(r.Request)
	kind, name := r.who.kind, integrationOf(r.Request)
	r.integration = s.state.Integration(name)
	if refusal, bars := s.rules.Bars(r.on, kind); bars {
		return refusal, false
	}
	takes := slices.Contains(a.takes, kind) || s.rules.Allows(r.on, kind)
	switch {
	case a.open:
	case a.support && !takes:
		return notAuthenticated(), false
	case kind == platform.NoCredential:
		return wire.Plain(http.StatusUnauthorized, "Authentication failed"), false
	case kind == platform.APIToken && !takes:
		return wire.Plain(http.StatusForbidden, "API token is not supported"), false
	case kind != platform.APIToken && !takes && !a.oauth():
		return wire.Plain(http.StatusUnauthorized, "Authorization failed due to OAuth being disabled for this API request"), false
	case !takes,
		kind == platform.ZISToken && r.who.of != name,
		name != "" && r.integration == nil && !a.creates:
		return wire.Plain(http.StatusUnauthorized, "Authorization failed due to integration mismatch"), false
	default:
		return s.permit(r, a)
	}
	return wire.Answer{}, true
}

// permit holds a good credential to what its owner and its scopes may do, and
// a session to the token that no other site can know.
func (s *Server) permit(r *request, a access) (wire.Answer, bool) {
	switch {
	case r.who.kind == platform.Session && r.Method != http.MethodGet && r.Header.Get("X-CSRF-Token") != s.state.Sessions[sessionID(r.Request)].CSRF:
		return wire.Reply(http.StatusForbidden, map[string]string{"error": "InvalidAuthenticityToken"}), false // the text is ours
	case r.who.user != "" && s.state.Agents[r.who.user] && a.support:
		return wire.Reply(http.StatusForbidden, forbidden()), false
	case r.who.user != "" && s.state.Agents[r.who.user]:
		return wire.Plain(http.StatusForbidden, "Only admin user is allowed"), false
	case r.who.kind == platform.AdminToken && !r.who.token.allows(a.scope, r.Method):
		return wire.Reply(http.StatusForbidden, forbidden()), false
	}
	return wire.Answer{}, true
}

// notAuthenticated is the refusal of the Support API. Its text is observed,
// its form inferred.
func notAuthenticated() wire.Answer {
	return wire.Reply(http.StatusUnauthorized, map[string]string{"error": "Couldn't authenticate you"})
}

// forbidden is what the Support API says to who is known and may not (its
// form is inferred).
func forbidden() map[string]string {
	return map[string]string{"error": "Forbidden", "description": "You do not have access to this page. Please contact the account owner of this help desk for further help."}
}

// integrationOf is the integration that a request names: in its path, or in
// the ARN of a job spec. "" if it names none.
func integrationOf(r *http.Request) string {
	if name := r.PathValue("integration"); name != "" {
		return name
	}
	name, _, _ := specOf(r)
	return name
}

// identify tells what kind of credential a request bears, and whose it is.
// Passwords have ended.
func (s *Server) identify(r *http.Request) identity {
	if user, password, ok := r.BasicAuth(); ok {
		email, isToken := strings.CutSuffix(user, "/token")
		if isToken && email != "" && password != "" && agrees(s.Email, email) && agrees(s.APIToken, password) && !s.rules.NoAPITokens {
			return identity{kind: platform.APIToken, user: email}
		}
		return identity{}
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return s.session(r)
	}
	scheme, text, _ := strings.Cut(header, " ")
	token, known := s.state.Tokens[text]
	switch {
	case !known || !strings.EqualFold(scheme, "Bearer") || token.expired(s.now()):
		return identity{}
	case token.Integration == "":
		return identity{kind: platform.AdminToken, user: token.User, token: token}
	}
	return identity{kind: platform.ZISToken, of: token.Integration, token: token}
}

func agrees(want, have string) bool { return want == "" || want == have }
