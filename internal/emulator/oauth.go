package emulator

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// oauthClient is an OAuth client as the Support API lists it (zis.md 2.1).
type oauthClient struct {
	URL         string   `json:"url"`
	ID          int64    `json:"id"`
	UserID      int64    `json:"user_id"`
	Name        string   `json:"name"`
	Identifier  string   `json:"identifier"`
	Company     *string  `json:"company"`
	Description *string  `json:"description"`
	RedirectURI []string `json:"redirect_uri"`
	Secret      string   `json:"secret"`
	CreatedAt   string   `json:"created_at"`
	UpdatedAt   string   `json:"updated_at"`
	Global      bool     `json:"global"`
	LogoURL     *string  `json:"logo_url"`
}

// listClients pages by number, with the address of the next page in next_page
// (documented); per_page is 100 at most.
func (s *Server) listClients(r *request) wire.Answer {
	list := s.state.Integrations
	size := clamp(r.URL.Query().Get("per_page"), wire.MaxPage, wire.MaxPage)
	asked := cmp.Or(r.URL.Query().Get("page"), strings.TrimPrefix(r.URL.Query().Get("page[after]"), "page"))
	page := clamp(asked, 1, len(list)/size+1)
	from, to := min((page-1)*size, len(list)), min(page*size, len(list))
	clients := []oauthClient{}
	for _, i := range list[from:to] {
		clients = append(clients, i.oauthClient(r))
	}
	body := map[string]any{"clients": clients, "count": len(list), "next_page": nil, "previous_page": nil}
	if to < len(list) {
		body["next_page"] = pageAddress(r, page+1)
	}
	if page > 1 {
		body["previous_page"] = pageAddress(r, page-1)
	}
	return wire.Reply(http.StatusOK, body)
}

// clamp reads a number from 1 to most; anything else counts as fallback.
func clamp(text string, fallback, most int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fallback
	}
	return min(n, most)
}

func (i *Integration) oauthClient(r *request) oauthClient {
	created := i.CreatedAt.Format("2006-01-02T15:04:05Z")
	return oauthClient{
		URL: address(r, fmt.Sprintf("/api/v2/oauth/clients/%d.json", i.ClientID), nil), ID: i.ClientID, UserID: -1,
		Name: "ZIS Client", Identifier: "zis_" + i.Name, Secret: mask, CreatedAt: created, UpdatedAt: created,
		RedirectURI: []string{"https://zis.zendesk.com/api/services/zis/connections/oauth/callback"},
	}
}

// pageAddress is the address of another page of the same list.
func pageAddress(r *request, page int) string {
	q := r.URL.Query()
	q.Set("page", strconv.Itoa(page))
	return address(r, r.URL.Path, q)
}

// address is one of this server, as the client knows it.
func address(r *request, path string, q url.Values) string {
	u := url.URL{Scheme: "http", Host: r.Host, Path: path, RawQuery: q.Encode()}
	if r.TLS != nil {
		u.Scheme = "https"
	}
	return u.String()
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
	id, full := s.state.newID(), rand.Text()
	s.state.Tokens[full] = i.Name
	return s.commit(wire.Reply(http.StatusCreated, map[string]any{"token": map[string]any{
		"url": address(r, fmt.Sprintf("/api/v2/oauth/tokens/%d.json", id), nil), "id": id, "client_id": i.ClientID,
		"scopes": body.Token.Scopes, "created_at": now(), "full_token": full,
	}}))
}

// isID: text is the number, or the number in quotes.
func isID(text json.RawMessage, id int64) bool {
	want := strconv.FormatInt(id, 10)
	return string(text) == want || string(text) == strconv.Quote(want)
}
