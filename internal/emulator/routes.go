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
	for _, e := range routes() {
		mux.Handle(e.pattern, endpoint(e))
	}
	return mux
})

// routes are those of every file that answers.
func routes() []route {
	return slices.Concat(
		integrationRoutes(), bundleRoutes(), jobSpecRoutes(),
		clientRoutes(), tokenRoutes(), grantRoutes(), userRoutes(),
		connectionRoutes(), oauthConnectionRoutes(), configRoutes(), linkRoutes(), webhookRoutes(),
		appRoutes(), ownRoutes(),
	)
}

// takers are the credentials that an endpoint takes.
func takers(kinds ...platform.Credential) access { return access{takes: kinds} }

// The beginnings of addresses.
const (
	zisServices  = "/api/services/zis/"
	registryPath = zisServices + "registry/"
)

// Who an endpoint of the registry lets in, as documented or seen.
func either() access  { return takers(platform.APIToken, platform.ZISToken, platform.Session) }
func noOAuth() access { return takers(platform.APIToken, platform.Session) }

// ownToken is what the services beside the registry take: API tokens are
// refused there (observed).
func ownToken() access { return takers(platform.ZISToken, platform.Session) }

// admins and anybody are let in by the Support API.
func admins() access {
	return access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.Session}, support: true, scope: "oauth"}
}

func anybody() access {
	return access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.ZISToken, platform.Session}, support: true}
}
