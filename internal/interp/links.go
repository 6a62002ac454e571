package interp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Links of an integration are identified by their type and the names of both
// sides (documented: API/links).

// loadLinks gives the links of a type, a page at a time.
func (r *run) loadLinks(s *state, params map[string]any) (any, bool, *Error) {
	kind, err := r.text(s, params, "link_type")
	if err != nil {
		return nil, false, err
	}
	left, byLeft := params["left_object_name"]
	right, byRight := params["right_object_name"]
	if !byLeft && !byRight {
		return nil, false, r.at(&Error{Text: "one of left_object_name and right_object_name is needed"}, s.zis.Parameters)
	}
	var found []any
	for _, link := range r.world.Links {
		if member(link, "link_type") == kind && (!byLeft || matches(side(link, "left_object"), left)) && (!byRight || matches(side(link, "right_object"), right)) {
			found = append(found, link)
		}
	}
	list, meta, err := r.page(s, params, found)
	if err != nil {
		return nil, false, err
	}
	if r.reads(LinksShape) == second {
		return list, true, nil
	}
	return map[string]any{"links": list, "meta": meta}, true, nil
}

// matches compares a name, in which an asterisk at the end stands for anything.
func matches(name string, pattern any) bool {
	p := linkName(pattern)
	if prefix, wild := strings.CutSuffix(p, "*"); wild {
		return strings.HasPrefix(name, prefix)
	}
	return name == p
}

// page cuts a page out of what was found.
func (r *run) page(s *state, params map[string]any, found []any) ([]any, map[string]any, *Error) {
	size, most := zis.PageSize.Usual, zis.PageSize.Most
	if v, ok := params["page_size"]; ok {
		n, _ := v.(json.Number)
		var err error
		if size, err = strconv.Atoi(string(n)); err != nil || size < zis.PageSize.Least || size > most {
			return nil, nil, r.at(&Error{Text: fmt.Sprintf("page_size is a number from %d to %d", zis.PageSize.Least, most)}, s.params.get("page_size").place())
		}
	}
	position := func(cursor any) int {
		return slices.IndexFunc(found, func(link any) bool { return linkName(member(link, "id")) == linkName(cursor) })
	}
	from := 0
	if after, ok := params["page_after_cursor"].(string); ok && after != "" {
		from = position(after) + 1
	} else if before, ok := params["page_before_cursor"].(string); ok && before != "" {
		from = max(0, position(before)-size)
	}
	list := slices.Clone(found[from:min(len(found), from+size)])
	if list == nil {
		list = []any{}
	}
	meta := map[string]any{"has_more": from+size < len(found), "after_cursor": nil, "before_cursor": nil}
	if len(list) > 0 {
		meta["before_cursor"], meta["after_cursor"] = member(list[0], "id"), member(list[len(list)-1], "id")
	}
	return list, meta, nil
}

// createLink makes a link. Names that are numbers become texts (documented:
// DG/zis-links).
func (r *run) createLink(s *state, params map[string]any) (any, bool, *Error) {
	kind, err := r.text(s, params, "link_type")
	if err != nil {
		return nil, false, err
	}
	left, err := r.object(s, params, "left_object")
	if err != nil {
		return nil, false, err
	}
	right, err := r.object(s, params, "right_object")
	if err != nil {
		return nil, false, err
	}
	if at := r.link(kind, left["name"], right["name"]); at >= 0 {
		if r.reads(DuplicateLink) != second {
			return nil, false, &Error{Text: "there is such a link already"}
		}
		return map[string]any{"link": shown(r.world.Links[at])}, true, nil
	}
	link := r.newLink(kind, left, right)
	r.world.Links = append(r.world.Links, link)
	return map[string]any{"link": shown(link)}, true, nil
}

func (r *run) newLink(kind string, left, right map[string]any) map[string]any {
	r.links++
	n := len(r.world.Links) + r.links
	now := r.now().Format(time.RFC3339)
	return map[string]any{
		"account_id": json.Number(strconv.FormatInt(r.Account.ID, 10)), "integration": r.Account.Integration,
		"id": fmt.Sprintf("link-%d", n), "uuid": fmt.Sprintf("00000000-0000-4000-8000-%012d", n),
		"link_type": kind, "left_object": left, "right_object": right, "created_at": now, "updated_at": now,
	}
}

// shown is a link as CreateLink gives it.
func shown(link any) map[string]any {
	given := map[string]any{}
	for _, name := range zis.LinkShape.At("link").Fields() {
		given[name] = member(link, name)
	}
	return given
}

// object takes one side of a new link.
func (r *run) object(s *state, params map[string]any, name string) (map[string]any, *Error) {
	given, ok := params[name].(map[string]any)
	if !ok {
		return nil, r.at(&Error{Text: "the parameter " + name + " is missing or no object"}, s.zis.Parameters)
	}
	title := linkName(given["name"])
	if n := utf8.RuneCountInString(title); n < zis.LinkName.Least || n > zis.LinkName.Most {
		return nil, r.at(&Error{Text: fmt.Sprintf("the name of %s has %d characters, and %d to %d are allowed", name, n, zis.LinkName.Least, zis.LinkName.Most)}, s.params.get(name).place())
	}
	made := maps.Clone(given)
	made["name"] = title
	return made, nil
}

// linkName is a name of a link as it is kept: a text.
func linkName(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return string(v)
	}
	return ""
}

func member(link any, name string) any {
	object, _ := link.(map[string]any)
	return object[name]
}

func side(link any, name string) string { return linkName(member(member(link, name), "name")) }

func (r *run) link(kind string, left, right any) int {
	return slices.IndexFunc(r.world.Links, func(link any) bool {
		return member(link, "link_type") == kind && side(link, "left_object") == linkName(left) && side(link, "right_object") == linkName(right)
	})
}

// found is the link that the parameters name.
func (r *run) found(s *state, params map[string]any) (int, *Error) {
	kind, err := r.text(s, params, "link_type")
	if err != nil {
		return 0, err
	}
	at := r.link(kind, params["left_object_name"], params["right_object_name"])
	if at < 0 {
		return 0, r.at(&Error{Text: "there is no such link"}, s.zis.Parameters)
	}
	return at, nil
}

func (r *run) patchLink(s *state, params map[string]any) (any, bool, *Error) {
	at, err := r.found(s, params)
	if err != nil {
		return nil, false, err
	}
	link := maps.Clone(r.world.Links[at].(map[string]any))
	for _, name := range []string{"left_object", "right_object"} {
		if _, given := params[name]; given {
			if link[name], err = r.object(s, params, name); err != nil {
				return nil, false, err
			}
		}
	}
	link["updated_at"] = r.now().Format(time.RFC3339)
	r.world.Links[at] = link
	if s.result.node != nil && r.reads(PatchLinkResult) == second {
		return nil, false, nil
	}
	return map[string]any{"link": shown(link)}, true, nil
}

func (r *run) deleteLink(s *state, params map[string]any) (any, bool, *Error) {
	at, err := r.found(s, params)
	if err == nil {
		r.world.Links = slices.Delete(slices.Clone(r.world.Links), at, at+1)
	}
	return nil, false, err
}
