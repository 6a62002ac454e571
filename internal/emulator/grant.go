package emulator

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// OAuthClient is an OAuth client that an admin made for programs outside. An
// account without any takes the credentials of every client whose name isn't
// an integration's, as a server without Email takes every API token.
type OAuthClient struct {
	ID         int64     `json:"id"`
	Identifier string    `json:"identifier"`
	Secret     string    `json:"secret"`
	Public     bool      `json:"public,omitempty"` // made as public: gets no token of its own
	User       string    `json:"user"`             // whose tokens they are; the email
	Scopes     []string  `json:"scopes,omitempty"` // all that it may be given; none: any known
	CreatedAt  time.Time `json:"created_at"`
}

// Lives of tokens of the client credentials grant (documented).
const (
	tokenLife  = 30 * time.Minute
	shortest   = 300 * time.Second // expires_in must be more
	longest    = 48 * time.Hour    // and less
	zisClients = "zis_"
)

// grantRoutes are the endpoints of grants of OAuth clients.
func grantRoutes() []route {
	return []route{
		{platform.Grant, "POST /oauth/tokens", access{open: true}, (*Server).grant},
	}
}

// grant is POST /oauth/tokens with client credentials; JSON (documented) or a
// form (observed). It answers 200 (observed; documented as 201) and never a
// refresh token.
func (s *Server) grant(r *request) wire.Answer {
	ask, err := grantOf(r)
	switch {
	case err != nil:
		return denied(http.StatusBadRequest, "invalid_request", err.Error())
	case ask.GrantType != "client_credentials":
		return denied(http.StatusBadRequest, "unsupported_grant_type", "The grant type was unsupported or not provided.")
	}
	client, refusal := s.clientOf(ask)
	if refusal != nil {
		return *refusal
	}
	scopes := strings.Fields(ask.Scope)
	if n := slices.IndexFunc(scopes, func(scope string) bool { return !client.grants(scope) }); n >= 0 {
		return denied(http.StatusBadRequest, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
	}
	life, err := lifeOf(ask.ExpiresIn)
	if err != nil {
		return denied(http.StatusBadRequest, "invalid_request", "expires_in must be more than 300 and less than 172800 seconds")
	}
	ends := s.now().UTC().Truncate(time.Second).Add(cmp.Or(s.rules.TokenLife, life))
	_, full := s.mint(Token{Client: client.Identifier, User: client.User, Scopes: scopes, ExpiresAt: ends})
	return s.commit(wire.Reply(http.StatusOK, map[string]any{
		"access_token": full, "token_type": "bearer", "scope": strings.Join(scopes, " "), "expires_in": int(life.Seconds()),
	}))
}

type grantRequest struct {
	GrantType    string      `json:"grant_type"`
	ClientID     string      `json:"client_id"`
	ClientSecret string      `json:"client_secret"`
	Scope        string      `json:"scope"`
	ExpiresIn    json.Number `json:"expires_in"`
}

func grantOf(r *request) (grantRequest, error) {
	var ask grantRequest
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		err := r.ParseForm()
		get := r.PostForm.Get
		return grantRequest{get("grant_type"), get("client_id"), get("client_secret"), get("scope"), json.Number(get("expires_in"))}, err
	}
	err := json.Unmarshal(r.body, &ask)
	return ask, err
}

// clientOf finds the client, or says why it gets nothing (observed): 401
// invalid_client for one that is unknown, has another secret, or is that of an
// integration; unauthorized_client for one that was made as public, with a
// status that isn't told.
func (s *Server) clientOf(ask grantRequest) (OAuthClient, *wire.Answer) {
	refuse := func(status int, code, text string) (OAuthClient, *wire.Answer) {
		a := denied(status, code, text)
		return OAuthClient{}, &a
	}
	const unknown = "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
	n := slices.IndexFunc(s.state.Clients, func(c OAuthClient) bool { return c.Identifier == ask.ClientID })
	switch {
	case ask.ClientID == "" || ask.ClientSecret == "" || strings.HasPrefix(ask.ClientID, zisClients):
		return refuse(http.StatusUnauthorized, "invalid_client", unknown)
	case len(s.state.Clients) == 0:
		return OAuthClient{Identifier: ask.ClientID}, nil
	case n < 0 || s.state.Clients[n].Secret != ask.ClientSecret:
		return refuse(http.StatusUnauthorized, "invalid_client", unknown)
	case s.state.Clients[n].Public:
		return refuse(http.StatusBadRequest, "unauthorized_client", "The client is not authorized to perform this request using this method.")
	}
	return s.state.Clients[n], nil
}

// grants tells whether the client may have a scope.
func (c OAuthClient) grants(scope string) bool {
	area, verb, narrow := strings.Cut(scope, ":")
	if !narrow {
		verb = area
	}
	known := (verb == "read" || verb == "write") && (!narrow || slices.Contains(scopeAreas(), area))
	return known && (len(c.Scopes) == 0 || slices.Contains(c.Scopes, scope))
}

// scopeAreas are the areas of narrow scopes that concern this program, with
// some others (documented in part).
func scopeAreas() []string {
	return []string{"apps", "oauth", "zis", "users", "tickets", "organizations", "webhooks", "triggers", "hc", "any_channel"}
}

func lifeOf(text json.Number) (time.Duration, error) {
	if text == "" {
		return tokenLife, nil
	}
	seconds, err := strconv.ParseInt(string(text), 10, 32)
	life := time.Duration(seconds) * time.Second
	if err != nil || life <= shortest || life >= longest {
		return 0, strconv.ErrRange
	}
	return life, nil
}

// denied is an error of the grant (OAuth 2.0's form, observed).
func denied(status int, code, text string) wire.Answer {
	return wire.Reply(status, map[string]string{"error": code, "error_description": text})
}
