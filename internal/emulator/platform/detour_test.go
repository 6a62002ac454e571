package platform_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// endpoints are those at which a request may be answered otherwise.
var endpoints = []platform.Endpoint{
	platform.Register, platform.Bundles, platform.Body, platform.Upload, platform.JobSpecs, platform.Install, platform.Uninstall, platform.Token, platform.Grant, platform.Revoke,
	platform.Connections, platform.Webhooks, platform.NewWebhook, platform.Connect, platform.Configs, platform.NewConfig,
	platform.AppUpload, platform.AppCreate, platform.AppUpdate, platform.AppInstall, platform.AppJob,
}

// TestDetours shows in testdata/detours.txtar what requests are answered in the
// place of the usual: five at each endpoint, one after the other. The real
// answers are those that the references have for the endpoint.
func TestDetours(t *testing.T) {
	if testing.Short() {
		t.Skip("computes in one goroutine")
	}
	play(t, "testdata/detours.txtar", func(_ []byte, rules platform.Rules) string {
		var b strings.Builder
		for _, on := range endpoints {
			b.WriteString(grouped(on, five(on, rules)))
		}
		return b.String()
	})
}

// grouped tells which of five requests are answered otherwise, and how.
func grouped(on platform.Endpoint, answers []string) string {
	var b strings.Builder
	for i, a := range answers {
		if a == "usual" || slices.Index(answers, a) < i {
			continue
		}
		var which []string
		for n, word := range []string{"first", "same again", "another", "of its own", "later"} {
			if answers[n] == a {
				which = append(which, word)
			}
		}
		if len(which) == len(answers) {
			which = []string{"every one"}
		}
		fmt.Fprintf(&b, "%s, %s: %s\n", on, strings.Join(which, ", "), a)
	}
	return b.String()
}

// five are the answers to five requests: the same twice, another, one of what
// is neither installed nor registered and asks for no page's size, and one half
// an hour later.
func five(on platform.Endpoint, rules platform.Rules) (answers []string) {
	at := time.Date(2026, 11, 26, 1, 0, 1, 0, time.UTC)
	for i := range 5 {
		r := asked(on)
		switch i {
		case 2:
			r.Request = httptest.NewRequest(http.MethodGet, "http://acme.zendesk.com/api/other?page[size]=100", nil)
		case 3:
			r.Installed, r.Registered = false, false
			r.Request = httptest.NewRequest(http.MethodGet, "http://acme.zendesk.com/api/own", nil)
		case 4:
			at = at.Add(30 * time.Minute)
		}
		answers = append(answers, taken(r, rules.Detour(r, at)))
	}
	return answers
}

// real are the statuses that the references have; 200 of the others.
var real = map[platform.Endpoint]int{
	platform.Uninstall: 204, platform.Token: 201, platform.NewWebhook: 201, platform.Connect: 201, platform.NewConfig: 201, platform.Configs: 404,
	platform.AppUpload: 201, platform.AppCreate: 202, platform.AppUpdate: 202, platform.AppInstall: 201,
}

// taken tells what a detour does.
func taken(r platform.Request, d *platform.Detour) string {
	switch {
	case d == nil:
		return "usual"
	case d.Real != nil:
		status := max(200, real[r.On])
		usual := wire.JSON(status, []byte(`{"status":"working","zendesk_oauth_client":{"secret":"abc"}}`))
		a := d.Real(usual)
		if a.Status == usual.Status && bytes.Equal(a.Body, usual.Body) {
			return "usual"
		}
		return fmt.Sprintf("%d in the place of %d %s", a.Status, status, a.Body)
	}
	a := d.With(r)
	text := fmt.Sprintf("%d", a.Status)
	if a.Status == 0 {
		text = "no answer"
	}
	for _, name := range []string{"Retry-After", "Location"} {
		if value := a.Header.Get(name); value != "" {
			text += fmt.Sprintf(", %s: %s", name, value)
		}
	}
	if len(a.Body) > 0 {
		text += fmt.Sprintf(" %.110q", a.Body)
	}
	switch {
	case d.Lands > 0:
		text += fmt.Sprintf(", takes effect %s later", d.Lands)
	case d.Takes:
		text += ", takes effect"
	}
	return text
}

// A credential is refused at one endpoint and taken at the others, or the
// reverse: the upload takes no OAuth token by the references.
func TestCredentials(t *testing.T) {
	kinds := map[platform.Credential]string{platform.APIToken: "API token", platform.ZISToken: "ZIS token", platform.AdminToken: "OAuth token", platform.Session: "session"}
	for _, tt := range []struct{ name, barred, allowed string }{
		{"credential-bundles-no-api-token", "list of bundles: API token 403", ""},
		{"credential-bundles-no-oauth", "list of bundles: ZIS token 401", ""},
		{"credential-body-no-api-token", "body of a bundle: API token 403", ""},
		{"credential-body-no-oauth", "body of a bundle: ZIS token 401", ""},
		{"credential-job-specs-no-api-token", "list of job specs: API token 403", ""},
		{"credential-install-no-oauth", "install: ZIS token 401", ""},
		{"credential-uninstall-no-api-token", "uninstall: API token 403", ""},
		{"credential-upload-takes-oauth", "", "upload: OAuth token"},
		{"credential-upload-takes-zis-oauth", "", "upload: ZIS token"},
		{"drop-nothing", "", ""},
	} {
		rules, err := platform.Named(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		var barred, allowed []string
		for _, on := range endpoints {
			for kind, word := range kinds {
				if a, ok := rules.Bars(on, kind); ok {
					barred = append(barred, fmt.Sprintf("%s: %s %d", on, word, a.Status))
				}
				if rules.Allows(on, kind) {
					allowed = append(allowed, fmt.Sprintf("%s: %s", on, word))
				}
			}
		}
		if got := strings.Join(barred, ", "); got != tt.barred {
			t.Errorf("%s refuses %q, want %q", tt.name, got, tt.barred)
		}
		if got := strings.Join(allowed, ", "); got != tt.allowed {
			t.Errorf("%s takes %q, want %q", tt.name, got, tt.allowed)
		}
	}
}

// Several dispositions hold at once; a name that there isn't says which ones
// are like it.
func TestNames(t *testing.T) {
	rules, err := platform.Named("drop-nothing", "list-pages-of-2", "grant-short-life", "changed-merged", "credential-no-api-tokens")
	if err != nil || rules.Drop.What != platform.DropNothing || rules.Pages.Most != 2 || rules.TokenLife != time.Minute || !rules.Merges || !rules.NoAPITokens {
		t.Errorf("%+v, %v", rules, err)
	}
	if rules, err := platform.Named(); err != nil || rules.Drop.What != platform.DropBundle || rules.Merges || rules.Pages.Most != 0 {
		t.Errorf("without names: %+v, %v", rules, err)
	}
	for name, want := range map[string]string{
		"grant-203": "grant-201, grant-429-once, grant-life-as-text, grant-masked, grant-no-life, grant-short-life", "nonsense": "drop-…", "": "drop-…",
	} {
		_, err := platform.Named("drop-nothing", name)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Fatalf("%q: %v", name, err)
		}
		_, list, _ := strings.Cut(err.Error(), "one of ")
		words := strings.Split(strings.TrimSuffix(list, "?"), ", ")
		slices.Sort(words)
		if got := strings.Join(words, ", "); !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
