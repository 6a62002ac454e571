package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Webhook is an inbound webhook: it feeds a custom event.
type Webhook struct {
	ID          string    `json:"id,omitempty"`
	UUID        string    `json:"uuid"`
	EventSource string    `json:"source_system"`
	EventType   string    `json:"event_type"`
	Token       string    `json:"token,omitempty"` // the end of its path
	Username    string    `json:"username,omitempty"`
	Password    string    `json:"password,omitempty"`
	CreatedAt   time.Time `json:"created_at,omitzero"`
}

const ingest = "/api/services/zis/inbound_webhooks/generic/ingest/"

// webhookRoutes are the endpoints of inbound webhooks.
func webhookRoutes() []route {
	const webhooks = zisServices + "inbound_webhooks/generic/{integration}"
	return []route{
		{platform.Webhooks, "GET " + webhooks + "/all", ownToken(), (*Server).listWebhooks},
		{platform.NewWebhook, "POST " + webhooks, ownToken(), (*Server).createWebhook},
		{"", "GET " + webhooks + "/{uuid}", ownToken(), (*Server).showWebhook},
		{"", "DELETE " + webhooks + "/{uuid}", ownToken(), (*Server).deleteWebhook},
		{"", "POST " + ingest + "{token}", access{open: true}, (*Server).ingestEvent},
	}
}

// entry shows a webhook; its credentials are only told when it is made.
func (s *Server) webhookEntry(i *Integration, h Webhook) map[string]any {
	return map[string]any{
		"id": h.ID, "uuid": h.UUID, "path": ingest + h.Token, "source_system": h.EventSource, "event_type": h.EventType,
		"integration": i.Name, "zendesk_account_id": s.accountID(),
	}
}

// createWebhook makes an inbound webhook with its own address and credentials:
// 201 (200 was seen as well).
func (s *Server) createWebhook(r *request) wire.Answer {
	h := Webhook{ID: newULID(s.now()), UUID: newUUID(), Token: randomText(), Username: randomText(), Password: randomText(), CreatedAt: s.now().UTC().Truncate(time.Second)}
	var ask struct {
		EventSource string `json:"source_system"`
		EventType   string `json:"event_type"`
	}
	if err := json.Unmarshal(r.body, &ask); err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	if ask.EventSource == "" || ask.EventType == "" {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", "source_system and event_type are required")
	}
	h.EventSource, h.EventType = ask.EventSource, ask.EventType
	r.integration.Webhooks = append(r.integration.Webhooks, h)
	e := s.webhookEntry(r.integration, h)
	e["username"], e["password"] = h.Username, h.Password
	return s.commit(wire.Reply(http.StatusCreated, e))
}

// listWebhooks lists the inbound webhooks of an integration, without their
// credentials (observed, undocumented).
func (s *Server) listWebhooks(r *request) wire.Answer {
	list := []map[string]any{}
	for _, h := range r.integration.Webhooks {
		list = append(list, s.webhookEntry(r.integration, h))
	}
	return wire.Reply(http.StatusOK, map[string]any{"webhooks": list})
}

func (i *Integration) webhook(uuid string) int {
	return slices.IndexFunc(i.Webhooks, func(h Webhook) bool { return h.UUID == uuid })
}

// showWebhook finds one by its uuid, not by its id (observed).
func (s *Server) showWebhook(r *request) wire.Answer {
	n := r.integration.webhook(r.PathValue("uuid"))
	if n < 0 {
		return noRows()
	}
	return wire.Reply(http.StatusOK, s.webhookEntry(r.integration, r.integration.Webhooks[n]))
}

// deleteWebhook ends a webhook's address and credentials: 204 (observed).
func (s *Server) deleteWebhook(r *request) wire.Answer {
	n := r.integration.webhook(r.PathValue("uuid"))
	if n < 0 {
		return noRows()
	}
	r.integration.Webhooks = slices.Delete(r.integration.Webhooks, n, n+1)
	return s.commit(wire.Answer{Status: http.StatusNoContent})
}

// ingestEvent takes an event from outside: 200, which says nothing of the
// flows that it starts (documented). Only the webhook's own credentials are
// good; what isn't JSON is refused.
func (s *Server) ingestEvent(r *request) wire.Answer {
	user, password, _ := r.BasicAuth()
	for _, i := range s.state.Integrations {
		for _, h := range i.Webhooks {
			if h.Token == "" || h.Token != r.PathValue("token") {
				continue
			}
			switch {
			case user != h.Username || password != h.Password:
				return wire.Plain(http.StatusUnauthorized, "Authentication failed")
			case !json.Valid(r.body):
				return wire.Refuse(http.StatusBadRequest, "Bad Request", "the body is not valid JSON")
			}
			s.startFlows(event{source: h.EventSource, kind: h.EventType, input: r.body, integration: i.Name})
			return wire.Plain(http.StatusOK, "")
		}
	}
	return noRows()
}

// newULID is an id that begins with the time, as those of webhooks do.
func newULID(now time.Time) string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [10]byte
	for n, ms := 9, now.UnixMilli(); n >= 0; n, ms = n-1, ms>>5 {
		b[n] = digits[ms&31]
	}
	return string(b[:]) + randomText()[:16]
}
