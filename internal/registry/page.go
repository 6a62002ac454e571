package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// Paging (docs/platform.md 1.4): cursors, 20 records a page, at most 100.
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

// meta is the place in a list.
type meta struct {
	more  bool
	after cursor
}

// pages makes the call for page after page and gives each to add, which tells
// how many of its records are new. An answer without meta is the last page, as
// the list of integrations has none, and so is a page without anything new,
// whatever it says of more.
func (c *Client) pages(ctx context.Context, k call, add func(answer, object) (fresh int, err error)) error {
	for range maxPages {
		a, err := c.page(ctx, &k)
		if err != nil || a.status == http.StatusNoContent {
			return err
		}
		o, err := k.object(a)
		if err != nil {
			return err
		}
		fresh, err := add(a, o)
		if err != nil {
			return err
		}
		m, err := k.meta(a, o)
		if err != nil || !m.more || fresh == 0 {
			return err
		}
		if m.after == "" {
			return k.misshapen(a, "the answer says that there are more pages and names none")
		}
		k.query.Set("page[after]", string(m.after))
	}
	return k.misshapen(answer{}, "the list has more than %d pages", maxPages)
}

// page reads one page. A list of nothing may be a 404 that says so, and a
// registry may refuse to be told how large a page should be.
func (c *Client) page(ctx context.Context, k *call) (answer, error) {
	a, err := c.do(ctx, *k)
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return a, err
	case e.Status == http.StatusNotFound && strings.Contains(strings.ToLower(e.Message), "no rows"):
		return answer{status: http.StatusNoContent}, nil
	case k.query.Has("page[size]") && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity):
		k.query = maps.Clone(k.query)
		k.query.Del("page[size]")
		return c.do(ctx, *k)
	}
	return a, err
}

func (k call) meta(a answer, o object) (meta, error) {
	raw, ok := o["meta"]
	if !ok || string(raw) == "null" {
		return meta{}, nil
	}
	m, err := into[row](k, a, o, "meta", "the place in the list")
	if err != nil {
		return meta{}, err
	}
	more, ok := m.flag("has_more")
	raw, named := m["after"]
	if !named {
		raw, named = m["after_cursor"] // as the Support API calls it
	}
	var after cursor
	if !ok || named && json.Unmarshal(raw, &after) != nil {
		return meta{}, k.misshapen(a, "%q in the answer is not the place in the list", "meta")
	}
	return meta{more, after}, nil
}
