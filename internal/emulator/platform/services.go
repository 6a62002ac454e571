package platform

import (
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// serviceDispositions vary the services beside the registry: connections,
// configs, inbound webhooks.
func serviceDispositions() []Disposition {
	instead := func(name, varies string, mark Mark, effect Effect, d Detour) Disposition {
		return Disposition{"service-" + name, aboutServices, varies, mark, effect, func(p *Rules) { p.detours = append(p.detours, d) }}
	}
	shapes := func(name, varies string, mark Mark, on Endpoint, c shape.Change) Disposition {
		return Disposition{"service-" + name, aboutServices, varies, mark, Kept, func(p *Rules) { p.forms = append(p.forms, form{on: on, change: c}) }}
	}
	status := func(from, to int) func(wire.Answer) wire.Answer {
		return func(a wire.Answer) wire.Answer {
			if a.Status == from {
				a.Status = to
			}
			return a
		}
	}
	return []Disposition{
		instead("config-created-200", "a new config is answered with 200", Observed, Kept, Detour{on: NewConfig, Real: status(201, 200)}),
		instead("config-there-409", "a config whose scope is there already is answered 409", Unknown, Kept, Detour{on: NewConfig, Real: status(422, 409)}),
		instead("config-429-once", "the first new config is answered 429 with Retry-After: 3", Observed, Kept, Detour{on: NewConfig, times: 1, With: given(waiting(429, 3*time.Second))}),
		instead("configs-none-200", "a list of no configs is an empty list", Unknown, Kept, Detour{on: Configs, Real: emptyConfigs}),
		instead("configs-403", "configs are refused", Unknown, Refused, Detour{on: Configs, With: given(wire.Plain(403, "Forbidden"))}),
		shapes("configs-wrapped", `each config is wrapped: {"config": {"config": …}}`, Documented, Configs, shape.At(wrapped, "configs", "*", "config")),
		shapes("connections-no-tokens", "OAuth connections are listed without their tokens", Observed, Connections, shape.Chain(
			shape.Without("oauth", "*", "access_token"), shape.Without("oauth", "*", "refresh_token"), shape.Without("oauth", "*", "oauth_access_token_response_body"),
		)),
		shapes("connections-null-meta", "the list of connections has no meta", Unknown, Connections, shape.Without("meta")),
		instead("connection-created-200", "a new connection is answered with 200", Observed, Kept, Detour{on: Connect, Real: status(201, 200)}),
		instead("connections-500", "the list of connections is answered 500", Unknown, Hidden, Detour{on: Connections, With: given(wire.Refuse(500, "Internal Server Error"))}),
		instead("webhook-created-200", "a new inbound webhook is answered with 200", Observed, Kept, Detour{on: NewWebhook, Real: status(201, 200)}),
		shapes("webhook-no-uuid", "a new inbound webhook has no uuid, which older pages call deprecated", Documented, NewWebhook, shape.Without("uuid")),
		instead("webhooks-404", "inbound webhooks can't be listed", Observed, Hidden, Detour{on: Webhooks, With: given(wire.Plain(404, "404 page not found"))}),
	}
}

func wrapped(v any) any { return map[string]any{"config": v} }

func emptyConfigs(a wire.Answer) wire.Answer {
	if a.Status == 404 {
		return wire.JSON(200, []byte(`{"configs":[],"meta":{"has_more":false},"links":{"next":null}}`))
	}
	return a
}
