package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/apps"
)

// State is everything the account holds.
type State struct {
	NextID       int64              `json:"next_id"`
	Integrations []*Integration     `json:"integrations"`
	Tokens       map[string]Token   `json:"tokens"`             // OAuth tokens
	Apps         apps.State         `json:"apps,omitzero"`      // private Zendesk apps
	Clients      []OAuthClient      `json:"clients,omitempty"`  // OAuth clients that admins made
	Sessions     map[string]Session `json:"sessions,omitempty"` // by the cookie's value
	Agents       map[string]bool    `json:"agents,omitempty"`   // people who are no admins, by email; all others are
}

// Integration is one integration and what was uploaded under its name.
type Integration struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	ClientID    int64        `json:"client_id"` // of its OAuth client zis_{name}
	Secret      string       `json:"secret"`
	CreatedAt   time.Time    `json:"created_at"`
	UploadedAt  time.Time    `json:"uploaded_at,omitzero"` // of the latest upload
	Bundles     []*Bundle    `json:"bundles"`
	Former      []*Bundle    `json:"former,omitempty"` // that a platform with a history still lists; oldest first
	JobSpecs    []*JobSpec   `json:"job_specs"`
	FormerSpecs []*JobSpec   `json:"former_job_specs,omitempty"` // the same
	Connections []Connection `json:"connections"`
	Webhooks    []Webhook    `json:"webhooks"`

	Clients []ConnectionClient `json:"connection_clients,omitempty"`
	Flows   map[string]Flow    `json:"oauth_flows,omitempty"` // OAuth connections in the making, by token
	Configs []*Config          `json:"configs,omitempty"`
	Links   []Link             `json:"links,omitempty"`
}

// Bundle is a stored bundle, in the form in which it is read back.
type Bundle struct {
	UUID string          `json:"uuid"`
	Name string          `json:"name"`
	Body json.RawMessage `json:"body"`

	UploadedAt time.Time `json:"uploaded_at,omitzero"`
}

// JobSpec is a job spec that was uploaded once. One that was installed when
// its bundle lost it stays, and would go on firing (observed).
type JobSpec struct {
	UUID        string `json:"uuid"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	EventSource string `json:"event_source"`
	EventType   string `json:"event_type"`
	FlowName    string `json:"flow_name"` // short
	Bundle      string `json:"bundle"`    // "" when no bundle has it any more
	Installed   bool   `json:"installed"`

	InstalledAt time.Time `json:"installed_at,omitzero"` // the latest time
}

// firstID is past 32 bits, as real ids are (1260800799110 was seen).
const firstID = 1_260_800_799_110

func newState() State { return (&State{NextID: firstID}).whole() }

// whole makes the maps that are missing.
func (st *State) whole() State {
	if st.Tokens == nil {
		st.Tokens = map[string]Token{}
	}
	if st.Sessions == nil {
		st.Sessions = map[string]Session{}
	}
	if st.Agents == nil {
		st.Agents = map[string]bool{}
	}
	return *st
}

func (st *State) newID() int64 {
	st.NextID++
	return st.NextID - 1
}

// Register makes an integration as R2 would, without a request. One that is
// there stays as it is.
func (s *Server) Register(name string) error {
	switch {
	case !validName(name):
		return fmt.Errorf("integration name %q: it must be 1 to 64 characters of a-z, 0-9, _ and -", name)
	case slices.Contains(s.Taken, name), !s.names.take(name, s):
		return fmt.Errorf("integration name %q belongs to another account", name)
	}
	return s.change(func(st *State) bool {
		missing := st.Integration(name) == nil
		if missing {
			s.add(name)
		}
		return missing
	})
}

// Grant makes an OAuth token: of the integration, or with "" of an admin.
func (s *Server) Grant(token, integration string) error {
	return s.Edit(func(st *State) { st.Tokens[token] = Token{ID: st.newID(), Integration: integration} })
}

// Edit changes what the account holds, as somebody else would.
func (s *Server) Edit(change func(*State)) error {
	return s.change(func(st *State) bool {
		change(st)
		return true
	})
}

func (s *Server) change(change func(*State) (changed bool)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	s.settle()
	defer s.remember()
	if !change(&s.state) {
		return nil
	}
	s.disk.apps = true // an Edit may change everything
	return s.save()
}

// State is a copy of what the account holds now: nothing while the state file
// can't be read, for which Open has the reason.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load() != nil {
		return State{}
	}
	s.settle()
	c := s.state
	c.Integrations, c.Tokens = cloned(c.Integrations), maps.Clone(c.Tokens)
	c.Apps = c.Apps.Clone()
	c.Clients, c.Sessions, c.Agents = slices.Clone(c.Clients), maps.Clone(c.Sessions), maps.Clone(c.Agents)
	for n, i := range s.state.Integrations {
		c.Integrations[n] = i.clone()
		for _, b := range c.Integrations[n].Bundles {
			b.Body = slices.Clone(b.Body)
		}
	}
	return c
}

// Integration finds an integration by its exact name, or nil.
func (st State) Integration(name string) *Integration {
	return find(st.Integrations, func(i *Integration) bool { return i.Name == name })
}

// Bundle finds a bundle by its name, or nil.
func (i *Integration) Bundle(name string) *Bundle {
	return find(i.Bundles, func(b *Bundle) bool { return b.Name == name })
}

// JobSpec finds a job spec by its short name, or nil.
func (i *Integration) JobSpec(name string) *JobSpec {
	return find(i.JobSpecs, func(s *JobSpec) bool { return s.Name == name })
}

func find[T any](list []*T, is func(*T) bool) *T {
	n := slices.IndexFunc(list, is)
	if n < 0 {
		return nil
	}
	return list[n]
}
