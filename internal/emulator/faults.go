package emulator

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// Script makes chosen requests go wrong.
type Script []Scripted

// Scripted is one fault and the requests it befalls.
type Scripted struct {
	Method string // "" for any
	Path   string // a part of the path and query
	Kind   string // one of FaultKinds
	After  int    // how many of these requests go well before
	Times  int    // how many go wrong then; 0: all
}

// faults are the ways in which a request can go wrong.
var faults = map[string]func(real http.Handler) http.HandlerFunc{
	"reset-before": func(http.Handler) http.HandlerFunc {
		return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	},
	"reset-after": func(real http.Handler) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) {
			real.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
	},
	"hang": func(http.Handler) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then is it noticed that the client has gone
			<-r.Context().Done()
		}
	},
	"401": answer(http.StatusUnauthorized, "text/plain", "Authentication failed", nil),
	"403": answer(http.StatusForbidden, "text/plain", "Only admin user is allowed", nil),
	"409": answer(http.StatusConflict, "application/json", `{"message":"conflict"}`, nil),
	"429-seconds": answer(http.StatusTooManyRequests, "text/plain", "Too many requests", func(h http.Header) {
		h.Set("Retry-After", "3")
	}),
	"429-date": answer(http.StatusTooManyRequests, "text/plain", "Too many requests", func(h http.Header) {
		h.Set("Retry-After", time.Now().Add(3*time.Second).UTC().Format(http.TimeFormat))
	}),
	"500":      answer(http.StatusInternalServerError, "application/json", `{"errors":[{"code":"1050","detail":"error message","status":"500"}],"message":"Internal Server Error"}`, nil),
	"503-html": answer(http.StatusServiceUnavailable, "text/html", "<!DOCTYPE html><html><body><h1>Service Unavailable</h1>##[error]::error::</body></html>", nil),
	"redirect": answer(http.StatusTemporaryRedirect, "text/plain", "", func(h http.Header) {
		h.Set("Location", "https://elsewhere.example.com/")
	}),
	"wrong-shape": answer(http.StatusOK, "application/json", `{"bundles":"none","job_specs":7,"name":[]}`, nil),
	"truncated": func(http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"bundles":[{"uuid":"`))
		}
	},
	// The answer of a write that was taken, of which nothing is to be seen.
	"accepted-not-stored": answer(http.StatusOK, "text/plain", "", nil),
}

// FaultKinds are the names of the faults, sorted.
func FaultKinds() []string { return slices.Sorted(maps.Keys(faults)) }

func answer(status int, contentType, body string, more func(http.Header)) func(http.Handler) http.HandlerFunc {
	return func(http.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			if more != nil {
				more(w.Header())
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body)) // the client has gone
		}
	}
}

// Fault makes the script a value for Server.Fault.
func (script Script) Fault() (func(*http.Request, http.Handler) http.Handler, error) {
	for _, f := range script {
		if faults[f.Kind] == nil {
			return nil, fmt.Errorf("no fault is called %q; there are: %s", f.Kind, strings.Join(FaultKinds(), ", "))
		}
	}
	seen := make([]int, len(script))
	var mu sync.Mutex
	return func(r *http.Request, real http.Handler) http.Handler {
		mu.Lock()
		defer mu.Unlock()
		for i, f := range script {
			if f.Method != "" && f.Method != r.Method || !strings.Contains(r.URL.RequestURI(), f.Path) {
				continue
			}
			seen[i]++
			if n := seen[i] - f.After; n > 0 && (f.Times == 0 || n <= f.Times) {
				return faults[f.Kind](real)
			}
		}
		return real
	}, nil
}
