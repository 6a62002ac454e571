package github_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/version"
)

// fake is a GitHub with one repository, o/r. It refuses what the real one
// would: other paths and methods, a missing token, API version or body.
type fake struct {
	t        *testing.T
	mu       sync.Mutex
	requests []string // METHOD PATH?QUERY
	comments []note
	hidden   []string // node ids that were minimised
	pulls    []map[string]any
	me       string             // login of the token's user; empty: /user is refused
	app      string             // login of the token's app
	blind    bool               // GraphQL doesn't tell who asks
	perPage  int                // 0: as asked
	before   []http.HandlerFunc // answers the next requests instead
	readOnly bool
}

type note struct {
	ID   int64  `json:"id"`
	Node string `json:"node_id"`
	URL  string `json:"html_url"`
	Body string `json:"body"`
	User struct {
		Login string `json:"login"`
		Type  string `json:"type"`
	} `json:"user"`
}

func (f *fake) add(login, kind, body string) {
	n := note{ID: int64(len(f.comments) + 1), Node: fmt.Sprintf("IC_%d", len(f.comments)+1), Body: body}
	n.URL = fmt.Sprintf("https://github.example/o/r/pull/7#issuecomment-%d", n.ID)
	n.User.Login, n.User.Type = login, kind
	f.comments = append(f.comments, n)
}

// RoundTrip makes the fake a transport.
func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r.Method+" "+r.URL.RequestURI())
	if r.URL.Host != "" && r.URL.Host != "api.github.example" {
		f.t.Errorf("a request to %s", r.URL.Host)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer ghs_token", "Accept": cmp.Or(map[bool]string{true: "application/vnd.github.raw+json"}[r.URL.Path == "/graphql"], "application/vnd.github+json"), "X-Github-Api-Version": "2022-11-28", "User-Agent": version.UserAgent(),
	} {
		if got := r.Header.Get(name); got != want {
			f.t.Errorf("%s %s: %s is %q, not %q", r.Method, r.URL.Path, name, got, want)
		}
	}
	if len(f.before) > 0 {
		handle := f.before[0]
		f.before = f.before[1:]
		if handle != nil {
			handle(w, r)
			return
		}
	}
	f.route(w, r)
}

func (f *fake) route(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) {
		if f.me == "" {
			no(w, 403, "Resource not accessible by integration")
			return
		}
		give(w, 200, map[string]string{"login": f.me, "type": "User"})
	})
	mux.HandleFunc("GET /repos/o/r/issues/7/comments", f.list)
	mux.HandleFunc("POST /repos/o/r/issues/7/comments", f.create)
	mux.HandleFunc("PATCH /repos/o/r/issues/comments/{id}", f.edit)
	mux.HandleFunc("POST /graphql", f.minimise)
	mux.HandleFunc("GET /repos/o/r/commits/{sha}/pulls", func(w http.ResponseWriter, _ *http.Request) { give(w, 200, f.pulls) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		f.t.Errorf("GitHub has no %s %s", r.Method, r.URL.Path)
		no(w, 404, "Not Found")
	})
	mux.ServeHTTP(w, r)
}

func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	if f.perPage > 0 {
		size = f.perPage
	}
	from := min((page-1)*size, len(f.comments))
	to := min(from+size, len(f.comments))
	if to < len(f.comments) {
		w.Header().Set("Link", fmt.Sprintf(`<https://api.github.example/repos/o/r/issues/7/comments?page=%d>; rel="next", <https://x>; rel="last"`, page+1))
	}
	give(w, 200, append([]note{}, f.comments[from:to]...))
}

func (f *fake) create(w http.ResponseWriter, r *http.Request) {
	body, ok := f.body(w, r)
	if !ok {
		return
	}
	login, kind := f.me, "User"
	if f.app != "" {
		login, kind = f.app, "Bot"
	} else if login == "" {
		login, kind = "github-actions[bot]", "Bot"
	}
	f.add(login, kind, body)
	give(w, 201, f.comments[len(f.comments)-1])
}

func (f *fake) edit(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	i := slices.IndexFunc(f.comments, func(n note) bool { return n.ID == id })
	if i < 0 {
		no(w, 404, "Not Found")
		return
	}
	if body, ok := f.body(w, r); ok {
		f.comments[i].Body = body
		give(w, 200, f.comments[i])
	}
}

// body is a comment's text as GitHub takes it.
func (f *fake) body(w http.ResponseWriter, r *http.Request) (string, bool) {
	if f.readOnly {
		no(w, 403, "Resource not accessible by integration")
		return "", false
	}
	var in map[string]string
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in) != 1 || in["body"] == "" || len([]rune(in["body"])) > 65536 {
		f.t.Errorf("%s %s: body %v, %v", r.Method, r.URL.Path, in, err)
		no(w, 422, "Validation Failed")
		return "", false
	}
	return in["body"], true
}

func (f *fake) minimise(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Query     string
		Variables struct{ ID string }
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	if err == nil && in.Query == "query { viewer { login } }" {
		if f.blind {
			no(w, 403, "Resource not accessible by integration")
			return
		}
		give(w, 200, map[string]any{"data": map[string]any{"viewer": map[string]any{"login": cmp.Or(f.app, f.me, "github-actions[bot]")}}})
		return
	}
	if err != nil || !strings.Contains(in.Query, "minimizeComment(input: {subjectId: $id, classifier: OUTDATED})") {
		f.t.Errorf("GraphQL: %+v, %v", in, err)
	}
	f.hidden = append(f.hidden, in.Variables.ID)
	give(w, 200, map[string]any{"data": map[string]any{}})
}

func give(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func no(w http.ResponseWriter, status int, message string) {
	give(w, status, map[string]string{"message": message})
}
