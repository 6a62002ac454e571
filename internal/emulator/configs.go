package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Config is a set of values that flows may load.
type Config struct {
	ID        int64                      `json:"id"`
	Scope     string                     `json:"scope"`
	Config    map[string]json.RawMessage `json:"config"`
	CreatedAt time.Time                  `json:"created_at"`
	UpdatedAt time.Time                  `json:"updated_at"`
}

// configRoutes are the endpoints of configs.
func configRoutes() []route {
	const configs = zisServices + "integrations/{integration}/configs"
	return []route{
		{platform.Configs, "GET " + configs, ownToken(), (*Server).listConfigs},
		{platform.NewConfig, "POST " + configs, ownToken(), (*Server).createConfig},
		{platform.Config, "PUT " + configs + "/{scope...}", ownToken(), (*Server).changeConfig},
		{platform.Config, "PATCH " + configs + "/{scope...}", ownToken(), (*Server).changeConfig},
		{platform.Config, "DELETE " + configs + "/{scope...}", ownToken(), (*Server).deleteConfig},
	}
}

func (s *Server) configEntry(i *Integration, c *Config) map[string]any {
	return map[string]any{
		"id": c.ID, "scope": c.Scope, "zendesk_account_id": s.accountID(), "integration": i.Name, "config": c.Config,
		"created_at": c.CreatedAt, "updated_at": c.UpdatedAt,
	}
}

// listConfigs lists those whose scope is asked for, a trailing * standing for
// any end; 404 if there is none (documented).
func (s *Server) listConfigs(r *request) wire.Answer {
	q := r.URL.Query()
	scope := q.Get("filter[scope]")
	prefix, open := strings.CutSuffix(scope, "*")
	var found []*Config
	for _, c := range r.integration.Configs {
		if c.Scope == scope || open && strings.HasPrefix(c.Scope, prefix) || scope == "" {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return noRows()
	}
	part, meta, err := wire.Page(q, s.rules.Pages, found, func(c *Config) string { return strconv.FormatInt(c.ID, 10) })
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	list := []map[string]any{}
	for _, c := range part {
		list = append(list, s.configEntry(r.integration, c))
	}
	links := map[string]any{"next": nil}
	if meta.HasMore {
		next := url.Values{"page[after]": {meta.After}, "filter[scope]": {scope}}
		if size := q.Get("page[size]"); size != "" {
			next.Set("page[size]", size)
		}
		links["next"] = address(r, r.URL.Path, next)
	}
	return wire.Reply(http.StatusOK, map[string]any{"configs": list, "meta": map[string]bool{"has_more": meta.HasMore}, "links": links})
}

func (i *Integration) config(scope string) *Config {
	return find(i.Configs, func(c *Config) bool { return c.Scope == scope })
}

type configRequest struct {
	Scope  string                     `json:"scope"`
	Config map[string]json.RawMessage `json:"config"`
}

func configOf(r *request) (configRequest, wire.Answer, bool) {
	var ask configRequest
	err := json.Unmarshal(r.body, &ask)
	if err == nil && ask.Config != nil {
		return ask, wire.Answer{}, true
	}
	text := "config must be an object"
	if err != nil {
		text = err.Error()
	}
	return ask, wire.Refuse(http.StatusBadRequest, "Bad Request", text), false
}

// createConfig: 201 (200 was seen as well), 422 if the scope is there
// (observed).
func (s *Server) createConfig(r *request) wire.Answer {
	ask, refusal, ok := configOf(r)
	switch {
	case !ok:
		return refusal
	case ask.Scope == "":
		return wire.Refuse(http.StatusBadRequest, "Bad Request", "scope is required")
	case r.integration.config(ask.Scope) != nil:
		return wire.Refuse(http.StatusUnprocessableEntity, "a config with the scope "+ask.Scope+" exists already")
	}
	now := s.now().UTC().Truncate(time.Second)
	c := &Config{ID: s.state.newID(), Scope: ask.Scope, Config: ask.Config, CreatedAt: now, UpdatedAt: now}
	r.integration.Configs = append(r.integration.Configs, c)
	return s.commit(wire.Reply(http.StatusCreated, s.configEntry(r.integration, c)))
}

// changeConfig replaces (PUT) or merges (PATCH) the values of a scope. That
// merging is about the outermost members alone is not told.
func (s *Server) changeConfig(r *request) wire.Answer {
	ask, refusal, ok := configOf(r)
	if !ok {
		return refusal
	}
	c := r.integration.config(r.PathValue("scope"))
	if c == nil {
		return noRows()
	}
	if r.Method == http.MethodPatch {
		merged := maps.Clone(c.Config)
		maps.Copy(merged, ask.Config)
		ask.Config = merged
	}
	c.Config, c.UpdatedAt = ask.Config, s.now().UTC().Truncate(time.Second)
	return s.commit(wire.Reply(http.StatusOK, s.configEntry(r.integration, c)))
}

// deleteConfig removes a scope (observed; the status is inferred).
func (s *Server) deleteConfig(r *request) wire.Answer {
	c := r.integration.config(r.PathValue("scope"))
	if c == nil {
		return noRows()
	}
	r.integration.Configs = slices.DeleteFunc(r.integration.Configs, func(other *Config) bool { return other == c })
	return s.commit(wire.Answer{Status: http.StatusNoContent})
}
