package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// credential is a kind of credential.
type credential int

const (
	none       credential = iota // missing, malformed, or not known
	apiToken                     // Basic, email/token:API token
	zisToken                     // OAuth token of one integration
	adminToken                   // any other OAuth token of an admin
)

// access says who may use an endpoint (zis.md 1.2).
type access struct {
	takes   []credential
	creates bool // the integration in the path need not exist
	support bool // of the Support API, not of ZIS
}

func (a access) oauth() bool {
	return slices.Contains(a.takes, zisToken) || slices.Contains(a.takes, adminToken)
}

// admit finds the integration that a request is about, and answers the
// observed refusals (zis.md 2.4), all of them plain text:
//
//	no or unknown credential                    401 Authentication failed
//	API token where OAuth is needed             403 API token is not supported
//	OAuth where only API tokens are taken       401 … OAuth being disabled … (observed at uploads)
//	token of another client than the            401 … integration mismatch
//	integration's, integration not registered
func (s *Server) admit(r *request, a access) (answer, bool) {
	kind, of := s.identify(r.Request)
	name := integrationOf(r.Request)
	r.integration = s.state.Integration(name)
	if refusal, bars := s.bars(r.on, kind); bars {
		return refusal, false
	}
	switch {
	case a.support:
		return notAuthenticated(), slices.Contains(a.takes, kind)
	case kind == none:
		return plain(http.StatusUnauthorized, "Authentication failed"), false
	case kind == apiToken && !slices.Contains(a.takes, apiToken):
		return plain(http.StatusForbidden, "API token is not supported"), false
	case kind != apiToken && !a.oauth():
		return plain(http.StatusUnauthorized, "Authorization failed due to OAuth being disabled for this API request"), false
	case !slices.Contains(a.takes, kind),
		kind == zisToken && of != name,
		name != "" && r.integration == nil && !a.creates:
		return plain(http.StatusUnauthorized, "Authorization failed due to integration mismatch"), false
	}
	return answer{}, true
}

// notAuthenticated is the refusal of the Support API. Its text is observed
// (zis.md 7), its form inferred.
func notAuthenticated() answer {
	return reply(http.StatusUnauthorized, map[string]string{"error": "Couldn't authenticate you"})
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
func (s *Server) identify(r *http.Request) (kind credential, of string) {
	if user, password, ok := r.BasicAuth(); ok {
		email, isToken := strings.CutSuffix(user, "/token")
		if isToken && email != "" && password != "" && agrees(s.Email, email) && agrees(s.APIToken, password) {
			return apiToken, ""
		}
		return none, ""
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	of, known := s.state.Tokens[token]
	switch {
	case !known || !strings.EqualFold(scheme, "Bearer"):
		return none, ""
	case of == "":
		return adminToken, ""
	}
	return zisToken, of
}

func agrees(want, have string) bool { return want == "" || want == have }
