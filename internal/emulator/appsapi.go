package emulator

import (
	"net/http"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/apps"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// appRoutes are those of the Apps API, under each of the addresses that were
// seen in use, and the files of apps, which everybody may read.
func appRoutes() []route {
	admins := access{takes: []platform.Credential{platform.APIToken, platform.AdminToken, platform.Session}, support: true, scope: "apps"}
	var routes []route
	add := func(on platform.Endpoint, h func(*apps.Account, *request) wire.Answer, patterns ...string) {
		for _, p := range patterns {
			routes = append(routes, route{on, p, admins, func(s *Server, r *request) wire.Answer { return s.app(r, h) }})
		}
	}
	add(platform.AppUpload, func(a *apps.Account, r *request) wire.Answer {
		return a.TakeUpload(r.Header.Get("Content-Type"), r.body)
	}, "POST /api/v2/apps/uploads.json", "POST /api/v2/apps/uploads")
	add(platform.AppCreate, func(a *apps.Account, r *request) wire.Answer { return a.Create(r.body) },
		"POST /api/v2/apps.json", "POST /api/v2/apps", "POST /api/apps.json")
	add(platform.AppUpdate, func(a *apps.Account, r *request) wire.Answer { return a.Update(r.PathValue("id"), r.body) }, "PUT /api/v2/apps/{id}")
	add(platform.Apps, func(a *apps.Account, _ *request) wire.Answer { return a.List() }, "GET /api/v2/apps.json", "GET /api/v2/apps", "GET /api/v2/apps/owned.json")
	add(platform.App, func(a *apps.Account, r *request) wire.Answer { return a.Show(r.PathValue("id")) }, "GET /api/v2/apps/{id}")
	add(platform.AppDelete, func(a *apps.Account, r *request) wire.Answer { return a.Delete(r.PathValue("id")) }, "DELETE /api/v2/apps/{id}")
	add(platform.AppJob, func(a *apps.Account, r *request) wire.Answer { return a.JobStatus(r.PathValue("job")) }, "GET /api/v2/apps/job_statuses/{job}")
	for _, base := range []string{"/api/v2/apps/installations", "/api/support/apps/installations"} {
		add(platform.Installations, func(a *apps.Account, _ *request) wire.Answer { return a.ListInstallations() }, "GET "+base+".json", "GET "+base)
		add(platform.AppInstall, func(a *apps.Account, r *request) wire.Answer { return a.Install(r.body) }, "POST "+base+".json", "POST "+base)
		add(platform.AppSettings, func(a *apps.Account, r *request) wire.Answer { return a.Reinstall(r.PathValue("id"), r.body) }, "PUT "+base+"/{id}")
		add(platform.AppRemove, func(a *apps.Account, r *request) wire.Answer { return a.Remove(r.PathValue("id")) }, "DELETE "+base+"/{id}")
	}
	return append(routes, route{platform.AppFile, "GET /{app}/assets/{stamp}/{file...}", access{open: true}, func(s *Server, r *request) wire.Answer {
		return s.appsOf(r).Asset(r.PathValue("app"), r.PathValue("stamp"), r.PathValue("file"))
	}})
}

// app does something with the account's apps, and keeps what it changed: any
// write, and the first look at a job that has ended.
func (s *Server) app(r *request, h func(*apps.Account, *request) wire.Answer) wire.Answer {
	a := h(s.appsOf(r), r)
	if (r.Method != http.MethodGet || r.on == platform.AppJob) && a.Status < 300 {
		s.disk.apps = true
		return s.commit(a)
	}
	return a
}

func (s *Server) appsOf(r *request) *apps.Account {
	return &apps.Account{
		State: &s.state.Apps, Rules: s.rules.Apps, Now: s.now().UTC().Truncate(time.Millisecond), NewID: s.state.newID,
		Address: func(path string) string { return address(r, path, nil) },
	}
}

// AppPage is the address of the page that an installed app opens in a
// location such as "support.nav_bar", behind base, which is the server as
// browsers know it. Hosts of tests put it into a frame.
func (s *Server) AppPage(base string, installation int64, location string) (address string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load() != nil {
		return "", false
	}
	a := apps.Account{State: &s.state.Apps, Address: func(path string) string { return base + path }}
	return a.Page(installation, location)
}
