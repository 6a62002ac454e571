package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// rig is one account, served in memory, and a client of it.
type rig struct {
	t       testing.TB
	server  *emulator.Server
	client  *registry.Client
	journal string
	settle  time.Duration
	stop    func()

	mu     sync.Mutex
	hosts  []string                 // that the client wanted to reach
	refuse func(*http.Request) bool // says whether no connection is made; may be nil
}

const token = "the-token-of-the-admin"

// memory is a directory whose files are in memory where the system has such: a
// journal is synced line by line, which takes a disk most of a test's time.
func memory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "zis-test-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// newRig must be called inside a synctest bubble, and closed there.
func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, server: &emulator.Server{}, journal: filepath.Join(memory(t), "journal")}
	if err := r.server.Register("acme"); err != nil {
		t.Fatal(err)
	}
	dial, stop := emulator.Local(r.server)
	transport := &http.Transport{DialContext: dial}
	client, err := registry.New("http://localhost", registry.Credentials{Email: "a@example.com", APIToken: token},
		registry.WithTransport(roundTrip(func(req *http.Request) (*http.Response, error) {
			r.mu.Lock()
			r.hosts = append(r.hosts, req.URL.Host)
			refuse := r.refuse
			r.mu.Unlock()
			if refuse != nil && refuse(req) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
			}
			return transport.RoundTrip(req)
		})))
	if err != nil {
		t.Fatal(err)
	}
	r.client = client
	r.stop = func() {
		transport.CloseIdleConnections()
		stop()
	}
	return r
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// deploy is the line of the program: read, plan, apply.
func (r *rig) deploy(ctx context.Context, opt deploy.Options, sources ...string) (deploy.Prepared, deploy.Result) {
	r.t.Helper()
	var want []*zis.Bundle
	for _, s := range sources {
		want = append(want, read(r.t, s))
	}
	opt.History = deploy.ReadHistory(r.journal, "test", "acme")
	have, err := deploy.ReadAfter(ctx, r.client, "acme", opt.History)
	if err != nil {
		return deploy.Prepared{}, deploy.Result{Err: err, Rollback: deploy.NotNeeded}
	}
	plan, err := deploy.NewPlan(want, have, opt)
	if err != nil {
		return deploy.Prepared{}, deploy.Result{Err: err, Rollback: deploy.NotNeeded}
	}
	return plan, deploy.Apply(ctx, r.client, plan, r.settings())
}

func (r *rig) settings() deploy.Settings {
	return deploy.Settings{Journal: r.journal, Target: "test", Attempts: 3, Settle: r.settle}
}

// holds says what the account has: bundles by digest, installed job specs.
func (r *rig) holds() (digests, installed []string) {
	i := r.server.State().Integration("acme")
	for _, b := range i.Bundles {
		doc, err := source.Stored(b.Name, b.Body)
		if err != nil {
			r.t.Fatal(err)
		}
		digests = append(digests, doc.Digest())
	}
	for _, s := range i.JobSpecs {
		if s.Installed {
			installed = append(installed, s.Name)
		}
	}
	slices.Sort(installed)
	return digests, installed
}

// wants checks that the account runs exactly this bundle with these specs.
func (r *rig) wants(what, source string, specs ...string) {
	r.t.Helper()
	digests, installed := r.holds()
	if want := read(r.t, source).Doc.Digest(); !slices.Equal(digests, []string{want}) || !slices.Equal(installed, specs) {
		r.t.Errorf("%s: the account holds %v with %v installed; want %v with %v", what, digests, installed, want, specs)
	}
}

var pruneAll = deploy.Options{Prune: true, PruneLimit: 5}

// before and after are the bundles of every cell: a change of the flow, one
// job spec kept, one new, one to be pruned.
var (
	before = bundleText("a", "one", "keep", "old")
	after  = bundleText("a", "two", "keep", "new")
)

// A kill leaves a journal that ends anywhere. Whatever it holds, the next
// deploy converges, pruning included.
func TestKilledAfterEveryJournalWrite(t *testing.T) {
	lines := 0
	for kill := 1; kill == 1 || kill <= lines; kill++ {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			if _, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil {
				t.Fatal(res.Err)
			}
			lines = r.killedDeploy(kill)
			_, res := r.deploy(t.Context(), pruneAll, after)
			if res.Err != nil {
				t.Errorf("killed after line %d: %v", kill, res.Err)
			}
			r.wants(fmt.Sprintf("killed after line %d", kill), after, "keep", "new")
		})
	}
	if lines < 10 {
		t.Errorf("only %d places to be killed at", lines)
	}
}

