package emulator_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

const manifest = `{"name": "Deploy", "author": {"name": "A", "email": "a@example.com"}, "defaultLocale": "en", "private": true,
	"frameworkVersion": "2.0", "version": "VERSION", "location": {"support": {"nav_bar": "assets/index.html"}}}`

// appPackage is a package that can be built, with some files changed; one
// without content is left out.
func appPackage(t testing.TB, version string, change map[string]string) []byte {
	t.Helper()
	files := map[string]string{
		"manifest.json": strings.Replace(manifest, "VERSION", version, 1), "translations/en.json": `{"app": {"name": "Deploy"}}`,
		"assets/index.html": "<h1>" + version + "</h1>", "assets/icon_nav_bar.svg": "<svg/>",
	}
	maps.Copy(files, change)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if files[name] == "" {
			continue
		}
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if strings.HasSuffix(name, "link") {
			header.SetMode(0o777 | fs.ModeSymlink)
		}
		w, err := z.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// formOf is a package as the form that carries it.
func formOf(t testing.TB, file []byte) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.SetBoundary("boundary"); err != nil {
		t.Fatal(err)
	}
	w, err := form.CreateFormFile("uploaded_data", "app.zip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), form.FormDataContentType()
}

// appClient asks the Apps API as an admin's OAuth token.
type appClient struct {
	t      *testing.T
	server *emulator.Server
}

func (c appClient) ask(method, path, body string, v any) int {
	c.t.Helper()
	status, text := serve(c.t, c.server, method, path, body, bearer("admin-token"))
	if v != nil && status < 300 {
		decode(c.t, text, v)
	}
	return status
}

func (c appClient) upload(file []byte) (id int64, status int) {
	c.t.Helper()
	body, kind := formOf(c.t, file)
	r := httptest.NewRequest("POST", "http://acme.zendesk.com/api/v2/apps/uploads.json", bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer admin-token")
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	var answer struct{ ID int64 }
	decode(c.t, w.Body.String(), &answer)
	return answer.ID, w.Code
}

type jobStatus struct {
	Status, Message string
	AppID           int64 `json:"app_id"`
}

// wait follows a job to its end.
func (c appClient) wait(job string) jobStatus {
	c.t.Helper()
	for range 100 {
		var s jobStatus
		if status := c.ask("GET", "/api/v2/apps/job_statuses/"+job, "", &s); status != 200 {
			c.t.Fatal(status)
		}
		if s.Status != "queued" && s.Status != "working" {
			return s
		}
		time.Sleep(time.Second)
	}
	c.t.Fatal("the job has no end")
	return jobStatus{}
}

func newAppClient(t *testing.T) appClient {
	t.Helper()
	s := &emulator.Server{}
	prepare(t, s)
	return appClient{t, s}
}

func (c appClient) build(method, path, body string) jobStatus {
	c.t.Helper()
	var job struct {
		JobID string `json:"job_id"`
	}
	if status := c.ask(method, path, body, &job); status != 202 {
		c.t.Fatalf("%s %s: %d", method, path, status)
	}
	return c.wait(job.JobID)
}

type shownApp struct {
	ID             int64
	Version        string
	AssetURLPrefix string `json:"asset_url_prefix"`
}

func (c appClient) file(address string) string {
	c.t.Helper()
	r, err := http.NewRequest("GET", address, nil) //nolint:noctx // a test's
	if err != nil {
		c.t.Fatal(err)
	}
	status, body := serve(c.t, c.server, "GET", r.URL.Path, "")
	return fmt.Sprint(status, " ", body)
}

// An app is uploaded, created, installed, updated and taken away; its files
// are open to everybody who knows their address, those of the former version
// too.
func TestAppsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newAppClient(t)
		first, status := c.upload(appPackage(t, "1.0.0", nil))
		if status != 201 {
			t.Fatal(status)
		}
		done := c.build("POST", "/api/v2/apps.json", fmt.Sprintf(`{"upload_id": %d, "name": "Deploy"}`, first))
		var one, two shownApp
		c.ask("GET", fmt.Sprintf("/api/v2/apps/%d.json", done.AppID), "", &one)
		var installed struct{ ID int64 }
		if status := c.ask("POST", "/api/support/apps/installations.json", fmt.Sprintf(`{"app_id": "%d", "settings": {"name": "Deploy"}}`, one.ID), &installed); status != 201 {
			t.Errorf("install: %d", status)
		}
		second, _ := c.upload(appPackage(t, "1.0.1", nil))
		c.build("PUT", fmt.Sprintf("/api/v2/apps/%d", one.ID), fmt.Sprintf(`{"upload_id": %d}`, second))
		c.ask("GET", fmt.Sprintf("/api/v2/apps/%d", one.ID), "", &two)
		page, _ := c.server.AppPage("http://acme.zendesk.com", installed.ID, "support.nav_bar")
		want := []string{"completed 1.0.0 1.0.1", "200 <h1>1.0.0</h1>", "200 <h1>1.0.1</h1>", "200 <h1>1.0.1</h1>", "422 Unprocessable Entity"}
		got := []string{
			done.Status + " " + one.Version + " " + two.Version, c.file(one.AssetURLPrefix + "index.html"), c.file(two.AssetURLPrefix + "index.html"),
			c.file(page), c.file(two.AssetURLPrefix + "manifest.json"),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		gone := []int{
			c.ask("DELETE", fmt.Sprintf("/api/v2/apps/installations/%d.json", installed.ID), "", nil), c.ask("DELETE", fmt.Sprintf("/api/v2/apps/%d", one.ID), "", nil),
			c.ask("GET", fmt.Sprintf("/api/v2/apps/%d.json", one.ID), "", nil),
		}
		if diff := cmp.Diff([]int{204, 204, 404}, gone); diff != "" {
			t.Errorf("uninstalled, deleted, shown (-want +got):\n%s", diff)
		}
	})
}

