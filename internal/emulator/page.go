package emulator

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
	defaultPage = 20
	maxPage     = 100
)

// meta is the cursor of a list. That after and before are the ids of the last
// and first entry is what the documented samples look like.
type meta struct {
	After   string `json:"after"`
	Before  string `json:"before"`
	HasMore bool   `json:"has_more"`
}

// pageRules are what a platform does otherwise.
type pageRules struct {
	most    int  // entries of a page whatever is asked for; 0: as documented
	overlap bool // a page begins with the last entry of the page before
}

// page cuts the part of a list that is asked for: after one entry, before one,
// or from the beginning. has_more is about the direction that was asked for.
// What the registry answers to a size or cursor that is none is silent; here
// it is an error, so that a client's mistake is seen.
func page[T any](q url.Values, rules pageRules, list []T, id func(T) string) ([]T, meta, error) {
	size, err := pageSize(q.Get("page[size]"))
	if err != nil {
		return nil, meta{}, err
	}
	if rules.most > 0 {
		size = min(size, rules.most)
	}
	after, before := strings.TrimRight(q.Get("page[after]"), "~"), q.Get("page[before]")
	cursor := slices.IndexFunc(list, func(e T) bool { return id(e) == after+before })
	var part []T
	var m meta
	switch {
	case after != "" && before != "":
		return nil, meta{}, errors.New("page[after] and page[before] exclude each other")
	case after+before != "" && cursor < 0:
		return nil, meta{}, errors.New("the cursor is not of this list")
	case before != "":
		part = list[max(0, cursor-size):cursor]
		m.HasMore = cursor > size
	default:
		rest := list
		if after != "" {
			rest = list[cursor+1:]
			if rules.overlap {
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
		return defaultPage, nil
	}
	size, err := strconv.Atoi(text)
	if err != nil || size < 1 || size > maxPage {
		return 0, errors.New("page[size] is a number from 1 to 100")
	}
	return size, nil
}
