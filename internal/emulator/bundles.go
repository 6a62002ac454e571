package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
)

// upload is R5: 200 with an empty body. Which bundle is meant is told by its
// name in the integration (inferred); its content is replaced, and every job
// spec of it loses its installation (observed).
func (s *Server) upload(r *request) answer {
	value, err := decode(r.body)
	if err != nil {
		return refuse(http.StatusBadRequest, validationError, "the bundle is not valid JSON: "+err.Error())
	}
	details, err := invalid(value)
	if err != nil {
		return broken(err)
	}
	if details != nil {
		return refuse(http.StatusBadRequest, validationError, details...)
	}
	b := newUpload(value)
	if r.integration.duplicates(b) {
		const text = "Bundle contains duplicated resources" // documented
		return refuse(http.StatusBadRequest, text, text)
	}
	if err := r.integration.store(b); err != nil {
		return broken(err)
	}
	return s.commit(plain(http.StatusOK, ""))
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

func (i *Integration) store(b upload) error {
	stored := i.Bundle(b.name)
	if stored == nil {
		stored = &Bundle{UUID: newUUID(), Name: b.name}
	}
	body, err := encode(readBack{
		UUID: stored.UUID, Name: b.name, Integration: i.Name, AccountID: accountID,
		Description: b.description, Version: b.version, Resources: b.resources,
	})
	if err != nil {
		return err
	}
	stored.Body = body
	if i.Bundle(b.name) == nil {
		i.Bundles = append(i.Bundles, stored)
	}
	i.replaceSpecs(b)
	return nil
}

// listBundles is R3: no resources, no times, no versions. Bundles stand in the
// order in which they first came (silent).
func (s *Server) listBundles(r *request) answer {
	bundles, meta, err := page(r.URL.Query(), r.integration.Bundles, func(b *Bundle) string { return b.UUID })
	if err != nil {
		return refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	list := []map[string]json.RawMessage{}
	for _, b := range bundles {
		list = append(list, b.entry())
	}
	return reply(http.StatusOK, map[string]any{"bundles": list, "meta": meta})
}

// showBundle is R4: the bundle itself, not wrapped.
func (s *Server) showBundle(r *request) answer {
	n := slices.IndexFunc(r.integration.Bundles, func(b *Bundle) bool { return b.UUID == r.PathValue("uuid") })
	if n < 0 {
		return refuse(http.StatusNotFound, "bundle not found")
	}
	return answer{status: http.StatusOK, contentType: "application/json", body: r.integration.Bundles[n].Body}
}
