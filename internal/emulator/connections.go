package emulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Connection is a connection that flows may use. Its name is unique in the
// integration, over all types.
type Connection struct {
	UUID          string    `json:"uuid,omitempty"`
	Type          string    `json:"type"` // api_key, basic_auth, bearer_token or oauth
	Name          string    `json:"name"`
	AllowedDomain string    `json:"allowed_domain,omitempty"`
	Username      string    `json:"username,omitempty"`    // of basic_auth
	HeaderName    string    `json:"header_name,omitempty"` // of api_key
	Secret        string    `json:"secret,omitempty"`      // password, token or key; the access token of oauth
	RefreshToken  string    `json:"refresh_token,omitempty"`
	Client        string    `json:"oauth_client_uuid,omitempty"`
	Subdomain     string    `json:"oauth_url_subdomain,omitempty"`
	Scope         string    `json:"permission_scope,omitempty"`
	CreatedAt     time.Time `json:"created_at,omitzero"`
}

// connectionRoutes are the endpoints of connections.
func connectionRoutes() []route {
	const connections = zisServices + "integrations/{integration}/connections"
	return []route{
		{platform.Connections, "GET " + connections + "/all", ownToken(), (*Server).listConnections},
		{platform.Connect, "POST " + connections + "/{type}", ownToken(), (*Server).createConnection},
		{platform.Disconnect, "DELETE " + connections + "/{type}/{name}", ownToken(), (*Server).deleteConnection},
		{"", "GET " + zisServices + "connections/{integration}", ownToken(), (*Server).showConnection},
	}
}

// secretOf names the member of a static connection that holds its secret.
func secretOf(kind string) string {
	return map[string]string{"api_key": "api_key", "basic_auth": "password", "bearer_token": "token"}[kind]
}

// connectionTypes are all types of connections (documented).
func connectionTypes() []string { return []string{"api_key", "basic_auth", "bearer_token", "oauth"} }

// masked stands for the secret of a connection (observed).
const masked = "*****"

// entry is a connection as lists and answers show it. Secrets are masked, but
// not those of OAuth: the documented sample shows its tokens in clear, and
// whoever reads the list must be able to bear that.
func (c Connection) entry(integration string, account int64) map[string]any {
	if c.Type == "oauth" {
		token := cmp.Or(c.Secret, "clear-access-token-of-"+c.Name)
		refresh := cmp.Or(c.RefreshToken, "clear-refresh-token-of-"+c.Name)
		return map[string]any{
			"uuid": c.UUID, "name": c.Name, "integration": integration, "zendesk_account_id": account, "created_by": "admin", "token_type": "bearer",
			"access_token": token, "refresh_token": refresh, "token_expiry": c.CreatedAt.Add(2 * time.Hour), "permission_scope": c.Scope,
			"oauth_client_uuid": c.Client, "oauth_url_subdomain": c.Subdomain,
			"oauth_access_token_response_body": fmt.Sprintf(`{"access_token":%q,"refresh_token":%q}`, token, refresh),
		}
	}
	e := map[string]any{"name": c.Name, secretOf(c.Type): masked, "allowed_domain": c.AllowedDomain, "created_at": c.CreatedAt, "updated_at": c.CreatedAt}
	if c.Username != "" {
		e["username"] = c.Username
	}
	if c.HeaderName != "" {
		e["header_name"] = c.HeaderName
	}
	return e
}

// listConnections groups an integration's connections by their type
// (documented).
func (s *Server) listConnections(r *request) wire.Answer {
	connections, meta, err := wire.Page(r.URL.Query(), s.rules.Pages, r.integration.Connections, func(c Connection) string { return c.Name })
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	body := map[string]any{"meta": meta}
	for _, kind := range connectionTypes() {
		list := []map[string]any{}
		for _, c := range connections {
			if c.Type == kind {
				list = append(list, c.entry(r.integration.Name, s.accountID()))
			}
		}
		body[kind] = list
	}
	return wire.Reply(http.StatusOK, body)
}

