package platform

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// listDispositions vary the lists of bundles and of job specs as wholes; their
// documented form is a member with the entries and meta with the cursors.
func listDispositions() []Disposition {
	var list []Disposition
	for _, l := range []struct {
		word, member string
		on           Endpoint
	}{{"bundles", "bundles", Bundles}, {"job-specs", "job_specs", JobSpecs}} {
		row := func(name, varies string, f form) {
			f.on = l.on
			list = append(list, Disposition{
				"list-" + l.word + "-" + name, aboutLists, "the " + string(l.on) + ": " + varies, Unknown, Kept,
				func(p *Rules) { p.forms = append(p.forms, f) },
			})
		}
		row("empty-404", "an empty one is 404 no rows found", emptyIs(l.member, wire.Plain(404, "no rows found")))
		row("empty-204", "an empty one is 204", emptyIs(l.member, wire.Answer{Status: 204}))
		row("empty-absent", "an empty one lacks the member", form{change: shape.Drop(func(p shape.Path, v any) bool { return len(p) == 1 && shape.EmptyList(v) })})
		row("empty-null", "an empty one is null", form{change: shape.Each(func(p shape.Path, v any) any {
			if len(p) == 1 && shape.EmptyList(v) {
				return nil
			}
			return v
		})})
		row("endless", "has_more is always true, the cursor stays", form{change: shape.At(constant(true), "meta", "has_more")})
		row("endless-new-cursor", "has_more is always true, with a new cursor and no new entry", form{finish: endlessCursor})
		row("twice", "each entry stands there twice", form{change: shape.At(twice, l.member)})
		row("no-meta", "meta is missing when there is no more", form{change: noMeta(func(v any) any { return shape.Without("meta")(v) })})
		row("null-meta", "meta is null when there is no more", form{change: noMeta(shape.At(constant(nil), "meta"))})
		row("no-cursor", "cursors are null when there is no more", form{change: noMeta(shape.Chain(shape.At(constant(nil), "meta", "after"), shape.At(constant(nil), "meta", "before")))})
		row("links", "the next page stands in links.next as well", form{finish: nextLink})
		row("reversed", "newer entries come first", form{change: shape.At(shape.Reversed, l.member)})
		row("count", "there is a count, and more members", form{change: shape.Chain(shape.With("count", json.Number("1")), shape.With("next_page", nil), shape.With("previous_page", nil))})
		list = append(list, sizes(l.word, l.on)...)
	}
	return append(list,
		Disposition{"list-pages-of-2", aboutLists, "a page has two entries, whatever is asked for", Unknown, Kept, func(p *Rules) { p.Pages.Most = 2 }},
		Disposition{"list-pages-overlap", aboutLists, "a page has two entries, and begins with the last of the page before", Unknown, Kept, func(p *Rules) { p.Pages = wire.PageRules{Most: 2, Overlap: true} }},
	)
}

// emptyIs answers otherwise where the list would be empty.
func emptyIs(member string, a wire.Answer) form {
	return form{finish: func(_ Request, was wire.Answer) wire.Answer {
		if v, err := wire.Decode(was.Body); err == nil && shape.EmptyList(wire.Object(v)[member]) {
			return a
		}
		return was
	}}
}

// sizes refuse or ignore page[size].
func sizes(word string, on Endpoint) []Disposition {
	asked := func(r Request) bool { return r.URL.Query().Has("page[size]") }
	refused := func(name, varies string, a wire.Answer) Disposition {
		return Disposition{"list-" + word + "-" + name, aboutLists, "the " + string(on) + ": " + varies, Unknown, Kept, func(p *Rules) {
			p.detours = append(p.detours, Detour{on: on, only: asked, With: given(a)})
		}}
	}
	return []Disposition{
		refused("size-refused", "page[size] is refused with 400", wire.Refuse(400, "Bad Request", "page[size] is not a known parameter")),
		refused("size-refused-422", "page[size] is refused with 422", wire.Reply(422, map[string]string{"error": "InvalidPaginationParameter", "description": "page[size] is not supported"})),
	}
}

// constant puts one value in the place of any.
func constant(v any) func(any) any { return func(any) any { return v } }

func twice(v any) any {
	list, _ := v.([]any)
	var all []any
	for _, e := range list {
		all = append(all, e, e)
	}
	return all
}

// noMeta changes a page that is the last.
func noMeta(change shape.Change) shape.Change {
	return func(v any) any {
		if wire.Object(wire.Object(v)["meta"])["has_more"] == true {
			return v
		}
		return change(v)
	}
}

// endlessCursor never tells the last page: behind it come empty ones, each
// with another cursor.
func endlessCursor(r Request, a wire.Answer) wire.Answer {
	v, err := wire.Decode(a.Body)
	m := wire.Object(wire.Object(v)["meta"])
	if err != nil || m["has_more"] == true {
		return a
	}
	next := cmp.Or(wire.Text(m["after"]), r.URL.Query().Get("page[after]"))
	a.Body = shape.Style{}.Write(shape.Chain(
		shape.At(constant(true), "meta", "has_more"), shape.At(constant(next+"~"), "meta", "after"),
	)(v))
	return a
}

