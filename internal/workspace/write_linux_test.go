package workspace_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/workspace"
)

// letters is a text of one letter.
func letters(c string, size int) []byte { return []byte(strings.Repeat(c, size)) }

// writes writes three files with a, then with b, and so on, until it is killed.
func writes(dir string) {
	w := &workspace.Workspace{}
	for i := 0; ; i++ {
		var list []workspace.File
		for _, name := range []string{"one", "two", "sub/three"} {
			list = append(list, workspace.File{Path: filepath.Join(dir, name), Text: letters([]string{"a", "b"}[i%2], 300_000)})
		}
		if err := w.WriteAll(list); err != nil {
			os.Exit(9)
		}
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("WRITES_INTO"); dir != "" {
		writes(dir)
	}
	os.Exit(m.Run())
}

// TestKilledWhileWriting: whenever it is killed, a file is the old one or the
// new one.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	seen := map[byte]bool{}
	within := 30 * time.Millisecond
	for range 40 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "WRITES_INTO="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Millisecond + rand.N(within)) // whatever it is doing by then
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if _ = cmd.Wait(); cmd.ProcessState.ExitCode() == 9 {
			t.Fatal("it could not write, after a kill")
		}
		for _, name := range []string{"one", "two", "sub/three"} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if os.IsNotExist(err) {
				continue // killed before the first was there
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(text) != 300_000 || !bytes.Equal(text, letters(string(text[:1]), len(text))) {
				t.Fatalf("%s is neither the old file nor the new one: %d bytes", name, len(text))
			}
			seen[text[0]] = true
		}
		if len(seen) == 0 && within < time.Second {
			within *= 2 // a busy machine takes longer to begin
		}
	}
	if len(seen) == 0 {
		t.Error("nothing was ever written")
	}
}

// small is a file system of its own, of 256 KiB.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("only root can mount a file system: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// everything are the paths below dir.
func everything(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		list = append(list, rel)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestNothingIsWrittenWhereNotAllCanBe: a full disk and a folder that can't be
// written to leave what was there, and nothing else, inside a workspace too.
func TestNothingIsWrittenWhereNotAllCanBe(t *testing.T) {
	for name, hinder := range map[string]func(t *testing.T, dir string){
		"full disk": func(*testing.T, string) {},
		"read-only": func(t *testing.T, dir string) {
			if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
		},
	} {
		for _, confined := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				dir := small(t)
				if err := os.WriteFile(filepath.Join(dir, "one"), []byte("old"), 0o644); err != nil {
					t.Fatal(err)
				}
				hinder(t, dir)
				w := &workspace.Workspace{}
				at := func(name string) string { return filepath.Join(dir, name) }
				if confined {
					var err error
					if w, err = workspace.Confine(dir, ""); err != nil {
						t.Fatal(err)
					}
					defer w.Close()
					at = func(name string) string { return name }
				}
				err := w.WriteAll([]workspace.File{{Path: at("one"), Text: letters("a", 150_000)}, {Path: at("new/two"), Text: letters("a", 150_000)}})
				if err == nil || !strings.Contains(err.Error(), "one") && !strings.Contains(err.Error(), "two") {
					t.Fatalf("the error is %v", err)
				}
				if text, err := os.ReadFile(filepath.Join(dir, "one")); err != nil || string(text) != "old" {
					t.Errorf("the old file is %q (%v)", text, err)
				}
				if have := everything(t, dir); !slices.Equal(have, []string{".", "one"}) {
					t.Errorf("there is %v", have)
				}
			})
		}
	}
}

func TestWhatIsInTheWayOfAFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"folder", "deep/folder"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	before := everything(t, dir)
	for _, bad := range []string{"folder", "file/below"} {
		w := &workspace.Workspace{}
		err := w.WriteAll([]workspace.File{
			{Path: filepath.Join(dir, "made/new"), Text: []byte("new")}, {Path: filepath.Join(dir, "file"), Text: []byte("new")}, {Path: filepath.Join(dir, bad), Text: []byte("new")},
		})
		if err == nil {
			t.Errorf("%s is written", bad)
		}
		if have := everything(t, dir); !slices.Equal(have, before) {
			t.Errorf("%s: there is %v, and was %v", bad, have, before)
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "file")); string(text) != "old" {
			t.Errorf("%s: the file is %q", bad, text)
		}
	}
}
