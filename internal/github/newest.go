package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Version is a state of the repository: where a branch or tag is.
type Version struct {
	Ref    string // such as "the branch main" or "the tag v2.0.0", for people
	Commit string
}

// Newest is the state that has taken the place of the run's own: where its
// branch or tag is now, or a tag with a higher version of the same name. It is
// the run's own if nothing has.
func (a *Action) Newest(ctx context.Context, e Event) (Version, error) {
	c, err := a.newAPI()
	if err != nil {
		return Version{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	kind, name := e.ref()
	if kind == "" {
		return Version{}, fmt.Errorf("the run is of no branch and no tag: GITHUB_REF is %q", e.Ref)
	}
	var at struct{ SHA string }
	path := fmt.Sprintf("/repos/%s/commits/%ss/%s", e.Repo, map[string]string{"branch": "head", "tag": "tag"}[kind], escape(name))
	if _, err := c.do(ctx, http.MethodGet, path, nil, &at); err != nil {
		return Version{}, err
	}
	if at.SHA == "" {
		return Version{}, errors.New("GitHub names no commit")
	}
	now := Version{Ref: "the " + kind + " " + name, Commit: at.SHA}
	if kind == "branch" {
		return now, nil
	}
	return c.newerTag(ctx, e, name, now)
}

// newerTag is the tag with the highest version of the same name, if that is
// higher than name's.
func (c *api) newerTag(ctx context.Context, e Event, name string, now Version) (Version, error) {
	type tag struct {
		Name   string
		Commit struct{ SHA string }
	}
	tags, err := pages[tag](ctx, c, "/repos/"+e.Repo+"/tags")
	if err != nil {
		return Version{}, err
	}
	highest := name
	for _, t := range tags {
		if higher(t.Name, highest) {
			highest, now = t.Name, Version{Ref: "the tag " + t.Name, Commit: t.Commit.SHA}
		}
	}
	return now, nil
}

// higher tells whether tag a is a version after b: the same text before the
// first digit, and a greater number. What is only a candidate (v2.0.0-rc1) is
// not after a release.
func higher(a, b string) bool {
	nameA, partsA, candidateA := parts(a)
	nameB, partsB, candidateB := parts(b)
	if nameA != nameB || len(partsA) == 0 || len(partsB) == 0 || candidateA != "" && candidateB == "" {
		return false
	}
	if order := slices.Compare(partsA, partsB); order != 0 {
		return order > 0
	}
	return candidateA == "" && candidateB != "" || candidateA != "" && compareWords(candidateA, candidateB) > 0
}

// parts takes a tag apart: app-v1.2.3-rc1 is "app-v", 1 2 3 and "rc1".
func parts(tag string) (name string, numbers []int, candidate string) {
	first := strings.IndexFunc(tag, unicode.IsDigit)
	if first < 0 {
		return tag, nil, ""
	}
	tag, name = tag[first:], tag[:first]
	for tag != "" {
		end := strings.IndexFunc(tag, func(r rune) bool { return !unicode.IsDigit(r) })
		if end < 0 {
			end = len(tag)
		}
		n, err := strconv.Atoi(tag[:end])
		if err != nil {
			return name, numbers, tag
		}
		numbers = append(numbers, n)
		tag = tag[end:]
		if rest := strings.TrimLeft(tag, "._-"); rest == "" || rest == tag || !unicode.IsDigit(rune(rest[0])) {
			return name, numbers, strings.TrimLeft(tag, "._-")
		} else {
			tag = rest
		}
	}
	return name, numbers, ""
}

// compareWords orders rc2 before rc10.
func compareWords(a, b string) int {
	nameA, partsA, _ := parts(a)
	nameB, partsB, _ := parts(b)
	return cmp.Or(strings.Compare(nameA, nameB), slices.Compare(partsA, partsB), strings.Compare(a, b))
}

// File is a file of the repository at a commit; nil if there is none.
func (a *Action) File(ctx context.Context, e Event, commit, path string) ([]byte, error) {
	c, err := a.newAPI()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	var text []byte
	_, err = c.do(ctx, http.MethodGet, fmt.Sprintf("/repos/%s/contents/%s?ref=%s", e.Repo, escape(path), url.QueryEscape(commit)), nil, &text)
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	return text, err
}

// escape keeps the slashes of a path.
func escape(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
