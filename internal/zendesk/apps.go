package zendesk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Apps is the Apps API of an account. It takes the credential of an admin.
type Apps struct{ Client *registry.Client }

// ID is the number of an app or installation. It comes as a number or, in what
// some calls take, as text: both are read.
type ID int64

// UnmarshalJSON reads a number, or the text of one.
func (id *ID) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil && string(raw) != "null" {
		return err
	}
	*id = ID(n)
	return nil
}

// App is a private app of the account.
type App struct {
	ID      ID     `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"` // what its manifest says
}

// Installation is an app that people of the account see.
type Installation struct {
	ID       ID   `json:"id"`
	AppID    ID   `json:"app_id"`
	Enabled  bool `json:"enabled"`
	Settings struct {
		Name string `json:"name"`
	} `json:"settings"`
	Roles  json.RawMessage `json:"role_restrictions"` // what it holds is not known
	Groups json.RawMessage `json:"group_restrictions"`
}

// Job is a build that the account does by itself.
type Job struct {
	Status  string `json:"status"` // queued, working, failed, completed, killed
	Message string `json:"message"`
	AppID   ID     `json:"app_id"`
}

// Upload sends a package, for Create or Update. One that is never used does
// nothing, so the request may be repeated.
// POST /api/v2/apps/uploads.json (documented; 201, in older documents 200).
func (a Apps) Upload(ctx context.Context, pack []byte) (ID, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	w, err := form.CreateFormFile("uploaded_data", "app.zip")
	if err != nil {
		return 0, err
	}
	if _, err := w.Write(pack); err != nil {
		return 0, err
	}
	if err := form.Close(); err != nil {
		return 0, err
	}
	var got struct {
		ID ID `json:"id"`
	}
	err = a.into(ctx, registry.Call{
		Op: "upload the app", Method: http.MethodPost, Path: apps("uploads.json"),
		Body: b.Bytes(), ContentType: form.FormDataContentType(), Harmless: true,
	}, &got, func() bool { return got.ID != 0 })
	return got.ID, err
}

// Create makes an app of an upload, in a job.
// POST /api/v2/apps.json (documented; the status 202 is inferred).
func (a Apps) Create(ctx context.Context, upload ID, name string) (job string, err error) {
	return a.build(ctx, registry.Call{
		Op: fmt.Sprintf("create the app %q", name), Method: http.MethodPost, Path: []string{"api", "v2", "apps.json"},
	}, map[string]any{"upload_id": upload, "name": name})
}

// Update puts an upload in the place of what the app is made of, in a job; its
// installations stay. To repeat it does no harm.
// PUT /api/v2/apps/{id} (documented; observed).
func (a Apps) Update(ctx context.Context, id, upload ID) (job string, err error) {
	return a.build(ctx, registry.Call{
		Op: fmt.Sprintf("update the app %d", id), Method: http.MethodPut, Path: apps(number(id)), Harmless: true,
	}, map[string]any{"upload_id": upload})
}

func (a Apps) build(ctx context.Context, k registry.Call, body any) (string, error) {
	var got struct {
		JobID string `json:"job_id"`
	}
	err := a.send(ctx, k, body, &got, func() bool { return got.JobID != "" })
	return got.JobID, err
}

// Job looks at a job. GET /api/v2/apps/job_statuses/{id} (documented).
func (a Apps) Job(ctx context.Context, id string) (Job, error) {
	var got Job
	err := a.into(ctx, registry.Call{
		Op: "look at the build of the app", Method: http.MethodGet, Path: apps("job_statuses", id),
	}, &got, func() bool { return got.Status != "" })
	return got, err
}