// killedDeploy runs a deploy that stops dead after its nth journal line: no
// later request reaches the account, and the journal ends there. It returns
// how many lines a whole deploy writes.
func (r *rig) killedDeploy(n int) int {
	dead := make(chan struct{})
	var once sync.Once
	r.server.SetFault(func(_ *http.Request, real http.Handler) http.Handler {
		text, _ := os.ReadFile(r.journal)
		if strings.Count(string(text), "\n") >= n && !strings.Contains(string(text), `"what":"end"`) {
			once.Do(func() { close(dead) })
		}
		select {
		case <-dead:
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		default:
			return real
		}
	})
	_ = os.Remove(r.journal)
	r.client.Retries = 0
	defer func() { r.client.Retries = registry.DefaultRetries }()
	have, err := deploy.Read(r.t.Context(), r.client, "acme")
	if err != nil {
		r.t.Fatal(err)
	}
	plan, err := deploy.NewPlan([]*zis.Bundle{read(r.t, after)}, have, pruneAll)
	if err != nil {
		r.t.Fatal(err)
	}
	deploy.Apply(r.t.Context(), r.client, plan, deploy.Settings{Journal: r.journal, Target: "test", Attempts: 1, NoRollback: true})
	r.server.SetFault(nil)
	text, err := os.ReadFile(r.journal)
	if err != nil {
		r.t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	if n < len(lines) { // what a dead process would not have written
		if err := os.WriteFile(r.journal, []byte(strings.Join(lines[:n], "")), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	return 2*len(plan.Steps) + 2
}

// A SIGTERM is a context with a cause. Nothing new begins after it; but what
// an upload has switched off is installed, and the end is told, within the
// time that the runner leaves.
func TestCancelledAtAnyMoment(t *testing.T) {
	stop := errors.New("terminated")
	for ms := 0; ms < 1600; ms += 50 {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			if _, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil {
				t.Fatal(res.Err)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			type write struct {
				at   time.Time
				line string
			}
			var begun []write
			var mu sync.Mutex
			r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
				if req.Method != http.MethodGet {
					mu.Lock()
					begun = append(begun, write{time.Now(), line(req)})
					mu.Unlock()
				}
				return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					time.Sleep(100 * time.Millisecond)
					real.ServeHTTP(w, req)
				})
			})
			var cancelled time.Time
			time.AfterFunc(time.Duration(ms)*time.Millisecond, func() {
				mu.Lock()
				cancelled = time.Now()
				mu.Unlock()
				cancel(stop)
			})
			_, res := r.deploy(ctx, pruneAll, after)
			mu.Lock()
			if !cancelled.IsZero() {
				if took := time.Since(cancelled); took > 7*time.Second {
					t.Errorf("cancelled after %d ms: ended %s later", ms, took)
				}
				uploaded := false
				for _, w := range begun {
					upload, install := strings.HasSuffix(w.line, "/bundles "), strings.Contains(w.line, "POST") && strings.Contains(w.line, "/job_specs/install ")
					if w.at.After(cancelled) && !(install && uploaded) {
						t.Errorf("cancelled after %d ms: %s began %s later", ms, w.line, w.at.Sub(cancelled))
					}
					uploaded = uploaded || upload
				}
				if uploaded {
					if _, on := r.holds(); !slices.Contains(on, "keep") || !slices.Contains(on, "new") {
						t.Errorf("cancelled after %d ms: only %v are on", ms, on)
					}
				}
			}
			mu.Unlock()
			if res.Err == nil {
				r.wants("finished before the signal", after, "keep", "new")
			}
			time.Sleep(3 * time.Second) // the signal of a deploy that was quicker
			r.server.SetFault(nil)
			if _, res := r.deploy(t.Context(), pruneAll, after); res.Err != nil {
				t.Errorf("cancelled after %d ms, then run again: %v", ms, res.Err)
			}
			r.wants(fmt.Sprintf("cancelled after %d ms, then run again", ms), after, "keep", "new")
		})
	}
}
