package cli_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// unseen are characters that can't be seen, or pose as others in a word: one
// of each kind.
var unseen = []rune{
	0x200b, 0x200d, 0x2060, 0xfeff, 0xad, 0x200e, 0x202e, 0x2066, 0x61c, 0x180e, 0xe0061, 0x3164, 0x115f, 0x2800, 0xfe00, 0xe0100,
	0xa0, 0x202f, 0x3000, 0x2028, 0x2029, 0x85, 0x7f, 0x1b, 0x8, 0x206a, 0xfff9, 0x17b4, 0xe000, 0x430, 0x3bf, 0x561, 0xff41, 0x1d41a, 0x251, 0x2170,
}

// disguised is a bundle that can be deployed, with a text wherever somebody
// may write one.
func disguised(text string) string {
	return strings.NewReplacer("§§", mustJSON(mustJSON(text)), "§", mustJSON(text)).Replace(`{"name": "a", "description": §, "zis_template_version": "2019-10-14", "resources": {
  "send": {"type": "ZIS::Action::Http", "properties": {"name": "send", "definition": {"method": "POST", "url": "https://api.example.com/in", "headers": [{"key": "X-A", "value": §}],
    "requestBody": {§: §, "n": {"deep": [§]}}}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": §, "States": {
    §: {"Type": "Choice", "Comment": §, "Choices": [{"Variable": "$.input.a", "StringEquals": §, "Next": "E"}], "Default": "J"},
    "J": {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {"expr": §§, "data.$": "$.input"}, "ResultPath": "$.r", "Next": "S"},
    "S": {"Type": "Action", "ActionName": "zis:acme:action:send", "Parameters": {"k": §}, "Next": "E"},
    "E": {"Type": "Fail", "Error": §, "Cause": §}}}}}}}`)
}

// Nothing that can't be seen leaves the action, in whatever it writes: not
// from bundles, not from their names, not from branches and people.
func TestNothingUnseenLeavesTheAction(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the action some hundred times")
	}
	for batch := range slices.Chunk(unseen, 6) {
		word := "x" + strings.Join(strings.Split(string(batch), ""), "ay")
		s := newStep(t)
		h := &hub{heads: map[string]string{"heads/main": "head-of-main"}, files: map[string][]byte{}}
		github := httptest.NewServer(h)
		t.Cleanup(github.Close)
		dir := s.env["GITHUB_WORKSPACE"]
		write := func(name, text string) string {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(dir, name)
		}
		set := func(pairs ...string) {
			for i := 0; i < len(pairs); i += 2 {
				s.env[pairs[i]] = pairs[i+1]
			}
		}
		file := "b" + string(batch) + ".json"
		write(file, disguised(word+"ay"))
		set("INPUT_COMMAND", "deploy", "INPUT_BUNDLE", file, "INPUT_ALLOW-PR-DEPLOY", "true", "GITHUB_EVENT_NAME", "push", "GITHUB_REF", "refs/heads/"+word, "GITHUB_SHA", "head-of-main",
			"GITHUB_REPOSITORY", "o/r", "GITHUB_ACTOR", word, "GITHUB_JOB", word, "GITHUB_API_URL", github.URL, "GITHUB_GRAPHQL_URL", github.URL+"/graphql", "INPUT_GITHUB-TOKEN", "token-of-the-workflow",
			"GITHUB_STEP_SUMMARY", write("summary.md", ""), "GITHUB_OUTPUT", write("output", ""), "INPUT_REPORT-FILE", "report.json", "INPUT_SARIF-FILE", "findings.sarif")
		left := map[string]string{}
		step := func(name string, want int) {
			code, out := s.run(t)
			if code != want {
				t.Fatalf("%s ends with %d:\n%s", name, code, out)
			}
			left["log of the "+name] = printed(code, out)
			for _, file := range []string{"summary.md", "output", "report.json", "findings.sarif", "plan.json"} {
				text, err := os.ReadFile(filepath.Join(dir, file))
				if err == nil {
					left[file+" of the "+name] = string(text)
				}
			}
		}
		step("first deploy", 0)
		write(file, disguised(word+"ayload"))
		event := write("event.json", `{"number": 7, "pull_request": {"number": 7, "head": {"sha": "1", "ref": `+mustJSON(word)+`, "repo": {"fork": false}}, "user": {"login": `+mustJSON(word)+`}}}`)
		set("GITHUB_EVENT_NAME", "pull_request", "GITHUB_EVENT_PATH", event, "INPUT_COMMAND", "plan", "INPUT_COMMENT", "always", "INPUT_PLAN-FILE", "plan.json")
		step("plan", 0)
		comments, err := json.Marshal(h.comments)
		if err != nil || len(h.comments) == 0 {
			t.Fatalf("there is no comment: %v", err)
		}
		left["comment"] = string(comments)
		set("GITHUB_EVENT_NAME", "push", "INPUT_COMMAND", "deploy", "INPUT_PLAN-FILE", "")
		step("deploy", 0)
		write(file, "{"+mustJSON(word)+": "+word+"}")
		set("INPUT_COMMAND", "validate")
		step("check of what is broken", 1)
		for where, text := range left {
			text = strings.NewReplacer("ℹ️", "", "⚠️", "", "✏️", "").Replace(text) // signs of ours
			for i, r := range text {
				if slices.Contains(unseen, r) || r != '\n' && r != '\r' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
					t.Errorf("%s: %U leaves: %q", where, r, text[max(0, i-60):min(len(text), i+40)])
					break
				}
			}
		}
	}
}
