package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// token is a kind of credential.
type token int

const (
	basic token = iota // email/token:API token
	zis                // OAuth token of one integration
	admin              // any other OAuth token
)

type tokens []token

// with lets a request through to next if it bears one of the accepted kinds
// of credential (zis.md 1.2), and answers the observed refusals (2.4) if not.
func (s *Server) with(accepted tokens, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kind, of, ok := s.identify(r)
		integration := wanted(r)
		switch {
		case !ok:
			plain(w, http.StatusUnauthorized, "Authentication failed")
		case kind == basic && !slices.Contains(accepted, basic):
			plain(w, http.StatusForbidden, "API token is not supported")
		case kind != basic && isUpload(r):
			plain(w, http.StatusUnauthorized, "Authorization failed due to OAuth being disabled for this API request")
		case !slices.Contains(accepted, kind),
			kind == zis && of != integration,
			integration != "" && !s.registered(integration) && !isCreate(r):
			plain(w, http.StatusUnauthorized, "Authorization failed due to integration mismatch")
		default:
			next(w, r)
		}
	}
}

func isUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/bundles")
}

func isCreate(r *http.Request) bool {
	return r.Method == http.MethodPost && r.PathValue("integration") != "" && !isUpload(r)
}

// wanted is the integration a request is about: in its path, or in the ARN of
// a job spec. "" if it is about none.
func wanted(r *http.Request) string {
	if name := r.PathValue("integration"); name != "" {
		return name
	}
	parts := strings.SplitN(r.URL.Query().Get("job_spec_name"), ":", 4)
	if len(parts) == 4 {
		return parts[1]
	}
	return ""
}

// identify tells what credential a request bears; of is the integration of a
// ZIS OAuth token.
func (s *Server) identify(r *http.Request) (kind token, of string, ok bool) {
	if user, password, isBasic := r.BasicAuth(); isBasic {
		email, isToken := strings.CutSuffix(user, "/token")
		known := s.APIToken == "" || email == s.Email && password == s.APIToken
		return basic, "", isToken && email != "" && password != "" && known
	}
	bearer, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !isBearer || bearer == "" {
		return 0, "", false
	}
	t, known := s.state.Tokens[bearer]
	if !known {
		return 0, "", false
	}
	if t == "" {
		return admin, "", true
	}
	return zis, t, true
}
