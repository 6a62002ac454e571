package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// driftLabel finds our issues among all others.
const driftLabel = "zis-drift"

// issue is as much of an issue as is read.
type issue struct {
	Number      int
	Body        string
	PullRequest *struct{} `json:"pull_request"`
}

// DriftIssues keeps one issue for each target that has drifted: opened, kept
// up to date, and closed when it has not drifted any more. A target that could
// not be read keeps what it has.
func (a *Action) DriftIssues(ctx context.Context, r fleet.Report) error {
	c, err := a.newAPI()
	if err != nil {
		return err
	}
	repo := "/repos/" + a.Event().Repo + "/issues"
	open, err := a.openIssues(ctx, c, repo)
	if err != nil {
		return err
	}
	var failed []error
	for _, row := range r.Rows {
		if err := a.driftIssue(ctx, c, repo, r, row, open[row.Name]); err != nil {
			failed = append(failed, fmt.Errorf("the issue of %s: %w", row.Name, err))
		}
	}
	return errors.Join(failed...)
}

// openIssues are our open issues by target.
func (a *Action) openIssues(ctx context.Context, c *api, repo string) (map[string]*issue, error) {
	open := map[string]*issue{}
	for page := range maxPages {
		var list []issue
		path := fmt.Sprintf("%s?state=open&labels=%s&per_page=100&page=%d", repo, driftLabel, page+1)
		if _, err := c.do(ctx, http.MethodGet, path, nil, &list); err != nil {
			return nil, err
		}
		for _, i := range list {
			if name, ok := driftTarget(i.Body); ok && i.PullRequest == nil {
				open[name] = &i
			}
		}
		if len(list) < 100 {
			break
		}
	}
	return open, nil
}

// driftMark begins the body of our issues: which target it is about.
func driftMark(target string) string {
	text, _ := json.Marshal(map[string]string{"target": target}) // a string: can't fail
	return "<!-- zis-drift " + string(diag.JSON(text)) + " -->\n"
}

func driftTarget(body string) (string, bool) {
	rest, ok := strings.CutPrefix(body, "<!-- zis-drift ")
	text, _, closed := strings.Cut(rest, " -->")
	var mark struct{ Target string }
	return mark.Target, ok && closed && json.Unmarshal([]byte(text), &mark) == nil && mark.Target != ""
}

func (a *Action) driftIssue(ctx context.Context, c *api, repo string, r fleet.Report, row fleet.Row, have *issue) error {
	switch {
	case row.Verdict == fleet.Unread || row.Verdict == fleet.NotStarted || row.Verdict == fleet.Unfinished:
		return nil
	case row.Drift:
		return a.openDrift(ctx, c, repo, r, row, have)
	case have == nil:
		return nil
	}
	path := fmt.Sprintf("%s/%d", repo, have.Number)
	said := map[string]string{"body": "No longer: " + a.clean(report.Inline(row.Sentence)) + "."}
	if _, err := c.do(ctx, http.MethodPost, path+"/comments", said, nil); err != nil {
		return err
	}
	_, err := c.do(ctx, http.MethodPatch, path, map[string]string{"state": "closed", "state_reason": "completed"}, nil)
	return err
}

func (a *Action) openDrift(ctx context.Context, c *api, repo string, r fleet.Report, row fleet.Row, have *issue) error {
	body := driftMark(row.Name) + a.clean(report.FleetTarget(row)) +
		fmt.Sprintf("\nThis issue is kept up to date, and closed when the account runs %s or what its record says. A difference that is wanted is listed under `accept` of the target in zis.yml, with a reason and an end.\n", report.Inline(r.Release.String()))
	if have != nil {
		if have.Body == body {
			return nil
		}
		_, err := c.do(ctx, http.MethodPatch, fmt.Sprintf("%s/%d", repo, have.Number), map[string]string{"body": body}, nil)
		return err
	}
	_, err := c.do(ctx, http.MethodPost, repo, map[string]any{
		"title": "Drift of " + row.Name, "body": body, "labels": []string{driftLabel},
	}, nil)
	return err
}

func (a *Action) clean(text string) string {
	if a.Redact == nil {
		return text
	}
	return a.Redact(text)
}
