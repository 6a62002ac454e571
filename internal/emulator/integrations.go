package emulator

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// maxName is the length of an integration's name (documented).
const maxName = 64

// mask stands for a secret that is told only when it is made (observed).
const mask = "************"

type integrationEntry struct {
	Description string      `json:"description"`
	PublicKey   string      `json:"jwt_public_key"`
	Name        string      `json:"name,omitempty"` // only in lists (documented)
	Client      clientEntry `json:"zendesk_oauth_client"`
}

type clientEntry struct {
	ID         int64  `json:"id"`
	Identifier string `json:"identifier"`
	Secret     string `json:"secret"`
}

// integrationRoutes are the endpoints of integrations.
func integrationRoutes() []route {
	creators := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.Session}, creates: true, scope: "zis"}
	return []route{
		{platform.Integrations, "GET " + registryPath + "integrations", noOAuth(), (*Server).listIntegrations},
		{platform.Register, "POST " + registryPath + "{integration}", creators, (*Server).createIntegration},
	}
}

func (i *Integration) entry(name, secret string) integrationEntry {
	return integrationEntry{
		Description: i.Description, PublicKey: "The RSA Public Key to be saved", Name: name,
		Client: clientEntry{ID: i.ClientID, Identifier: "zis_" + i.Name, Secret: secret},
	}
}

// listIntegrations is R1. It doesn't page (observed).
func (s *Server) listIntegrations(*request) wire.Answer {
	list := []integrationEntry{}
	for _, i := range s.state.Integrations {
		list = append(list, i.entry(i.Name, mask))
	}
	return wire.Reply(http.StatusOK, map[string]any{"integrations": list})
}

// createIntegration is R2. The account's own name again answers 200 (observed;
// 409 was reported as well) with the same secret (silent). A name of another
// account is a 400 without "errors" (observed).
func (s *Server) createIntegration(r *request) wire.Answer {
	name := r.PathValue("integration")
	description, err := description(r.body)
	switch {
	case err != nil:
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	case !validName(name):
		const text = "invalid integration key" // documented
		return wire.Refuse(http.StatusBadRequest, text, text)
	case slices.Contains(s.Taken, name), r.integration == nil && !s.names.take(name, s):
		return wire.Refuse(http.StatusBadRequest, fmt.Sprintf("the integration: %s is not available for upsert by this account", name))
	}
	i := r.integration
	if i == nil {
		i = s.add(name)
	}
	if description != nil {
		i.Description = *description
	}
	return s.commit(wire.Reply(http.StatusOK, i.entry("", i.Secret)))
}

// description is the one, optional member of the request of R2.
func description(body []byte) (*string, error) {
	if len(body) == 0 {
		return nil, nil
	}
	var v struct {
		Description *string `json:"description"`
	}
	err := json.Unmarshal(body, &v)
	return v.Description, err
}

func (s *Server) add(name string) *Integration {
	i := &Integration{Name: name, ClientID: s.state.newID(), Secret: randomText(), CreatedAt: s.now().UTC().Truncate(time.Second)}
	s.state.Integrations = append(s.state.Integrations, i)
	return i
}

// randomText is a secret.
func randomText() string { return rand.Text() }

// validName: 1 to 64 characters of a-z, 0-9, _ and - (documented).
func validName(name string) bool {
	other := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-", r) }
	return name != "" && len(name) <= maxName && !strings.ContainsFunc(name, other)
}
