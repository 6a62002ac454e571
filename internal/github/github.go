// Package github is what only GitHub has: a workflow's inputs, masks,
// annotations, step outputs and the job summary.
package github

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Action is one step of a workflow.
type Action struct {
	Facts     Facts               // for the outputs
	Comment   string              // auto, always or never; empty is never
	Key       Key                 // of the comment
	Redact    func(string) string // takes secrets out of what is written where no mask counts; may be nil
	OnRequest func(Request)       // told of each request to GitHub; may be nil
	Transport http.RoundTripper   // nil: the default

	gh     *githubactions.Action
	getenv func(string) string
}

// New returns the step whose commands go to out and whose environment getenv
// gives.
func New(out io.Writer, getenv func(string) string) *Action {
	return &Action{
		gh:     githubactions.New(githubactions.WithWriter(out), githubactions.WithGetenv(getenv)),
		getenv: getenv,
	}
}

// Input is the value of an input, trimmed; "" if it is not set.
func (a *Action) Input(name string) string { return a.gh.GetInput(name) }

// Mask keeps values out of everything that the runner logs from here on. Of
// several lines each is masked.
func (a *Action) Mask(values ...string) {
	for _, v := range values {
		for line := range strings.Lines(v) {
			if line = strings.TrimRight(line, "\r\n"); line != "" {
				a.gh.AddMask(line)
			}
		}
	}
}

// Publish gives the report to the workflow: annotations, the job summary, the
// comment on the pull request and every output. When ctx ends, nothing more is
// asked of GitHub; the rest is written all the same.
func (a *Action) Publish(ctx context.Context, r report.Report) (err error) {
	defer func() { // the library panics when a file of the runner can't be written
		if p := recover(); p != nil {
			err = fmt.Errorf("tell the workflow: %v", p)
		}
	}()
	a.annotate(r)
	if err := a.summarize(r); err != nil {
		return err
	}
	a.comment(ctx, r)
	return a.writeOutputs(Outputs(r, a.Facts))
}

// markdown is the report as a page, without secrets. What stands for a secret
// can be longer: then the page is written again with less room, so that it
// ends whole.
func (a *Action) markdown(r report.Report, page report.Page) (string, error) {
	for limit := page.Limit; ; page.Limit = page.Limit * 3 / 4 {
		var b strings.Builder
		if err := report.Markdown(&b, r, page); err != nil {
			return "", err
		}
		if text := a.clean(b.String()); len(text) <= max(limit, 0) {
			return text, nil
		}
	}
}

// path is a file's path as annotations need it: relative to the root of the
// workspace.
func (a *Action) path(p string) string {
	root := a.getenv("GITHUB_WORKSPACE")
	if rel, err := filepath.Rel(root, p); filepath.IsAbs(p) && root != "" && err == nil {
		p = rel
	}
	return filepath.ToSlash(filepath.Clean(p))
}
