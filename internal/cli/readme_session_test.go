package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/program"
)

// commandWords splits a command of a document into its words, quotes taken away.
func commandWords(command string) []string {
	var list []string
	for _, w := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(command, -1) {
		list = append(list, strings.Trim(w, `"`))
	}
	return list
}

// TestReadmeFirstSession types what the README says to try, in its order: a
// deploy to the local account, an event there, the example's tests, and a plan of a broken change.
func TestReadmeFirstSession(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	session, _, _ := strings.Cut(string(readme), "\n## In a workflow")
	var typed []string
	for _, block := range fenced.FindAllStringSubmatch(session, -1) {
		for line := range strings.SplitSeq(block[3], "\n") {
			if command, ok := strings.CutPrefix(line, "$ go run ./cmd/zis "); ok {
				typed = append(typed, command)
			}
		}
	}
	want := map[string]string{
		"deploy": "done and read back, added 1 flow, 1 action and 2 job specs",
		"run":    "SUCCEEDED in Posted: Posted ticket 35436 to #support",
		"test":   "5 cases passed; coverage 100%",
		"plan":   "recorded events: of 5 events, 3 now end NotUrgent and 3 send one request less to slack.com",
	}
	for _, command := range typed {
		var out bytes.Buffer
		code := Main(t.Context(), commandWords(command), program.Env{Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }})
		verb, _, _ := strings.Cut(command, " ")
		if code != 0 || want[verb] == "" || !strings.Contains(out.String(), want[verb]) {
			t.Errorf("%s: exit code %d, want %q\n%s", command, code, want[verb], &out)
		}
		delete(want, verb)
	}
	if len(want) > 0 {
		t.Errorf("the README doesn't show %v", want)
	}
}
