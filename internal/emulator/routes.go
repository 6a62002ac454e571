package emulator

import (
	"net/http"
	"slices"
	"sync"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// route is an endpoint: what it is, who may use it, what it does.
type route struct {
	on      platform.Endpoint // "" for one that no disposition is about
	pattern string
	access  access
	handler func(*Server, *request) wire.Answer
}

// router knows all endpoints of every account.
var router = sync.OnceValue(func() *http.ServeMux {
	mux := &http.ServeMux{}
	for _, e := range slices.Concat(registryRoutes(), supportRoutes(), serviceRoutes(), appRoutes(), ownRoutes()) {
		mux.Handle(e.pattern, endpoint(e))
	}
	return mux
})

// takers are the credentials that an endpoint takes.
func takers(kinds ...platform.Credential) access { return access{takes: kinds} }

// registryRoutes are those of the registry, with the credentials that each is
// documented or was seen to take.
func registryRoutes() []route {
	const registry = "/api/services/zis/registry/"
	either := takers(platform.APIToken, platform.ZISToken, platform.Session)
	noOAuth := takers(platform.APIToken, platform.Session)
	create := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.Session}, creates: true, scope: "zis"}
	return []route{
		{platform.Integrations, "GET " + registry + "integrations", noOAuth, (*Server).listIntegrations},
		{platform.Register, "POST " + registry + "{integration}", create, (*Server).createIntegration},
		{platform.Bundles, "GET " + registry + "{integration}/bundles", either, (*Server).listBundles},
		{platform.Body, "GET " + registry + "{integration}/bundles/{uuid}", either, (*Server).showBundle},
		{platform.Upload, "POST " + registry + "{integration}/bundles", noOAuth, (*Server).upload},
		{platform.JobSpecs, "GET " + registry + "{integration}/job_specs", either, (*Server).listJobSpecs},
		{platform.Install, "POST " + registry + "job_specs/install", either, (*Server).install},
		{platform.Uninstall, "DELETE " + registry + "job_specs/install", either, (*Server).uninstall},
	}
}

// supportRoutes are those of the Support API and of OAuth.
func supportRoutes() []route {
	account := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.Session}, support: true, scope: "oauth"}
	anybody := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.ZISToken, platform.Session}, support: true}
	return []route{
		{platform.Clients, "GET /api/v2/oauth/clients.json", account, (*Server).listClients},
		{platform.Token, "POST /api/v2/oauth/tokens.json", account, (*Server).createToken},
		{platform.Token, "POST /api/v2/oauth/tokens", account, (*Server).createToken},
		{platform.Grant, "POST /oauth/tokens", access{open: true}, (*Server).grant},
		{"", "GET /api/v2/oauth/tokens/current", anybody, (*Server).currentToken},
		{"", "GET /api/v2/oauth/tokens/current.json", anybody, (*Server).currentToken},
		{platform.Revoke, "DELETE /api/v2/oauth/tokens/{id}", account, (*Server).revokeToken},
		{"", "PUT /api/v2/oauth/clients/{id}/generate_secret", account, (*Server).rotateSecret},
		{"", "PUT /api/v2/oauth/clients/{id}/generate_secret.json", account, (*Server).rotateSecret},
		{"", "GET /api/v2/users/me.json", anybody, (*Server).me},
	}
}

// serviceRoutes are those of the services beside the registry. API tokens are
// refused there (observed).
func serviceRoutes() []route {
	const zis = "/api/services/zis/"
	const connections, clients = zis + "integrations/{integration}/connections", zis + "connections/oauth/clients/{integration}"
	const configs, webhooks = zis + "integrations/{integration}/configs", zis + "inbound_webhooks/generic/{integration}"
	own := takers(platform.ZISToken, platform.Session)
	return []route{
		{platform.Connections, "GET " + connections + "/all", own, (*Server).listConnections},
		{platform.Connect, "POST " + connections + "/{type}", own, (*Server).createConnection},
		{platform.Disconnect, "DELETE " + connections + "/{type}/{name}", own, (*Server).deleteConnection},
		{"", "GET " + zis + "connections/{integration}", own, (*Server).showConnection},
		{"", "GET " + clients, own, (*Server).listConnectionClients},
		{"", "POST " + clients, own, (*Server).createConnectionClient},
		{"", "GET " + clients + "/{uuid}", own, (*Server).showConnectionClient},
		{"", "PATCH " + clients + "/{uuid}", own, (*Server).changeConnectionClient},
		{"", "DELETE " + clients + "/{uuid}", own, (*Server).deleteConnectionClient},
		{"", "POST " + zis + "connections/oauth/start/{integration}", own, (*Server).startOAuth},
		{"", "GET " + zis + "connections/oauth/flows/{integration}/{token}", own, (*Server).finishOAuth},
		{platform.Configs, "GET " + configs, own, (*Server).listConfigs},
		{platform.NewConfig, "POST " + configs, own, (*Server).createConfig},
		{platform.Config, "PUT " + configs + "/{scope...}", own, (*Server).changeConfig},
		{platform.Config, "PATCH " + configs + "/{scope...}", own, (*Server).changeConfig},
		{platform.Config, "DELETE " + configs + "/{scope...}", own, (*Server).deleteConfig},
		{"", "GET " + zis + "links/{integration}", own, (*Server).listLinks},
		{"", "POST " + zis + "links/{integration}", own, (*Server).createLink},
		{platform.Webhooks, "GET " + webhooks + "/all", own, (*Server).listWebhooks},
		{platform.NewWebhook, "POST " + webhooks, own, (*Server).createWebhook},
		{"", "GET " + webhooks + "/{uuid}", own, (*Server).showWebhook},
		{"", "DELETE " + webhooks + "/{uuid}", own, (*Server).deleteWebhook},
		{"", "POST " + ingest + "{token}", access{open: true}, (*Server).ingestEvent},
	}
}

// ownRoutes are the emulator's own: to cause an event, and to see what ran
// and what the account holds.
func ownRoutes() []route {
	anybody := takers(platform.APIToken, platform.AdminToken, platform.ZISToken, platform.Session)
	return []route{
		{"", "POST /emulator/events", anybody, (*Server).postEvent},
		{"", "GET /emulator/runs", anybody, (*Server).listRuns},
		{"", "GET /emulator/state", takers(platform.APIToken), (*Server).showState},
	}
}
