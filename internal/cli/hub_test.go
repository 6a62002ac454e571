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
	heads    map[string]string
}

type hubKey struct{}

func startHub(env *testscript.Env) {
	h := &hub{heads: map[string]string{}}
	listening := httptest.NewServer(h)
	env.Defer(listening.Close)
	env.Values[hubKey{}] = h
	env.Setenv("GITHUB_API_URL", listening.URL)
	env.Setenv("GITHUB_GRAPHQL_URL", listening.URL+"/graphql")
	env.Setenv("GITHUB_REPOSITORY", "o/r")
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, r.Method+" "+r.URL.Path)
	branch, isBranch := strings.CutPrefix(r.URL.Path, "/repos/o/r/branches/")
	var in struct{ Body string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	switch {
	case r.Header.Get("Authorization") != "Bearer token-of-the-workflow":
		h.give(w, 401, map[string]any{"message": "Bad credentials"})
	case isBranch && h.heads[branch] != "":
		h.give(w, 200, map[string]any{"commit": map[string]any{"sha": h.heads[branch]}})
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

// github prints the requests to GitHub and the comments, and empties the log
// of requests; with a branch and a commit it sets the branch's head.
func github(ts *testscript.TestScript, _ bool, args []string) {
	h := ts.Value(hubKey{}).(*hub)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(args) == 2 {
		h.heads[args[0]] = args[1]
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
