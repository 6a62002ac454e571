package emulator_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// rich is a bundle in which every disposition finds something to change.
const rich = `{"zis_template_version": "2019-10-14", "name": "rich", "description": " <b>tell</b> & ask  twice\n", "resources": {
	"key_of_post": {"type": "ZIS::Action::Http", "properties": {"name": "post", "definition": {
		"method": "POST", "url": "https://example.com/a", "connectionName": "slack",
		"headers": [{"key": "X-Two", "value": "2"}, {"key": "Authorization", "value": "Bearer abcdefgh"}, {"key": "X-One", "value": "1"}],
		"queryParams": [{"key": "b", "value": "2"}, {"key": "c", "value": "3"}, {"key": "a", "value": "1"}],
		"requestBody": {"token": "xoxb", "null": null, "text": "", "list": [], "object": {}, "large": 12345678901234567, "long": "LONG"}}}},
	"get": {"type": "ZIS::Action::Http", "properties": {"name": "get", "nothing": null, "object": {}, "definition": {"method": "GET", "path": "/api/v2/a", "headers": []}}},
	"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
		"A": {"Type": "Action", "ActionName": "zis:acme:action:post", "TimeoutSeconds": 10, "Comment": "", "Parameters": {"nothing": null, "half": 0.5, "id": 4294967297},
			"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}], "Next": "B"},
		"B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEquals": "caf\u00e9", "Next": "C"}, {"Variable": "$.x", "StringEquals": "cafe\u0301 \ud83d\ude00", "Next": "C"}]},
		"C": {"Type": "Pass", "Result": {"empty": ""}, "Next": "D"},
		"D": {"Type": "Succeed", "Message": "<done> & 'gone'"}}}}},
	"one": SPEC(one), "two": SPEC(two), "three": SPEC(three)}}`

func richBundle(name string, specs ...string) string {
	text := strings.NewReplacer("LONG", strings.Repeat("long ", 60), `"name": "rich"`, fmt.Sprintf(`"name": %q`, name)).Replace(rich)
	for _, s := range []string{"one", "two", "three"} {
		member := fmt.Sprintf(`%q: SPEC(%s)`, s, s)
		spec := ""
		for _, wanted := range specs {
			if wanted == s {
				spec = fmt.Sprintf(`%q: {"type": "ZIS::JobSpec", "properties": {"name": %q, "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:f", "description": ""}}`, s, s)
			}
		}
		text = strings.Replace(text, member, spec, 1)
	}
	return regexp.MustCompile(`,[\s,]*}}$`).ReplaceAllString(regexp.MustCompile(`,\s*,`).ReplaceAllString(text, ","), "}}")
}

// life is an account that goes through everything a deploy may do, and what it
// answered.
type life struct {
	t      *testing.T
	server *emulator.Server
	lines  []string
	names  map[string]string // uuids and secrets, by what they are called here
	texts  map[string]string // answers, as they are written here
}

