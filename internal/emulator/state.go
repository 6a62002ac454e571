package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// State is everything the account holds.
type State struct {
	NextID       int64             `json:"next_id"`
	Integrations []*Integration    `json:"integrations"`
	Tokens       map[string]string `json:"tokens"` // OAuth token to its integration; "" for any other token of an admin
}

// Integration is one integration and what was uploaded under its name.
type Integration struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	ClientID    int64        `json:"client_id"`
	Secret      string       `json:"secret"`
	Bundles     []*Bundle    `json:"bundles"`
	JobSpecs    []*JobSpec   `json:"job_specs"`
	Connections []Connection `json:"connections"`
	Webhooks    []Webhook    `json:"webhooks"`
}

// Bundle is a stored bundle, in the form in which it is read back.
type Bundle struct {
	UUID string          `json:"uuid"`
	Name string          `json:"name"`
	Body json.RawMessage `json:"body"`
}

// JobSpec is a job spec that was uploaded once. One that was installed when
// its bundle lost it stays, and would go on firing (observed).
type JobSpec struct {
	UUID        string `json:"uuid"`
	Name        string `json:"name"`
	EventSource string `json:"event_source"`
	EventType   string `json:"event_type"`
	FlowName    string `json:"flow_name"` // short
	Bundle      string `json:"bundle"`    // "" when no bundle has it any more
	Installed   bool   `json:"installed"`
}

// Connection is a connection that flows may use.
type Connection struct {
	Type string `json:"type"` // api_key, basic_auth, bearer_token or oauth
	Name string `json:"name"`
}

// Webhook is an inbound webhook: it feeds a custom event.
type Webhook struct {
	UUID        string `json:"uuid"`
	EventSource string `json:"source_system"`
	EventType   string `json:"event_type"`
}

// firstID is past 32 bits, as real ids are.
const firstID = 1_260_800_799_110

// Open loads the state file, so that a broken one is known before anything is
// served. Without a file the account is empty.
func (s *Server) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load()
}

func (s *Server) load() error {
	if s.loaded {
		return nil
	}
	state := State{NextID: firstID, Tokens: map[string]string{}}
	if s.StateFile != "" {
		data, err := os.ReadFile(s.StateFile)
		if err == nil {
			err = json.Unmarshal(data, &state)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("emulator state %s: %w; move the file away to begin anew", s.StateFile, err)
		}
	}
	if state.Tokens == nil {
		state.Tokens = map[string]string{}
	}
	s.state, s.loaded = state, true
	return nil
}

// save writes the state file whole, or leaves the former one.
func (s *Server) save() error {
	if s.StateFile == "" {
		return nil
	}
	text, err := json.MarshalIndent(s.state, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(s.StateFile)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "state-*") // mode 0600: it holds tokens
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), s.StateFile)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Register makes an integration as R2 would, without a request.
func (s *Server) Register(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	if s.registered(name) {
		return nil
	}
	s.add(name, "")
	return s.save()
}

// Grant makes an OAuth token: of the integration, or with "" of an admin.
func (s *Server) Grant(token, integration string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	s.state.Tokens[token] = integration
	return s.save()
}

// State is a copy of what the account holds now.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	var c State
	text, err := json.Marshal(s.state)
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(&c)
	}
	if err != nil {
		panic(fmt.Sprintf("emulator state: %v", err)) // it was made by us
	}
	return c
}

// Edit changes what the account holds, as somebody else would.
func (s *Server) Edit(change func(*State)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	change(&s.state)
	return s.save()
}

func (s *Server) registered(name string) bool { return s.state.Integration(name) != nil }

// Integration finds an integration by its exact name, or nil.
func (st State) Integration(name string) *Integration {
	i := slices.IndexFunc(st.Integrations, func(i *Integration) bool { return i.Name == name })
	if i < 0 {
		return nil
	}
	return st.Integrations[i]
}

// Bundle finds a bundle by its name, or nil.
func (i *Integration) Bundle(name string) *Bundle {
	n := slices.IndexFunc(i.Bundles, func(b *Bundle) bool { return b.Name == name })
	if n < 0 {
		return nil
	}
	return i.Bundles[n]
}

// JobSpec finds a job spec by its short name, or nil.
func (i *Integration) JobSpec(name string) *JobSpec {
	n := slices.IndexFunc(i.JobSpecs, func(s *JobSpec) bool { return s.Name == name })
	if n < 0 {
		return nil
	}
	return i.JobSpecs[n]
}
