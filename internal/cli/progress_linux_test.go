package cli_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mattn/go-runewidth"
)

// zis on the command line of a person, who deploys the changed bundle.
func (p *process) person(args ...string) *exec.Cmd {
	cmd := exec.Command("zis", append(args, "--integration", "acme", "--base-url", p.url, "bundle.json")...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=", "GITHUB_ACTIONS=", "ZENDESK_EMAIL=admin@example.com", "ZENDESK_API_TOKEN=token-of-the-admin")
	return cmd
}

// held keeps the first upload waiting until go on is called.
func (p *process) held() (goOn func()) {
	gate := make(chan struct{})
	p.server.SetFault(func(r *http.Request, real http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/bundles") {
				select {
				case <-gate:
				case <-p.t.Context().Done():
				}
			}
			real.ServeHTTP(w, r)
		})
	})
	return func() { close(gate) }
}

const liveUpload = " s  upload a" // whatever the seconds are on a busy machine

var liveLine = regexp.MustCompile(`\d+ of \d+  \d+ s  `)

func checkScreen(t *testing.T, screen []string) {
	t.Helper()
	for _, line := range screen {
		if liveLine.MatchString(line) {
			t.Errorf("a live line is left: %q", line)
		}
	}
	if last := screen[len(screen)-1]; last != "" {
		t.Errorf("the cursor is left behind %q", last)
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	goOn := p.held()
	y := onTTY(t, 80, p.person("deploy", "--yes"))
	y.await(liveUpload)
	goOn()
	code, raw, screen := y.end()
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	checkScreen(t, screen)
	seen := strings.Join(screen, "\n")
	for _, want := range []string{"done     read 127.0.0.1", "done     upload a (", "done     install zis:acme:job_spec:new (", "done and read back"} {
		if strings.Count(seen, want) != 1 {
			t.Errorf("%q does not stand on the screen once:\n%s", want, seen)
		}
	}
	if !strings.Contains(raw, "\x1b[32mdone    \x1b[0m upload") {
		t.Errorf("what is done is not green:\n%q", raw)
	}
}

func TestTerminalIsNarrow(t *testing.T) {
	t.Parallel()
	const columns = 30
	p := newProcess(t)
	y := onTTY(t, columns, p.person("deploy", "--yes"))
	_, raw, screen := y.end()
	checkScreen(t, screen)
	live := regexp.MustCompile(`(?:^|\n|\x1b\[K)(\d+ of [^\r\n\x1b]*)`).FindAllStringSubmatch(raw, -1)
	if len(live) == 0 {
		t.Fatalf("no live line: %q", raw)
	}
	for _, l := range live {
		if runewidth.StringWidth(l[1]) >= columns {
			t.Errorf("the live line is too wide: %q", l[1])
		}
	}
}

func TestPlainTerminals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env            string
		live, coloured bool
	}{
		"a terminal":       {"TERM=xterm", true, true},
		"without colours":  {"NO_COLOR=1", true, false},
		"of few abilities": {"TERM=dumb", false, false},
		"of no name":       {"TERM=", false, false},
		"in a workflow":    {"GITHUB_ACTIONS=true", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t)
			cmd := p.person("deploy", "--yes")
			cmd.Env = append(cmd.Env, tt.env)
			code, raw, screen := onTTY(t, 80, cmd).end()
			if code != 0 || !strings.Contains(raw, "done and read back") {
				t.Errorf("exit code %d:\n%s", code, raw)
			}
			checkScreen(t, screen)
			if got := strings.Contains(raw, "\x1b[K"); got != tt.live {
				t.Errorf("a live line: %v\n%q", got, raw)
			}
			if got := strings.Contains(raw, "\x1b[3"); got != tt.coloured {
				t.Errorf("colours: %v\n%q", got, raw)
			}
			if !tt.live && strings.Contains(raw, "\x1b") {
				t.Errorf("escape sequences:\n%q", raw)
			}
		})
	}
}

func TestTerminalTellsOfAWait(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	var refused atomic.Bool
	p.server.SetFault(func(r *http.Request, real http.Handler) http.Handler {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/bundles") || !refused.CompareAndSwap(false, true) {
			return real
		}
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		})
	})
	y := onTTY(t, 120, p.person("deploy", "--yes"))
	y.await("waiting 1 s: the account allows no more requests: upload a")
	code, _, screen := y.end()
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	checkScreen(t, screen)
}

func TestTerminalIsInterrupted(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	goOn := p.held()
	y := onTTY(t, 80, p.person("deploy", "--yes"))
	y.await(liveUpload)
	y.keys("\x03")
	y.await("interrupted: nothing new begins")
	goOn()
	code, _, screen := y.end()
	if code != 130 {
		t.Errorf("exit code %d", code)
	}
	checkScreen(t, screen)
	if seen := strings.Join(screen, "\n"); !strings.Contains(seen, "failed: interrupted") {
		t.Errorf("the end doesn't tell of the interrupt:\n%s", seen)
	}
}

// The result goes into a file while a person watches.
func TestTerminalAndFile(t *testing.T) {
	t.Parallel()
	for verb, args := range map[string][]string{"plan": {"plan"}, "deploy": {"deploy", "--yes"}} {
		p := newProcess(t)
		cmd := p.person(append(args, "--format", "json")...)
		var out bytes.Buffer
		cmd.Stdout = &out
		_, raw, screen := onTTY(t, 80, cmd).end()
		checkScreen(t, screen)
		if !json.Valid(out.Bytes()) || bytes.Contains(out.Bytes(), []byte("\x1b")) {
			t.Errorf("%s: stdout is no JSON: %q", verb, out.String())
		}
		if !strings.Contains(raw, "\x1b[K") || !strings.Contains(raw, "read 127.0.0.1") {
			t.Errorf("%s: no progress: %q", verb, raw)
		}
	}
}

// A bundle can't draw on the terminal.
func TestTerminalIsNotTheBundles(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.write("bundle.json", strings.ReplaceAll(formerBundle, `"name": "a"`, `"name": "a\u001b[2J\r\u202eb"`))
	_, raw, screen := onTTY(t, 80, p.person("deploy", "--yes")).end()
	checkScreen(t, screen)
	if strings.Contains(raw, "\x1b[2J") || strings.Contains(raw, "\u202e") {
		t.Errorf("the bundle's name is not inert: %q", raw)
	}
}
