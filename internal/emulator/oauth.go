package emulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// oauthClient is an OAuth client as the Support API lists it (documented).
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

// clientRoutes are the endpoints of OAuth clients.
func clientRoutes() []route {
	return []route{
		{platform.Clients, "GET /api/v2/oauth/clients.json", admins(), (*Server).listClients},
		{"", "PUT /api/v2/oauth/clients/{id}/generate_secret", admins(), (*Server).rotateSecret},
		{"", "PUT /api/v2/oauth/clients/{id}/generate_secret.json", admins(), (*Server).rotateSecret},
	}
}

// listClients pages by number, with the address of the next page in next_page
// (documented); per_page is 100 at most.
func (s *Server) listClients(r *request) wire.Answer {
	list := s.oauthClients(r)
	size := clamp(r.URL.Query().Get("per_page"), wire.MaxPage, wire.MaxPage)
	asked := cmp.Or(r.URL.Query().Get("page"), strings.TrimPrefix(r.URL.Query().Get("page[after]"), "page"))
	page := clamp(asked, 1, len(list)/size+1)
	from, to := min((page-1)*size, len(list)), min(page*size, len(list))
	body := map[string]any{"clients": list[from:to], "count": len(list), "next_page": nil, "previous_page": nil}
	if to < len(list) {
		body["next_page"] = pageAddress(r, page+1)
	}
	if page > 1 {
		body["previous_page"] = pageAddress(r, page-1)
	}
	return wire.Reply(http.StatusOK, body)
}

// oauthClients are the integrations' and then the admins' own; their secrets
// are masked.
func (s *Server) oauthClients(r *request) []oauthClient {
	clients := []oauthClient{}
	for _, i := range s.state.Integrations {
		clients = append(clients, i.oauthClient(r))
	}
	for _, c := range s.state.Clients {
		created := c.CreatedAt.Format("2006-01-02T15:04:05Z")
		clients = append(clients, oauthClient{
			URL: address(r, fmt.Sprintf("/api/v2/oauth/clients/%d.json", c.ID), nil), ID: c.ID, UserID: 1, Name: c.Identifier,
			Identifier: c.Identifier, Secret: mask, CreatedAt: created, UpdatedAt: created, RedirectURI: []string{},
		})
	}
	return clients
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
	u := url.URL{Scheme: "http", Host: r.Host, Path: prefixOf(r.Context()) + path, RawQuery: q.Encode()}
	if r.TLS != nil {
		u.Scheme = "https"
	}
	return u.String()
}

// rotateSecret gives an OAuth client a new secret, told in full; the former
// one is dead at once (documented; used on an integration's client too).
func (s *Server) rotateSecret(r *request) wire.Answer {
	id, secret := json.RawMessage(r.PathValue("id")), randomText()
	for _, i := range s.state.Integrations {
		if isID(id, i.ClientID) {
			i.Secret = secret
			c := i.oauthClient(r)
			c.Secret = secret
			return s.commit(wire.Reply(http.StatusOK, map[string]any{"client": c}))
		}
	}
	for n := range s.state.Clients {
		if c := &s.state.Clients[n]; isID(id, c.ID) {
			c.Secret = secret
			return s.commit(wire.Reply(http.StatusOK, map[string]any{"client": map[string]any{"id": c.ID, "identifier": c.Identifier, "secret": secret}}))
		}
	}
	return notFound()
}
