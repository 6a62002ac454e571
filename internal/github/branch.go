package github

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
)

// OnBranch tells whether a commit is on a branch, and what the branch is
// called: "" is the repository's default branch.
func (a *Action) OnBranch(ctx context.Context, e Event, branch, commit string) (on bool, called string, err error) {
	c, err := a.newAPI()
	if err != nil {
		return false, branch, err
	}
	if branch == "" {
		var repo struct {
			DefaultBranch string `json:"default_branch"`
		}
		if _, err := c.do(ctx, http.MethodGet, "/repos/"+e.Repo, nil, &repo); err != nil {
			return false, "main", err
		}
		branch = cmp.Or(repo.DefaultBranch, "main")
	}
	var compared struct{ Status string }
	if _, err := c.do(ctx, http.MethodGet, "/repos/"+e.Repo+"/compare/"+url.PathEscape(branch)+"..."+url.PathEscape(commit)+"?per_page=1", nil, &compared); err != nil {
		return false, branch, err
	}
	if compared.Status == "" {
		return false, branch, errors.New("GitHub doesn't say how the two stand to each other")
	}
	return compared.Status == "behind" || compared.Status == "identical", branch, nil
}
