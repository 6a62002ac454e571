package github

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

const (
	// maxComment bounds a comment: over 65,536 characters GitHub refuses it.
	maxComment = 60_000
	// commentTime bounds everything about the comment.
	commentTime = 30 * time.Second
)

type comment struct {
	ID     int64  `json:"id"`
	NodeID string `json:"node_id"`
	URL    string `json:"html_url"`
	Body   string `json:"body"`
	User   user   `json:"user"`
}

type user struct{ Login, Type string }

// comment tells the report on the pull request. That it can't be told there,
// on a fork for instance, is a warning: the summary has everything.
func (a *Action) comment(ctx context.Context, r report.Report) {
	if (r.Command == "validate" || r.Command == "test") && a.Comment != "always" {
		return // its findings are annotations; a job that only checks need not be allowed to comment
	}
	if a.Comment == "" || a.Comment == "never" || r.Outcome == verdict.Skipped || r.Outcome == verdict.PassedOver || ctx.Err() != nil {
		return
	}
	event := a.Event()
	if !event.OnPullRequest() && !afterwards(r, event) {
		return
	}
	if a.Input("github-token") == "" && a.Comment != "always" && !event.OnPullRequest() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commentTime)
	defer cancel()
	if err := a.tell(ctx, r, event); err != nil {
		a.gh.Warningf("%s", clip(fmt.Sprintf("the comment on the pull request can't be kept up to date: %v; the job summary has everything", err)))
	}
}

// afterwards tells whether a report belongs on the pull request whose merge
// brought the commit: that of its deploy, and of what proves it later.
func afterwards(r report.Report, event Event) bool {
	switch event.Name {
	case "push":
		return (r.Command == "deploy" || r.Command == "verify") && !r.DryRun
	case "schedule", "workflow_dispatch":
		return r.Command == "verify"
	}
	return false
}

func (a *Action) tell(ctx context.Context, r report.Report, event Event) error {
	c, err := a.newAPI()
	if err != nil {
		return err
	}
	number, err := c.pullRequest(ctx, event)
	if err != nil || number == 0 {
		return err
	}
	body, err := a.body(r, event)
	if err != nil {
		return err
	}
	mine, err := c.mine(ctx, event.Repo, number, a.Key)
	if err != nil {
		return err
	}
	if len(mine) == 0 && a.Comment != "always" && !telling(r) {
		return nil
	}
	now, err := c.put(ctx, event.Repo, number, mine, body)
	if err != nil {
		return err
	}
	a.Facts.CommentID, a.Facts.CommentURL = strconv.FormatInt(now.ID, 10), now.URL
	return c.hide(ctx, mine)
}

// telling tells whether a report is worth a new comment: something changes,
// waits for somebody or went wrong.
func telling(r report.Report) bool {
	if r.Command == "verify" { // it goes on with the comment of the deploy
		return false
	}
	return r.Outcome == verdict.Failed || r.Outcome == verdict.Changes || r.Outcome == verdict.Pending || r.Deploy != nil
}

// pullRequest is the number of the pull request: that of the event, or the
// one whose merge brought the pushed commit.
func (c *api) pullRequest(ctx context.Context, event Event) (int, error) {
	if event.PullRequest != 0 || event.OnPullRequest() {
		return event.PullRequest, nil
	}
	type pull struct {
		Number int
		Merge  string `json:"merge_commit_sha"`
		Merged string `json:"merged_at"`
	}
	pulls, err := pages[pull](ctx, c, fmt.Sprintf("/repos/%s/commits/%s/pulls", event.Repo, event.Commit))
	found := 0
	for _, p := range pulls {
		if p.Merged != "" && (found == 0 || p.Merge == event.Commit) {
			found = p.Number
		}
	}
	return found, err
}

// mine are the comments with this key that the token's user has written,
// oldest first. What somebody else has written is never touched.
func (c *api) mine(ctx context.Context, repo string, number int, key Key) ([]comment, error) {
	all, err := pages[comment](ctx, c, fmt.Sprintf("/repos/%s/issues/%d/comments", repo, number))
	if err != nil {
		return nil, err
	}
	var list []comment
	for _, m := range all {
		if key.heads(m.Body) {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	me, err := c.self(ctx)
	if err != nil {
		return nil, err
	}
	var own []comment
	for _, m := range list {
		if m.User == me {
			own = append(own, m)
		}
	}
	return own, nil
}

// self is the token's user. GraphQL tells it for every kind of token, those of
// apps with "[bot]" behind the name; GET /user refuses them. A token that may
// ask neither is taken for a workflow's own.
func (c *api) self(ctx context.Context) (user, error) {
	var answer struct {
		Data struct{ Viewer struct{ Login string } }
	}
	err := c.graph(ctx, "query { viewer { login } }", nil, &answer)
	if login := answer.Data.Viewer.Login; err == nil && login != "" {
		if strings.HasSuffix(login, "[bot]") {
			return user{login, "Bot"}, nil
		}
		return user{login, "User"}, nil
	}
	var me user
	_, err = c.do(ctx, http.MethodGet, "/user", nil, &me)
	if status(err) == http.StatusForbidden || status(err) == http.StatusUnauthorized || status(err) == http.StatusNotFound {
		return user{"github-actions[bot]", "Bot"}, nil
	}
	return me, err
}

// put writes the comment: anew, over the first of mine, or not at all if
// that says the same.
func (c *api) put(ctx context.Context, repo string, number int, mine []comment, body string) (comment, error) {
	var now comment
	content := map[string]string{"body": body}
	if len(mine) == 0 {
		_, err := c.do(ctx, http.MethodPost, fmt.Sprintf("/repos/%s/issues/%d/comments", repo, number), content, &now)
		return now, err
	}
	if same(mine[0].Body, body) {
		return mine[0], nil
	}
	_, err := c.do(ctx, http.MethodPatch, fmt.Sprintf("/repos/%s/issues/comments/%d", repo, mine[0].ID), content, &now)
	return now, err
}

// hide minimises all of mine but the first: two runs at once can both have
// found none.
func (c *api) hide(ctx context.Context, mine []comment) error {
	const query = `mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { clientMutationId } }`
	for i, m := range mine {
		if i == 0 {
			continue
		}
		if err := c.mutate(ctx, query, map[string]any{"id": m.NodeID}); err != nil {
			return fmt.Errorf("minimise an old comment: %w", err)
		}
	}
	return nil
}
