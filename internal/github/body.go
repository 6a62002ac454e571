package github

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

// Key tells for what a comment stands: there is one of each on a pull request.
type Key struct {
	Version     int      `json:"v"`
	Target      string   `json:"target"` // the account, as people call it
	Integration string   `json:"integration"`
	Bundles     []string `json:"bundles"` // paths: the names are not known where a file is broken
}

const (
	keyOpen  = "<!-- zis-deploy "
	keyClose = " -->"
)

// header is the first line of a comment: JSON without <, > and line breaks.
func (k Key) header() (string, error) {
	k.Target, k.Integration = valid(k.Target), valid(k.Integration)
	k.Bundles = slices.Clone(k.Bundles)
	for i, b := range k.Bundles {
		k.Bundles[i] = valid(b)
	}
	text, err := json.Marshal(k)
	return keyOpen + string(diag.JSON(text)) + keyClose + "\n", err
}

// valid is s as it is after a way through JSON.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// heads tells whether body begins with this key, compared as a
// value: spaces, the order of its members and escapes don't count.
func (k Key) heads(body string) bool {
	line, _, _ := strings.Cut(body, "\n")
	text, ok := strings.CutPrefix(strings.TrimSuffix(line, "\r"), keyOpen)
	text, ok2 := strings.CutSuffix(text, keyClose)
	var have Key
	if !ok || !ok2 || json.Unmarshal([]byte(text), &have) != nil {
		return false
	}
	theirs, err := have.header()
	ours, err2 := k.header()
	return err == nil && err2 == nil && theirs == ours
}

// body is the comment: key, report, and a last line that leads to the run.
func (a *Action) body(r report.Report, event Event) (string, error) {
	header, err := a.Key.header()
	if err != nil {
		return "", err
	}
	footer := fmt.Sprintf("\nCommit %s. %s%s/%s/actions/runs/%s)\n", report.Code(short(event.Commit)), runLink,
		a.getenv("GITHUB_SERVER_URL"), event.Repo, a.getenv("GITHUB_RUN_ID"))
	text, err := a.markdown(r, report.Page{Limit: maxComment - len(header) - len(footer), Brief: true})
	return header + text + footer, err
}

// runLink begins what is another in each run; a comment that differs in
// nothing else is left as it is.
const runLink = "[The job summary and the log have everything]("

func short(commit string) string { return commit[:min(len(commit), 12)] }

func same(a, b string) bool {
	return upToLink(a) == upToLink(b)
}

func upToLink(body string) string {
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if i := strings.LastIndex(body, runLink); i >= 0 {
		return body[:i]
	}
	return body
}
