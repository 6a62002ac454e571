// Package faulty makes chosen requests to an emulated account go wrong: broken
// connections, odd answers, effects that are told and didn't happen. Only
// tests need it.
package faulty

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Script makes chosen requests go wrong. A request suffers the first entry
// that is about it and has not yet had its number, so entries about the same
// requests follow each other:
//
//	Script{
//		{Path: "/install", Kind: "500", Times: 1},      // the first installation
//		{Path: "/install", Kind: "429-date", Times: 2}, // the second and the third
//	}
type Script []Scripted

// Scripted is one fault and the requests it befalls.
type Scripted struct {
	Method string // "" for any
	Path   string // a part of the path and query as they came
	Kind   string // one of Kinds
	After  int    // how many of these requests go well before
	Times  int    // how many go wrong then; 0: all
}

func (f Scripted) about(r *http.Request) bool {
	return (f.Method == "" || f.Method == r.Method) && strings.Contains(r.URL.RequestURI(), f.Path)
}

// Kinds are the names of the faults, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(faults())) }

// ByName makes every request suffer one kind of fault, as a value for
// Server.Fault. An unknown kind is an error that lists them all.
func ByName(kind string) (func(*http.Request, http.Handler) http.Handler, error) {
	return Script{{Kind: kind}}.Fault()
}

// Fault makes the script a value for Server.Fault. An unknown kind is an error
// that lists them all.
func (script Script) Fault() (func(*http.Request, http.Handler) http.Handler, error) {
	kinds := faults()
	for _, f := range script {
		if kinds[f.Kind] == nil {
			return nil, fmt.Errorf("fault %q: there are %s", f.Kind, strings.Join(Kinds(), ", "))
		}
	}
	seen := make([]int, len(script))
	var mu sync.Mutex
	return func(r *http.Request, real http.Handler) http.Handler {
		mu.Lock()
		defer mu.Unlock()
		for i, f := range script {
			if !f.about(r) {
				continue
			}
			seen[i]++
			if n := seen[i] - f.After; n > 0 && (f.Times == 0 || n <= f.Times) {
				return kinds[f.Kind](real)
			}
		}
		return real
	}, nil
}
