package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// Link relates two objects of an integration.
type Link struct {
	ID          int64      `json:"id"`
	UUID        string     `json:"uuid"`
	Type        string     `json:"link_type"`
	LeftObject  LinkObject `json:"left_object"`
	RightObject LinkObject `json:"right_object"`
	CreatedAt   time.Time  `json:"created_at"`
}

// LinkObject is one end of a link.
type LinkObject struct {
	Name     string         `json:"name"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// linkRoutes are the endpoints of links.
func linkRoutes() []route {
	return []route{
		{"", "GET " + zisServices + "links/{integration}", ownToken(), (*Server).listLinks},
		{"", "POST " + zisServices + "links/{integration}", ownToken(), (*Server).createLink},
	}
}

func (s *Server) linkEntry(i *Integration, l Link) map[string]any {
	return map[string]any{
		"account_id": s.accountID(), "integration": i.Name, "id": l.ID, "uuid": l.UUID, "link_type": l.Type,
		"left_object": l.LeftObject, "right_object": l.RightObject, "created_at": l.CreatedAt, "updated_at": l.CreatedAt,
	}
}

// listLinks wants a type and at least one name, in which * stands for anything
// (documented).
func (s *Server) listLinks(r *request) wire.Answer {
	q := r.URL.Query()
	kind, left, right := q.Get("link_type"), q.Get("left_object_name"), q.Get("right_object_name")
	if kind == "" || left+right == "" {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", "link_type and one of left_object_name and right_object_name are required")
	}
	var found []Link
	for _, l := range r.integration.Links {
		if l.Type == kind && like(left, l.LeftObject.Name) && like(right, l.RightObject.Name) {
			found = append(found, l)
		}
	}
	part, meta, err := wire.Page(q, s.rules.Pages, found, func(l Link) string { return strconv.FormatInt(l.ID, 10) })
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	list := []map[string]any{}
	for _, l := range part {
		list = append(list, s.linkEntry(r.integration, l))
	}
	return wire.Reply(http.StatusOK, map[string]any{"links": list, "meta": meta})
}

// like tells whether a name is what is asked for; nothing asked is anything.
func like(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if pattern == "" || len(parts) == 1 {
		return pattern == "" || pattern == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(name, first) || !strings.HasSuffix(name[len(first):], last) {
		return false
	}
	middle := name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(middle, part)
		if !found {
			return false
		}
		middle = rest
	}
	return true
}

// createLink keeps a link; type and names are 3 to 256 characters
// (documented). 409 for one that is there is inferred.
func (s *Server) createLink(r *request) wire.Answer {
	var l Link
	if err := json.Unmarshal(r.body, &l); err != nil {
		return wire.Refuse(http.StatusBadRequest, "Bad Request", err.Error())
	}
	for _, text := range []string{l.Type, l.LeftObject.Name, l.RightObject.Name} {
		if len(text) < 3 || len(text) > 256 {
			return wire.Refuse(http.StatusBadRequest, "Bad Request", "link_type and the objects' names must be 3 to 256 characters")
		}
	}
	for _, other := range r.integration.Links {
		if other.Type == l.Type && other.LeftObject.Name == l.LeftObject.Name && other.RightObject.Name == l.RightObject.Name {
			return wire.Refuse(http.StatusConflict, "the link exists already")
		}
	}
	l.ID, l.UUID, l.CreatedAt = s.state.newID(), newUUID(), s.now().UTC().Truncate(time.Second)
	r.integration.Links = append(r.integration.Links, l)
	return s.commit(wire.Reply(http.StatusCreated, map[string]any{"link": s.linkEntry(r.integration, l)}))
}
