package emulator

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// bundleRoutes are the endpoints of bundles.
func bundleRoutes() []route {
	return []route{
		{platform.Bundles, "GET " + registryPath + "{integration}/bundles", either(), (*Server).listBundles},
		{platform.Body, "GET " + registryPath + "{integration}/bundles/{uuid}", either(), (*Server).showBundle},
		{platform.Upload, "POST " + registryPath + "{integration}/bundles", noOAuth(), (*Server).upload},
	}
}

// upload is R5: 200 with an empty body. Which bundle is meant is told by its
// name in the integration (inferred); its content is replaced, and every job
// spec of it loses its installation (observed).
func (s *Server) upload(r *request) wire.Answer {
	value, err := wire.Decode(r.body)
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, validationError, "the bundle is not valid JSON: "+err.Error())
	}
	details, err := invalid(value)
	if err != nil {
		return wire.Broken(err)
	}
	if details != nil {
		return wire.Refuse(http.StatusBadRequest, validationError, details...)
	}
	b := newUpload(shape.Chain(s.rules.Stored...)(value))
	if s.rules.Merges {
		b.merge(r.integration.Bundle(b.name))
	}
	if r.integration.duplicates(b) {
		const text = "Bundle contains duplicated resources" // documented
		return wire.Refuse(http.StatusBadRequest, text, text)
	}
	if err := s.store(r.integration, b); err != nil {
		return wire.Broken(err)
	}
	return s.commit(wire.Plain(http.StatusOK, ""))
}

// duplicates tells whether a resource of the bundle has a name that another
// one of its type has, in any bundle of the integration (documented). A name
// may stand for a flow and a job spec, because their ARNs differ.
func (i *Integration) duplicates(b upload) bool {
	type name struct{ kind, name string }
	seen := map[name]bool{}
	for _, other := range i.Bundles {
		if other.Name == b.name {
			continue
		}
		for _, r := range other.resources() {
			seen[name{r.kind(), r.property("name")}] = true
		}
	}
	for _, r := range b.resources {
		n := name{r.kind(), r.property("name")}
		if seen[n] {
			return true
		}
		seen[n] = true
	}
	return false
}

// merge keeps the resources that a bundle has not any more.
func (b upload) merge(former *Bundle) {
	if former == nil {
		return
	}
	for key, r := range former.resources() {
		if _, has := b.resources[key]; !has {
			b.resources[key] = r
		}
	}
}

func (s *Server) store(i *Integration, b upload) error {
	stored := s.entryFor(i, b)
	former := stored.Body
	body, err := wire.Encode(readBack{
		UUID: stored.UUID, Name: b.name, Integration: i.Name, AccountID: s.accountID(),
		Description: b.description, Version: b.version, Resources: b.resources,
	})
	if err != nil {
		return err
	}
	stored.Body, stored.UploadedAt = body, s.now().UTC().Round(0)
	if i.Bundle(b.name) == nil {
		i.Bundles = append(i.Bundles, stored)
	}
	i.UploadedAt = s.now().UTC().Round(0)
	s.replaceSpecs(i, b)
	s.switchOff(i, dropsOf(s.rules.Drop.What, i, b, former))
	return nil
}

// entryFor is the entry under which an upload is stored.
func (s *Server) entryFor(i *Integration, b upload) *Bundle {
	stored, h := i.Bundle(b.name), s.rules.History
	if stored == nil {
		return &Bundle{UUID: newUUID(), Name: b.name}
	}
	same := sameResources(b, stored.Body, func(string, resource) bool { return true })
	if h.Keeps > 0 && !(same && h.Skips) {
		i.retire(stored, h)
	}
	if s.rules.Specs.NewUUIDs {
		stored.UUID = newUUID()
	}
	return stored
}

// listBundles is R3: no resources, no times, no versions. Bundles stand in the
// order in which they first came (silent).
func (s *Server) listBundles(r *request) wire.Answer {
	bundles, meta, err := wire.Page(r.URL.Query(), s.rules.Pages, s.seen(r.integration, platform.SeeBundles).inHistory(s.rules.History), func(b *Bundle) string { return b.UUID })
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	list := []map[string]json.RawMessage{}
	for _, b := range bundles {
		list = append(list, b.entry())
	}
	return wire.Reply(http.StatusOK, map[string]any{"bundles": list, "meta": meta})
}

// showBundle is R4: the bundle itself, not wrapped.
func (s *Server) showBundle(r *request) wire.Answer {
	h := s.rules.History
	if !h.Bodies {
		h = platform.History{}
	}
	list := s.seen(r.integration, platform.SeeBody).inHistory(h)
	n := slices.IndexFunc(list, func(b *Bundle) bool { return b.UUID == r.PathValue("uuid") })
	if n < 0 {
		return wire.Refuse(http.StatusNotFound, "bundle not found")
	}
	return wire.JSON(http.StatusOK, list[n].Body)
}
