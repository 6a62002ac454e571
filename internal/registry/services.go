package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Connection is a named credential that actions of the integration use. What
// it holds is masked by the server and not read.
type Connection struct {
	Type          string `json:"-"` // api_key, basic_auth, bearer_token, oauth
	Name          string `json:"name"`
	AllowedDomain string `json:"allowed_domain"`
}

// connectionTypes are the members of the answer, sorted (docs/platform.md 5.1).
func connectionTypes() []string { return []string{"api_key", "basic_auth", "bearer_token", "oauth"} }

// Connections lists the connections of the integration, of all types. It takes
// a ZIS OAuth token; an API token is refused with 403.
// GET /api/services/zis/integrations/{integration}/connections/all (documented).
func (c *Client) Connections(ctx context.Context, integration string) ([]Connection, error) {
	k := call{
		op:     fmt.Sprintf("list the connections of %q", integration),
		method: http.MethodGet, path: []string{"api", "services", "zis", "integrations", integration, "connections", "all"}, query: firstPage(),
		order: onlyOAuth, limit: maxList, integration: integration,
	}
	var all []Connection
	err := c.pages(ctx, k, func(a answer, o object) (int, error) {
		page, err := connections(k, a, o)
		all = append(all, page...)
		return len(page), err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// connections decodes one page. A type may be left out, but not all of them.
func connections(k call, a answer, o object) ([]Connection, error) {
	var all []Connection
	found := false
	for _, typ := range connectionTypes() {
		if _, ok := o[typ]; !ok {
			continue
		}
		found = true
		page, err := readRows(k, a, o, typ, decoding(func(c Connection) bool { return c.Name != "" }))
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if r.broken == "" {
				r.value.Type = typ
				all = append(all, r.value)
			}
		}
	}
	if !found {
		return nil, k.misshapen(a, "the answer lists no type of connection")
	}
	return all, nil
}

// InboundWebhook feeds custom events to the integration. Its path and password
// let anybody send them, so they are not read.
type InboundWebhook struct {
	UUID         string `json:"uuid"`
	SourceSystem string `json:"source_system"` // event_source of job specs
	EventType    string `json:"event_type"`
}

// InboundWebhooks lists the inbound webhooks of the integration. It takes a
// ZIS OAuth token.
// GET /api/services/zis/inbound_webhooks/generic/{integration}/all (observed,
// not documented: callers should treat an error as "not known").
func (c *Client) InboundWebhooks(ctx context.Context, integration string) ([]InboundWebhook, error) {
	return collect(ctx, c, call{
		op:     fmt.Sprintf("list the inbound webhooks of %q", integration),
		method: http.MethodGet, path: []string{"api", "services", "zis", "inbound_webhooks", "generic", integration, "all"}, query: url.Values{},
		order: onlyOAuth, limit: maxList, integration: integration,
	}, "webhooks", decoding(func(w InboundWebhook) bool { return w.EventType != "" }))
}
