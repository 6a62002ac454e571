package emulator

import (
	"net/http"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// secretOf names the member of a connection that is masked, by type of
// connection (zis.md 5.1). These are all the types.
func secretOf() map[string]string {
	return map[string]string{"api_key": "api_key", "basic_auth": "password", "bearer_token": "token", "oauth": "access_token"}
}

// listConnections groups an integration's connections by their type
// (documented). The emulator holds no secrets of them.
func (s *Server) listConnections(r *request) wire.Answer {
	connections, meta, err := wire.Page(r.URL.Query(), s.rules.Pages, r.integration.Connections, func(c Connection) string { return c.Name })
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	body := map[string]any{"meta": meta}
	for kind, secret := range secretOf() {
		list := []map[string]string{}
		for _, c := range connections {
			if c.Type == kind {
				list = append(list, map[string]string{"name": c.Name, secret: "*****"})
			}
		}
		body[kind] = list
	}
	return wire.Reply(http.StatusOK, body)
}

// listWebhooks lists the inbound webhooks of an integration, without their
// passwords (observed, undocumented).
func (s *Server) listWebhooks(r *request) wire.Answer {
	list := []map[string]any{}
	for _, h := range r.integration.Webhooks {
		list = append(list, map[string]any{
			"uuid": h.UUID, "source_system": h.EventSource, "event_type": h.EventType,
			"integration": r.integration.Name, "zendesk_account_id": s.accountID(),
		})
	}
	return wire.Reply(http.StatusOK, map[string]any{"webhooks": list})
}
