package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Token is an OAuth token of the account.
type Token struct {
	ID          int64     `json:"id"`
	Integration string    `json:"integration,omitempty"` // "": of an admin, not of ZIS
	Client      string    `json:"client,omitempty"`      // identifier of the client it was minted from
	User        string    `json:"user,omitempty"`        // email; "": some admin
	Scopes      []string  `json:"scopes,omitempty"`      // none: all
	CreatedAt   time.Time `json:"created_at,omitzero"`
	ExpiresAt   time.Time `json:"expires_at,omitzero"` // zero: never
}

// tokenRoutes are the endpoints of OAuth tokens.
func tokenRoutes() []route {
	return []route{
		{platform.Token, "POST /api/v2/oauth/tokens.json", admins(), (*Server).createToken},
		{platform.Token, "POST /api/v2/oauth/tokens", admins(), (*Server).createToken},
		{"", "GET /api/v2/oauth/tokens/current", anybody(), (*Server).currentToken},
		{"", "GET /api/v2/oauth/tokens/current.json", anybody(), (*Server).currentToken},
		{platform.Revoke, "DELETE /api/v2/oauth/tokens/{id}", admins(), (*Server).revokeToken},
	}
}

// UnmarshalJSON also reads what was written before tokens had more than an
// integration.
func (t *Token) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &t.Integration) == nil {
		return nil
	}
	type plain Token
	return json.Unmarshal(text, (*plain)(t))
}

func (t Token) expired(now time.Time) bool { return !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt) }

// allows tells whether the scopes are enough for a request: read or write, or
// narrower, such as apps:write. Without scopes all is allowed (documented).
func (t Token) allows(area, method string) bool {
	verb := "write"
	if method == http.MethodGet {
		verb = "read"
	}
	return len(t.Scopes) == 0 || slices.Contains(t.Scopes, verb) || area != "" && slices.Contains(t.Scopes, area+":"+verb)
}

// entry is a token as the Support API shows it: all but the token.
func (t Token) entry(r *request) map[string]any {
	e := map[string]any{
		"url": address(r, fmt.Sprintf("/api/v2/oauth/tokens/%d.json", t.ID), nil), "id": t.ID,
		"scopes": t.Scopes, "created_at": t.CreatedAt, "expires_at": nil,
	}
	if !t.ExpiresAt.IsZero() {
		e["expires_at"] = t.ExpiresAt
	}
	return e
}

// createToken mints the OAuth token of the integration whose client is named;
// the client's id may be a string (documented) or a number (observed). The
// status of success is inferred from the Support API, and so is the one for a
// client that is not there.
func (s *Server) createToken(r *request) wire.Answer {
	var body struct {
		Token struct {
			ClientID json.RawMessage `json:"client_id"`
			Scopes   []string        `json:"scopes"`
		} `json:"token"`
	}
	if err := json.Unmarshal(r.body, &body); err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	n := slices.IndexFunc(s.state.Integrations, func(i *Integration) bool { return isID(body.Token.ClientID, i.ClientID) })
	if n < 0 {
		return wire.Reply(http.StatusUnprocessableEntity, map[string]string{"error": "RecordInvalid", "description": "client_id is not known"})
	}
	i := s.state.Integrations[n]
	token, full := s.mint(Token{Integration: i.Name, Client: "zis_" + i.Name, User: r.who.user, Scopes: body.Token.Scopes})
	entry := token.entry(r)
	entry["client_id"], entry["full_token"] = i.ClientID, full
	return s.commit(wire.Reply(http.StatusCreated, map[string]any{"token": entry}))
}

// mint keeps a new token and makes up its text.
func (s *Server) mint(t Token) (Token, string) {
	t.ID, t.CreatedAt = s.state.newID(), s.now().UTC().Truncate(time.Second)
	full := randomText()
	s.state.Tokens[full] = t
	return t, full
}

// currentToken shows the token that the request bears (documented).
func (s *Server) currentToken(r *request) wire.Answer {
	if r.who.token.ID == 0 {
		return notAuthenticated()
	}
	return wire.Reply(http.StatusOK, map[string]any{"token": r.who.token.entry(r)})
}

// revokeToken ends a token: 204 (documented), 404 for one that isn't there.
func (s *Server) revokeToken(r *request) wire.Answer {
	id, err := strconv.ParseInt(strings.TrimSuffix(r.PathValue("id"), ".json"), 10, 64)
	for full, t := range s.state.Tokens {
		if err == nil && t.ID == id && id != 0 {
			delete(s.state.Tokens, full)
			return s.commit(wire.Answer{Status: http.StatusNoContent})
		}
	}
	return notFound()
}

// notFound is the Support API's answer for what isn't there.
func notFound() wire.Answer {
	return wire.Reply(http.StatusNotFound, map[string]string{"error": "RecordNotFound", "description": "Not found"})
}

// isID: text is the number, or the number in quotes.
func isID(text json.RawMessage, id int64) bool {
	want := strconv.FormatInt(id, 10)
	return string(text) == want || string(text) == strconv.Quote(want)
}