// showConnection finds an OAuth connection by name or uuid, and no other one
// (observed).
func (s *Server) showConnection(r *request) wire.Answer {
	name, uuid := r.URL.Query().Get("name"), r.URL.Query().Get("uuid")
	for _, c := range r.integration.Connections {
		if c.Type == "oauth" && name+uuid != "" && (c.Name == name || c.UUID != "" && c.UUID == uuid) {
			return wire.Reply(http.StatusOK, c.entry(r.integration.Name, s.accountID()))
		}
	}
	return wire.Reply(http.StatusNotFound, map[string]string{"message": "no rows found"})
}

// createConnection keeps a static connection: 201 (200 was seen as well), its
// secret masked in the answer; 409 for a name that is taken, by any type.
func (s *Server) createConnection(r *request) wire.Answer {
	kind := r.PathValue("type")
	var ask struct {
		Name          string `json:"name"`
		AllowedDomain string `json:"allowed_domain"`
		Username      string `json:"username"`
		Password      string `json:"password"`
		Token         string `json:"token"`
		APIKey        string `json:"api_key"`
		HeaderName    string `json:"header_name"`
	}
	if secretOf(kind) == "" {
		return wire.Plain(http.StatusNotFound, "404 page not found")
	}
	if err := json.Unmarshal(r.body, &ask); err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	c := Connection{
		UUID: newUUID(), Type: kind, Name: ask.Name, AllowedDomain: ask.AllowedDomain, Username: ask.Username, HeaderName: ask.HeaderName,
		Secret: ask.Password + ask.Token + ask.APIKey, CreatedAt: s.now().UTC().Truncate(time.Second),
	}
	if wrong := c.wrong(); wrong != "" {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", wrong)
	}
	if r.integration.connection(c.Name) >= 0 {
		return wire.Refuse(http.StatusConflict, "a connection named "+c.Name+" exists already")
	}
	r.integration.Connections = append(r.integration.Connections, c)
	return s.commit(wire.Reply(http.StatusCreated, map[string]any{kind: c.entry(r.integration.Name, s.accountID())}))
}

// deleteConnection: 204, or 404 for one that isn't there as this type.
func (s *Server) deleteConnection(r *request) wire.Answer {
	n := r.integration.connection(r.PathValue("name"))
	if n < 0 || r.integration.Connections[n].Type != r.PathValue("type") || secretOf(r.PathValue("type")) == "" {
		return wire.Reply(http.StatusNotFound, map[string]string{"message": "no rows found"})
	}
	r.integration.Connections = slices.Delete(r.integration.Connections, n, n+1)
	return s.commit(wire.Answer{Status: http.StatusNoContent})
}

func (i *Integration) connection(name string) int {
	return slices.IndexFunc(i.Connections, func(c Connection) bool { return c.Name == name })
}

// Forms of names, domains and headers (documented), made when one is asked for.
var (
	connectionName = form(`^[A-Za-z0-9_-]{3,64}$`)
	domain         = form(`^(\*\.)?([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{1,63}$`)
	headerName     = form(`^[A-Za-z_-]{1,128}$`)
	keptHeader     = form(`(?i)^(accept.*|cache-control|connection|content-md5|cookie|date|expect|from|host|if-.*|max-forwards|pragma|proxy-.*|range|server|referer|te|trailer|transfer-encoding|upgrade|user-agent|via|warning|www-authenticate|x-amzn?-.*|x-forwarded-.*|x-zis-.*)$`)
)

func form(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// wrong says what of a new static connection breaks the documented rules.
func (c Connection) wrong() string {
	suffix := strings.TrimPrefix(c.AllowedDomain, "*.")
	switch {
	case !connectionName().MatchString(c.Name):
		return "name must be 3 to 64 characters of A-Z, a-z, 0-9, _ and -"
	case c.Name == "zendesk":
		return "the name zendesk is reserved for OAuth connections to Zendesk"
	case c.Secret == "":
		return secretOf(c.Type) + " is required"
	case c.Type == "basic_auth" && c.Username == "":
		return "username is required"
	case c.Type == "api_key" && (!headerName().MatchString(c.HeaderName) || keptHeader().MatchString(c.HeaderName)):
		return "header_name is not allowed"
	case len(c.AllowedDomain) > 128 || !domain().MatchString(c.AllowedDomain),
		suffix != c.AllowedDomain && (!strings.Contains(suffix, ".") || suffix == "myshopify.com"):
		return "allowed_domain must be a host, or *. and a domain that is no public suffix"
	}
	return ""
}
