package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkProcess is zis as a person or a workflow starts it, from its start
// to its end, with a bundle of about 30 KB, and with ten and a hundred times
// that. The yardstick is a process that does nothing.
func BenchmarkProcess(b *testing.B) {
	dir := b.TempDir()
	zis := filepath.Join(dir, "zis")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", zis, "../../cmd/zis").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for name, flows := range map[string]int{"bundle.json": 12, "300KB.json": 120, "3MB.json": 1200} {
		if err := os.WriteFile(filepath.Join(dir, name), typicalBundle(b, flows), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	twoHundredCases(b, dir)
	step := []string{
		"GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + dir, "RUNNER_TEMP=" + dir, "INPUT_BUNDLE=bundle.json",
		"GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary.md"),
	}
	for _, tt := range []struct {
		name string
		env  []string
		args []string
	}{
		{"nothing", nil, []string{"true"}},
		{"start", nil, []string{zis, "--version"}},
		{"validate", nil, []string{zis, "validate", "bundle.json"}},
		{"validate 300KB", nil, []string{zis, "validate", "300KB.json"}},
		{"validate 3MB", nil, []string{zis, "validate", "3MB.json"}},
		{"test 200 cases", nil, []string{zis, "test", "--bundle", "example/bundle.json"}},
		{"action", step, []string{zis, "action"}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				for _, name := range []string{"output", "summary.md"} { // new for each step
					if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
						b.Fatal(err)
					}
				}
				cmd := exec.Command(tt.args[0], tt.args[1:]...)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), tt.env...)
				b.StartTimer()
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

// twoHundredCases are tests of the example.
func twoHundredCases(b *testing.B, dir string) {
	b.Helper()
	bundle, err := os.ReadFile("../../examples/ticket-to-slack/bundle.json")
	if err != nil {
		b.Fatal(err)
	}
	var cases []any
	for i := range 200 {
		cases = append(cases, map[string]any{
			"name": fmt.Sprint("case ", i), "job_spec": "on_ticket_created", "want": map[string]any{"end": "Posted"},
			"event":  map[string]any{"ticket_event": map[string]any{"ticket": map[string]any{"id": i, "priority": "urgent", "status": "open"}}},
			"config": map[string]any{"slack_settings": map[string]any{"channel": "#support"}},
			"http": []any{map[string]any{
				"expect": map[string]any{"url": "https://slack.com/api/chat.postMessage", "body": map[string]any{"channel": "#support", "text": fmt.Sprintf("Urgent ticket #%d, status open", i)}},
				"reply":  map[string]any{"body": map[string]any{"ok": true}},
			}},
		})
	}
	text, err := json.Marshal(cases)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "example", "tests"), 0o700); err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string][]byte{"bundle.json": bundle, "tests/all.json": text} {
		if err := os.WriteFile(filepath.Join(dir, "example", name), text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// typicalBundle is the example with its flow so many times over.
func typicalBundle(b testing.TB, flows int) []byte {
	b.Helper()
	src, err := os.ReadFile("../../examples/ticket-to-slack/bundle.json")
	if err != nil {
		b.Fatal(err)
	}
	var bundle map[string]any
	if err := json.Unmarshal(src, &bundle); err != nil {
		b.Fatal(err)
	}
	resources := bundle["resources"].(map[string]any)
	flow := resources["ticket_to_slack"].(map[string]any)["properties"].(map[string]any)
	for i := range flows - 1 {
		name := fmt.Sprintf("ticket_to_slack_%d", i)
		resources[name] = map[string]any{"type": "ZIS::Flow", "properties": map[string]any{"name": name, "definition": flow["definition"]}}
	}
	text, err := json.MarshalIndent(bundle, "", "  ")
	if err != nil {
		b.Fatal(err)
	}
	return text
}