// Show reads one app. GET /api/v2/apps/{id}.json (observed, not wrapped; the
// other calls of this API that name a thing wrap it, so that is read as well).
func (a Apps) Show(ctx context.Context, id ID) (App, error) {
	var got struct {
		App
		Wrapped App `json:"app"`
	}
	err := a.into(ctx, registry.Call{
		Op: fmt.Sprintf("read the app %d", id), Method: http.MethodGet, Path: apps(number(id) + ".json"),
	}, &got, func() bool { return got.ID == id || got.Wrapped.ID == id })
	if got.ID == 0 {
		return got.Wrapped, err
	}
	return got.App, err
}

// Owned lists the account's private apps. GET /api/v2/apps/owned.json
// (observed).
func (a Apps) Owned(ctx context.Context) ([]App, error) {
	var got struct {
		Apps []App `json:"apps"`
	}
	err := a.into(ctx, registry.Call{
		Op: "list the private apps", Method: http.MethodGet, Path: apps("owned.json"),
	}, &got, func() bool { return got.Apps != nil })
	return got.Apps, err
}

// Installations lists what is installed in Support.
// GET /api/support/apps/installations.json (documented; observed).
func (a Apps) Installations(ctx context.Context) ([]Installation, error) {
	var got struct {
		Installations []Installation `json:"installations"`
	}
	err := a.into(ctx, registry.Call{
		Op: "list the installed apps", Method: http.MethodGet, Path: support("installations.json"),
	}, &got, func() bool { return got.Installations != nil })
	return got.Installations, err
}

// Install installs an app for everybody.
// POST /api/support/apps/installations.json (observed; 200 or 201).
func (a Apps) Install(ctx context.Context, app ID, name string) (Installation, error) {
	var got Installation
	err := a.send(ctx, registry.Call{
		Op: fmt.Sprintf("install the app %q", name), Method: http.MethodPost, Path: support("installations.json"),
	}, map[string]any{"app_id": number(app), "settings": map[string]string{"name": name}}, &got, func() bool { return got.ID != 0 })
	return got, err
}

// Restrict asks that only people of one role see an installation. Whether the
// API takes it is not known: read it back.
// PUT /api/v2/apps/installations/{id}.json (observed with settings; it merges).
func (a Apps) Restrict(ctx context.Context, installation, role ID) error {
	var got Installation
	return a.send(ctx, registry.Call{
		Op: "restrict the app to administrators", Method: http.MethodPut, Path: apps("installations", number(installation)+".json"), Harmless: true,
	}, map[string]any{"role_restrictions": []ID{role}}, &got, func() bool { return true })
}

// Role is the number of the role that the credential's user has; 0 if the
// account has no roles of its own. GET /api/v2/users/me.json (documented).
func (a Apps) Role(ctx context.Context) (ID, error) {
	var got struct {
		User struct {
			Role string `json:"role"`
			Own  ID     `json:"custom_role_id"`
		} `json:"user"`
	}
	err := a.into(ctx, registry.Call{
		Op: "read the credential's user", Method: http.MethodGet, Path: []string{"api", "v2", "users", "me.json"},
	}, &got, func() bool { return true })
	if got.User.Role != "admin" {
		return 0, err
	}
	return got.User.Own, err
}

func (a Apps) send(ctx context.Context, k registry.Call, body, v any, complete func() bool) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	k.Body = text
	return a.into(ctx, k, v, complete)
}

// into makes the call and decodes its answer. One that isn't complete is of
// another shape.
func (a Apps) into(ctx context.Context, k registry.Call, v any, complete func() bool) error {
	k.Admin, k.Result = true, true
	got, err := a.Client.Do(ctx, k)
	if err != nil {
		return err
	}
	if json.Unmarshal(got.Body, v) != nil || !complete() {
		return got.Misshapen("the answer is not what the Apps API gives")
	}
	return nil
}

func apps(segments ...string) []string { return append([]string{"api", "v2", "apps"}, segments...) }

func support(segments ...string) []string {
	return append([]string{"api", "support", "apps"}, segments...)
}

func number(n ID) string { return strconv.FormatInt(int64(n), 10) }
