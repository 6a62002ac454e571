package github_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/github"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

const list = "GET /repos/o/r/issues/7/comments?per_page=100&page="

// onPull is a step of a run for pull request 7.
func onPull(t *testing.T, f *fake) *step {
	t.Helper()
	f.t = t
	s := newStep(t)
	event := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(event, []byte(`{"pull_request": {"number": 7, "user": {"login": "mona"}, "head": {"sha": "0123456789abcdef", "repo": {"fork": false}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	maps.Copy(s.env, map[string]string{
		"GITHUB_API_URL": "https://api.github.example", "GITHUB_GRAPHQL_URL": "https://api.github.example/graphql",
		"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "99", "GITHUB_SHA": "abc",
		"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": event, "INPUT_GITHUB-TOKEN": "ghs_token",
	})
	s.Comment, s.Transport = "auto", f
	s.Key = key()
	return s
}

func key() github.Key {
	return github.Key{Version: 1, Target: "acme.zendesk.com", Integration: "acme", Bundles: []string{"zis/bundle.json"}}
}

// header is the line that comments of key begin with.
const header = `<!-- zis-deploy {"v":1,"target":"acme.zendesk.com","integration":"acme","bundles":["zis/bundle.json"]} -->` + "\n"

func failing(text string) report.Report {
	r := report.Report{Command: "plan"}
	r.Conclude(errors.New(text), nil)
	return r
}

func fine() report.Report {
	r := report.Report{Command: "plan"}
	r.Conclude(nil, nil)
	return r
}

func TestFailureIsToldOnThePullRequest(t *testing.T) {
	f := &fake{}
	s := onPull(t, f)
	s.publish(t, failing("@admin | <b> #1"))
	if diff := cmp.Diff([]string{list + "1", "POST /repos/o/r/issues/7/comments"}, f.requests); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := header + "## ❌ plan failed\\: @&#8203;admin \\| &lt;b&gt; #&#8203;1\n\n\n" +
		"Commit <code>0123456789ab</code>. [The job summary and the log have everything](https://github.example/o/r/actions/runs/99)\n"
	if diff := cmp.Diff(want, f.comments[0].Body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	out, err := outputs(s.read(t, "GITHUB_OUTPUT"))
	if err != nil || out["comment-id"] != "1" || out["comment-url"] != f.comments[0].URL {
		t.Errorf("%v, %v", out, err)
	}
}

func TestCommentWhen(t *testing.T) {
	for name, c := range map[string]struct {
		comment string
		r       report.Report
		event   string
		want    int
	}{
		"nothing to tell":      {"auto", fine(), "pull_request", 0},
		"always":               {"always", fine(), "pull_request", 1},
		"never":                {"never", failing("x"), "pull_request", 0},
		"pull_request_target":  {"auto", failing("x"), "pull_request_target", 1},
		"no pull request":      {"always", failing("x"), "schedule", 0},
		"pushed, but no merge": {"always", failing("x"), "push", 0},
		"skipped":              {"always", report.Report{Outcome: verdict.Skipped}, "pull_request", 0},
		"superseded":           {"always", report.Report{Outcome: verdict.PassedOver}, "pull_request", 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			s := onPull(t, f)
			s.Comment, s.env["GITHUB_EVENT_NAME"] = c.comment, c.event
			s.publish(t, c.r)
			if len(f.comments) != c.want {
				t.Errorf("%d comments after %v\n%s", len(f.comments), f.requests, s.log.String())
			}
		})
	}
}

// A release that waits for an admin is told where, and what proves it later
// goes on with that comment; it begins none.
func TestWaitingAndProving(t *testing.T) {
	waits := report.Report{Command: "deploy", Link: "https://acme.zendesk.com/agent/apps/zis-deploy-crm"}
	waits.Conclude(&verdict.Pass{Outcome: verdict.Pending, Why: `"crm" waits for an admin of acme: ` + waits.Link}, nil)
	proves := report.Report{Command: "verify"}
	proves.Conclude(&verdict.Pass{Outcome: verdict.Succeeded, Why: "runs exactly this"}, nil)
	f := &fake{pulls: []map[string]any{{"number": 7, "merge_commit_sha": "0123456789abcdef", "merged_at": "2026-01-01"}}}
	run := func(event string, r report.Report) {
		s := onPull(t, f)
		s.env["GITHUB_EVENT_NAME"] = event
		if err := os.WriteFile(s.env["GITHUB_EVENT_PATH"], []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.publish(t, r)
	}
	run("schedule", proves)
	if len(f.comments) != 0 {
		t.Fatalf("verify began a comment: %s", f.comments[0].Body)
	}
	run("push", waits)
	if len(f.comments) != 1 || !strings.Contains(f.comments[0].Body, "waits for an admin of acme\\: <https://acme.zendesk.com/agent/apps/zis-deploy-crm>") {
		t.Fatalf("%v %+v", f.requests, f.comments)
	}
	run("schedule", proves)
	if len(f.comments) != 1 || !strings.Contains(f.comments[0].Body, "verify succeeded") {
		t.Errorf("%v %+v", f.requests, f.comments)
	}
}

// The comment is found by its key as a value and by its author, on any page.
func TestCommentIsFoundAgain(t *testing.T) {
	f := &fake{perPage: 2}
	bot := func(body string) { f.add("github-actions[bot]", "Bot", body) }
	f.add("mona", "User", header+"somebody else's, with our header")
	f.add("github-actions[bot]", "User", header+"a person with the bot's name")
	bot("quotes " + header)
	bot(strings.Replace(header, "acme.zendesk.com", "acme.zendesk.com2", 1))
	bot(strings.Replace(header, `"acme",`, `"acme=x",`, 1))
	bot(`<!-- zis-deploy {"bundles": ["zis\/bundle.json"], "integration": "acme", "target": "acme.zendesk.com", "v": 1} -->` + "\r\nold\r\n")
	bot(header + "a duplicate")
	s := onPull(t, f)
	s.publish(t, failing("no"))
	if !strings.HasPrefix(f.comments[5].Body, header+"## ❌ plan failed") {
		t.Errorf("it says %q", f.comments[5].Body)
	}
	if diff := cmp.Diff([]string{
		list + "1", list + "2", list + "3", list + "4", "POST /graphql", "PATCH /repos/o/r/issues/comments/6", "POST /graphql",
	}, f.requests); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"IC_7"}, f.hidden); diff != "" {
		t.Errorf("hidden (-want +got)\n%s", diff)
	}
}

// A person's token writes as that person.
func TestCommentOfATokenWithAUser(t *testing.T) {
	f := &fake{me: "mona"}
	f.add("github-actions[bot]", "Bot", header)
	f.add("mona", "User", header)
	onPull(t, f).publish(t, failing("no"))
	if f.comments[0].Body != header || f.comments[1].Body == header || len(f.comments) != 2 {
		t.Errorf("%+v", f.comments)
	}
}

// An app's token is refused by /user; its comment is found again all the same.
func TestCommentOfAnApp(t *testing.T) {
	f := &fake{app: "our-app[bot]"}
	f.add("github-actions[bot]", "Bot", header)
	f.add("our-app", "User", header)
	for range 3 {
		onPull(t, f).publish(t, failing("no"))
	}
	if len(f.comments) != 3 || f.comments[0].Body != header || f.comments[1].Body != header {
		t.Errorf("%+v", f.comments)
	}
	f = &fake{blind: true} // a token that may ask nobody is a workflow's own
	for range 2 {
		onPull(t, f).publish(t, failing("no"))
	}
	if len(f.comments) != 1 {
		t.Errorf("%+v", f.comments)
	}
}

// A check needs no permission to comment.
func TestValidateCommentsOnlyIfTold(t *testing.T) {
	for comment, want := range map[string]int{"auto": 0, "always": 1} {
		f := &fake{}
		s := onPull(t, f)
		s.Comment = comment
		r := failing("no")
		r.Command = "validate"
		s.publish(t, r)
		if len(f.comments) != want || want == 0 && len(f.requests) > 0 {
			t.Errorf("%s: %d comments after %q", comment, len(f.comments), f.requests)
		}
	}
}

func TestUnchangedCommentIsLeftAlone(t *testing.T) {
	f := &fake{}
	onPull(t, f).publish(t, failing("no"))
	f.comments[0].Body = strings.ReplaceAll(f.comments[0].Body, "\n", "\r\n")
	f.requests = nil
	s := onPull(t, f)
	s.env["GITHUB_RUN_ID"] = "100"
	s.publish(t, failing("no"))
	if diff := cmp.Diff([]string{list + "1", "POST /graphql"}, f.requests); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	s = onPull(t, f)
	s.publish(t, fine())
	if !strings.Contains(f.comments[0].Body, "✅") || len(f.comments) != 1 {
		t.Errorf("after the repair it says %+v", f.comments)
	}
}

// After the merge the comment on the pull request tells of the deploy.
func TestCommentAfterTheMerge(t *testing.T) {
	f := &fake{pulls: []map[string]any{
		{"number": 5, "merged_at": nil, "merge_commit_sha": "abc"},
		{"number": 6, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": "other"},
		{"number": 7, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": "abc"},
	}}
	f.add("github-actions[bot]", "Bot", header+"a plan")
	s := onPull(t, f)
	s.env["GITHUB_EVENT_NAME"], s.env["GITHUB_EVENT_PATH"], s.env["GITHUB_REF"] = "push", "", "refs/heads/main"
	r := report.Report{Command: "deploy"}
	r.Conclude(errors.New("no"), nil)
	s.publish(t, r)
	if !strings.Contains(f.comments[0].Body, "deploy failed") {
		t.Errorf("%v: %+v", f.requests, f.comments)
	}
	if f.requests[0] != "GET /repos/o/r/commits/abc/pulls?per_page=100&page=1" {
		t.Errorf("%v", f.requests)
	}
}

func TestLongCommentIsCut(t *testing.T) {
	f := &fake{}
	var many []diag.Diagnostic
	for i := range 2000 {
		many = append(many, finding("b.json", diag.Error, "rule", fmt.Sprintf("%d %s", i, strings.Repeat("é<|", 20))))
	}
	onPull(t, f).publish(t, found(many...))
	body := f.comments[0].Body
	if n := len(body); n > 60_000 || n < 50_000 {
		t.Errorf("%d bytes", n)
	}
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, "(https://github.example/o/r/actions/runs/99)") {
		t.Errorf("it ends %q", last)
	}
}

// No failure of GitHub's fails the run: a warning, and every output.
func TestCommentThatCanNotBePosted(t *testing.T) {
	for name, spoil := range map[string]func(*fake, *step){
		"read only": func(f *fake, _ *step) { f.readOnly = true },
		"no token":  func(_ *fake, s *step) { s.env["INPUT_GITHUB-TOKEN"] = "" },
		"in clear":  func(_ *fake, s *step) { s.env["GITHUB_API_URL"] = "http://api.github.example" },
		"redirected": func(f *fake, _ *step) {
			f.before = []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://evil.example/", http.StatusTemporaryRedirect)
			}}
		},
		"not JSON": func(f *fake, _ *step) {
			f.before = []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }}
		},
		"commands": func(f *fake, _ *step) {
			f.before = []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { no(w, 404, "\n::set-env name=x::y\n##[error]") }}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			s := onPull(t, f)
			spoil(f, s)
			s.publish(t, failing("x"))
			var names []string
			for _, c := range commands(s.log.String()) {
				names = append(names, c.Name)
			}
			if diff := cmp.Diff([]string{"error", "warning"}, names); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, s.log.String())
			}
			if out, err := outputs(s.read(t, "GITHUB_OUTPUT")); err != nil || out["result"] != "failed" || out["comment-id"] != "" {
				t.Errorf("%v, %v", out, err)
			}
			if len(f.comments) != 0 || strings.Contains(s.log.String(), "ghs_token") {
				t.Error(f.comments, s.log.String())
			}
		})
	}
}

func TestGitHubIsAskedAgain(t *testing.T) {
	down := func(w http.ResponseWriter, _ *http.Request) { no(w, 502, "Bad Gateway") }
	busy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		no(w, 403, "You have exceeded a secondary rate limit")
	}
	spent := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", fmt.Sprint(time.Now().Add(5*time.Second).Unix()))
		no(w, 403, "API rate limit exceeded")
	}
	far := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		no(w, 429, "Too Many Requests")
	}
	for name, c := range map[string]struct {
		answers  []http.HandlerFunc
		comments int
		tries    int
		took     time.Duration
	}{
		"down twice":      {[]http.HandlerFunc{down, down}, 1, 4, 1500 * time.Millisecond},
		"down for long":   {[]http.HandlerFunc{down, down, down, down, down}, 0, 4, 3500 * time.Millisecond},
		"secondary limit": {[]http.HandlerFunc{nil, busy}, 1, 3, 7 * time.Second},
		"limit":           {[]http.HandlerFunc{spent}, 1, 3, 5 * time.Second},
		"far too long":    {[]http.HandlerFunc{far}, 0, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{before: c.answers}
			s := onPull(t, f)
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				s.publish(t, failing("x"))
				if took := time.Since(start); took != c.took || len(f.comments) != c.comments || len(f.requests) != c.tries {
					t.Errorf("%s, %d comments, %v", took, len(f.comments), f.requests)
				}
			})
		})
	}
}

func TestNothingIsAskedAfterCancellation(t *testing.T) {
	f := &fake{}
	s := onPull(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Publish(ctx, failing("x")); err != nil || len(f.requests) > 0 {
		t.Errorf("%v, %v", err, f.requests)
	}
	if out, err := outputs(s.read(t, "GITHUB_OUTPUT")); err != nil || out["result"] != "failed" {
		t.Errorf("%v, %v", out, err)
	}
}

func TestGraphQLElsewhereGetsNoToken(t *testing.T) {
	f := &fake{}
	f.add("github-actions[bot]", "Bot", header)
	f.add("github-actions[bot]", "Bot", header)
	s := onPull(t, f)
	s.env["GITHUB_GRAPHQL_URL"] = "https://evil.example/graphql"
	s.publish(t, failing("x"))
	if len(f.hidden) > 0 || !strings.Contains(s.log.String(), "::warning") {
		t.Errorf("%v\n%s", f.requests, s.log.String())
	}
}

// Whatever its key holds, a comment begins with one line of a comment in
// HTML, and is found again by the next run.
func FuzzKey(f *testing.F) {
	f.Add("a --> b", "acme", "zis/\n<!-- -->.json")
	f.Add("\xff", "\u2028", "")
	f.Fuzz(func(t *testing.T, target, integration, path string) {
		hub := &fake{}
		for _, r := range []report.Report{failing("first"), failing("second")} {
			s := onPull(t, hub)
			s.Key = github.Key{Version: 1, Target: target, Integration: integration, Bundles: []string{path}}
			s.publish(t, r)
		}
		if len(hub.comments) != 1 {
			t.Fatalf("%d comments: %+v", len(hub.comments), hub.comments)
		}
		line, rest, _ := strings.Cut(hub.comments[0].Body, "\n")
		if !strings.HasPrefix(rest, "## ❌ plan failed\\: second") || strings.Index(line, "-->") != len(line)-3 {
			t.Fatalf("it says %q", hub.comments[0].Body)
		}
	})
}

// Masks count in the log alone: the page and the comment go without secrets
// by themselves, and no longer than they may be.
func TestSecretsAreTakenOut(t *testing.T) {
	f := &fake{}
	s := onPull(t, f)
	s.Redact = strings.NewReplacer("hunter2", strings.Repeat("(hidden)", 20)).Replace
	var many []diag.Diagnostic
	for i := range 2000 {
		many = append(many, finding("b.json", diag.Error, "rule", fmt.Sprintf("%d hunter2", i)))
	}
	s.publish(t, found(many...))
	for name, page := range map[string]string{"comment": f.comments[0].Body, "summary": s.read(t, "GITHUB_STEP_SUMMARY")} {
		if strings.Contains(page, "hunter2") || !strings.Contains(page, "(hidden)") {
			t.Errorf("%s: %.200s", name, page)
		}
	}
	if n := len(f.comments[0].Body); n > 60_000 {
		t.Errorf("%d bytes", n)
	}
}
