package emulator

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

type integrationJSON struct {
	Description string          `json:"description"`
	PublicKey   string          `json:"jwt_public_key"`
	Name        string          `json:"name,omitempty"`
	Client      oauthClientJSON `json:"zendesk_oauth_client"`
}

type oauthClientJSON struct {
	ID         int64  `json:"id"`
	Identifier string `json:"identifier"`
	Secret     string `json:"secret"`
}

func (i *Integration) client() oauthClientJSON {
	return oauthClientJSON{ID: i.ClientID, Identifier: "zis_" + i.Name, Secret: i.Secret}
}

// listIntegrations is R1; it masks the secret (observed).
func (s *Server) listIntegrations(w http.ResponseWriter, _ *http.Request) {
	list := []integrationJSON{}
	for _, i := range s.state.Integrations {
		client := i.client()
		client.Secret = "************"
		list = append(list, integrationJSON{Description: i.Description, Name: i.Name, Client: client})
	}
	reply(w, http.StatusOK, map[string]any{"integrations": list})
}

// createIntegration is R2. One's own name again answers 200 (observed; 409
// was reported as well). A name of another account is a 400 without "errors".
func (s *Server) createIntegration(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("integration")
	var body struct {
		Description string `json:"description"`
	}
	switch err := json.NewDecoder(r.Body).Decode(&body); {
	case err != nil:
		refuse(w, "Bad Request", "the body is not JSON")
		return
	case !validName(name):
		refuse(w, "invalid integration key", "invalid integration key")
		return
	case slices.Contains(s.Taken, name):
		reply(w, http.StatusBadRequest, failure{Message: fmt.Sprintf("the integration: %s is not available for upsert by this account", name)})
		return
	}
	i := s.state.Integration(name)
	if i == nil {
		i = s.add(name, body.Description)
	}
	if !s.saved(w) {
		return
	}
	reply(w, http.StatusOK, integrationJSON{Description: i.Description, PublicKey: "The RSA Public Key to be saved", Client: i.client()})
}

func (s *Server) add(name, description string) *Integration {
	i := &Integration{Name: name, Description: description, ClientID: s.state.NextID, Secret: rand.Text()}
	s.state.NextID++
	s.state.Integrations = append(s.state.Integrations, i)
	return i
}

// saved writes the state; a disk that is full is a 500 like any other.
func (s *Server) saved(w http.ResponseWriter) bool {
	err := s.save()
	if err != nil {
		plain(w, http.StatusInternalServerError, "emulator: "+err.Error())
	}
	return err == nil
}

// validName: 1 to 64 characters of a-z, 0-9, _ and - (documented).
func validName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == "" &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-", r)
		})
}

// clientsPage is how many OAuth clients are listed at once; the endpoint pages
// by next_page (documented: seed).
const clientsPage = 100

func (s *Server) listClients(w http.ResponseWriter, r *http.Request) {
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	clients := []map[string]any{}
	for _, i := range s.state.Integrations {
		clients = append(clients, map[string]any{
			"id": i.ClientID, "identifier": "zis_" + i.Name, "name": "ZIS Client", "user_id": -1, "global": false,
		})
	}
	count := len(clients)
	from, to := min((page-1)*clientsPage, count), min(page*clientsPage, count)
	body := map[string]any{"clients": clients[from:to], "count": count, "next_page": nil, "previous_page": nil}
	if to < count {
		body["next_page"] = fmt.Sprintf("%s://%s%s?page=%d", scheme(r), r.Host, r.URL.Path, page+1)
	}
	reply(w, http.StatusOK, body)
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// createToken mints the OAuth token of the integration whose client is named;
// the client's id may be a string (documented) or a number (observed).
func (s *Server) createToken(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Token struct {
			ClientID any      `json:"client_id"`
			Scopes   []string `json:"scopes"`
		} `json:"token"`
	}
	dec := json.NewDecoder(r.Body)
	dec.UseNumber()
	if err := dec.Decode(&body); err != nil {
		refuse(w, "Bad Request", "the body is not JSON")
		return
	}
	id := fmt.Sprint(body.Token.ClientID)
	n := slices.IndexFunc(s.state.Integrations, func(i *Integration) bool { return strconv.FormatInt(i.ClientID, 10) == id })
	if n < 0 {
		reply(w, http.StatusUnprocessableEntity, failure{Message: "client_id is not known"})
		return
	}
	full := rand.Text()
	s.state.Tokens[full] = s.state.Integrations[n].Name
	if !s.saved(w) {
		return
	}
	reply(w, http.StatusCreated, map[string]any{"token": map[string]any{
		"url": fmt.Sprintf("%s://%s/api/v2/oauth/tokens/1.json", scheme(r), r.Host), "scopes": body.Token.Scopes, "full_token": full,
	}})
}
