package emulator

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
)

// accountID stands for the account in what is read back.
const accountID = 12345

// uploaded is what the emulator reads of a bundle.
type uploaded struct {
	Version     any                 `json:"zis_template_version"`
	Name        string              `json:"name"`
	Description *string             `json:"description"`
	Resources   map[string]resource `json:"resources"`
}

type resource struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
}

// storedBundle is a bundle as R4 returns it: this order of members, resources
// and everything below sorted by key (observed in six read-backs), because Go
// writes maps so. Top-level members that are not known are not kept: silent
// in the documentation.
type storedBundle struct {
	UUID        string              `json:"uuid"`
	Name        string              `json:"name"`
	Integration string              `json:"integration"`
	AccountID   int64               `json:"zendesk_account_id"`
	Description string              `json:"description"`
	Version     any                 `json:"zis_template_version"`
	Resources   map[string]resource `json:"resources"`
}

// upload is R5: 200 with an empty body. The bundle of the same name is
// replaced, and every job spec of it loses its installation (observed).
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		plain(w, http.StatusRequestEntityTooLarge, "request body too large")
		return
	}
	var b uploaded
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&b); err != nil {
		refuse(w, "BundleValidationError", "the bundle is not valid JSON: "+err.Error())
		return
	}
	i := s.state.Integration(r.PathValue("integration"))
	if detail := invalid(text); detail != "" {
		refuse(w, "BundleValidationError", detail)
		return
	}
	if i.duplicated(b) {
		refuse(w, "Bundle contains duplicated resources", "Bundle contains duplicated resources")
		return
	}
	if err := i.store(b); err != nil {
		plain(w, http.StatusInternalServerError, err.Error())
		return
	}
	if s.saved(w) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
}

// duplicated tells whether a name of the bundle stands twice in the
// integration (documented: names of actions, flows and job specs are unique).
func (i *Integration) duplicated(b uploaded) bool {
	type name struct{ kind, name any }
	seen := map[name]bool{}
	twice := func(list map[string]resource) bool {
		for _, r := range list {
			n := name{r.Type, r.Properties["name"]}
			if seen[n] {
				return true
			}
			seen[n] = true
		}
		return false
	}
	for _, other := range i.Bundles {
		var stored storedBundle
		if other.Name != b.Name && json.Unmarshal(other.Body, &stored) == nil {
			twice(stored.Resources)
		}
	}
	return twice(b.Resources)
}

func (i *Integration) store(b uploaded) error {
	stored := i.Bundle(b.Name)
	if stored == nil {
		stored = &Bundle{UUID: uuid(), Name: b.Name}
		i.Bundles = append(i.Bundles, stored)
	}
	body := storedBundle{
		UUID: stored.UUID, Name: b.Name, Integration: i.Name, AccountID: accountID,
		Version: b.Version, Resources: b.Resources,
	}
	if b.Description != nil {
		body.Description = *b.Description
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return err
	}
	stored.Body = json.RawMessage(bytes.TrimSpace(text.Bytes()))
	i.replaceSpecs(b)
	return nil
}

// replaceSpecs takes over the bundle's job specs, none of them installed. One
// that the bundle has no longer stays if it was installed.
func (i *Integration) replaceSpecs(b uploaded) {
	for _, s := range i.JobSpecs {
		if s.Bundle == b.Name {
			s.Bundle = ""
		}
	}
	for _, key := range sortedKeys(b.Resources) {
		if r := b.Resources[key]; r.Type == "ZIS::JobSpec" {
			i.takeSpec(r.Properties, b.Name)
		}
	}
	i.JobSpecs = slices.DeleteFunc(i.JobSpecs, func(s *JobSpec) bool { return s.Bundle == "" && !s.Installed })
}

func (i *Integration) takeSpec(p map[string]any, bundle string) {
	name := text(p["name"])
	s := i.JobSpec(name)
	if s == nil {
		s = &JobSpec{UUID: uuid(), Name: name}
		i.JobSpecs = append(i.JobSpecs, s)
	}
	s.EventSource, s.EventType, s.FlowName = text(p["event_source"]), text(p["event_type"]), shortName(text(p["flow_name"]))
	s.Bundle, s.Installed = bundle, false
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// listBundles is R3: no resources, no times, no versions.
func (s *Server) listBundles(w http.ResponseWriter, r *http.Request) {
	i := s.state.Integration(r.PathValue("integration"))
	from, to, meta, err := page(r, len(i.Bundles), func(n int) string { return i.Bundles[n].UUID })
	if err != nil {
		refuse(w, "Bad Request", err.Error())
		return
	}
	list := []json.RawMessage{}
	for _, b := range i.Bundles[from:to] {
		list = append(list, b.entry())
	}
	reply(w, http.StatusOK, map[string]any{"bundles": list, "meta": meta})
}

func (b *Bundle) entry() json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(b.Body, &members) != nil {
		return b.Body
	}
	delete(members, "resources")
	entry, err := json.Marshal(members)
	if err != nil {
		return b.Body
	}
	return entry
}

// showBundle is R4: the bundle itself, not wrapped.
func (s *Server) showBundle(w http.ResponseWriter, r *http.Request) {
	i := s.state.Integration(r.PathValue("integration"))
	for _, b := range i.Bundles {
		if b.UUID == r.PathValue("uuid") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(b.Body) // the client has gone
			return
		}
	}
	reply(w, http.StatusNotFound, failure{Message: "bundle not found"})
}

// meta is the cursor of a list (documented: registry/bundles).
type meta struct {
	HasMore bool   `json:"has_more"`
	After   string `json:"after"`
	Before  string `json:"before"`
}

// page finds the part of a list of n entries that is asked for: 20 entries
// unless page[size] says another number up to 100, after the entry of the id
// in page[after].
func page(r *http.Request, n int, id func(int) string) (from, to int, m meta, err error) {
	size := 20
	if v := r.URL.Query().Get("page[size]"); v != "" {
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > 100 {
			return 0, 0, m, errors.New("page[size] is a number from 1 to 100")
		}
	}
	if after := r.URL.Query().Get("page[after]"); after != "" {
		for from < n && id(from) != after {
			from++
		}
		if from == n {
			return 0, 0, m, errors.New("page[after] is no cursor of this list")
		}
		from++
	}
	to = min(n, from+size)
	m.HasMore = to < n
	if to > from {
		m.After, m.Before = id(to-1), id(from)
	}
	return from, to, m, nil
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}
