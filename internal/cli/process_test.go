package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/cli"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// process is an account that is served over a port, and zis as a process of
// its own, run as a step of a workflow.
type process struct {
	t      *testing.T
	dir    string
	url    string
	server *emulator.Server

	started chan *os.Process // gets the one of the next run
}

const formerBundle = `{"name": "a", "zis_template_version": "2019-10-14", "resources": {
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed", "Message": "one"}}}}},
  "keep": {"type": "ZIS::JobSpec", "properties": {"name": "keep", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:x:flow:f"}},
  "old": {"type": "ZIS::JobSpec", "properties": {"name": "old", "event_source": "support", "event_type": "ticket.StatusChanged", "flow_name": "zis:x:flow:f"}}}}`

func newProcess(t *testing.T) *process {
	t.Helper()
	p := &process{t: t, dir: t.TempDir(), server: &emulator.Server{}}
	if err := p.server.Register("acme"); err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(p.server)
	t.Cleanup(listening.Close)
	p.url = listening.URL
	p.write("bundle.json", formerBundle)
	if code, out := p.here(); code != 0 {
		t.Fatalf("the first deploy ends with %d:\n%s", code, out)
	}
	p.write("bundle.json", strings.NewReplacer(`"one"`, `"two"`, `"old"`, `"new"`).Replace(formerBundle))
	return p
}

func (p *process) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) read(name string) string {
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		p.t.Error(err)
	}
	return string(text)
}

// step is the environment of a step, with files of its own.
func (p *process) step() map[string]string {
	for _, name := range []string{"output", "summary.md"} {
		p.write(name, "")
	}
	return map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": p.dir, "RUNNER_TEMP": p.dir,
		"GITHUB_OUTPUT": filepath.Join(p.dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(p.dir, "summary.md"),
		"INPUT_COMMAND": "deploy", "INPUT_INTEGRATION": "acme", "INPUT_BUNDLE": "bundle.json", "INPUT_BASE-URL": p.url,
		"INPUT_PRUNE": "true", "INPUT_REPORT-FILE": filepath.Join(p.dir, "report.json"),
		"INPUT_ZENDESK-EMAIL": "admin@example.com", "INPUT_ZENDESK-API-TOKEN": "token-of-the-admin",
		"GITHUB_EVENT_NAME": "push", "INPUT_SUPERSEDED": "allow",
	}
}

// here runs zis action in this process: that is quicker.
func (p *process) here() (code int, out string) {
	var b bytes.Buffer
	env := p.step()
	code = cli.Main(p.t.Context(), []string{"action"}, program.Env{Stdout: &b, Stderr: &b, Getenv: func(name string) string { return env[name] }})
	return code, b.String()
}

// command is zis action as a process of its own.
func (p *process) command() *exec.Cmd {
	p.started = make(chan *os.Process, 1)
	cmd := exec.Command("zis", "action")
	cmd.Dir = p.dir
	cmd.Env = os.Environ()
	for name, value := range p.step() {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

func (p *process) run(cmd *exec.Cmd) (code int, out string) {
	p.t.Helper()
	var b bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &b
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.started <- cmd.Process
	err := cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), b.String()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return 0, b.String()
}

// at calls do when the nth request has come, before or after it takes effect,
// and then answers as told, or not at all.
func (p *process) at(n int, effect bool, do func(*os.Process), then http.HandlerFunc) {
	var mu sync.Mutex
	seen := 0
	p.server.SetFault(func(_ *http.Request, real http.Handler) http.Handler {
		mu.Lock()
		defer mu.Unlock()
		if seen++; seen != n {
			return real
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kept := httptest.NewRecorder()
			if effect {
				real.ServeHTTP(kept, r)
			}
			do(<-p.started)
			if then != nil {
				then(w, r)
				return
			}
			panic(http.ErrAbortHandler)
		})
	})
}

// converges checks that a run without faults brings the wanted state.
func (p *process) converges(what string) (out string) {
	p.t.Helper()
	p.server.SetFault(nil)
	code, out := p.here()
	if code != 0 {
		p.t.Errorf("%s, then run again: it ends with %d\n%s", what, code, out)
	}
	i := p.server.State().Integration("acme")
	for name, want := range map[string]bool{"keep": true, "new": true, "old": false} {
		if s := i.JobSpec(name); (s != nil && s.Installed) != want {
			p.t.Errorf("%s, then run again: the job spec %q is installed: %v", what, name, !want)
		}
	}
	if body := string(i.Bundles[0].Body); !strings.Contains(body, `"two"`) {
		p.t.Errorf("%s, then run again: the account holds %s", what, body)
	}
	return out
}

