package emulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// ConnectionClient is an OAuth client of an integration's connections: the
// foreign system's app.
type ConnectionClient struct {
	UUID      string `json:"uuid"`
	Name      string `json:"name"`
	ClientID  string `json:"client_id"`
	Secret    string `json:"client_secret"`
	TokenURL  string `json:"token_url"`
	AuthURL   string `json:"auth_url,omitempty"`
	Scopes    string `json:"default_scopes,omitempty"`
	GrantType string `json:"grant_type"`
}

// oauthConnectionRoutes are the endpoints of OAuth clients of connections, and the way to a connection.
func oauthConnectionRoutes() []route {
	const clients = zisServices + "connections/oauth/clients/{integration}"
	return []route{
		{"", "GET " + clients, ownToken(), (*Server).listConnectionClients},
		{"", "POST " + clients, ownToken(), (*Server).createConnectionClient},
		{"", "GET " + clients + "/{uuid}", ownToken(), (*Server).showConnectionClient},
		{"", "PATCH " + clients + "/{uuid}", ownToken(), (*Server).changeConnectionClient},
		{"", "DELETE " + clients + "/{uuid}", ownToken(), (*Server).deleteConnectionClient},
		{"", "POST " + zisServices + "connections/oauth/start/{integration}", ownToken(), (*Server).startOAuth},
		{"", "GET " + zisServices + "connections/oauth/flows/{integration}/{token}", ownToken(), (*Server).finishOAuth},
	}
}

func (c ConnectionClient) entry() ConnectionClient {
	c.Secret = masked
	return c
}

// Flow is an OAuth connection that was begun and not yet granted.
type Flow struct {
	Name      string `json:"name"`
	Client    string `json:"oauth_client_uuid"`
	Subdomain string `json:"oauth_url_subdomain,omitempty"`
	Scopes    string `json:"permission_scopes,omitempty"`
	Origin    string `json:"origin_oauth_redirect_url,omitempty"`
}

func (s *Server) listConnectionClients(r *request) wire.Answer {
	list := []ConnectionClient{}
	for _, c := range r.integration.Clients {
		list = append(list, c.entry())
	}
	return wire.Reply(http.StatusOK, map[string]any{"oauth_clients": list})
}

func (i *Integration) client(uuidOrName string) int {
	return slices.IndexFunc(i.Clients, func(c ConnectionClient) bool {
		return uuidOrName != "" && (c.UUID == uuidOrName || c.Name == uuidOrName)
	})
}

func noRows() wire.Answer {
	return wire.Reply(http.StatusNotFound, map[string]string{"message": "no rows found"})
}

func (s *Server) showConnectionClient(r *request) wire.Answer {
	n := r.integration.client(r.PathValue("uuid"))
	if n < 0 {
		return noRows()
	}
	return wire.Reply(http.StatusOK, r.integration.Clients[n].entry())
}

// createConnectionClient: 201 with the uuid, the secret masked (documented).
func (s *Server) createConnectionClient(r *request) wire.Answer {
	c := ConnectionClient{UUID: newUUID(), GrantType: "authorization_code"}
	if refusal, ok := c.read(r.body); !ok {
		return refusal
	}
	if r.integration.client(c.Name) >= 0 {
		return wire.Refuse(http.StatusConflict, "an OAuth client named "+c.Name+" exists already")
	}
	r.integration.Clients = append(r.integration.Clients, c)
	return s.commit(wire.Reply(http.StatusCreated, c.entry()))
}

// changeConnectionClient is PATCH; PUT is 405 (observed).
func (s *Server) changeConnectionClient(r *request) wire.Answer {
	n := r.integration.client(r.PathValue("uuid"))
	if n < 0 {
		return noRows()
	}
	c := r.integration.Clients[n]
	if refusal, ok := c.read(r.body); !ok {
		return refusal
	}
	r.integration.Clients[n] = c
	return s.commit(wire.Reply(http.StatusOK, c.entry()))
}

func (c *ConnectionClient) read(body []byte) (wire.Answer, bool) {
	uuid := c.UUID
	err := json.Unmarshal(body, c)
	c.UUID = uuid
	bad := func(text string) (wire.Answer, bool) {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", text), false
	}
	switch {
	case err != nil:
		return bad(err.Error())
	case c.Name == "" || c.ClientID == "" || c.Secret == "" || c.TokenURL == "":
		return bad("name, client_id, client_secret and token_url are required")
	case c.GrantType != "authorization_code" && c.GrantType != "client_credentials":
		return bad("grant_type must be authorization_code or client_credentials")
	case c.GrantType == "authorization_code" && c.AuthURL == "":
		return bad("auth_url is required")
	}
	return wire.Answer{}, true
}

// deleteConnectionClient deletes its connections too (observed).
func (s *Server) deleteConnectionClient(r *request) wire.Answer {
	n := r.integration.client(r.PathValue("uuid"))
	if n < 0 {
		return noRows()
	}
	uuid := r.integration.Clients[n].UUID
	r.integration.Clients = slices.Delete(r.integration.Clients, n, n+1)
	r.integration.Connections = slices.DeleteFunc(r.integration.Connections, func(c Connection) bool { return c.Client == uuid })
	return s.commit(wire.Answer{Status: http.StatusNoContent})
}

// startOAuth begins an OAuth connection: 200 with where to go on.
func (s *Server) startOAuth(r *request) wire.Answer {
	var ask struct {
		Flow
		ClientName string `json:"oauth_client_name"`
		Scopes     string `json:"permission_scopes"`
	}
	if err := json.Unmarshal(r.body, &ask); err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	n := r.integration.client(ask.Client + ask.ClientName)
	switch {
	case !connectionName().MatchString(ask.Name):
		return wire.Refuse(http.StatusBadRequest, "Bad Request", "name must be 3 to 64 characters of A-Z, a-z, 0-9, _ and -")
	case n < 0:
		return noRows()
	}
	ask.Flow.Client, ask.Flow.Scopes = r.integration.Clients[n].UUID, ask.Scopes
	token := randomText()
	if r.integration.Flows == nil {
		r.integration.Flows = map[string]Flow{}
	}
	r.integration.Flows[token] = ask.Flow
	at := address(r, "/api/services/zis/connections/oauth/flows/"+r.integration.Name+"/"+token, nil)
	return s.commit(wire.Reply(http.StatusOK, map[string]string{"redirect_url": at, "flow_token": token}))
}

// finishOAuth stands for the foreign system that grants at once: an admin who
// opens the address consents, and is sent back; a program with the token of
// the integration gets the connection of client credentials.
func (s *Server) finishOAuth(r *request) wire.Answer {
	token := r.PathValue("token")
	flow, ok := r.integration.Flows[token]
	if !ok {
		return noRows()
	}
	delete(r.integration.Flows, token)
	c := Connection{
		UUID: newUUID(), Type: "oauth", Name: flow.Name, Secret: randomText(), RefreshToken: randomText(), Client: flow.Client,
		Subdomain: flow.Subdomain, Scope: flow.Scopes, CreatedAt: s.now().UTC().Truncate(time.Second),
	}
	if n := r.integration.connection(c.Name); n >= 0 {
		r.integration.Connections[n] = c
	} else {
		r.integration.Connections = append(r.integration.Connections, c)
	}
	if flow.Origin == "" {
		return s.commit(wire.Reply(http.StatusOK, map[string]string{"verification_token": token}))
	}
	join := "?"
	if strings.Contains(flow.Origin, "?") {
		join = "&"
	}
	return s.commit(wire.Answer{Status: http.StatusFound}.With("Location", flow.Origin+join+url.Values{"verification_token": {token}}.Encode()))
}
