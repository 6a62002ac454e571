package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/app"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

func document(t *testing.T, text string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("b.json", []byte(text)))
	if doc == nil {
		t.Fatal(found)
	}
	return doc
}

// text is a bundle whose action has this header and whose job specs have these
// names.
func text(header string, specs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"name":"b","zis_template_version":"2019-10-14","resources":{"a":{"type":"ZIS::Action::Http","properties":{"name":"a",
		"definition":{"method":"GET","url":"https://x.example","headers":[{"key":"Authorization","value":%q}]}}}`, header)
	for _, s := range specs {
		fmt.Fprintf(&b, `,%q:{"type":"ZIS::JobSpec","properties":{"name":%q,"event_source":"support","event_type":"ticket.TicketCreated","flow_name":"zis:crm:flow:f"}}`, s, s)
	}
	return b.String() + "}}"
}

// plan is what makes the account run want; have is what it runs, with all its
// job specs installed.
func plan(t *testing.T, want, have string) deploy.Prepared {
	t.Helper()
	remote := deploy.Remote{Integration: "crm"}
	if have != "" {
		doc := document(t, have)
		remote.Bundles = []deploy.Stored{{BundleInfo: registry.BundleInfo{UUID: "u", Name: "b"}, Doc: doc}}
		for _, s := range zis.Read(doc).JobSpecs {
			remote.JobSpecs = append(remote.JobSpecs, registry.JobSpec{Name: s.Name.Value, Installed: true})
		}
	}
	p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(document(t, want))}, remote, deploy.Options{Prune: true, PruneLimit: 5})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func release(t *testing.T, want, have string) app.Release {
	t.Helper()
	r, err := app.NewRelease(plan(t, want, have), app.About{Subdomain: "acme", Tag: "v1.2.0", Commit: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unzip(t *testing.T, pack []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	return files
}

func pack(t *testing.T, r app.Release) []byte {
	t.Helper()
	p, err := r.Package()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatAReleaseHolds(t *testing.T) {
	r := release(t, text("{{$.x}}", "kept", "new"), text("{{$.x}}", "kept", "gone"))
	if want := []string{"zis:crm:job_spec:kept", "zis:crm:job_spec:new"}; !slices.Equal(r.Install, want) || !slices.Equal(r.Bundles[0].Install, want) {
		t.Errorf("installs %q, %q", r.Install, r.Bundles[0].Install)
	}
	if want := []string{"zis:crm:job_spec:gone"}; !slices.Equal(r.Prune, want) {
		t.Errorf("prunes %q", r.Prune)
	}
	if want := []string{"gone", "kept", "new"}; !slices.Equal(r.Touched, want) {
		t.Errorf("touches %q", r.Touched)
	}
	if want := []string{"kept", "gone"}; !slices.Equal(r.Before.Installed, want) {
		t.Errorf("before, %q were on", r.Before.Installed)
	}
	if r.Bundles[0].Digest != document(t, r.Bundles[0].Body).Digest() {
		t.Error("the digest is not the body's")
	}
}

func TestThePackageIsWhatTheFrameworkDemands(t *testing.T) {
	r := release(t, text("{{$.x}}", "s"), "")
	files := unzip(t, pack(t, r))
	var m struct {
		Author           map[string]string
		DefaultLocale    string
		FrameworkVersion string
		Version          string
		Private          bool
		Location         map[string]map[string]string
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	if m.Author["name"] == "" || m.FrameworkVersion != "2.0" || !m.Private || m.Version != r.Version {
		t.Errorf("manifest: %+v", m)
	}
	for _, name := range []string{m.Location["support"]["nav_bar"], "translations/" + m.DefaultLocale + ".json", "assets/icon_nav_bar.svg"} {
		if files[name] == "" {
			t.Errorf("%q is missing", name)
		}
	}
	if icon := files["assets/icon_nav_bar.svg"]; !strings.Contains(icon, "viewBox") || regexp.MustCompile(`fill|stroke|<script|<image`).MatchString(icon) {
		t.Errorf("the icon would be left out or rewritten: %s", icon)
	}
}

func TestThePackageIsAlwaysTheSame(t *testing.T) {
	want, have := text("{{$.x}}", "s"), text("{{$.y}}", "s", "t")
	one, two := pack(t, release(t, want, have)), pack(t, release(t, want, have))
	if !bytes.Equal(one, two) {
		t.Error("the same release gave two packages")
	}
	if release(t, want, have).Version == release(t, want, "").Version {
		t.Error("two releases have one version")
	}
}

func TestScriptsAreNamedByContentAndFindEachOther(t *testing.T) {
	files := unzip(t, pack(t, release(t, text("{{$.x}}", "s"), "")))
	scripts := 0
	for name, body := range files {
		if strings.HasSuffix(name, ".js") {
			scripts += len(body)
		}
		for _, m := range regexp.MustCompile(`(?:from|src=|href=) ?"([^"]+)"`).FindAllStringSubmatch(body, -1) {
			if !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".html") || strings.HasPrefix(m[1], "https://static.zdassets.com/") {
				continue
			}
			if target := "assets/" + strings.TrimPrefix(m[1], "./"); files[target] == "" {
				t.Errorf("%s names %s, which is not in the package", name, target)
			}
		}
	}
	if scripts == 0 || scripts > 40_000 {
		t.Errorf("the scripts have %d bytes, at most 40,000", scripts)
	}
}

