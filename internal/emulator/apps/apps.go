// Package apps is the Apps API of a Zendesk account: uploads, private apps,
// the jobs that build them, installations, and the files that browsers load.
// It knows nothing of ZIS.
package apps

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// State is what the account holds of apps.
type State struct {
	Uploads       []*Upload       `json:"uploads,omitempty"`
	Apps          []*App          `json:"apps,omitempty"`
	Jobs          []*Job          `json:"jobs,omitempty"`
	Installations []*Installation `json:"installations,omitempty"`
}

// App is a private app of the account.
type App struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Builds    []Build   `json:"builds"` // the last one is the app; browsers may still load others
	CreatedAt time.Time `json:"created_at"`
}

// Build is one version of an app.
type Build struct {
	Stamp    string            `json:"stamp"` // the part of its files' address that is its own
	Manifest Manifest          `json:"manifest"`
	Files    map[string][]byte `json:"files"` // of assets/, by path below it
	At       time.Time         `json:"at"`
}

// Rules are what a platform does otherwise.
type Rules struct {
	JobTime    time.Duration // how long a build takes; 0: two seconds
	Replicates time.Duration // so long after an upload, a build doesn't know it (observed by one client's pause)
	SameStamp  bool          // an update doesn't change the address of files (observed)
	Restricts  Restricts
}

// Account does what requests ask of the apps of an account.
type Account struct {
	*State
	Rules   Rules
	Now     time.Time
	NewID   func() int64
	Address func(path string) string // of this account, as the client knows it
}

// Latest is the build that runs.
func (a *App) Latest() Build { return a.Builds[len(a.Builds)-1] }

func (s *State) app(id string) *App {
	n, err := strconv.ParseInt(strings.TrimSuffix(id, ".json"), 10, 64)
	i := slices.IndexFunc(s.Apps, func(a *App) bool { return a.ID == n })
	if err != nil || i < 0 {
		return nil
	}
	return s.Apps[i]
}

// appEntry is an app as it is shown. The reference names id, name, version,
// framework_version and locations; the others are inferred.
type appEntry struct {
	ID               int64     `json:"id"`
	Name             string    `json:"name"`
	Version          string    `json:"version"`
	FrameworkVersion string    `json:"framework_version"`
	AuthorName       string    `json:"author_name"`
	DefaultLocale    string    `json:"default_locale"`
	Locations        []string  `json:"locations"`
	AssetURLPrefix   string    `json:"asset_url_prefix"`
	State            string    `json:"state"`
	Visibility       string    `json:"visibility"`
	CreatedAt        time.Time `json:"created_at"`
	UpdatedAt        time.Time `json:"updated_at"`
}

func (a *Account) entry(app *App) appEntry {
	b := app.Latest()
	return appEntry{
		ID: app.ID, Name: app.Name, Version: b.Manifest.Version, FrameworkVersion: b.Manifest.FrameworkVersion,
		AuthorName: b.Manifest.Author.Name, DefaultLocale: b.Manifest.DefaultLocale, Locations: b.Manifest.locations(),
		AssetURLPrefix: a.Address(assetPath(app.ID, b.Stamp)), State: "published", Visibility: "private",
		CreatedAt: app.CreatedAt, UpdatedAt: b.At,
	}
}

// List shows all apps of the account; all of them are its own.
func (a *Account) List() wire.Answer {
	list := []appEntry{}
	for _, app := range a.Apps {
		list = append(list, a.entry(app))
	}
	return wire.Reply(http.StatusOK, map[string]any{"apps": list})
}

// Show shows one app, not wrapped (observed).
func (a *Account) Show(id string) wire.Answer {
	app := a.app(id)
	if app == nil {
		return notFound()
	}
	return wire.Reply(http.StatusOK, a.entry(app))
}

// Delete takes an app away, with its installations (its status is inferred).
func (a *Account) Delete(id string) wire.Answer {
	app := a.app(id)
	if app == nil {
		return notFound()
	}
	a.Apps = slices.DeleteFunc(a.Apps, func(other *App) bool { return other == app })
	a.Installations = slices.DeleteFunc(a.Installations, func(i *Installation) bool { return i.AppID == app.ID })
	return wire.Answer{Status: http.StatusNoContent}
}

func notFound() wire.Answer {
	return wire.Reply(http.StatusNotFound, map[string]string{"error": "RecordNotFound", "description": "Not found"})
}

// invalid is a refusal in the form of the Support API.
func invalid(text string) wire.Answer {
	return wire.Reply(http.StatusUnprocessableEntity, map[string]string{"error": "RecordInvalid", "description": text})
}

// id is a number that may stand in quotes.
type id int64

// UnmarshalJSON reads 12 and "12".
func (n *id) UnmarshalJSON(text []byte) error {
	v, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64)
	*n = id(v)
	return err
}

func decode(body []byte, v any) error { return json.Unmarshal([]byte(cmp.Or(string(body), "{}")), v) }

// Clone is a copy that later changes don't reach. Files are never written
// into, so they are shared.
func (s State) Clone() State {
	c := State{Uploads: slices.Clone(s.Uploads)}
	for _, app := range s.Apps {
		copied := *app
		copied.Builds = slices.Clone(app.Builds)
		c.Apps = append(c.Apps, &copied)
	}
	for _, j := range s.Jobs {
		copied := *j
		c.Jobs = append(c.Jobs, &copied)
	}
	for _, i := range s.Installations {
		copied := *i
		copied.Settings = maps.Clone(i.Settings)
		c.Installations = append(c.Installations, &copied)
	}
	return c
}
