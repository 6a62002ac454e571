package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// access says who may use an endpoint (zis.md 1.2).
type access struct {
	takes   []platform.Credential
	creates bool // the integration in the path need not exist
	support bool // of the Support API, not of ZIS
}

func (a access) oauth() bool {
	return slices.Contains(a.takes, platform.ZISToken) || slices.Contains(a.takes, platform.AdminToken)
}

// admit finds the integration that a request is about, and answers the
// observed refusals (zis.md 2.4), all of them plain text:
//
//	no or unknown credential                    401 Authentication failed
//	API token where OAuth is needed             403 API token is not supported
//	OAuth where only API tokens are taken       401 … OAuth being disabled … (observed at uploads)
//	token of another client than the            401 … integration mismatch
//	integration's, integration not registered
func (s *Server) admit(r *request, a access) (wire.Answer, bool) {
	kind, of := s.identify(r.Request)
	name := integrationOf(r.Request)
	r.integration = s.state.Integration(name)
	if refusal, bars := s.rules.Bars(r.on, kind); bars {
		return refusal, false
	}
	switch {
	case a.support:
		return notAuthenticated(), slices.Contains(a.takes, kind)
	case kind == platform.NoCredential:
		return wire.Plain(http.StatusUnauthorized, "Authentication failed"), false
	case kind == platform.APIToken && !slices.Contains(a.takes, platform.APIToken):
		return wire.Plain(http.StatusForbidden, "API token is not supported"), false
	case kind != platform.APIToken && !a.oauth():
		return wire.Plain(http.StatusUnauthorized, "Authorization failed due to OAuth being disabled for this API request"), false
	case !slices.Contains(a.takes, kind),
		kind == platform.ZISToken && of != name,
		name != "" && r.integration == nil && !a.creates:
		return wire.Plain(http.StatusUnauthorized, "Authorization failed due to integration mismatch"), false
	}
	return wire.Answer{}, true
}

// notAuthenticated is the refusal of the Support API. Its text is observed
// (zis.md 7), its form inferred.
func notAuthenticated() wire.Answer {
	return wire.Reply(http.StatusUnauthorized, map[string]string{"error": "Couldn't authenticate you"})
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

// identify tells what kind of credential a request bears, and of a ZIS OAuth
// token whose integration's it is. Passwords have ended (zis.md 0).
func (s *Server) identify(r *http.Request) (kind platform.Credential, of string) {
	if user, password, ok := r.BasicAuth(); ok {
		email, isToken := strings.CutSuffix(user, "/token")
		if isToken && email != "" && password != "" && agrees(s.Email, email) && agrees(s.APIToken, password) {
			return platform.APIToken, ""
		}
		return platform.NoCredential, ""
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	of, known := s.state.Tokens[token]
	switch {
	case !known || !strings.EqualFold(scheme, "Bearer"):
		return platform.NoCredential, ""
	case of == "":
		return platform.AdminToken, ""
	}
	return platform.ZISToken, of
}

func agrees(want, have string) bool { return want == "" || want == have }