func TestThePageMayAskNobody(t *testing.T) {
	index := unzip(t, pack(t, release(t, text("{{$.x}}", "s"), "")))["assets/index.html"]
	if !strings.Contains(index, `content="default-src 'none'; script-src 'self' https://static.zdassets.com; style-src 'self'; base-uri 'none'; form-action 'none'"`) {
		t.Errorf("the page's policy:\n%.700s", index)
	}
}

func TestNothingInThePageIsMarkup(t *testing.T) {
	r := release(t, text("{{$.x}}", "s"), "")
	r.Sentences = append([]app.Line{{Text: "</script><b>&\u2028"}}, r.Sentences...)
	index := unzip(t, pack(t, r))["assets/index.html"]
	if strings.Contains(index, "<b>") || strings.Count(index, "</script>") != 4 {
		t.Errorf("a sentence became markup:\n%s", index)
	}
	m := regexp.MustCompile(`(?s)id="release">(.*?)</script>`).FindStringSubmatch(index)
	var have app.Release
	if err := json.Unmarshal([]byte(m[1]), &have); err != nil || have.Version != r.Version || have.Sentences[0].Text != r.Sentences[0].Text {
		t.Errorf("%v: %+v", err, have)
	}
}

func TestARunningSecretLeavesNoTrace(t *testing.T) {
	secretly := func(secret string) app.Release {
		return release(t, text("{{$.x}}", "s"), text("Basic "+secret, "s"))
	}
	one, two := secretly("dXNlcjpwYXNzd29yZDE="), secretly("dXNlcjpwYXNzd29yZDI=")
	if a, b := pack(t, one), pack(t, two); !bytes.Equal(a, b) {
		t.Error("the packages of two secrets differ: a digest can be guessed at")
	}
	if want := "/resources/a/properties/definition/headers/0/value"; !slices.Contains(one.Before.Bundles[0].Blanked, want) {
		t.Errorf("blanked are %q", one.Before.Bundles[0].Blanked)
	}
}

func TestASecretIsRefused(t *testing.T) {
	_, err := app.NewRelease(plan(t, text("Basic dXNlcjpwYXNzd29yZDE=", "s"), ""), app.About{Subdomain: "acme"})
	e, ok := errors.AsType[*verdict.Error](err)
	if !ok || e.Reason != verdict.InvalidBundle || strings.Contains(err.Error(), "dXNlcjpw") {
		t.Errorf("have %v", err)
	}
}

// What is read over a slow line: 30 KB of bundle that don't compress well.
func TestThePackageIsSmall(t *testing.T) {
	noise, x := make([]byte, 30_000), uint32(7)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[x>>16%36]
	}
	bundle := fmt.Sprintf(`{"name":"b","zis_template_version":"2019-10-14","description":%q,"resources":{"s":{"type":"ZIS::JobSpec","properties":{"name":"s","event_source":"support","event_type":"ticket.TicketCreated","flow_name":"zis:crm:flow:f"}}}}`, noise)
	if size := len(pack(t, release(t, bundle, ""))); size < 15_000 || size > 100_000 {
		t.Errorf("the package of a bundle of %d bytes has %d, at most 100,000", len(bundle), size)
	}
}

func TestTooLargeAPackageIsRefused(t *testing.T) {
	r := release(t, text("{{$.x}}", "s"), "")
	noise := make([]byte, 3_000_000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[x>>26]
	}
	r.Bundles[0].Body = string(noise)
	if _, err := r.Package(); err == nil || !strings.Contains(err.Error(), "at most 2000000") {
		t.Errorf("have %v", err)
	}
}

func TestTheLinkIsTheFrameworks(t *testing.T) {
	r := app.Release{Integration: "my_crm"}
	if want := "https://acme.zendesk.com/agent/apps/zis-deploy-my-crm"; r.Link("https://acme.zendesk.com/") != want {
		t.Errorf("have %s", r.Link("https://acme.zendesk.com/"))
	}
}
