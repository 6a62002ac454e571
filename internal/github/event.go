package github

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// Event is what triggered the workflow, as far as we care.
type Event struct {
	Name   string // push, pull_request, ...
	Repo   string // OWNER/NAME
	Commit string // the pull request's head, or the commit that the run is for
	Branch string // that was pushed to; empty for tags and other events

	PullRequest int    // number; 0: none
	Fork        bool   // the pull request comes from another repository
	Author      string // of the pull request
}

// Event reads the event from the runner's variables and file. Without a file,
// or with one that can't be read, it is only what the variables say.
func (a *Action) Event() Event {
	e := Event{Name: a.getenv("GITHUB_EVENT_NAME"), Repo: a.getenv("GITHUB_REPOSITORY"), Commit: a.getenv("GITHUB_SHA")}
	if e.Name == "push" {
		e.Branch, _ = strings.CutPrefix(a.getenv("GITHUB_REF"), "refs/heads/")
		if e.Branch == a.getenv("GITHUB_REF") {
			e.Branch = ""
		}
	}
	var payload struct {
		PullRequest struct {
			Number int
			User   struct{ Login string }
			Head   struct {
				SHA  string
				Repo struct{ Fork bool }
			}
		} `json:"pull_request"`
	}
	text, err := os.ReadFile(a.getenv("GITHUB_EVENT_PATH"))
	if err != nil || json.Unmarshal(text, &payload) != nil || payload.PullRequest.Number == 0 {
		return e
	}
	pr := payload.PullRequest
	e.PullRequest, e.Author, e.Fork = pr.Number, pr.User.Login, pr.Head.Repo.Fork
	if pr.Head.SHA != "" {
		e.Commit = pr.Head.SHA
	}
	return e
}

// OnPullRequest tells whether what runs was proposed and not yet accepted:
// pull_request, pull_request_target, pull_request_review and so on.
func (e Event) OnPullRequest() bool { return strings.HasPrefix(e.Name, "pull_request") }

// NoSecrets says why GitHub gives the run no secrets, or "". The author
// counts, not who started the run: that name can be somebody else's.
func (e Event) NoSecrets() string {
	switch {
	case e.Author == "dependabot[bot]":
		return "this pull request is Dependabot's, and GitHub gives its runs only secrets for Dependabot"
	case e.Fork && e.Name != "pull_request_target":
		return "this pull request comes from a fork, and GitHub gives its runs no secrets"
	}
	return ""
}

// Head is the commit that is now the head of the event's branch.
func (a *Action) Head(ctx context.Context, e Event) (string, error) {
	c, err := a.newAPI()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	var branch struct{ Commit struct{ SHA string } }
	if _, err := c.do(ctx, http.MethodGet, "/repos/"+e.Repo+"/branches/"+url.PathEscape(e.Branch), nil, &branch); err != nil {
		return "", err
	}
	if branch.Commit.SHA == "" {
		return "", errors.New("GitHub names no commit")
	}
	return branch.Commit.SHA, nil
}
