package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// jobSpecEntry is a job spec as R6 lists it (documented).
type jobSpecEntry struct {
	Description string `json:"description,omitempty"` // may be absent (observed)
	EventSource string `json:"event_source"`
	EventType   string `json:"event_type"`
	FlowName    string `json:"flow_name"` // short, as in the documented sample; bundles have the ARN
	Installed   bool   `json:"installed"`
	Integration string `json:"integration"`
	Name        string `json:"name"`
	UUID        string `json:"uuid"`
}

// jobSpecRoutes are the endpoints of job specs.
func jobSpecRoutes() []route {
	return []route{
		{platform.JobSpecs, "GET " + registryPath + "{integration}/job_specs", either(), (*Server).listJobSpecs},
		{platform.Install, "POST " + registryPath + "job_specs/install", either(), (*Server).install},
		{platform.Uninstall, "DELETE " + registryPath + "job_specs/install", either(), (*Server).uninstall},
	}
}

// replaceSpecs takes over a bundle's job specs. One that the bundle has no
// longer stays if it was installed, and would go on firing; if it was not, it
// is gone (observed).
func (s *Server) replaceSpecs(i *Integration, b upload) {
	for _, spec := range i.JobSpecs {
		if spec.Bundle == b.name {
			spec.Bundle = ""
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b.resources)) {
		if r := b.resources[key]; r.kind() == "ZIS::JobSpec" {
			i.takeSpec(r, b.name, s.rules.Specs)
		}
	}
	s.dropUnused(i)
}

func (i *Integration) takeSpec(r resource, bundle string, rules platform.SpecRules) {
	name := r.property("name")
	s := i.JobSpec(name)
	if s == nil {
		s = &JobSpec{UUID: newUUID(), Name: name}
		i.JobSpecs = append(i.JobSpecs, s)
	} else if rules.History || rules.Ghosts || rules.NewUUIDs {
		former := *s
		former.Installed = former.Installed && rules.Ghosts
		if !rules.NewUUIDs {
			i.FormerSpecs = append(i.FormerSpecs, &former)
		}
		s.UUID = newUUID()
	}
	s.Installed = s.Installed || rules.Installs
	s.Description = r.property("description")
	s.EventSource, s.EventType = r.property("event_source"), r.property("event_type")
	s.FlowName = shortName(r.property("flow_name"))
	s.Bundle = bundle
}

func (s *Server) dropUnused(i *Integration) {
	if s.rules.Specs.KeepStale {
		return
	}
	i.JobSpecs = slices.DeleteFunc(i.JobSpecs, func(s *JobSpec) bool { return s.Bundle == "" && !s.Installed })
}

// shortName is the last part of an ARN, or what is none as it is.
func shortName(arn string) string {
	parts := strings.SplitN(arn, ":", 4)
	return parts[len(parts)-1]
}

// listJobSpecs is R6.
func (s *Server) listJobSpecs(r *request) wire.Answer {
	s.trigger(platform.WhenRead, r.integration)
	specs, meta, err := wire.Page(r.URL.Query(), s.rules.Pages, s.seenSpecs(r.integration), func(s *JobSpec) string { return s.UUID })
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	list := []jobSpecEntry{}
	for _, spec := range specs {
		list = append(list, jobSpecEntry{
			Description: spec.Description, EventSource: spec.EventSource, EventType: spec.EventType, FlowName: spec.FlowName,
			Installed: spec.Installed, Integration: r.integration.Name, Name: spec.Name, UUID: spec.UUID,
		})
	}
	return wire.Reply(http.StatusOK, map[string]any{"job_specs": list, "meta": meta})
}

// install is R7: 200 with an empty body, also for one that is installed. Only
// a job spec of an uploaded bundle can be installed (observed).
func (s *Server) install(r *request) wire.Answer {
	spec := r.spec()
	if spec == nil || spec.Bundle == "" || s.seen(r.integration, platform.SeeUploads).JobSpec(spec.Name) == nil {
		const text = "one or more requested job specs is invalid" // observed
		return wire.Refuse(http.StatusBadRequest, text, text)
	}
	s.trigger(platform.WhenInstalled, r.integration)
	spec.Installed, spec.InstalledAt = true, s.now().UTC().Round(0)
	s.trigger(platform.WhenAllInstalled, r.integration)
	return s.commit(wire.Plain(http.StatusOK, ""))
}

// uninstall is R8: 204; 404 for one that is not there or not installed
// (documented as a status, inferred as a condition). One that no bundle has
// any more is gone with it.
func (s *Server) uninstall(r *request) wire.Answer {
	spec := r.spec()
	if spec == nil || !spec.Installed {
		return wire.Refuse(http.StatusNotFound, "job spec not found")
	}
	spec.Installed = false
	s.dropUnused(r.integration)
	return s.commit(wire.Answer{Status: http.StatusNoContent})
}

// spec is the job spec that the query names, or nil.
func (r *request) spec() *JobSpec {
	_, name, ok := specOf(r.Request)
	if !ok || r.integration == nil {
		return nil
	}
	return r.integration.JobSpec(name)
}

// specOf reads the ARN in job_spec_name: zis:{integration}:job_spec:{name}.
func specOf(r *http.Request) (integration, name string, ok bool) {
	parts := strings.SplitN(r.URL.Query().Get("job_spec_name"), ":", 4)
	if len(parts) != 4 || parts[0] != "zis" || parts[2] != "job_spec" {
		return "", "", false
	}
	return parts[1], parts[3], true
}
