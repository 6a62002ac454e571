package wire

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Entries of a page, unless page[size] says otherwise, and at most
// (documented: registry/bundles).
const (
	DefaultPage = 20
	MaxPage     = 100
)

// Meta is the cursor of a list. That after and before are the ids of the last
// and first entry is what the documented samples look like.
type Meta struct {
	After   string `json:"after"`
	Before  string `json:"before"`
	HasMore bool   `json:"has_more"`
}

// PageRules are what a platform does otherwise.
type PageRules struct {
	Most    int  // entries of a page whatever is asked for; 0: as documented
	Overlap bool // a page begins with the last entry of the page before
}

// Page cuts the part of a list that is asked for: after one entry, before one,
// or from the beginning. has_more is about the direction that was asked for.
// What the registry answers to a size or cursor that is none is silent; here
// it is an error, so that a client's mistake is seen.
func Page[T any](q url.Values, rules PageRules, list []T, id func(T) string) ([]T, Meta, error) {
	size, err := pageSize(q.Get("page[size]"))
	if err != nil {
		return nil, Meta{}, err
	}
	if rules.Most > 0 {
		size = min(size, rules.Most)
	}
	after, before := strings.TrimRight(q.Get("page[after]"), "~"), q.Get("page[before]")
	cursor := slices.IndexFunc(list, func(e T) bool { return id(e) == after+before })
	var part []T
	var m Meta
	switch {
	case after != "" && before != "":
		return nil, Meta{}, errors.New("page[after] and page[before] exclude each other")
	case after+before != "" && cursor < 0:
		return nil, Meta{}, errors.New("the cursor is not of this list")
	case before != "":
		part = list[max(0, cursor-size):cursor]
		m.HasMore = cursor > size
	default:
		rest := list
		if after != "" {
			rest = list[cursor+1:]
			if rules.Overlap {
				rest = list[cursor:]
			}
		}
		part = rest[:min(size, len(rest))]
		m.HasMore = len(rest) > size
	}
	if len(part) > 0 {
		m.Before, m.After = id(part[0]), id(part[len(part)-1])
	}
	return part, m, nil
}

func pageSize(text string) (int, error) {
	if text == "" {
		return DefaultPage, nil
	}
	size, err := strconv.Atoi(text)
	if err != nil || size < 1 || size > MaxPage {
		return 0, errors.New("page[size] is a number from 1 to 100")
	}
	return size, nil
}