var random = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|\b[0-9a-f]{32}\b|\b[A-Z2-7]{26}\b|\b[A-Z2-7]{10}\b|\b[0-9A-HJKMNP-TV-Z]{10}[A-Z2-7]{16}\b`)

// plain names what is random in a text. A text that came before has the same
// names again.
func (l *life) plain(text string) string {
	if known, ok := l.texts[text]; ok {
		return known
	}
	l.texts[text] = l.named(text)
	return l.texts[text]
}

func (l *life) named(text string) string {
	return long.ReplaceAllStringFunc(text, l.namedWord)
}

// long is a word that may have something random in it: that is found far
// quicker.
var long = regexp.MustCompile(`[0-9A-Za-z_-]{10,}`)

func (l *life) namedWord(word string) string {
	return random.ReplaceAllStringFunc(word, func(s string) string {
		if strings.HasPrefix(s, "00000000") {
			return s
		}
		key := strings.ToLower(s)
		if l.names[key] == "" {
			l.names[key] = fmt.Sprintf("%s-%d", map[bool]string{true: "id", false: "short"}[len(s) > 10], len(l.names)+1)
		}
		if key != s && strings.Contains(s, "-") && s == strings.ToUpper(s) {
			return strings.ToUpper(l.names[key])
		}
		return l.names[key]
	})
}

func (l *life) ask(auth, method, path, body string) {
	l.t.Helper()
	r := httptest.NewRequest(method, "http://acme.zendesk.com"+path, strings.NewReader(body))
	l.send(auth, r)
}

// askForm sends a package as a browser sends a file.
func (l *life) askForm(path string, zip []byte) {
	l.t.Helper()
	body, kind := formOf(l.t, zip)
	r := httptest.NewRequest("POST", "http://acme.zendesk.com"+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	l.send(admin, r)
}

func (l *life) send(auth string, r *http.Request) {
	l.t.Helper()
	method, path := r.Method, r.URL.RequestURI()
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	w := httptest.NewRecorder()
	line := fmt.Sprintf("%s %s: ", method, path)
	func() {
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				line += "no answer"
			} else if p != nil {
				panic(p)
			}
		}()
		l.server.ServeHTTP(w, r)
		header := w.Header().Clone()
		if r.Method == "GET" && w.Code == 200 && header.Get("Content-Type") == "application/json" {
			header.Del("Content-Type")
		}
		line += fmt.Sprintf("%d %v %s", w.Code, header, w.Body)
	}()
	l.lines = append(l.lines, l.plain(line))
}

func (l *life) look(auth string) {
	l.t.Helper()
	l.ask(auth, "GET", registry+"acme/bundles?page%5Bsize%5D=100", "")
	i := l.server.State().Integration("acme")
	for _, b := range i.Bundles {
		l.ask(auth, "GET", registry+"acme/bundles/"+b.UUID, "")
	}
	l.ask(auth, "GET", registry+"acme/bundles/nobody", "")
	for _, b := range i.Former {
		l.ask(auth, "GET", registry+"acme/bundles/"+b.UUID, "")
	}
	l.ask(auth, "GET", registry+"acme/job_specs?page%5Bsize%5D=100", "")
	l.flags()
}

func (l *life) install(method string, names ...string) {
	l.t.Helper()
	for _, n := range names {
		l.ask(admin, method, registry+"job_specs/install?job_spec_name="+url.QueryEscape("zis:acme:job_spec:"+n), "")
	}
}

func (l *life) upload(body string) { l.t.Helper(); l.ask(admin, "POST", registry+"acme/bundles", body) }

// uploads are one of the same, one with another flow, one with other job
// specs; each is looked at before its job specs are installed, and long after.
func (l *life) uploads() {
	l.t.Helper()
	first := richBundle("rich", "one", "two", "three")
	for _, next := range []string{
		first, strings.Replace(first, "<done>", "<over>", 1), strings.Replace(first, "TicketCreated", "TagsChanged", 1), richBundle("rich", "one", "three"),
	} {
		l.upload(next)
		l.flags()
		time.Sleep(50 * time.Millisecond)
		l.install("POST", "four", "one")
		l.flags()
		l.install("POST", "three")
		for _, pause := range []time.Duration{0, 700, 7000} {
			time.Sleep(pause * time.Millisecond)
			l.look(admin)
			l.install("POST", "three")
		}
		l.install("POST", "two")
		time.Sleep(time.Minute)
		l.flags()
	}
}

// flags are what is installed in truth.
func (l *life) flags() {
	l.t.Helper()
	var on []string
	for _, s := range l.server.State().Integration("acme").JobSpecs {
		on = append(on, fmt.Sprintf("%s %v", s.Name, s.Installed))
	}
	l.lines = append(l.lines, "job specs: "+strings.Join(on, ", "))
}

// live goes through it under dispositions.
func live(t *testing.T, names ...string) []string {
	t.Helper()
	l := &life{t: t, server: &emulator.Server{}, names: map[string]string{}, texts: map[string]string{}}
	for _, err := range []error{l.server.Register("acme"), l.server.Grant("acme-token", "acme"), l.server.Behave(names...)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	l.look(admin)
	l.register()
	l.firstUploads()
	l.uploads()
	l.end()
	return l.lines
}

func (l *life) register() {
	l.t.Helper()
	for _, name := range []string{"new", "acme"} {
		l.ask(admin, "POST", registry+name, `{"description": "x"}`)
	}
	l.ask(admin, "GET", registry+"integrations", "")
	l.ask(admin, "POST", "/api/v2/oauth/tokens.json", `{"token": {"client_id": "1260800799110", "scopes": ["read"]}}`)
}

// firstUploads are two bundles, looked at for two minutes each.
func (l *life) firstUploads() {
	l.t.Helper()
	l.upload(strings.Replace(oneFlow("other", "four"), `"event_type"`, `"description": "", "event_type"`, 1))
	l.look(admin)
	for _, pause := range []time.Duration{50, 350, 300, 320, 180, 900, 2900, 15000, 100000} {
		time.Sleep(pause * time.Millisecond)
		l.flags()
		l.look(admin)
		l.install("POST", "four")
	}
	l.install("POST", "four", "four")
	l.flags()
	l.upload(richBundle("rich", "one", "two", "three"))
	l.install("POST", "one", "two", "two", "three")
	l.look(admin)
	l.look(zisToken)
	time.Sleep(2 * time.Minute)
	l.install("POST", "four", "one", "two", "three")
	l.flags()
}

// end takes job specs away, and goes through what is no upload.
func (l *life) end() {
	l.t.Helper()
	l.install("DELETE", "two", "two")
	l.install("DELETE", "one")
	l.look(zisToken)
	l.ask(zisToken, "POST", registry+"job_specs/install?job_spec_name=zis:acme:job_spec:one", "")
	l.ask(zisToken, "DELETE", registry+"job_specs/install?job_spec_name=zis:acme:job_spec:one", "")
	l.grants()
	l.apps()
	l.services()
	if specs := l.server.State().Integration("acme").JobSpecs; len(specs) > 0 {
		l.ask(zisToken, "GET", registry+"acme/job_specs?page%5Bsize%5D=1&page%5Bafter%5D="+specs[0].UUID, "")
	}
	for n := range 101 {
		if err := l.server.Register(fmt.Sprintf("more%d", n)); err != nil {
			l.t.Fatal(err)
		}
	}
	l.ask(admin, "GET", "/api/v2/oauth/clients.json", "")
}

// services are a connection, a config and an inbound webhook.
func (l *life) services() {
	l.t.Helper()
	const zis = "/api/services/zis/"
	const configs, connections = zis + "integrations/acme/configs", zis + "integrations/acme/connections/"
	if err := l.server.Edit(func(st *emulator.State) {
		st.Integration("acme").Connections = []emulator.Connection{{Type: "oauth", Name: "zendesk"}}
	}); err != nil {
		l.t.Fatal(err)
	}
	l.ask(zisToken, "GET", configs+"?filter[scope]=*", "")
	for range 2 {
		l.ask(zisToken, "POST", configs, `{"scope": "s", "config": {"a": 1}}`)
	}
	l.ask(zisToken, "GET", configs+"?filter[scope]=*", "")
	l.ask(zisToken, "POST", connections+"bearer_token", `{"name": "slack", "token": "x", "allowed_domain": "slack.com"}`)
	l.ask(zisToken, "GET", connections+"all", "")
	l.ask(zisToken, "POST", zis+"inbound_webhooks/generic/acme", `{"source_system": "shop", "event_type": "order"}`)
	l.ask(zisToken, "GET", zis+"inbound_webhooks/generic/acme/all", "")
}

// grants are tokens of client credentials, used, and revoked.
func (l *life) grants() {
	l.t.Helper()
	for range 2 {
		l.ask("", "POST", "/oauth/tokens", `{"grant_type": "client_credentials", "client_id": "ci", "client_secret": "s", "scope": "read write"}`)
	}
	full, id := "", int64(0)
	for text, token := range l.server.State().Tokens {
		if token.ID > id {
			full, id = text, token.ID
		}
	}
	l.ask("Bearer "+full, "GET", "/api/v2/oauth/tokens/current", "")
	time.Sleep(2 * time.Minute)
	l.ask("Bearer "+full, "GET", "/api/v2/oauth/tokens/current", "")
	l.uploadAs("Bearer " + full)
	l.uploadAs("Bearer acme-token")
	l.ask(admin, "DELETE", fmt.Sprintf("/api/v2/oauth/tokens/%d", id), "")
	l.ask("Bearer "+full, "GET", "/api/v2/oauth/tokens/current", "")
}

func (l *life) uploadAs(auth string) {
	l.t.Helper()
	l.ask(auth, "POST", registry+"acme/bundles", oneFlow("third"))
}

// apps are one that is built, installed, restricted, and built again.
func (l *life) apps() {
	l.t.Helper()
	const at = "/api/v2/apps"
	for n := range 2 {
		l.askForm(at+"/uploads.json", appPackage(l.t, fmt.Sprintf("1.0.%d", n), nil))
		uploads := l.server.State().Apps.Uploads
		if len(uploads) == 0 {
			return
		}
		for range 2 {
			l.build(uploads[0].ID)
			time.Sleep(30 * time.Second)
		}
		for _, app := range l.server.State().Apps.Apps {
			l.ask(admin, "GET", fmt.Sprintf("%s/%d.json", at, app.ID), "")
			l.ask(admin, "GET", at+"/owned.json", "")
			l.ask(admin, "POST", at+"/installations.json", fmt.Sprintf(`{"app_id": "%d", "settings": {"name": "Deploy"}, "role_restrictions": [1]}`, app.ID))
			l.ask(admin, "GET", at+"/installations.json", "")
		}
	}
}

// build makes the app, or another version of it, and follows the jobs.
func (l *life) build(upload int64) {
	l.t.Helper()
	method, path := "POST", "/api/v2/apps.json"
	if apps := l.server.State().Apps.Apps; len(apps) > 0 {
		method, path = "PUT", fmt.Sprintf("/api/v2/apps/%d.json", apps[0].ID)
	}
	l.ask(admin, method, path, fmt.Sprintf(`{"upload_id": %d, "name": "Deploy"}`, upload))
	for range 3 {
		for _, j := range l.server.State().Apps.Jobs {
			l.ask(admin, "GET", "/api/v2/apps/job_statuses/"+j.ID, "")
		}
		time.Sleep(2500 * time.Millisecond)
	}
}
