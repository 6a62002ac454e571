package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fullDisk makes a file system of two pages.
func fullDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8k"); err != nil {
		t.Skipf("only root can mount a file system: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// TestFullDisk: a disk that is full before the first write stops a deploy, which
// then has written nothing; one that is full later stops nothing, and is told.
// What can't be written as a whole isn't begun.
func TestFullDisk(t *testing.T) {
	dir := fullDisk(t)
	zis := filepath.Join(t.TempDir(), "zis")
	if out, err := exec.Command("go", "build", "-race=false", "-o", zis, "../../cmd/zis").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	address := serve(t, zis)
	run := func(args ...string) (string, int) {
		t.Helper()
		cmd := exec.Command(zis, append(args, "--base-url", address, "--integration", "acme")...)
		cmd.Dir = t.TempDir() // which knows of no former run
		cmd.Env = append(os.Environ(), "ZENDESK_EMAIL=me@example.com", "ZENDESK_API_TOKEN=t0k3n-t0k3n-t0k3n")
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	file := filepath.Join(filepath.Dir(zis), "bundle.json")
	write := func(description string) {
		t.Helper()
		text := strings.Replace(string(typicalBundle(t, 1)), "Posts urgent tickets", description, 1)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := run("register", "--yes"); code != 0 {
		t.Fatal(out)
	}

	seen := map[string]int{}
	for pad := 0; pad < 8000; pad += 400 {
		journal := filepath.Join(dir, fmt.Sprintf("%d.journal", pad))
		write(strings.Repeat("a", pad))
		if out, code := run("deploy", file); code != 0 {
			t.Fatal(out)
		}
		write("changed " + strings.Repeat("a", pad))
		out, code := run("deploy", "--journal", journal, file)
		_, left := run("plan", "--detailed-exitcode", file)
		switch {
		case code == 0 && left == 0 && strings.Contains(out, "no space left"):
			seen["told"]++
		case code == 0 && left == 0:
			seen["fits"]++
		case code == 1 && left == 2 && strings.Contains(out, "no space left") && strings.Contains(out, "nothing was written"):
			seen["refused"]++
			if info, err := os.Stat(journal); err == nil {
				t.Errorf("a journal of %d bytes is left of a deploy that was refused", info.Size())
			}
		default:
			t.Errorf("with a body of %d bytes more the deploy ends with %d, the plan after it with %d:\n%s", pad, code, left, out)
		}
		_ = os.Remove(journal) // a refused deploy has none
	}
	for _, how := range []string{"fits", "told", "refused"} {
		if seen[how] == 0 {
			t.Errorf("none of the deploys %s: %v", how, seen)
		}
	}

	report := filepath.Join(dir, "report.json")
	if err := os.WriteFile(filepath.Join(dir, "filler"), []byte(strings.Repeat("x", 8<<10)), 0o600); err != nil {
		t.Fatal(err)
	}
	write("reported")
	out, code := run("deploy", "--report-file", report, file)
	if _, left := run("plan", "--detailed-exitcode", file); left != 0 || !strings.Contains(out, "no space left") {
		t.Errorf("with no room for its report the deploy ends with %d, the plan after it with %d:\n%s", code, left, out)
	}
	if _, err := os.Stat(report); err == nil {
		t.Error("a half report is left")
	}
}
