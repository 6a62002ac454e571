package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
)

// Paging (zis.md 1.4): cursors, 20 records a page, at most 100.
const (
	pageSize = "100"
	maxPages = 1000 // 100,000 records: a server that never ends
)

// cursor is opaque. The documentation types it as an integer and shows uuids:
// both are passed on as they came.
type cursor string

// UnmarshalJSON takes a string, or the text of a number.
func (c *cursor) UnmarshalJSON(raw []byte) error {
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(c))
	}
	var n json.Number
	err := json.Unmarshal(raw, &n)
	*c = cursor(n)
	return err
}

// firstPage asks for as many records as a page may have.
func firstPage() url.Values { return url.Values{"page[size]": {pageSize}} }

type meta struct {
	HasMore bool   `json:"has_more"`
	After   cursor `json:"after"`
}

// pages makes the call for page after page and gives each to add. An answer
// without meta is the last page: the list of integrations has none.
func (c *Client) pages(ctx context.Context, k call, add func(answer, object) error) error {
	seen := make(map[cursor]bool)
	for range maxPages {
		a, err := c.do(ctx, k)
		if err != nil {
			return err
		}
		o, err := k.object(a)
		if err != nil {
			return err
		}
		if err := add(a, o); err != nil {
			return err
		}
		m, err := k.meta(a, o)
		if err != nil || !m.HasMore {
			return err
		}
		if m.After == "" || seen[m.After] {
			return k.misshapen(a, "the answer says that there are more pages and names none, or one that was read")
		}
		seen[m.After] = true
		k.query.Set("page[after]", string(m.After))
	}
	return k.misshapen(answer{}, "the list has more than %d pages", maxPages)
}

func (k call) meta(a answer, o object) (meta, error) {
	if _, ok := o["meta"]; !ok {
		return meta{}, nil
	}
	return into[meta](k, a, o, "meta", "the place in the list")
}

// list reads all pages of the member name. Each record must pass complete,
// because a record of another shape decodes into an empty one.
func list[T any](ctx context.Context, c *Client, k call, name string, complete func(T) bool) ([]T, error) {
	var all []T
	err := c.pages(ctx, k, func(a answer, o object) error {
		page, err := records(k, a, o, name, complete)
		all = append(all, page...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// records decodes one page. null is an empty list: so a server in Go writes a
// list that it never filled.
func records[T any](k call, a answer, o object, name string, complete func(T) bool) ([]T, error) {
	page, err := into[[]T](k, a, o, name, "a list of what was asked for")
	if err != nil {
		return nil, err
	}
	for i, r := range page {
		if !complete(r) {
			return nil, k.misshapen(a, "record %d of %q lacks its name or id", i, name)
		}
	}
	return page, nil
}
