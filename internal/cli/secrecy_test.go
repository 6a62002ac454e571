package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/cli"
)

// hiding says which secrets are hidden at a place: some are told from data by
// nothing where words or any data may stand.
type hiding int

const (
	random      hiding = iota // those that look random
	unlikeWords               // all but those made of words
	all                       // all
)

// secretPlaces are where a secret can stand in a bundle: %s is the value in
// JSON, without its quotes. The first is for the headers of an action, and so
// on.
var secretPlaces = []struct {
	name   string
	action string // members of the action's definition
	flow   string // a program or a value of the flow
	hides  hiding // which secrets are hidden here
}{
	{"header Authorization", `"headers": [{"key": "Authorization", "value": "Bearer %s"}]`, "", all},
	{"header X-Custom", `"headers": [{"key": "X-Custom", "value": "%s"}]`, "", all},
	{"a cookie among others", `"headers": [{"key": "Accept", "value": "text/html"}, {"key": "Cookie", "value": "lang=en; sid=%s"}]`, "", all},
	{"host of the URL", `"url": "https://%s.example.com/in"`, "", random},
	{"path of the URL", `"url": "https://api.example.com/in/%s/now"`, "", unlikeWords},
	{"query of the URL", `"url": "https://api.example.com/in?channel=%s"`, "", unlikeWords},
	{"password in the URL", `"url": "https://me:%s@api.example.com/in"`, "", all},
	{"queryParams", `"queryParams": [{"key": "channel", "value": "%s"}]`, "", all},
	{"body, a member", `"requestBody": {"channel": "%s"}`, "", all},
	{"body, inside a text", `"requestBody": {"text": "see %s for more"}`, "", all},
	{"body, in lists of lists", `"requestBody": {"list": [["a", ["%s"]], {"b": ["%s"]}]}`, "", all},
	{"body, in a list", `"requestBody": {"list": ["a", "%s"]}`, "", all},
	{"jq, a literal", "", `"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"data.$": "$", "expr": "{a: \"%s\"}"}, "ResultPath": "$.r", "Next": "B"`, random},
	{"jq, under a secret's name", "", `"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"data.$": "$", "expr": "{token: \"%s\"}"}, "ResultPath": "$.r", "Next": "B"`, all},
	{"Parameters", "", `"Type": "Action", "ActionName": "zis:x:action:send", "Parameters": {"channel": "%s"}, "ResultPath": "$.r", "Next": "B"`, random},
	{"Parameters.token", "", `"Type": "Action", "ActionName": "zis:x:action:send", "Parameters": {"token": "%s"}, "ResultPath": "$.r", "Next": "B"`, all},
	{"Result", "", `"Type": "Pass", "Result": {"channel": "%s"}, "ResultPath": "$.r", "Next": "B"`, random},
	{"header with a scheme of its own", `"headers": [{"key": "X-Auth", "value": "Token token=%s, v=1"}]`, "", all},
	{"header among many", `"headers": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}, {"key": "X-Key", "value": "%s"}, {"key": "C", "value": "3"}]`, "", all},
	{"twice in one header", `"headers": [{"key": "X-Both", "value": "%s:%s"}]`, "", all},
	{"user in the URL", `"url": "https://%s@api.example.com/in"`, "", all},
	{"query of the URL, among others", `"url": "https://api.example.com/in?a=1&channel=%s&b=2"`, "", unlikeWords},
	{"end of the URL", `"url": "https://api.example.com/in#%s"`, "", all},
	{"path", `"path": "/api/v2/in/%s.json"`, "", unlikeWords},
	{"query of the path", `"path": "/api/v2/in.json?channel=%s"`, "", unlikeWords},
	{"body, deep", `"requestBody": {"a": {"b": {"c": [{"d": {"channel": "%s"}}]}}}`, "", all},
	{"body, JSON in a text", `"requestBody": {"payload": "{\"channel\": \"%s\"}"}`, "", all},
	{"body, beside data", `"requestBody": {"text": "{{$.text}} %s {{$.more}}"}`, "", unlikeWords},
	{"body, in a template of a path", `"requestBody": {"text.$": "{{$.text}} %s"}`, "", unlikeWords},
	{"body and header", `"headers": [{"key": "X-Key", "value": "%s"}], "requestBody": {"channel": "%s"}`, "", all},
	{"Parameters, deep", "", `"Type": "Action", "ActionName": "zis:x:action:send", "Parameters": {"a": {"b": ["c", {"channel": "%s"}]}}, "ResultPath": "$.r", "Next": "B"`, random},
	{"Parameters, a template", "", `"Type": "Action", "ActionName": "zis:x:action:send", "Parameters": {"text.$": "{{$.input.a}} %s"}, "ResultPath": "$.r", "Next": "B"`, random},
	{"Parameters, a config", "", `"Type": "Action", "ActionName": "zis:common:action:PatchConfig", "Parameters": {"scope": "settings", "config": {"apiKey": "%s"}}, "Next": "B"`, all},
	{"Result.password", "", `"Type": "Pass", "Result": {"a": {"password": "%s"}}, "ResultPath": "$.r", "Next": "B"`, all},
	{"jq, in a longer literal", "", `"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"data.$": "$", "expr": "\"Bearer %s\" + .a"}, "ResultPath": "$.r", "Next": "B"`, random},
	{"jq, compared", "", `"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"data.$": "$", "expr": ".token == \"%s\""}, "ResultPath": "$.r", "Next": "B"`, random},
	{"Choice, a constant", "", `"Type": "Choice", "Choices": [{"Variable": "$.input.key", "StringEquals": "%s", "Next": "B"}], "Default": "B"`, random},
	{"Comment", "", `"Type": "Pass", "Comment": "was %s", "Next": "B"`, random},
	{"Message", "", `"Type": "Succeed", "Message": "used %s"`, random},
}

