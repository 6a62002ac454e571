package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Integration is a registered name.
type Integration struct {
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	JWTPublicKey string            `json:"jwt_public_key"`
	OAuthClient  IntegrationClient `json:"zendesk_oauth_client"`
	Confirmed    bool              `json:"-"` // of a registration: the answer speaks of it
}

// IntegrationClient is the OAuth client that registering makes, the one that
// tokens of the integration are minted from.
type IntegrationClient struct {
	ID         int64  `json:"id"` // 13 digits were seen
	Identifier string `json:"identifier"`
	Secret     Secret `json:"secret"` // of a new integration; lists hold asterisks
}

// UnmarshalJSON takes an id that is a number or a text.
func (c *IntegrationClient) UnmarshalJSON(raw []byte) error {
	var r row
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	*c = IntegrationClient{ID: r.id("id"), Identifier: r.text("identifier"), Secret: Secret(r.text("secret"))}
	return nil
}

// Integrations lists the integrations of the account.
// GET /registry/integrations (observed shape).
func (c *Client) Integrations(ctx context.Context) ([]Integration, error) {
	return collect(ctx, c, call{
		op:     "list the integrations",
		method: http.MethodGet, path: registryPath("integrations"), query: url.Values{},
		order: preferAPI, limit: maxList,
	}, "integrations", decoding(func(i Integration) bool { return i.Name != "" }))
}

// CreateIntegration registers a name, for good: no integration can be deleted.
// If the account has it already, that is success; after a 409 only the Name of
// the answer is set. A secret that is masked counts as none. POST /registry/{integration} (documented: 200).
func (c *Client) CreateIntegration(ctx context.Context, name, description string) (Integration, error) {
	about := map[string]string{}
	if description != "" { // an empty one would replace what an integration has
		about["description"] = description
	}
	body, err := json.Marshal(about)
	if err != nil {
		return Integration{}, err
	}
	k := call{
		op:     fmt.Sprintf("register %q", name),
		method: http.MethodPost, path: registryPath(name), body: body,
		order: preferAPI, limit: maxList, integration: name, also: []int{http.StatusConflict}, result: true,
	}
	a, err := c.do(ctx, k)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusForbidden && e.Meaning == "" {
		e.Hint.Code = verdict.MayUseZIS
	}
	if err != nil {
		return Integration{}, err
	}
	if a.status == http.StatusConflict {
		return Integration{Name: name, Confirmed: true}, nil
	}
	var o object
	body = a.body
	if json.Unmarshal(body, &o) == nil && o["integration"] != nil && o["zendesk_oauth_client"] == nil {
		body = o["integration"] // wrapped, as other services do it
	}
	var i Integration
	if err := json.Unmarshal(body, &i); err != nil {
		// The cause may quote the secret.
		return Integration{}, k.misshapen(a, "the answer is no integration")
	}
	if i.OAuthClient.Secret.Masked() {
		i.OAuthClient.Secret = ""
	}
	i.Confirmed = i.Name == name || i.OAuthClient.ID != 0 || i.OAuthClient.Identifier == "zis_"+name
	i.Name = name
	return i, nil
}
