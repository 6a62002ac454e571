package emulator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

// Nothing is lost over a restart: not a token, a secret, an installation, a
// uuid, and what is read back is the same text.
func TestRestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "state.json")
	first := &emulator.Server{StateFile: file}
	prepare(t, first)
	a := open(t, first)
	a.upload(strings.Replace(oneFlow("a", "one", "two"), `"Type": "Succeed"`, `"Type": "Succeed", "Message": "<é & 12608007991101234567>"`, 1))
	a.install("two")
	before := first.State()
	path := registry + "acme/bundles/" + before.Integration("acme").Bundles[0].UUID
	body := a.must("GET", path, "")
	created := a.must("POST", registry+"acme", "{}")
	a.stop()

	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the state file: %v %v, want mode 0600", info, err)
	}
	second := &emulator.Server{StateFile: file}
	if diff := cmp.Diff(before, second.State()); diff != "" {
		t.Errorf("state after a restart (-want +got):\n%s", diff)
	}
	b := open(t, second)
	defer b.stop()
	if diff := cmp.Diff(response{200, jsonType, body}, b.do("GET", path, "Bearer acme-token", "")); diff != "" {
		t.Errorf("read back after a restart (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"-one", "+two"}, b.specs()); diff != "" {
		t.Errorf("job specs after a restart (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(created, b.must("POST", registry+"acme", "{}")); diff != "" {
		t.Errorf("the integration after a restart (-want +got):\n%s", diff)
	}
}

// A file that is no state is told of, before and while serving, and stays as
// it is.
func TestBrokenStateFile(t *testing.T) {
	const state = `{"next_id": 1260800799110, "tokens": {}, "integrations": `
	for _, content := range []string{
		"", "{", "null", "[]", "{}", `{"name": "package"}`, "\x00",
		state + `[null]}`,
		state + `[{"name": "a", "bundles": [null]}]}`,
		state + `[{"name": "a", "bundles": [{"name": "b"}]}]}`,
		state + `[{"name": "a", "job_specs": [null]}]}`,
		state + `[]} trailing`,
	} {
		file := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s := &emulator.Server{StateFile: file}
		for what, err := range map[string]error{"Open": s.Open(), "Register": s.Register("acme"), "Grant": s.Grant("t", "acme")} {
			if err == nil || !strings.Contains(err.Error(), file) {
				t.Errorf("%s with %q: %v, want an error that names the file", what, content, err)
			}
		}
		a := open(t, s)
		if res := a.do("POST", registry+"acme", admin, "{}"); res.Status != 500 || !strings.Contains(res.Body, "state.json") {
			t.Errorf("a request with %q: %d %s", content, res.Status, res.Body)
		}
		a.stop()
		if diff := cmp.Diff(emulator.State{}, s.State()); diff != "" {
			t.Errorf("state of %q (-want +got):\n%s", content, diff)
		}
		if after, err := os.ReadFile(file); err != nil || string(after) != content {
			t.Errorf("%q became %q (%v)", content, after, err)
		}
	}
}

// A write that can't be saved is refused, and has not happened.
func TestUnsavedChange(t *testing.T) {
	dir := t.TempDir()
	s := &emulator.Server{StateFile: filepath.Join(dir, "sub", "state.json")}
	prepare(t, s)
	a := open(t, s)
	defer a.stop()
	a.upload(oneFlow("a", "one"))
	before := s.State()
	saved, err := os.ReadFile(s.StateFile)
	if err != nil {
		t.Fatal(err)
	}
	// A directory that is a file refuses everybody, root as well.
	moved := filepath.Join(dir, "moved")
	swap := func(from, to string) {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	swap(filepath.Join(dir, "sub"), moved)
	if err := os.WriteFile(filepath.Join(dir, "sub"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if res := a.do("POST", specPath("acme", "one"), admin, ""); res.Status != 500 {
		t.Errorf("an installation that can't be saved: %d, want 500", res.Status)
	}
	if err := os.Remove(filepath.Join(dir, "sub")); err != nil {
		t.Fatal(err)
	}
	swap(moved, filepath.Join(dir, "sub"))
	if diff := cmp.Diff(before, s.State()); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if after, err := os.ReadFile(s.StateFile); err != nil || string(after) != string(saved) {
		t.Errorf("the file changed (%v):\n%s", err, cmp.Diff(string(saved), string(after)))
	}
	if left, err := filepath.Glob(filepath.Join(dir, "sub", ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestRegister(t *testing.T) {
	s := &emulator.Server{Taken: []string{"theirs"}}
	if err := s.Register("acme"); err != nil {
		t.Fatal(err)
	}
	before := s.State()
	if err := s.Register("acme"); err != nil {
		t.Errorf("again: %v", err)
	}
	if diff := cmp.Diff(before, s.State()); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"":       `integration name "": it must be 1 to 64 characters of a-z, 0-9, _ and -`,
		"Acme":   `integration name "Acme": it must be 1 to 64 characters of a-z, 0-9, _ and -`,
		"theirs": `integration name "theirs" belongs to another account`,
	} {
		if err := s.Register(name); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

// State is a copy: what a test does to it stays with the test.
func TestStateIsACopy(t *testing.T) {
	a := acme(t)
	a.upload(oneFlow("a", "one"))
	copied := a.server.State()
	copied.Integration("acme").JobSpec("one").Installed = true
	copied.Integration("acme").Bundle("a").Body[0] = '!'
	delete(copied.Tokens, "acme-token")
	if diff := cmp.Diff([]string{"-one"}, a.specs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if res := a.do("GET", registry+"acme/bundles", "Bearer acme-token", ""); res.Status != 200 {
		t.Errorf("%d %s", res.Status, res.Body)
	}
}
