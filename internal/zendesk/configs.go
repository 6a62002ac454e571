package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Config is one of an integration's configs. Any admin and every flow can read
// it: it is no place for secrets.
type Config struct {
	Scope     string          `json:"scope"`
	AccountID int64           `json:"zendesk_account_id"`
	Value     json.RawMessage `json:"config"`
}

func configsPath(integration string, more ...string) []string {
	return append([]string{"api", "services", "zis", "integrations", integration, "configs"}, more...)
}

// ReadConfig reads the config of one scope; nil if there is none. It takes a
// ZIS OAuth token; an API token is refused with 403.
// GET …/configs?filter[scope]= (documented; 404 if there is none, observed).
func ReadConfig(ctx context.Context, reg *registry.Client, integration, scope string) (*Config, error) {
	a, err := reg.Do(ctx, registry.Call{
		Op: fmt.Sprintf("read the config %q of %q", scope, integration), Method: http.MethodGet, Path: configsPath(integration),
		Query: map[string][]string{"filter[scope]": {scope}}, Also: []int{http.StatusNotFound}, Integration: integration,
	})
	if err != nil || a.Status == http.StatusNotFound {
		return nil, err
	}
	var body struct {
		Configs *[]Config `json:"configs"`
	}
	if err := json.Unmarshal(a.Body, &body); err != nil || body.Configs == nil {
		return nil, a.Misshapen("the answer has no list of configs")
	}
	for _, c := range *body.Configs {
		if c.Scope == scope {
			return &c, nil
		}
	}
	return nil, nil
}

// WriteConfig makes a config, or replaces the one of the same scope. What is
// written is the same however often it is sent.
// POST …/configs (422 if the scope is there), PUT …/configs/{scope}.
func WriteConfig(ctx context.Context, reg *registry.Client, integration, scope string, value any, there bool) error {
	body, err := json.Marshal(map[string]any{"scope": scope, "config": value})
	if err != nil {
		return err
	}
	call := registry.Call{
		Op: fmt.Sprintf("write the config %q of %q", scope, integration), Body: body, Harmless: true, Integration: integration,
		Method: http.MethodPost, Path: configsPath(integration), Also: []int{http.StatusUnprocessableEntity},
	}
	if !there {
		a, err := reg.Do(ctx, call)
		if err != nil || a.Status != http.StatusUnprocessableEntity {
			return err
		}
	}
	call.Method, call.Path, call.Also = http.MethodPut, configsPath(integration, scope), nil
	_, err = reg.Do(ctx, call)
	return err
}
