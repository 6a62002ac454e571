package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// hub is as much of GitHub as scripts need: comments on pull request 7, which
// was merged as the commit "merged", and the heads of branches.
type hub struct {
	mu       sync.Mutex
	requests []string
	comments []map[string]any
	heads    map[string]string // of heads/BRANCH and tags/TAG: the commit
	files    map[string][]byte // of COMMIT:PATH
	issues   []map[string]any
}

type hubKey struct{}

func startHub(env *testscript.Env) {
	h := &hub{heads: map[string]string{"heads/main": "head-of-main"}, files: map[string][]byte{}}
	listening := httptest.NewServer(h)
	env.Defer(listening.Close)
	env.Values[hubKey{}] = h
	env.Setenv("GITHUB_API_URL", listening.URL)
	env.Setenv("GITHUB_GRAPHQL_URL", listening.URL+"/graphql")
	env.Setenv("GITHUB_REPOSITORY", "o/r")
	env.Setenv("GITHUB_EVENT_NAME", "push")
	env.Setenv("GITHUB_REF", "refs/heads/main")
	env.Setenv("GITHUB_SHA", "head-of-main")
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, r.Method+" "+r.URL.Path)
	ref, isRef := strings.CutPrefix(r.URL.Path, "/repos/o/r/commits/")
	path, isFile := strings.CutPrefix(r.URL.Path, "/repos/o/r/contents/")
	var in struct{ Title, Body, State string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	switch {
	case r.Header.Get("Authorization") != "Bearer token-of-the-workflow":
		h.give(w, 401, map[string]any{"message": "Bad credentials"})
	case isRef && h.heads[ref] != "":
		h.give(w, 200, map[string]any{"sha": h.heads[ref]})
	case isFile && r.Header.Get("Accept") == "application/vnd.github.raw+json":
		if text, ok := h.files[r.URL.Query().Get("ref")+":"+path]; ok {
			_, _ = w.Write(text)
			return
		}
		h.give(w, 404, map[string]any{"message": "Not Found"})
	case r.URL.Path == "/repos/o/r/tags":
		h.give(w, 200, h.tags())
	case r.Method == "GET" && r.URL.Path == "/repos/o/r/issues/7/comments":
		h.give(w, 200, h.comments)
	case r.Method == "POST" && r.URL.Path == "/repos/o/r/issues/7/comments":
		c := map[string]any{
			"id": 41, "node_id": "IC", "html_url": "https://github.example/c/41", "body": in.Body,
			"user": map[string]any{"login": "github-actions[bot]", "type": "Bot"},
		}
		h.comments = append(h.comments, c)
		h.give(w, 201, c)
	case r.Method == "PATCH" && r.URL.Path == "/repos/o/r/issues/comments/41":
		h.comments[0]["body"] = in.Body
		h.give(w, 200, h.comments[0])
	case r.URL.Path == "/repos/o/r":
		h.give(w, 200, map[string]any{"default_branch": "main"})
	case r.URL.Path == "/repos/o/r/compare/main...head-of-main":
		h.give(w, 200, map[string]any{"status": "identical"})
	case strings.HasPrefix(r.URL.Path, "/repos/o/r/compare/main..."):
		h.give(w, 200, map[string]any{"status": "diverged"})
	case r.Method == "GET" && r.URL.Path == "/repos/o/r/issues":
		h.give(w, 200, h.open())
	case r.Method == "POST" && r.URL.Path == "/repos/o/r/issues":
		h.issues = append(h.issues, map[string]any{"number": len(h.issues) + 100, "title": in.Title, "body": in.Body, "state": "open"})
		h.give(w, 201, h.issues[len(h.issues)-1])
	case r.Method == "PATCH" && strings.HasPrefix(r.URL.Path, "/repos/o/r/issues/10"):
		i := h.issues[int(r.URL.Path[len("/repos/o/r/issues/10")]-'0')]
		if in.State != "" {
			i["state"] = in.State
		} else {
			i["body"] = in.Body
		}
		h.give(w, 200, i)
	case r.Method == "POST" && strings.HasPrefix(r.URL.Path, "/repos/o/r/issues/10"):
		h.give(w, 201, map[string]any{})
	case r.URL.Path == "/repos/o/r/commits/merged/pulls":
		h.give(w, 200, []any{map[string]any{"number": 7, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": "merged"}})
	default: // and /user, which a workflow's token may not ask for
		h.give(w, 403, map[string]any{"message": "Resource not accessible by integration"})
	}
}

func (h *hub) give(w http.ResponseWriter, status int, v any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (h *hub) open() []any {
	list := []any{}
	for _, i := range h.issues {
		if i["state"] == "open" {
			list = append(list, i)
		}
	}
	return list
}

func (h *hub) tags() []any {
	list := []any{}
	for ref, commit := range h.heads {
		if name, ok := strings.CutPrefix(ref, "tags/"); ok {
			list = append(list, map[string]any{"name": name, "commit": map[string]any{"sha": commit}})
		}
	}
	return list
}

// github prints the requests to GitHub and the comments, and empties the log
// of requests; with a ref (heads/BRANCH or tags/TAG) and a commit it moves the
// ref there, with a commit, a path and a file it puts the file there.
func github(ts *testscript.TestScript, _ bool, args []string) {
	h := ts.Value(hubKey{}).(*hub)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch len(args) {
	case 2:
		h.heads[args[0]] = args[1]
		return
	case 3:
		h.files[args[0]+":"+args[1]] = []byte(ts.ReadFile(args[2]))
		return
	}
	for _, line := range h.requests {
		fmt.Fprintln(ts.Stdout(), line)
	}
	for _, c := range h.comments {
		fmt.Fprintln(ts.Stdout(), c["body"])
	}
	h.requests = nil
}
