package apps

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Installation is an app that people of the account see.
type Installation struct {
	ID       int64           `json:"id"`
	AppID    int64           `json:"app_id"`
	Enabled  bool            `json:"enabled"`
	Settings map[string]any  `json:"settings"`
	Roles    json.RawMessage `json:"role_restrictions,omitempty"`
	Groups   json.RawMessage `json:"group_restrictions,omitempty"`
	At       time.Time       `json:"created_at"`
	Changed  time.Time       `json:"updated_at"`
}

// Restricts says what the platform does with restrictions that come through
// the API: their fields are shown, and nothing else is known.
type Restricts int

// What may become of restrictions.
const (
	Kept    Restricts = iota // they are kept and shown
	Ignored                  // the request goes well, nothing is kept
	Refused                  // the request is refused
)

// installEntry is an installation as it is shown (observed).
type installEntry struct {
	ID                int64           `json:"id"`
	AppID             int64           `json:"app_id"`
	Product           string          `json:"product"`
	Settings          map[string]any  `json:"settings"`
	SettingsObjects   []any           `json:"settings_objects"`
	Enabled           bool            `json:"enabled"`
	Collapsible       bool            `json:"collapsible"`
	RoleRestrictions  json.RawMessage `json:"role_restrictions"`
	GroupRestrictions json.RawMessage `json:"group_restrictions"`
	CreatedAt         time.Time       `json:"created_at"`
	UpdatedAt         time.Time       `json:"updated_at"`
}

func (i *Installation) entry() installEntry {
	null := func(v json.RawMessage) json.RawMessage {
		if v == nil {
			return json.RawMessage("null")
		}
		return v
	}
	return installEntry{
		ID: i.ID, AppID: i.AppID, Product: "support", Settings: i.Settings, SettingsObjects: []any{}, Enabled: i.Enabled,
		RoleRestrictions: null(i.Roles), GroupRestrictions: null(i.Groups), CreatedAt: i.At, UpdatedAt: i.Changed,
	}
}

// ListInstallations shows all.
func (a *Account) ListInstallations() wire.Answer {
	list := []installEntry{}
	for _, i := range a.Installations {
		list = append(list, i.entry())
	}
	return wire.Reply(http.StatusOK, map[string]any{"installations": list})
}

// installRequest is the body of POST and PUT.
type installRequest struct {
	AppID    id              `json:"app_id"`
	Settings map[string]any  `json:"settings"`
	Enabled  *bool           `json:"enabled"`
	Roles    json.RawMessage `json:"role_restrictions"`
	Groups   json.RawMessage `json:"group_restrictions"`
}

// Install installs an app: 201 (200 was seen as well). An app that is
// installed can be installed again, as another installation.
func (a *Account) Install(body []byte) wire.Answer {
	var ask installRequest
	if err := decode(body, &ask); err != nil {
		return invalid(err.Error())
	}
	name, _ := ask.Settings["name"].(string)
	switch {
	case a.app(strconv.FormatInt(int64(ask.AppID), 10)) == nil:
		return invalid("app_id: the app is not known")
	case name == "":
		return invalid("settings: name cannot be blank")
	}
	i := &Installation{ID: a.NewID(), AppID: int64(ask.AppID), Enabled: true, Settings: map[string]any{}, At: a.Now}
	if refusal, ok := a.change(i, ask); !ok {
		return refusal
	}
	a.Installations = append(a.Installations, i)
	return wire.Reply(http.StatusCreated, i.entry())
}

// Reinstall changes an installation: settings are merged (observed).
func (a *Account) Reinstall(installationID string, body []byte) wire.Answer {
	i := a.installation(installationID)
	var ask installRequest
	switch err := decode(body, &ask); {
	case i == nil:
		return notFound()
	case err != nil:
		return invalid(err.Error())
	}
	if refusal, ok := a.change(i, ask); !ok {
		return refusal
	}
	return wire.Reply(http.StatusOK, i.entry())
}

func (a *Account) change(i *Installation, ask installRequest) (wire.Answer, bool) {
	if restricts := ask.Roles != nil || ask.Groups != nil; restricts && a.Rules.Restricts == Refused {
		return invalid("role_restrictions: is not permitted"), false
	}
	maps.Copy(i.Settings, ask.Settings)
	if ask.Enabled != nil {
		i.Enabled = *ask.Enabled
	}
	if a.Rules.Restricts == Kept {
		if ask.Roles != nil {
			i.Roles = ask.Roles
		}
		if ask.Groups != nil {
			i.Groups = ask.Groups
		}
	}
	i.Changed = a.Now
	return wire.Answer{}, true
}

// Remove takes an installation away (documented).
func (a *Account) Remove(installationID string) wire.Answer {
	i := a.installation(installationID)
	if i == nil {
		return notFound()
	}
	a.Installations = slices.DeleteFunc(a.Installations, func(other *Installation) bool { return other == i })
	return wire.Answer{Status: http.StatusNoContent}
}

func (s *State) installation(text string) *Installation {
	n, err := strconv.ParseInt(strings.TrimSuffix(text, ".json"), 10, 64)
	k := slices.IndexFunc(s.Installations, func(i *Installation) bool { return i.ID == n })
	if err != nil || k < 0 {
		return nil
	}
	return s.Installations[k]
}