// deployRequests are the requests of the deploy that the tests break off. Before
// the trial, which two readings go with, the journal has begun.
const (
	deployRequests = 19
	trialRequest   = 7
	uploadRequest  = 10
)

func TestDeployRequests(t *testing.T) {
	p := newProcess(t)
	p.server.ResetRequests()
	p.converges("untouched")
	if n := len(p.server.Requests()); n != deployRequests {
		t.Errorf("a deploy makes %d requests, not %d", n, deployRequests)
	}
}

// A runner that is stopped sends SIGTERM and kills 7.5 s later. Whatever the
// process was at, it ends in time and has told the workflow.
func TestTerminated(t *testing.T) {
	for n := 1; n <= deployRequests; n++ {
		t.Run(fmt.Sprintf("request %d", n), func(t *testing.T) {
			t.Parallel()
			slowly := func(w http.ResponseWriter, r *http.Request) {
				select { // long enough for the signal to be noticed
				case <-r.Context().Done():
				case <-time.After(500 * time.Millisecond):
				}
				panic(http.ErrAbortHandler)
			}
			newProcess(t).terminatedAt(n, slowly)
		})
	}
	t.Run("while a write gets no answer", func(t *testing.T) {
		t.Parallel()
		if testing.Short() {
			t.Skip("takes 5 s")
		}
		newProcess(t).terminatedAt(uploadRequest, func(_ http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				t.Errorf("that is no upload: %s %s", r.Method, r.URL)
			}
			<-r.Context().Done()
		})
	})
}

func (p *process) terminatedAt(n int, then http.HandlerFunc) {
	cmd := p.command()
	var sent time.Time
	p.at(n, true, func(running *os.Process) {
		sent = time.Now()
		if err := running.Signal(syscall.SIGTERM); err != nil {
			p.t.Error(err)
		}
	}, then)
	code, out := p.run(cmd)
	what := fmt.Sprintf("terminated at request %d", n)
	if took := time.Since(sent); took > 7*time.Second {
		p.t.Errorf("%s: ended %s later", what, took)
	}
	if code != 143 {
		p.t.Errorf("%s: exit code %d\n%s", what, code, out)
	}
	for _, want := range []string{"result=failed\n", "failure-reason=cancelled\n"} {
		if outputs := p.read("output"); !strings.Contains(outputs, want) {
			p.t.Errorf("%s: the outputs lack %q:\n%s", what, want, outputs)
		}
	}
	if summary := p.read("summary.md"); !strings.Contains(summary, "interrupted") {
		p.t.Errorf("%s: the summary says %q", what, summary)
	}
	if r := p.read("report.json"); !strings.Contains(r, `"failureReason": "cancelled"`) {
		p.t.Errorf("%s: report.json says %s", what, r)
	}
	p.converges(what)
}

// A fault of ours is told to the workflow like any other failure.
func TestPanicIsTold(t *testing.T) {
	p := newProcess(t)
	step := p.step()
	var out bytes.Buffer
	asked := false
	code := cli.Main(t.Context(), []string{"action"}, program.Env{Stdout: &out, Stderr: &out, Getenv: func(name string) string {
		if name == "RUNNER_TEMP" && !asked { // where a deploy puts its journal
			asked = true
			panic("on purpose")
		}
		return step[name]
	}})
	if code != verdict.ExitFailed {
		t.Errorf("exit code %d\n%s", code, &out)
	}
	if outputs := p.read("output"); !strings.Contains(outputs, "failure-reason=internal\n") || !strings.Contains(outputs, "result=failed\n") {
		t.Errorf("the outputs are\n%s", outputs)
	}
	if !strings.Contains(out.String(), "on purpose") || !strings.Contains(p.read("summary.md"), "a fault of zis itself") {
		t.Errorf("the log says\n%s", &out)
	}
}

// A process that is killed has no last word; the next one finishes its work.
func TestKilled(t *testing.T) {
	for n := 1; n <= deployRequests; n++ {
		for _, effect := range []bool{false, true} {
			what := fmt.Sprintf("killed at request %d, took effect %v", n, effect)
			t.Run(what, func(t *testing.T) {
				t.Parallel()
				p := newProcess(t)
				cmd := p.command()
				p.at(n, effect, func(running *os.Process) {
					if err := running.Kill(); err != nil {
						t.Error(err)
					}
				}, nil)
				if code, _ := p.run(cmd); code != -1 {
					t.Errorf("%s: exit code %d", what, code)
				}
				out := p.converges(what)
				if n >= trialRequest && !strings.Contains(out, "did not end") {
					t.Errorf("%s: the next run doesn't tell of it:\n%s", what, out)
				}
			})
		}
	}
}
