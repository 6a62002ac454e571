package cli_test

import (
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// counted counts the requests that write.
func (p *process) counted() *atomic.Int32 {
	var writes atomic.Int32
	p.server.SetFault(func(r *http.Request, real http.Handler) http.Handler {
		if r.Method != http.MethodGet {
			writes.Add(1)
		}
		return real
	})
	return &writes
}

const question = "Deploy this to 127.0.0.1"

func TestDeployAsksFirst(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct {
		code  int
		wrote bool
		says  string
	}{
		"yes\n":  {0, true, "done and read back"},
		" YES\n": {0, true, "done and read back"},
		"no\n":   {1, false, "not confirmed; nothing was written"},
		"y\n":    {1, false, "not confirmed; nothing was written"},
		"\n":     {1, false, "not confirmed; nothing was written"},
		"\x04":   {1, false, "not confirmed; nothing was written"}, // the end of input
		"\x03":   {130, false, "nothing was written"},
	} {
		t.Run(strings.TrimSpace(answer), func(t *testing.T) {
			t.Parallel()
			p := newProcess(t)
			writes := p.counted()
			y := onTTY(t, 80, p.person("deploy"))
			y.await(question)
			if writes.Load() != 0 {
				t.Error("something was written before anybody said yes")
			}
			y.keys(answer)
			code, raw, screen := y.end()
			if code != want.code || (writes.Load() > 0) != want.wrote || !strings.Contains(raw, want.says) {
				t.Errorf("exit %d, %d writes:\n%s", code, writes.Load(), strings.Join(screen, "\n"))
			}
			if n := strings.Count(raw, "It starts twice when"); n != 1 {
				t.Errorf("the sentences stand on the screen %d times:\n%s", n, strings.Join(screen, "\n"))
			}
			if want.code == 1 && !strings.Contains(raw, "--yes") {
				t.Errorf("nobody says how to deploy without being asked:\n%s", raw)
			}
		})
	}
}

func TestDeployAsksNobody(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"yes": {"deploy", "--yes"}, "dry run": {"deploy", "--dry-run"}, "a plan": {"plan"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, raw, _ := onTTY(t, 80, newProcess(t).person(args...)).end()
			if code != 0 || strings.Contains(raw, question) {
				t.Errorf("exit %d:\n%s", code, raw)
			}
		})
	}
	t.Run("in a workflow", func(t *testing.T) {
		t.Parallel()
		cmd := newProcess(t).person("deploy")
		cmd.Env = append(cmd.Env, "GITHUB_ACTIONS=true")
		if code, raw, _ := onTTY(t, 80, cmd).end(); code != 0 || strings.Contains(raw, question) {
			t.Errorf("exit %d:\n%s", code, raw)
		}
	})
	t.Run("the local emulator", func(t *testing.T) {
		t.Parallel()
		p := newProcess(t)
		cmd := p.person("deploy")
		cmd.Args = []string{"zis", "deploy", "--target", "local", "--integration", "acme", "bundle.json"}
		if code, raw, _ := onTTY(t, 80, cmd).end(); code != 0 || strings.Contains(raw, question) {
			t.Errorf("exit %d:\n%s", code, raw)
		}
	})
	t.Run("nothing on stdin", func(t *testing.T) {
		t.Parallel()
		cmd := newProcess(t).person("deploy")
		null, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer null.Close()
		cmd.Stdin = null
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), question) {
			t.Errorf("%v:\n%s", err, out)
		}
	})
}