// Settings are merged, restrictions are kept.
func TestInstallationIsMerged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newAppClient(t)
		id, _ := c.upload(appPackage(t, "1.0.0", nil))
		app := c.build("POST", "/api/v2/apps.json", fmt.Sprintf(`{"upload_id": "%d", "name": "Deploy"}`, id)).AppID
		var shown struct {
			ID       int64
			Settings map[string]string
			Enabled  bool
			Roles    []int `json:"role_restrictions"`
		}
		c.ask("POST", "/api/v2/apps/installations.json", fmt.Sprintf(`{"app_id": %d, "settings": {"name": "Deploy", "a": "1"}}`, app), &shown)
		c.ask("PUT", fmt.Sprintf("/api/v2/apps/installations/%d.json", shown.ID), `{"settings": {"b": "2"}, "enabled": false, "role_restrictions": [4]}`, &shown)
		if want := map[string]string{"name": "Deploy", "a": "1", "b": "2"}; !cmp.Equal(want, shown.Settings) || shown.Enabled || !slices.Equal(shown.Roles, []int{4}) {
			t.Errorf("%+v", shown)
		}
	})
}

// What the account's builder was seen to refuse fails as a job; what isn't
// looked into before fails there and not at the upload.
func TestAppIsRefused(t *testing.T) {
	replace := func(from, to string) map[string]string {
		return map[string]string{"manifest.json": strings.Replace(manifest, from, to, 1)}
	}
	for name, tt := range map[string]struct {
		change map[string]string
		want   string
	}{
		"no manifest":         {map[string]string{"manifest.json": ""}, "could not find manifest.json"},
		"nested":              {map[string]string{"manifest.json": "", "app/manifest.json": manifest}, "nested manifest"},
		"no JSON":             {map[string]string{"manifest.json": "{"}, "not proper JSON"},
		"no author":           {replace(`"name": "A"`, `"name": ""`), "author"},
		"odd locale":          {replace(`"en"`, `"english"`), "defaultLocale"},
		"no translation":      {map[string]string{"translations/en.json": ""}, "translations/en.json"},
		"framework":           {replace(`"2.0"`, `"1.0"`), "frameworkVersion"},
		"location is missing": {map[string]string{"assets/index.html": ""}, "not a file of assets/"},
		"location is http":    {replace(`assets/index.html`, `http://example.com`), "not a file of assets/"},
		"an archive":          {map[string]string{"assets/a.ZIP": "x"}, "not allowed"},
		"a symlink":           {map[string]string{"assets/link": "../x"}, "symlinks"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newAppClient(t)
				id, status := c.upload(appPackage(t, "1", tt.change))
				got := c.build("POST", "/api/v2/apps.json", fmt.Sprintf(`{"upload_id": %d, "name": "x"}`, id))
				if status != 201 || got.Status != "failed" || !strings.Contains(got.Message, tt.want) {
					t.Errorf("%d %+v, want a failure that tells of %s", status, got, tt.want)
				}
			})
		})
	}
}

// A request that can't be carried out says so.
func TestAppRequestsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newAppClient(t)
		id, _ := c.upload(appPackage(t, "1", nil))
		app := c.build("POST", "/api/v2/apps.json", fmt.Sprintf(`{"upload_id": %d, "name": "x"}`, id)).AppID
		if _, status := c.upload(bytes.Repeat([]byte("x"), 2<<20+1)); status != 422 {
			t.Errorf("a package over 2 MB: %d, want 422", status)
		}
		for _, tt := range []struct {
			method, path, body string
			want               int
		}{
			{"POST", "/api/v2/apps/uploads.json", "x", 422},
			{"POST", "/api/v2/apps.json", `{"upload_id": 1, "name": "x"}`, 422},
			{"POST", "/api/v2/apps.json", fmt.Sprintf(`{"upload_id": %d}`, id), 422},
			{"PUT", fmt.Sprintf("/api/v2/apps/%d", app), `{}`, 500},
			{"PUT", "/api/v2/apps/1", `{"upload_id": 1}`, 404},
			{"GET", "/api/v2/apps/job_statuses/none", "", 404},
			{"POST", "/api/v2/apps/installations.json", `{"app_id": 1, "settings": {"name": "x"}}`, 422},
			{"POST", "/api/v2/apps/installations.json", fmt.Sprintf(`{"app_id": %d}`, app), 422},
			{"PUT", "/api/v2/apps/installations/1.json", `{}`, 404},
			{"GET", "/1/assets/none/index.html", "", 404},
		} {
			if got := c.ask(tt.method, tt.path, tt.body, nil); got != tt.want {
				t.Errorf("%s %s %s: %d, want %d", tt.method, tt.path, tt.body, got, tt.want)
			}
		}
	})
}
