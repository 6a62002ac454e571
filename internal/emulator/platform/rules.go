// Package platform holds the ways in which a Zendesk account may behave that
// the references leave open: dispositions, by name, and the rules that the
// emulator obeys under them. It knows requests and answers, and no state.
package platform

import (
	"net/http"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/apps"
	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Rules are in what an account departs from the references. The zero value
// departs in nothing.
type Rules struct {
	Drop    Drop
	Lags    map[Side]Lag
	History History
	Specs   SpecRules
	Apps    apps.Rules
	Pages   wire.PageRules
	Stored  []shape.Change // of an upload, before it is stored
	Merges  bool           // an upload adds to what the bundle has

	TokenLife   time.Duration // of client credentials; 0: as asked for
	NoAPITokens bool          // as from 2027-04-30 on (documented)

	forms   []form
	detours []Detour
	barred  []bar
	allowed []bar
}

// Endpoint names what a request asks for.
type Endpoint string

// The endpoints that a disposition may be about.
const (
	Integrations Endpoint = "list of integrations"
	Register     Endpoint = "registration"
	Bundles      Endpoint = "list of bundles"
	Body         Endpoint = "body of a bundle"
	Upload       Endpoint = "upload"
	JobSpecs     Endpoint = "list of job specs"
	Install      Endpoint = "install"
	Uninstall    Endpoint = "uninstall"
	Clients      Endpoint = "list of OAuth clients"
	Token        Endpoint = "token"
	Grant        Endpoint = "grant of client credentials"
	Revoke       Endpoint = "revocation of a token"
	Connections  Endpoint = "list of connections"
	Webhooks     Endpoint = "list of inbound webhooks"
	NewWebhook   Endpoint = "creation of an inbound webhook"
	Connect      Endpoint = "creation of a connection"
	Disconnect   Endpoint = "deletion of a connection"
	Configs      Endpoint = "list of configs"
	NewConfig    Endpoint = "creation of a config"
	Config       Endpoint = "change of a config"

	AppUpload     Endpoint = "upload of an app"
	AppCreate     Endpoint = "creation of an app"
	AppUpdate     Endpoint = "update of an app"
	AppDelete     Endpoint = "deletion of an app"
	AppJob        Endpoint = "status of an app's job"
	AppFile       Endpoint = "file of an app"
	Apps          Endpoint = "list of apps"
	App           Endpoint = "app"
	Installations Endpoint = "list of installed apps"
	AppInstall    Endpoint = "installation of an app"
	AppSettings   Endpoint = "change of an installed app"
	AppRemove     Endpoint = "removal of an installed app"
)

// Credential is a kind of credential.
type Credential int

// The kinds of credentials.
const (
	NoCredential Credential = iota // missing, malformed, or not known
	APIToken                       // Basic, email/token:API token
	ZISToken                       // OAuth token of one integration
	AdminToken                     // any other OAuth token of an admin
	Session                        // a browser that is signed in
)

// Request is what a disposition may ask of a request.
type Request struct {
	*http.Request
	On         Endpoint
	Body       []byte
	Registered bool      // the integration that it names is there
	Prefix     string    // of every path of the account, as the client knows it
	UploadedAt time.Time // the latest upload of that integration; zero: none
	Installed  bool      // the job spec that it names is installed
}

// Address is an address of the same server, as the client knows it.
func (r Request) Address(path, query string) string {
	u := *r.URL
	u.Scheme, u.Host, u.Path, u.RawPath, u.RawQuery = "http", r.Host, r.Prefix+path, "", query
	if r.TLS != nil {
		u.Scheme = "https"
	}
	return u.String()
}

// bar refuses one kind of credential at one endpoint, which takes others.
type bar struct {
	on   Endpoint
	kind Credential
	with wire.Answer
}

// Bars tells of a credential that isn't taken at an endpoint.
func (p *Rules) Bars(on Endpoint, kind Credential) (wire.Answer, bool) {
	n := slices.IndexFunc(p.barred, func(b bar) bool { return b.on == on && b.kind == kind })
	if n < 0 {
		return wire.Answer{}, false
	}
	return p.barred[n].with, true
}

// Allows tells whether an endpoint takes a kind of credential that it doesn't
// take by the references.
func (p *Rules) Allows(on Endpoint, kind Credential) bool {
	return slices.ContainsFunc(p.allowed, func(b bar) bool { return b.on == on && b.kind == kind })
}

// form is how an answer is written.
type form struct {
	on     Endpoint
	change shape.Change
	style  *shape.Style
	finish func(Request, wire.Answer) wire.Answer // what is not about the JSON
}

// Shape gives an answer that went well the form of this platform.
func (p *Rules) Shape(r Request, a wire.Answer) wire.Answer {
	for _, f := range p.forms {
		if f.on == r.On && a.Status < 300 {
			a = f.apply(r, a)
		}
	}
	return a
}

func (f form) apply(r Request, a wire.Answer) wire.Answer {
	style := shape.Style{}
	if f.style != nil {
		style = *f.style
	}
	// the order of a read-back's members (observed)
	style.First = []string{"uuid", "name", "integration", "zendesk_account_id", "description", "zis_template_version"}
	if v, err := wire.Decode(a.Body); err == nil && (f.change != nil || f.style != nil) {
		if f.change != nil {
			v = f.change(v)
		}
		a.Body = style.Write(v)
	}
	if f.finish != nil {
		a = f.finish(r, a)
	}
	return a
}

// Detour is an answer in the place of the usual one.
type Detour struct {
	Lands time.Duration                 // the request takes effect so much later; 0: not later
	Takes bool                          // it takes effect at once
	With  func(Request) wire.Answer     // what is answered
	Real  func(wire.Answer) wire.Answer // changes the real answer instead; With is not asked

	on     Endpoint
	skip   int                // so many of these requests first go the usual way
	times  int                // and so many then don't; 0: all
	each   bool               // counted for each address, not for all together
	within time.Duration      // only so long after the latest upload
	only   func(Request) bool // only then
	count  map[string]int     // by address, or all under ""
}

// Detour counts a request and tells which detour it takes, nil if none.
func (p *Rules) Detour(r Request, now time.Time) *Detour {
	for n := range p.detours {
		if p.detours[n].applies(r, now) {
			return &p.detours[n]
		}
	}
	return nil
}

func (d *Detour) applies(r Request, now time.Time) bool {
	switch {
	case d.on != r.On,
		d.only != nil && !d.only(r),
		d.within > 0 && now.Sub(r.UploadedAt) >= d.within:
		return false
	}
	key := ""
	if d.each {
		key = r.URL.RequestURI()
	}
	if d.count == nil {
		d.count = map[string]int{}
	}
	d.count[key]++
	n := d.count[key] - d.skip
	return n > 0 && (d.times == 0 || n <= d.times)
}
