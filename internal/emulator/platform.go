package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
)

// platform is in what an account departs from the reference. The zero value
// departs in nothing. Dispositions fill it in.
type platform struct {
	drop    drop
	lag     map[string]lag // by what a reader looks at: one of the see… constants
	history history
	specs   specRules

	stored  []shape.Change // of an upload, before it is stored
	merges  bool           // an upload adds to what the bundle has
	forms   []form         // of answers
	detours []detour
	barred  []bar
	pages   pageRules
}

// endpoint names what a request asks for. Detours and forms are about one.
type endpoint string

const (
	atIntegrations endpoint = "list of integrations"
	atRegister     endpoint = "registration"
	atBundles      endpoint = "list of bundles"
	atBody         endpoint = "body of a bundle"
	atUpload       endpoint = "upload"
	atSpecs        endpoint = "list of job specs"
	atInstall      endpoint = "install"
	atUninstall    endpoint = "uninstall"
	atClients      endpoint = "list of OAuth clients"
	atToken        endpoint = "token"
	atConnections  endpoint = "list of connections"
	atWebhooks     endpoint = "list of inbound webhooks"
)

// bar refuses one kind of credential at one endpoint, which takes others.
type bar struct {
	on   endpoint
	kind credential
	with answer
}

// form is how an answer is written.
type form struct {
	on     endpoint
	change shape.Change
	style  *shape.Style
	finish func(*request, answer) answer // what is not about the JSON
}

// detour is an answer in the place of the usual one.
type detour struct {
	on     endpoint
	with   func(*request) answer
	skip   int                 // so many of these requests first go the usual way
	times  int                 // and so many then don't; 0: all
	each   bool                // counted for each address, not for all together
	takes  bool                // the request takes effect all the same
	lands  time.Duration       // the same, but so much later
	within time.Duration       // only so long after the latest upload
	only   func(*request) bool // only then
	body   func(answer) answer // changes the real answer instead; with is not asked
	count  map[string]int      // by address, or all under ""
}

// applies counts a request and tells whether it takes this detour.
func (d *detour) applies(r *request, now time.Time) bool {
	switch {
	case d.on != r.on,
		d.only != nil && !d.only(r),
		d.within > 0 && (r.integration == nil || now.Sub(r.integration.UploadedAt) >= d.within):
		return false
	}
	key := ""
	if d.each {
		key = r.URL.RequestURI()
	}
	d.count[key]++
	n := d.count[key] - d.skip
	return n > 0 && (d.times == 0 || n <= d.times)
}

// handle answers a request as this platform does. It is called with the lock.
func (s *Server) handle(r *request, handler func(*request) answer) answer {
	now := s.now()
	for n := range s.platform.detours {
		d := &s.platform.detours[n]
		if !d.applies(r, now) {
			continue
		}
		return s.detour(d, r, handler)
	}
	return s.shaped(r, handler(r))
}

func (s *Server) detour(d *detour, r *request, handler func(*request) answer) answer {
	switch {
	case d.lands > 0:
		s.later(s.now().Add(d.lands), func() { handler(r) })
	case d.body != nil:
		return d.body(s.shaped(r, handler(r)))
	case d.takes:
		if a := handler(r); a.status >= 300 {
			return a
		}
	}
	return d.with(r)
}

// shaped gives an answer that went well the form that this platform gives it.
func (s *Server) shaped(r *request, a answer) answer {
	for _, f := range s.platform.forms {
		if f.on != r.on || a.status >= 300 {
			continue
		}
		a = f.apply(r, a)
	}
	return a
}

func (f form) apply(r *request, a answer) answer {
	style := shape.Style{First: readBackOrder()}
	if f.style != nil {
		style = *f.style
		style.First = readBackOrder()
	}
	if v, err := decode(a.body); err == nil && (f.change != nil || f.style != nil) {
		if f.change != nil {
			v = f.change(v)
		}
		a.body = style.Write(v)
	}
	if f.finish != nil {
		a = f.finish(r, a)
	}
	return a
}

// readBackOrder is the order of the top-level members of a body (observed).
func readBackOrder() []string {
	return []string{"uuid", "name", "integration", "zendesk_account_id", "description", "zis_template_version"}
}

// barred tells of a credential that this platform doesn't take here.
func (s *Server) bars(on endpoint, kind credential) (answer, bool) {
	n := slices.IndexFunc(s.platform.barred, func(b bar) bool { return b.on == on && b.kind == kind })
	if n < 0 {
		return answer{}, false
	}
	return s.platform.barred[n].with, true
}

// due is something that happens by itself at a time.
type due struct {
	at time.Time
	do func()
}

// later lets something happen at a time: with the first look at the account
// from then on, which nobody can tell from then itself.
func (s *Server) later(at time.Time, do func()) { s.pending = append(s.pending, due{at, do}) }

// settle lets happen what is due, in the order of its times. It is called with
// the lock.
func (s *Server) settle() {
	for {
		now := s.now()
		next := -1
		for n, d := range s.pending {
			if !d.at.After(now) && (next < 0 || d.at.Before(s.pending[next].at)) {
				next = n
			}
		}
		if next < 0 {
			return
		}
		do := s.pending[next].do
		s.pending = slices.Delete(s.pending, next, next+1)
		do()
		s.remember()
	}
}

func (s *Server) now() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return time.Now()
}

// htmlPage is what a proxy or a browser's page sends.
func htmlPage(status int, text string) answer {
	return answer{status: status, contentType: "text/html; charset=utf-8", body: []byte(text)}
}

// loginPage is what somebody without a session may be sent to.
const loginPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=\"/access/login\" method=\"post\"></form></body></html>\n"

// withHeader is an answer with one header more.
func withHeader(a answer, name, value string) answer {
	a.header = a.header.Clone()
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set(name, value)
	return a
}
