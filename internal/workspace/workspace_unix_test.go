//go:build unix

package workspace_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/workspace"
)

// confined is a workspace with everything in it that a stranger could put
// there, and the directory around it.
func confined(t *testing.T) (*workspace.Workspace, string) {
	t.Helper()
	outer := t.TempDir()
	dir, temp := filepath.Join(outer, "ws"), filepath.Join(outer, "temp")
	for _, d := range []string{dir, temp, filepath.Join(dir, "sub")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"secret": "outside", "ws/file": "inside", "temp/file": "temporary"} {
		if err := os.WriteFile(filepath.Join(outer, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"absolute": filepath.Join(outer, "secret"), "relative": "../secret", "dir": "..", "device": "/dev/zero", "null": "/dev/null",
		"sub/up": "../../secret", "dangling": "../new", "inner": "file", "chain": "relative", "procfs": "/proc/self/environ",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := workspace.Confine(dir, temp)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w, outer
}

// hostile are paths that must neither be read nor written.
func hostile(outer string) []string {
	return []string{
		"absolute", "relative", "dir/secret", "device", "null", "sub/up", "dangling", "chain", "procfs", "pipe",
		"../secret", "sub/../../secret", filepath.Join(outer, "secret"), filepath.Join(outer, "ws/../secret"), "/etc/passwd", "/dev/stdin", "/",
		filepath.Join(outer, "ws/absolute"), filepath.Join(outer, "temp/../secret"),
	}
}

func TestNothingOutsideIsReadOrWritten(t *testing.T) {
	w, outer := confined(t)
	for _, path := range hostile(outer) {
		if text, err := w.Read(path, 100); err == nil {
			t.Errorf("%s is read: %q", path, text)
		}
		if err := w.Write(path, []byte("overwritten")); err == nil {
			t.Errorf("%s is written", path)
		}
	}
	for name, want := range map[string]string{"secret": "outside", "ws/file": "inside"} {
		if text, _ := os.ReadFile(filepath.Join(outer, name)); string(text) != want {
			t.Errorf("%s holds %q", name, text)
		}
	}
	if _, err := os.Lstat(filepath.Join(outer, "new")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a dangling link led out")
	}
	if _, err := fs.ReadFile(w.FS(), "relative"); err == nil {
		t.Error("the file system leads out")
	}
	if _, err := fs.ReadFile(w.FS(), "pipe"); err == nil {
		t.Error("the file system reads a pipe")
	}
}

func TestWhatIsInsideIsReadAndWritten(t *testing.T) {
	w, outer := confined(t)
	for path, want := range map[string]string{
		"file": "inside", "./sub/../file": "inside", "inner": "inside",
		filepath.Join(outer, "ws/file"): "inside", filepath.Join(outer, "temp/file"): "temporary",
	} {
		if text, err := w.Read(path, 100); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	for _, path := range []string{"new", "sub/new", "file", filepath.Join(outer, "temp/new")} {
		long := strings.Repeat("x", 100)
		for _, text := range []string{long, "short"} {
			if err := w.Write(path, []byte(text)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		whole := path
		if !filepath.IsAbs(path) {
			whole = filepath.Join(outer, "ws", path)
		}
		text, err := os.ReadFile(whole)
		info, err2 := os.Stat(whole)
		if string(text) != "short" || err != nil || err2 != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s holds %q, mode %v: %v, %v", path, text, info.Mode(), err, err2)
		}
	}
	if text, err := w.Read("file", 3); string(text) != "shor" || err != nil {
		t.Errorf("a limit of 3 gives %q, %v", text, err)
	}
	if err := w.Write("missing/new", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
}

// Files belong to whom the workspace belongs to.
func TestFilesBelongToTheWorkspacesOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	w, outer := confined(t)
	if err := os.Chown(filepath.Join(outer, "ws"), 1234, 2345); err != nil {
		t.Fatal(err)
	}
	if err := w.Write("report.json", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(outer, "ws/report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t); owner.Uid != 1234 || owner.Gid != 2345 {
		t.Errorf("it belongs to %d:%d", owner.Uid, owner.Gid)
	}
}

func TestStateIsKeptInsideAndOutOfGit(t *testing.T) {
	w, outer := confined(t)
	if err := w.KeepState("local.json"); err != nil {
		t.Fatal(err)
	}
	if err := w.KeepState("local.json"); err != nil {
		t.Fatalf("again: %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(outer, "ws/.zis/.gitignore")); string(text) != "*\n" || err != nil {
		t.Errorf("git ignores %q, %v", text, err)
	}
	if err := os.Symlink("../../secret", filepath.Join(outer, "ws/.zis/local.json")); err != nil {
		t.Fatal(err)
	}
	if err := w.KeepState("local.json"); err == nil {
		t.Error("a state file that is a link is kept")
	}
	for _, target := range []string{"..", "sub"} {
		if err := os.RemoveAll(filepath.Join(outer, "ws/.zis")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, filepath.Join(outer, "ws/.zis")); err != nil {
			t.Fatal(err)
		}
		if err := w.KeepState(); err == nil {
			t.Errorf("a state directory that is a link to %s is kept", target)
		}
	}
}

// On the command line a person reads and writes what he may.
func TestAnywhere(t *testing.T) {
	dir := t.TempDir()
	var w workspace.Workspace
	path := filepath.Join(dir, "file")
	if err := w.Write(path, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if text, err := w.Read(path, 10); string(text) != "text" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	w.Dir = dir
	if err := w.KeepState(); err != nil {
		t.Fatal(err)
	}
	if text, err := fs.ReadFile(w.FS(), ".zis/.gitignore"); string(text) != "*\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}
