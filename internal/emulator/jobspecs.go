package emulator

import (
	"net/http"
	"strings"
)

type jobSpecJSON struct {
	Description string `json:"description"`
	EventSource string `json:"event_source"`
	EventType   string `json:"event_type"`
	FlowName    string `json:"flow_name"` // short, as in the documented sample
	Installed   bool   `json:"installed"`
	Integration string `json:"integration"`
	Name        string `json:"name"`
	UUID        string `json:"uuid"`
}

// listJobSpecs is R6.
func (s *Server) listJobSpecs(w http.ResponseWriter, r *http.Request) {
	i := s.state.Integration(r.PathValue("integration"))
	from, to, meta, err := page(r, len(i.JobSpecs), func(n int) string { return i.JobSpecs[n].UUID })
	if err != nil {
		refuse(w, "Bad Request", err.Error())
		return
	}
	list := []jobSpecJSON{}
	for _, spec := range i.JobSpecs[from:to] {
		list = append(list, jobSpecJSON{
			EventSource: spec.EventSource, EventType: spec.EventType, FlowName: spec.FlowName,
			Installed: spec.Installed, Integration: i.Name, Name: spec.Name, UUID: spec.UUID,
		})
	}
	reply(w, http.StatusOK, map[string]any{"job_specs": list, "meta": meta})
}

// install is R7: 200 with an empty body, also for one that is installed.
func (s *Server) install(w http.ResponseWriter, r *http.Request) {
	spec := s.spec(r)
	if spec == nil || spec.Bundle == "" {
		refuse(w, "one or more requested job specs is invalid", "one or more requested job specs is invalid")
		return
	}
	spec.Installed = true
	if s.saved(w) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
}

// uninstall is R8: 204; 404 for one that is not there or not installed. One
// that no bundle has any more is gone with it.
func (s *Server) uninstall(w http.ResponseWriter, r *http.Request) {
	spec := s.spec(r)
	if spec == nil || !spec.Installed {
		reply(w, http.StatusNotFound, failure{Message: "job spec not found"})
		return
	}
	spec.Installed = false
	if s.saved(w) {
		w.WriteHeader(http.StatusNoContent)
	}
}

// spec is the job spec of the query parameter, an ARN.
func (s *Server) spec(r *http.Request) *JobSpec {
	parts := strings.SplitN(r.URL.Query().Get("job_spec_name"), ":", 4)
	if len(parts) != 4 || parts[0] != "zis" || parts[2] != "job_spec" || !s.registered(parts[1]) {
		return nil
	}
	return s.state.Integration(parts[1]).JobSpec(parts[3])
}

// listConnections groups by type; secrets are masked, here they don't exist.
func (s *Server) listConnections(w http.ResponseWriter, r *http.Request) {
	body := map[string]any{"meta": meta{}}
	for _, kind := range []string{"api_key", "basic_auth", "bearer_token", "oauth"} {
		list := []map[string]string{}
		for _, c := range s.state.Integration(r.PathValue("integration")).Connections {
			if c.Type == kind {
				list = append(list, map[string]string{"name": c.Name})
			}
		}
		body[kind] = list
	}
	reply(w, http.StatusOK, body)
}

// listWebhooks is undocumented but observed.
func (s *Server) listWebhooks(w http.ResponseWriter, r *http.Request) {
	list := []map[string]any{}
	for _, h := range s.state.Integration(r.PathValue("integration")).Webhooks {
		list = append(list, map[string]any{"uuid": h.UUID, "source_system": h.EventSource, "event_type": h.EventType})
	}
	reply(w, http.StatusOK, map[string]any{"webhooks": list})
}
