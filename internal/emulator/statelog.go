package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/emulator/apps"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// change is a part of the state that is another than before. The state file is
// a whole state and then, line by line, lists of changes: what a request costs
// there is what it changed, not what the account holds.
type change struct {
	Head     *head               `json:"head,omitempty"`
	Tokens   map[string]*Token   `json:"tokens,omitempty"`   // null: gone
	Sessions map[string]*Session `json:"sessions,omitempty"` // null: gone
	Apps     *apps.State         `json:"apps,omitempty"`

	Integration string       `json:"integration,omitempty"` // what follows is of this one
	Meta        *Integration `json:"meta,omitempty"`        // without bundles and job specs
	Bundle      *Bundle      `json:"bundle,omitempty"`
	Spec        *JobSpec     `json:"job_spec,omitempty"`
	NoSpec      string       `json:"no_job_spec,omitempty"` // the name of one that is gone
}

// head is what of a state is small and no list of its own.
type head struct {
	NextID  int64           `json:"next_id"`
	Clients []OAuthClient   `json:"clients,omitempty"`
	Agents  map[string]bool `json:"agents,omitempty"`
}

// saved is what the state file holds, as far as it is needed to see changes.
type saved struct {
	head             []byte
	tokens, sessions map[string]bool
	integrations     map[string]*savedIntegration
}

type savedIntegration struct {
	meta    []byte
	bundles map[string]Bundle
	specs   map[string]JobSpec
}

// changes are what differs from what was saved, which is then saved. whole
// says that changes can't tell it: something is gone that has no change.
func (v *saved) changes(st *State) (list []change, whole bool) {
	h := head{st.NextID, st.Clients, st.Agents}
	if text := mustEncode(h); !bytes.Equal(text, v.head) {
		v.head = text
		list = append(list, change{Head: &h})
	}
	if gone := differ(&v.tokens, st.Tokens); len(gone) > 0 {
		list = append(list, change{Tokens: gone})
	}
	if gone := differ(&v.sessions, st.Sessions); len(gone) > 0 {
		list = append(list, change{Sessions: gone})
	}
	if v.integrations == nil {
		v.integrations = map[string]*savedIntegration{}
	}
	for _, i := range st.Integrations {
		was := v.integrations[i.Name]
		if was == nil {
			was = &savedIntegration{bundles: map[string]Bundle{}, specs: map[string]JobSpec{}}
			v.integrations[i.Name] = was
		}
		more, gone := was.changes(i)
		list, whole = append(list, more...), whole || gone
	}
	return list, whole || len(v.integrations) > len(st.Integrations)
}

// differ finds what came to a map and what went. Values don't change.
func differ[V any](was *map[string]bool, now map[string]V) map[string]*V {
	found := map[string]*V{}
	for key, v := range now {
		if !(*was)[key] {
			found[key] = &v
		}
	}
	for key := range *was {
		if _, there := now[key]; !there {
			found[key] = nil
		}
	}
	if len(found) > 0 {
		*was = map[string]bool{}
		for key := range now {
			(*was)[key] = true
		}
	}
	return found
}

func (v *savedIntegration) changes(i *Integration) (list []change, whole bool) {
	meta := *i
	meta.Bundles, meta.JobSpecs = nil, nil
	if text := mustEncode(meta); !bytes.Equal(text, v.meta) {
		v.meta = text
		list = append(list, change{Integration: i.Name, Meta: &meta})
	}
	for _, b := range i.Bundles {
		if was := v.bundles[b.Name]; was.UUID != b.UUID || was.UploadedAt != b.UploadedAt || !sameText(was.Body, b.Body) {
			v.bundles[b.Name] = *b
			list = append(list, change{Integration: i.Name, Bundle: b})
		}
	}
	for _, s := range i.JobSpecs {
		if was, there := v.specs[s.Name]; !there || was != *s {
			v.specs[s.Name] = *s
			list = append(list, change{Integration: i.Name, Spec: s})
		}
	}
	if len(v.specs) > len(i.JobSpecs) {
		for name := range v.specs {
			if i.JobSpec(name) == nil {
				delete(v.specs, name)
				list = append(list, change{Integration: i.Name, NoSpec: name})
			}
		}
	}
	return list, len(v.bundles) > len(i.Bundles)
}

// sameText: bodies are replaced, never written into.
func sameText(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func mustEncode(v any) []byte {
	text, err := wire.Encode(v)
	if err != nil {
		panic("emulator state: " + err.Error()) // an Edit put a text in that is no JSON
	}
	return text
}

// apply makes a change.
func (st *State) apply(c change) {
	if c.Head != nil {
		st.NextID, st.Clients, st.Agents = c.Head.NextID, c.Head.Clients, c.Head.Agents
	}
	merge(st.Tokens, c.Tokens)
	merge(st.Sessions, c.Sessions)
	if c.Apps != nil {
		st.Apps = *c.Apps
	}
	if c.Integration == "" {
		return
	}
	i := st.Integration(c.Integration)
	if i == nil {
		i = &Integration{Name: c.Integration}
		st.Integrations = append(st.Integrations, i)
	}
	i.apply(c)
}

func merge[V any](into map[string]V, from map[string]*V) {
	maps.DeleteFunc(into, func(key string, _ V) bool { v, named := from[key]; return named && v == nil })
	for key, v := range from {
		if v != nil {
			into[key] = *v
		}
	}
}

func (i *Integration) apply(c change) {
	if c.Meta != nil {
		bundles, specs := i.Bundles, i.JobSpecs
		*i = *c.Meta
		i.Bundles, i.JobSpecs = bundles, specs
	}
	if c.Bundle != nil {
		if b := i.Bundle(c.Bundle.Name); b != nil {
			*b = *c.Bundle
		} else {
			i.Bundles = append(i.Bundles, c.Bundle)
		}
	}
	if c.Spec != nil {
		if s := i.JobSpec(c.Spec.Name); s != nil {
			*s = *c.Spec
		} else {
			i.JobSpecs = append(i.JobSpecs, c.Spec)
		}
	}
	i.JobSpecs = slices.DeleteFunc(i.JobSpecs, func(s *JobSpec) bool { return c.NoSpec != "" && s.Name == c.NoSpec })
}

// decodeLog reads a state file. A last line that has no end was never said to
// be kept; torn tells of it.
func decodeLog(text []byte) (st State, torn bool, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&st); err != nil {
		return State{}, false, err
	}
	rest, line := text[dec.InputOffset():], []byte(nil)
	st.whole()
	for first := true; len(rest) > 0; first = false {
		whole := false
		if line, rest, whole = bytes.Cut(rest, []byte("\n")); !whole && !first {
			return st, true, nil
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var list []change
		if err := json.Unmarshal(line, &list); err != nil {
			return State{}, false, err
		}
		for _, c := range list {
			st.apply(c)
		}
		st.whole()
	}
	return st, false, nil
}