// nextLink puts the next page's address into links.
func nextLink(r Request, a wire.Answer) wire.Answer {
	v, err := wire.Decode(a.Body)
	if err != nil {
		return a
	}
	var next any
	if m := wire.Object(wire.Object(v)["meta"]); m["has_more"] == true {
		q := url.Values{"page[after]": {wire.Text(m["after"])}}
		next = r.Address(r.URL.Path, q.Encode())
	}
	a.Body = shape.Style{}.Write(shape.With("links", map[string]any{"next": next})(v))
	return a
}

// installed writes whether a job spec is on as one of two other values.
func installed(on, off any) shape.Change {
	return shape.At(func(v any) any {
		if v == true {
			return on
		}
		return off
	}, "job_specs", "*", "installed")
}

// rowDispositions vary the entries of the lists.
func rowDispositions() []Disposition {
	specs := func(name, varies string, c shape.Change) Disposition {
		return Disposition{"row-" + name, aboutRows, varies, Unknown, Kept, func(p *Rules) { p.forms = append(p.forms, form{on: JobSpecs, change: c}) }}
	}
	bundles := func(name, varies string, c shape.Change) Disposition {
		return Disposition{"row-" + name, aboutRows, varies, Unknown, Kept, func(p *Rules) { p.forms = append(p.forms, form{on: Bundles, change: c}) }}
	}
	list := []Disposition{
		specs("installed-1-0", "installed is 1 or 0", installed(json.Number("1"), json.Number("0"))),
		specs("installed-text", `installed is "true" or "false"`, installed("true", "false")),
		specs("installed-text-1-0", `installed is "1" or "0"`, installed("1", "0")),
		specs("installed-null", "installed is null for no", installed(true, nil)),
		specs("installed-absent", "installed is absent for no", shape.Drop(func(p shape.Path, v any) bool { return p.Is("job_specs", "*", "installed") && v == false })),
		specs("arn", "a job spec's name is its full name", fullNames),
		specs("flow-arn", "a job spec's flow_name is its full name", shape.Each(fullFlow)),
		specs("no-flow", "a job spec's flow_name is missing", shape.Without("job_specs", "*", "flow_name")),
		specs("more", "job specs have more members", shape.Chain(shape.At(shape.With("created_at", "2026-11-26T01:00:00Z"), "job_specs", "*"), shape.At(shape.With("installation_type", "manual"), "job_specs", "*"))),
		specs("upper-uuids", "uuids of job specs are upper case", shape.At(upper, "job_specs", "*", "uuid")),
		specs("no-uuids", "job specs have no uuid", shape.Without("job_specs", "*", "uuid")),
		bundles("resources", "bundles are listed with resources", shape.At(shape.With("resources", map[string]any{}), "bundles", "*")),
		bundles("short", "bundles are listed with uuid and name alone", shape.Drop(func(p shape.Path, _ any) bool {
			return len(p) == 3 && p[0] == "bundles" && p[2] != "uuid" && p[2] != "name"
		})),
		bundles("null-description", "the description of a bundle is null in the list", shape.At(constant(nil), "bundles", "*", "description")),
	}
	for _, f := range foreignRows() {
		for _, l := range []struct {
			word, member string
			on           Endpoint
		}{{"bundle", "bundles", Bundles}, {"job-spec", "job_specs", JobSpecs}} {
			c := shape.At(func(v any) any { rows, _ := v.([]any); return append(rows[:len(rows):len(rows)], f.row) }, l.member)
			list = append(list, Disposition{
				"row-foreign-" + l.word + "-" + f.word, aboutRows, fmt.Sprintf("the %s holds one more row: %s", l.on, f.varies), Unknown, Kept,
				func(p *Rules) { p.forms = append(p.forms, form{on: l.on, change: c}) },
			})
		}
	}
	return list
}

type foreignRow struct {
	word, varies string
	row          any
}

// foreignRows can't be read as what they stand among, or are somebody else's.
func foreignRows() []foreignRow {
	const id = "00000000-0000-4000-8000-000000000000"
	return []foreignRow{
		{"null", "null", nil},
		{"text", "a text", "zis"},
		{"odd-name", "its name is a number", map[string]any{"uuid": id, "name": json.Number("7"), "installed": "no", "flow_name": []any{}}},
		{"nameless", "it has no name", map[string]any{"uuid": id, "integration": "acme"}},
		{"odd-uuid", "its uuid is a number", map[string]any{"uuid": json.Number("7"), "name": "odd", "integration": map[string]any{}}},
		{"other-integration", "it is of another integration", map[string]any{"uuid": id, "name": "theirs", "integration": "globex", "installed": true, "flow_name": "theirs_flow", "event_source": "support", "event_type": "ticket.TicketCreated"}},
	}
}

func upper(v any) any { return strings.ToUpper(wire.Text(v)) }

func fullNames(v any) any {
	return shape.At(func(row any) any {
		name := "zis:" + shape.Member(row, "integration") + ":job_spec:" + shape.Member(row, "name")
		return shape.At(constant(name), "name")(row)
	}, "job_specs", "*")(v)
}

func fullFlow(p shape.Path, v any) any {
	if m, ok := v.(map[string]any); ok && len(p) == 2 && p[0] == "job_specs" {
		name := "zis:" + shape.Member(m, "integration") + ":flow:" + shape.Member(m, "flow_name")
		return shape.At(constant(name), "flow_name")(m)
	}
	return v
}
