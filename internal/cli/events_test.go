package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/cli"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/program"
)

const small = `{"name": "b", "zis_template_version": "2019-10-14", "resources": {
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}}}}`

// step is one step of a workflow, in this process.
type step struct {
	env    map[string]string
	server *emulator.Server
}

func newStep(t *testing.T) *step {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "b.json"), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	server := &emulator.Server{}
	if err := server.Register("acme"); err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return &step{server: server, env: map[string]string{
		"GITHUB_WORKSPACE": dir, "RUNNER_TEMP": t.TempDir(), "INPUT_BUNDLE": "b.json", "INPUT_INTEGRATION": "acme",
		"INPUT_BASE-URL": listening.URL, "INPUT_COMMENT": "never", "INPUT_SUPERSEDED": "allow",
		"ZENDESK_EMAIL": "admin@example.com", "ZENDESK_API_TOKEN": "token-of-the-admin",
	}}
}

// run is the exit code, and what was printed.
func (s *step) run(t *testing.T) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := cli.Main(t.Context(), []string{"action"}, program.Env{
		Stdout: &out, Stderr: &out, Getenv: func(name string) string { return s.env[name] },
		Environ: func() []string {
			var list []string
			for name, value := range s.env {
				list = append(list, name+"="+value)
			}
			return list
		},
	})
	return code, out.String()
}

// events are those that GitHub has, with what a workflow_run may follow.
var events = []string{
	"push", "workflow_dispatch", "schedule", "release", "repository_dispatch",
	"workflow_run after push", "workflow_run after pull_request", "workflow_run after workflow_run", "workflow_run",
	"pull_request", "pull_request_target", "pull_request_review", "merge_group", "issue_comment", "issues", "create", "delete",
	"deployment", "deployment_status", "check_run", "check_suite", "label", "discussion", "fork", "watch", "page_build", "status", "registry_package", "",
}

// Which commands run on which events is written down as it is.
func TestEventsAndCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the action some hundred times")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| event | %s |\n|---|%s\n", strings.Join(option.Commands, " | "), strings.Repeat("---|", len(option.Commands)))
	for _, event := range events {
		cells := []string{}
		for _, command := range option.Commands {
			cells = append(cells, runsOn(t, event, command))
		}
		name := "`" + event + "`"
		if event == "" {
			name = "none, or one that is not in this table"
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.ReplaceAll(name, " after ", "` after `"), strings.Join(cells, " | "))
	}
	text, err := os.ReadFile("../../docs/workflows.md")
	if err != nil {
		t.Fatal(err)
	}
	cli.Current(t, "../../docs/workflows.md", cli.Section(t, string(text), "events", b.String()))
}

// runsOn is a cell of the table. Where a command is refused, it must not have
// asked the account for anything.
func runsOn(t *testing.T, event, command string) string {
	t.Helper()
	s := newStep(t)
	name, after, _ := strings.Cut(event, " after ")
	s.env["GITHUB_EVENT_NAME"], s.env["INPUT_COMMAND"] = name, command
	payload, err := json.Marshal(map[string]any{"workflow_run": map[string]any{"event": after}})
	if err != nil {
		t.Fatal(err)
	}
	s.env["GITHUB_EVENT_PATH"] = filepath.Join(s.env["RUNNER_TEMP"], "event.json")
	if err := os.WriteFile(s.env["GITHUB_EVENT_PATH"], payload, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := s.run(t)
	switch {
	case strings.Contains(out, "runs code that nobody has accepted yet"):
		if code != 3 || len(s.server.Requests()) > 0 {
			t.Errorf("%s on %s: exit code %d after %q\n%s", command, event, code, s.server.Requests(), out)
		}
		return "no"
	case code != 0 && command == "deploy":
		t.Errorf("%s on %s: exit code %d\n%s", command, event, code, out)
	}
	return "yes"
}

// No INPUT_ name passes unread: it is one of the table's, or refused.
func TestNoInputPassesUnread(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the action some hundred times")
	}
	known := map[string]bool{}
	for _, row := range option.Table() {
		if !row.Typed {
			known["INPUT_"+strings.ToUpper(row.Name)] = true
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("-_ ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.é\u200b")
	names := []string{"INPUT_", "INPUT_DRY_RUN", "INPUT_DRYRUN", "INPUT_DRY RUN", "INPUT_dry-run", "INPUT_ARGS", "INPUT_ENTRYPOINT", "INPUT_VAR"}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		for range 5 {
			runes := []rune(name)
			at := len("INPUT_") + random.IntN(len(runes)-len("INPUT_"))
			other := letters[random.IntN(len(letters))]
			names = append(names, string(slices.Concat(runes[:at], []rune{other}, runes[at:])), string(slices.Concat(runes[:at], []rune{other}, runes[at+1:])))
		}
	}
	s := newStep(t)
	s.env["GITHUB_EVENT_NAME"], s.env["INPUT_COMMAND"] = "push", "deploy"
	for _, name := range names {
		if known[name] {
			continue
		}
		s.env[name] = []string{"", "true", "x"}[random.IntN(3)]
		if code, out := s.run(t); code != 3 || !strings.Contains(out, "the action has no input ") || len(s.server.Requests()) > 0 {
			t.Errorf("%q passes: exit code %d, requests %q\n%s", name, code, s.server.Requests(), out)
		}
		delete(s.env, name)
	}
}
