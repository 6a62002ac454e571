package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// row is one record of a list, member by member: what isn't used isn't
// decoded, so that its form can't matter.
type row map[string]json.RawMessage

// text is a member that is a string, or a number's digits; "" for any other.
func (r row) text(name string) string {
	var s string
	if json.Unmarshal(r[name], &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(r[name], &n) == nil {
		return n.String()
	}
	return ""
}

// id is a member that is a whole number, or the text of one; 0 for any other.
func (r row) id(name string) int64 {
	n, err := strconv.ParseInt(r.text(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// flag is a member that says yes or no: as a boolean, as 0 or 1, or as a
// word. One that is missing or null says no.
func (r row) flag(name string) (on, ok bool) {
	raw := bytes.TrimSpace(r[name])
	switch word := strings.ToLower(strings.Trim(string(raw), `"`)); word {
	case "true", "1", "yes", "installed":
		return true, true
	case "", "null", "false", "0", "no", "uninstalled", "not_installed":
		return false, true
	}
	return false, false
}

// time is a moment in RFC 3339; zero if the member is none.
func (r row) time(names ...string) time.Time {
	for _, name := range names {
		if t, err := time.Parse(time.RFC3339, r.text(name)); err == nil {
			return t
		}
	}
	return time.Time{}
}

// rows decodes one page. null is an empty list: so a server in Go writes a
// list that it never filled. So is an answer that says nothing but where in
// the list it is.
func (k call) rows(a answer, o object, name string) ([]json.RawMessage, error) {
	if _, ok := o[name]; !ok && k.list && o.saysNothing() {
		return nil, nil
	}
	return into[[]json.RawMessage](k, a, o, name, "a list of what was asked for")
}

// saysNothing tells whether an answer has only what any page has.
func (o object) saysNothing() bool {
	for name := range o {
		switch name {
		case "meta", "links", "count", "next_page", "previous_page":
		default:
			return false
		}
	}
	return true
}

// record is what a row became: key tells it from the others, and broken says
// why it can't be used.
type record[T any] struct {
	value  T
	key    string
	broken string
	named  bool // it says its name, so that the caller can tell whose it is
	skip   bool // nothing of it is left that the caller could judge
}

// Why most records that can't be used can't be.
const (
	broken = "lacks its name or id"
	noID   = "lacks its id"
)

// reading makes a record of a row. What is no object has no members.
func reading[T any](read func(row) record[T]) func(json.RawMessage) record[T] {
	return func(raw json.RawMessage) record[T] {
		var r row
		_ = json.Unmarshal(raw, &r)
		return read(r)
	}
}

// decoding makes a record of a row by the tags of T; it can be used if it is
// complete.
func decoding[T any](complete func(T) bool) func(json.RawMessage) record[T] {
	return func(raw json.RawMessage) record[T] {
		var r record[T]
		if json.Unmarshal(raw, &r.value) != nil || !complete(r.value) {
			r.broken, r.skip = broken, true
		}
		return r
	}
}

// readRows makes records of one page. A broken one is for the caller to judge,
// who learns from its name whether it is his. Where all are objects without
// a name, or texts, any of them may be his under another form, and the answer is
// not understood. null, a number or a list is no record of anybody.
func readRows[T any](k call, a answer, o object, name string, read func(json.RawMessage) record[T]) ([]record[T], error) {
	page, err := k.rows(a, o, name)
	if err != nil {
		return nil, err
	}
	list := make([]record[T], len(page))
	known, lost := false, -1
	for i, r := range page {
		list[i] = read(r)
		switch {
		case list[i].broken == "" || list[i].named:
			known = true
		case bytes.ContainsAny(bytes.TrimSpace(r)[:1], "{\""):
			lost = i
		}
	}
	if lost >= 0 && !known {
		return nil, k.misshapen(a, "record %d of %q %s", lost, name, list[lost].broken)
	}
	return list, nil
}

// collect reads all pages of the member name. A record that is listed twice
// counts once, as it was listed last: a list that changes while it is read
// shows some of it again.
func collect[T any](ctx context.Context, c *Client, k call, name string, read func(json.RawMessage) record[T]) ([]T, error) {
	var all []T
	place := map[string]int{}
	err := c.pages(ctx, k, func(a answer, o object) (fresh int, err error) {
		list, err := readRows(k, a, o, name, read)
		for _, r := range list {
			if r.skip {
				continue
			}
			at, seen := place[r.key]
			if seen && r.key != "" {
				all[at] = r.value
				continue
			}
			place[r.key] = len(all)
			all = append(all, r.value)
			fresh++
		}
		return fresh, err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