// formerSecrets were deployed once, and are only in the account now.
var formerSecrets = []struct {
	name, value string
	hidden      hiding // the least that a place hides for this one to be hidden there
}{
	{"random", "Kq7ZpX2vLm9RtB4nWc8Yd3Hf", random},
	{"hexadecimal", "9f86d081884c7d659a2feaa0c55ad015", random},
	{"UUID", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", random},
	{"base64 with signs", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ/+==", random},
	{"private key on one line", "-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7-----END PRIVATE KEY-----", random},
	{"JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP9mB92K27uhbUJU1p1r", random},
	{"password", "hunter2!hunter2", unlikeWords},
	{"words", "correct horse battery staple", all},
	{"AWS key", "AKIAIOSFODNN7EXAMPLE", random},
	{"GitHub token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", random},
	{"Slack token", "xoxb-1234567890-abcdefGHIJKL", random},
	{"signs that are escaped", `p"a\\ss<w>&ör'd-2024`, unlikeWords},
	{"letters of another language", "пароль-секретный-2024", all},
	{"private key on many lines", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\nggSjAgEAAoIBAQC7VJTUt9Us8cKjMzEfYyji\n-----END PRIVATE KEY-----", random},
}

// old is a placeholder by which a secret came.
var old = regexp.MustCompile(`\{\{OLD\d+\}\}`)

// placeholderChanges are what becomes of it.
var placeholderChanges = []struct {
	name   string
	change func(text string) string // of ours, from the text of before
}{
	{"kept, another value", func(s string) string { return s }},
	{"removed", func(s string) string { return old.ReplaceAllString(s, "plain") }},
	{"moved into a longer text", func(s string) string { return old.ReplaceAllString(s, "v2-{{NEW}}") }},
	{"another name", func(s string) string { return old.ReplaceAllString(s, "{{NEW}}") }},
	{"removed, and all is renamed", func(s string) string {
		s = regexp.MustCompile(`("|:)f(\d)`).ReplaceAllString(s, "${1}g$2")
		return strings.NewReplacer("send", "post", `"A"`, `"First"`).Replace(old.ReplaceAllString(s, "plain"))
	}},
	{"removed, and a connection comes", func(s string) string {
		return strings.ReplaceAll(old.ReplaceAllString(s, "plain"), `"method": "POST"`, `"method": "PUT", "connectionName": "conn"`)
	}},
	{"everything goes", func(string) string {
		return `{"name": "a", "zis_template_version": "2019-10-14", "resources": {"other": {"type": "ZIS::Flow", "properties": {"name": "other", "definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}}}}`
	}},
	{"gone with its member", nil},
}

// bundleWith has an action and a flow with %s in them, and as many times more
// as there are values for it.
func bundleWith(action, flow string, values ...string) string {
	if !strings.Contains(action, `"url"`) && !strings.Contains(action, `"path"`) {
		action = strings.TrimPrefix(`"url": "https://api.example.com/in", `+action, ", ")
	}
	action = strings.TrimSuffix(strings.TrimSpace(action), ",")
	if flow == "" {
		flow = `"Type": "Action", "ActionName": "zis:x:action:send", "ResultPath": "$.r", "Next": "B"`
	}
	var resources []string
	for i, value := range append(values, "")[:max(len(values), 1)] {
		resources = append(resources, strings.ReplaceAll(strings.ReplaceAll(fmt.Sprintf(`
  "send%[1]d": {"type": "ZIS::Action::Http", "properties": {"name": "send%[1]d", "definition": {"method": "POST", %[2]s}}},
  "f%[1]d": {"type": "ZIS::Flow", "properties": {"name": "f%[1]d", "definition": {"StartAt": "A", "States": {"A": {%[3]s}, "B": {"Type": "Succeed"}}}}},
  "s%[1]d": {"type": "ZIS::JobSpec", "properties": {"name": "s%[1]d", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:x:flow:f%[1]d"}}`,
			i, action, flow), "zis:x:action:send", fmt.Sprint("zis:x:action:send", i)), "%s", value))
	}
	return `{"name": "a", "zis_template_version": "2019-10-14", "resources": {` + strings.Join(resources, ",") + `}}`
}

// TestFormerSecretsAreShownNowhere deploys a secret, takes its placeholder
// away or puts it elsewhere, and looks for the secret in everything that a
// plan and a deploy of it leave behind: the table of docs/security.md.
func TestFormerSecretsAreShownNowhere(t *testing.T) {
	if testing.Short() {
		t.Skip("plans some hundred times")
	}
	var rows []string
	t.Run("cells", func(t *testing.T) { rows = formerCells(t) })
	if t.Failed() {
		return
	}
	var head []string
	for _, c := range placeholderChanges {
		head = append(head, c.name)
	}
	table := "| where the secret stood | " + strings.Join(head, " | ") + " |\n|---" + strings.Repeat("|---", len(head)) + "|\n" + strings.Join(rows, "")
	const path = "../../docs/security.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cli.Current(t, path, cli.Section(t, string(text), "former-secrets", table))
}

// formerCells tries each place with each change, and returns the rows of the
// table.
func formerCells(t *testing.T) (rows []string) {
	for _, place := range secretPlaces {
		cells := []string{place.name}
		for _, change := range placeholderChanges {
			var secrets, names []string
			for i, secret := range formerSecrets {
				if place.hides >= secret.hidden { // else told apart from data by nothing
					secrets, names = append(secrets, secret.value), append(names, fmt.Sprint("{{OLD", i, "}}"))
				}
			}
			t.Run(place.name+"/"+change.name, func(t *testing.T) {
				t.Parallel()
				before, after := bundleWith(place.action, place.flow, names...), bundleWith("", "", names...)
				if change.change != nil {
					after = change.change(before)
				}
				lookForFormer(t, secrets, names, before, after)
			})
			cells = append(cells, fmt.Sprintf("0 of %d", len(secrets)*len(sinks)))
		}
		rows = append(rows, "| "+strings.Join(cells, " | ")+" |\n")
	}
	return rows
}

// sinks are what leaves the program.
var sinks = []string{"stdout and stderr, with annotations", "summary, with its pictures", "outputs", "comment", "plan file", "report file", "SARIF file"}

func lookForFormer(t *testing.T, secrets, names []string, before, after string) {
	t.Helper()
	s := newStep(t)
	h := &hub{heads: map[string]string{"heads/main": "head-of-main"}, files: map[string][]byte{}}
	github := httptest.NewServer(h)
	t.Cleanup(github.Close)
	dir := s.env["GITHUB_WORKSPACE"]
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	set := func(pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			s.env[pairs[i]] = pairs[i+1]
		}
	}
	write("b.json", before)
	variables := strings.NewReplacer("{{", "", "}}", "").Replace(strings.Join(names, "\n"))
	for i, name := range strings.Split(variables, "\n") {
		set(name, secrets[i])
	}
	set("INPUT_COMMAND", "deploy", "INPUT_SECRET-VARIABLES", variables, "INPUT_ALLOW-PR-DEPLOY", "true",
		"GITHUB_EVENT_NAME", "push", "GITHUB_REF", "refs/heads/main", "GITHUB_SHA", "head-of-main", "GITHUB_REPOSITORY", "o/r",
		"GITHUB_API_URL", github.URL, "GITHUB_GRAPHQL_URL", github.URL+"/graphql", "INPUT_GITHUB-TOKEN", "token-of-the-workflow")
	if code, out := s.run(t); code != 0 {
		t.Fatalf("the secret can't be deployed: %d\n%s", code, out)
	}
	var left strings.Builder
	left.WriteString(printed(s.run(t))) // nothing to do
	write("b.json", after)
	given := ""
	for i, name := range strings.Split(variables, "\n") {
		if set(name, ""); strings.Contains(after, names[i]) {
			given += name + "\n"
			set(name, fmt.Sprint("another-value-1234567890-", i))
		}
	}
	if strings.Contains(after, "{{NEW}}") {
		given = "NEW"
	}
	set("INPUT_SECRET-VARIABLES", given, "NEW", "another-value-1234567890")
	set("GITHUB_EVENT_NAME", "pull_request", "GITHUB_EVENT_PATH", write("event.json", `{"number": 7, "pull_request": {"number": 7, "head": {"sha": "1", "repo": {"fork": false}}, "user": {"login": "x"}}}`),
		"INPUT_COMMAND", "plan", "INPUT_COMMENT", "always", "GITHUB_STEP_SUMMARY", write("summary.md", ""), "GITHUB_OUTPUT", write("output", ""),
		"INPUT_REPORT-FILE", "report.json", "INPUT_PLAN-FILE", "plan.json", "INPUT_SARIF-FILE", "findings.sarif")
	run := func(what, says string, want int, pairs ...string) {
		t.Helper()
		set(pairs...)
		code, out := s.run(t)
		if code != want || !strings.Contains(out, says) {
			t.Fatalf("%s: exit code %d, want %d and %q\n%s", what, code, want, says, out)
		}
		left.WriteString(printed(code, out))
		for _, name := range []string{"summary.md", "output", "report.json", "plan.json", "findings.sarif"} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			left.Write(text)
		}
	}
	run("the plan", "", 0)
	if len(h.comments) == 0 {
		t.Fatalf("there is no comment: %q", h.requests)
	}
	run("the proof before the deploy", "", 1, "INPUT_COMMAND", "verify", "INPUT_PLAN-FILE", "")
	run("the deploy", "", 0, "INPUT_COMMAND", "deploy", "GITHUB_EVENT_NAME", "push", "INPUT_BACKUP-FILE", "backup.json")
	run("the way back", "nothing was written (dry run)", 0, "INPUT_COMMAND", "restore", "INPUT_DRY-RUN", "true")
	comments, err := json.Marshal(h.comments)
	if err != nil {
		t.Fatal(err)
	}
	left.Write(comments)
	for _, secret := range secrets {
		shows(t, left.String(), secret)
	}
}

func printed(code int, out string) string {
	lines := strings.Split(out, "\n")
	kept := lines[:0]
	for _, l := range lines { // which the runner takes, and shows to nobody
		if !strings.HasPrefix(l, "::add-mask::") {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n") + fmt.Sprint(code) + "\n"
}

// shows fails if a text holds the secret, in any way in which it is written.
func shows(t *testing.T, text, secret string) {
	t.Helper()
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{secret, strings.Trim(string(quoted), `"`), url.QueryEscape(secret), base64.RawStdEncoding.EncodeToString([]byte(secret)), secret[:12]} {
		if i := strings.Index(text, form); i >= 0 {
			t.Errorf("%q is shown: …%s…", form, text[max(0, i-200):min(len(text), i+200)])
			return
		}
	}
}
