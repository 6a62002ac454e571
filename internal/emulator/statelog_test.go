package emulator_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
)

func size(t testing.TB, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// large is a bundle of many megabytes with so many job specs.
func large(megabytes, specs int) string {
	var names []string
	for n := range specs {
		names = append(names, fmt.Sprintf("spec_%03d", n))
	}
	text := strings.Repeat("x", 1<<20)
	var states []string
	for n := range megabytes {
		states = append(states, fmt.Sprintf(`"S%d": {"Type": "Succeed", "Message": %q}`, n, text))
	}
	return strings.Replace(oneFlow("large", names...), `"States": {`, `"States": {`+strings.Join(states, ",")+",", 1)
}

// What a request costs in the state file is what it changed, however much the
// account holds.
func TestStateFileGrowsByChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	s := &emulator.Server{StateFile: file}
	prepare(t, s)
	a := open(t, s)
	defer a.stop()
	a.upload(large(4, 100))
	before, start := size(t, file), time.Now()
	for n := range 100 {
		a.install(fmt.Sprintf("spec_%03d", n))
	}
	if grown := size(t, file) - before; grown > 100*1000 {
		t.Errorf("100 installs took %d bytes of the state file, want less than 1,000 each", grown)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("100 installs took %v", took)
	}
	if !reflect.DeepEqual(s.State(), (&emulator.Server{StateFile: file}).State()) {
		t.Error("the file tells another state")
	}
}

// Whatever happened to the account, the file tells the same.
func TestStateFileTellsAll(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	s := &emulator.Server{StateFile: file}
	prepare(t, s)
	a := open(t, s)
	defer a.stop()
	for n, step := range []func(){
		func() { a.upload(oneFlow("a", "one", "two")) },
		func() { a.install("one"); a.install("two") },
		func() { a.upload(oneFlow("a", "one", "three")) },
		func() { a.must("DELETE", specPath("acme", "two"), "") },
		func() { a.upload(oneFlow("b", "four")) },
		func() {
			a.exchanges([]exchange{
				{"POST", "integrations/acme/connections/bearer_token", `{"name": "slack", "token": "x", "allowed_domain": "slack.com"}`, 201, nil},
				{"POST", "integrations/acme/configs", `{"scope": "s", "config": {"a": 1}}`, 201, nil},
				{"PATCH", "integrations/acme/configs/s", `{"config": {"b": 2}}`, 200, nil},
			})
			newWebhook(a, "shop", "order")
		},
		func() {
			a.exchanges([]exchange{{"DELETE", "integrations/acme/connections/bearer_token/slack", "", 204, nil}})
		},
		func() {
			if _, _, err := s.SignIn("admin@example.com"); err != nil {
				t.Fatal(err)
			}
		},
		func() { grant(t, s, grantOf("ci", "s", "")) },
		func() { a.must("POST", registry+"new", `{"description": "x"}`) },
		func() {
			body, kind := formOf(t, appPackage(t, "1", nil))
			if res := a.doForm("/api/v2/apps/uploads.json", kind, body); res.Status != 201 {
				t.Fatal(res)
			}
		},
		func() {
			if err := s.Behave("history-oldest-first"); err != nil {
				t.Fatal(err)
			}
			a.upload(oneFlow("a", "one"))
			a.upload(oneFlow("a", "one", "two"))
		},
		func() {
			if err := s.Edit(func(st *emulator.State) { st.Integrations, st.Tokens = st.Integrations[:1], nil }); err != nil {
				t.Fatal(err)
			}
		},
	} {
		step()
		again := &emulator.Server{StateFile: file}
		if err := again.Open(); err != nil {
			t.Fatalf("after step %d: %v", n, err)
		}
		if diff := cmp.Diff(s.State(), again.State(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after step %d (-want +got):\n%s", n, diff)
		}
	}
}

// A file that ends anywhere in its last line holds what was there before; the
// next change makes it whole.
func TestTornStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	s := &emulator.Server{StateFile: file}
	prepare(t, s)
	a := open(t, s)
	defer a.stop()
	a.upload(oneFlow("a", "one"))
	before, short := s.State(), size(t, file)
	a.install("one")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for end := short; end < int64(len(text)); end += 7 {
		if err := os.WriteFile(file, text[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		torn := &emulator.Server{StateFile: file}
		if diff := cmp.Diff(before, torn.State()); diff != "" {
			t.Fatalf("cut after %d bytes (-want +got):\n%s", end, diff)
		}
		if err := torn.Register("later"); err != nil {
			t.Fatal(err)
		}
		if again := (&emulator.Server{StateFile: file}).State(); again.Integration("later") == nil {
			t.Fatalf("cut after %d bytes: a later change is not kept", end)
		}
	}
}

// Many changes don't make the file grow for ever.
func TestStateFileIsMadeAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	s := &emulator.Server{StateFile: file}
	prepare(t, s)
	a := open(t, s)
	defer a.stop()
	for range 12 {
		a.upload(large(1, 1))
	}
	if got := size(t, file); got > 5<<20 {
		t.Errorf("12 uploads of one bundle of 1 MB left a file of %d bytes", got)
	}
}

// Whatever a state file holds: it is refused, or it is a state that is the
// same when it is written whole and read again.
func FuzzStateFile(f *testing.F) {
	s := &emulator.Server{StateFile: filepath.Join(f.TempDir(), "state.json")}
	prepare(f, s)
	a := open(f, s)
	a.upload(oneFlow("a", "one"))
	a.install("one")
	a.stop()
	text, err := os.ReadFile(s.StateFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"next_id": 1260800799110}` + "\n" + `[{"integration": "a", "job_spec": {"name": "x"}}, {"integration": "a", "no_job_spec": "x"}]` + "\n")
	f.Add(`{"next_id": 1260800799110}` + "\n" + `[{"tokens": {"a": null}}, {"head": {"next_id": 1}}]` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		state, err := emulator.ReadState([]byte(text))
		if err != nil {
			return
		}
		whole, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		again, err := emulator.ReadState(whole)
		if diff := cmp.Diff(state, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("read again: %v (-want +got):\n%s", err, diff)
		}
	})
}
