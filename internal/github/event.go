package github

import (
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"strings"
)

// Event is what triggered the workflow, as far as we care.
type Event struct {
	Name   string // push, pull_request, ...; of a reusable workflow that of its caller
	After  string // of a workflow_run: the event of the workflow that it follows
	Repo   string // OWNER/NAME
	Commit string // the pull request's head, or the commit that the run is for
	Ref    string // refs/heads/BRANCH or refs/tags/TAG

	PullRequest int    // number; 0: none
	Fork        bool   // the pull request comes from another repository
	Author      string // of the pull request
}

// Event reads the event from the runner's variables and file. Without a file,
// or with one that can't be read, it is only what the variables say.
func (a *Action) Event() Event {
	e := Event{Name: a.getenv("GITHUB_EVENT_NAME"), Repo: a.getenv("GITHUB_REPOSITORY"), Commit: a.getenv("GITHUB_SHA"), Ref: a.getenv("GITHUB_REF")}
	var payload struct {
		PullRequest struct {
			Number int
			User   struct{ Login string }
			Head   struct {
				SHA  string
				Repo struct{ Fork bool }
			}
		} `json:"pull_request"`
		WorkflowRun struct{ Event string } `json:"workflow_run"`
	}
	text, err := os.ReadFile(a.getenv("GITHUB_EVENT_PATH"))
	if err != nil || json.Unmarshal(text, &payload) != nil {
		return e
	}
	e.After = payload.WorkflowRun.Event
	pr := payload.PullRequest
	if pr.Number == 0 {
		return e
	}
	e.PullRequest, e.Author, e.Fork = pr.Number, pr.User.Login, pr.Head.Repo.Fork
	if pr.Head.SHA != "" {
		e.Commit = pr.Head.SHA
	}
	return e
}

// accepted are the events whose code somebody with write access has accepted,
// or has started himself.
var accepted = []string{"push", "workflow_dispatch", "schedule", "release", "repository_dispatch"}

// Accepted tells whether the event runs code that was accepted. A workflow_run
// is what the workflow before it was: one that follows a pull request runs on
// the default branch, with secrets, and is fed by what was only proposed. A
// reusable workflow has the event of its caller. Whatever isn't known is not
// accepted: merge_group tests a state that may never come to be, and a comment
// is written by anybody.
func (e Event) Accepted() bool {
	if e.Name == "workflow_run" {
		return slices.Contains(accepted, e.After)
	}
	return slices.Contains(accepted, e.Name)
}

// String names the event: "workflow_run after pull_request".
func (e Event) String() string {
	if e.Name == "workflow_run" && e.After != "" {
		return e.Name + " after " + e.After
	}
	return cmp.Or(e.Name, "(none)")
}

// ref is the branch or tag of the run; kind is empty for anything else.
func (e Event) ref() (kind, name string) {
	if name, ok := strings.CutPrefix(e.Ref, "refs/heads/"); ok {
		return "branch", name
	}
	if name, ok := strings.CutPrefix(e.Ref, "refs/tags/"); ok {
		return "tag", name
	}
	return "", ""
}

func (e Event) refKind() string { kind, _ := e.ref(); return kind }
func (e Event) refName() string { _, name := e.ref(); return name }

// OnPullRequest tells whether the run belongs to a pull request: pull_request,
// pull_request_target, pull_request_review and so on.
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
