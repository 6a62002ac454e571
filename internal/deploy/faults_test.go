package deploy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// rig is one account, served in memory, and a client of it.
type rig struct {
	t       testing.TB
	server  *emulator.Server
	client  *registry.Client
	journal string
	stop    func()

	mu    sync.Mutex
	hosts []string // that the client wanted to reach
}

const token = "the-token-of-the-admin"

// newRig must be called inside a synctest bubble, and closed there.
func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, server: &emulator.Server{}, journal: filepath.Join(t.TempDir(), "journal")}
	if err := r.server.Register("acme"); err != nil {
		t.Fatal(err)
	}
	dial, stop := emulator.Local(r.server)
	transport := &http.Transport{DialContext: dial}
	client, err := registry.New("http://localhost", registry.Credentials{Email: "a@example.com", APIToken: token},
		registry.WithTransport(roundTrip(func(req *http.Request) (*http.Response, error) {
			r.mu.Lock()
			r.hosts = append(r.hosts, req.URL.Host)
			r.mu.Unlock()
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
func (r *rig) deploy(ctx context.Context, opt deploy.Options, sources ...string) (deploy.Plan, deploy.Result) {
	r.t.Helper()
	var want []*bundle.Bundle
	for _, s := range sources {
		want = append(want, read(r.t, s))
	}
	if past, err := deploy.ReadJournal(r.journal); err != nil {
		r.t.Fatal(err)
	} else if past != nil {
		opt.Owned = past.Owned
	}
	have, err := deploy.Read(ctx, r.client, "acme")
	if err != nil {
		return deploy.Plan{}, deploy.Result{Err: err}
	}
	plan, err := deploy.NewPlan(want, have, opt)
	if err != nil {
		return deploy.Plan{}, deploy.Result{Err: err}
	}
	return plan, deploy.Apply(ctx, r.client, plan, deploy.Settings{Journal: r.journal, Target: "test", Attempts: 3})
}

// holds says what the account has: bundles by digest, installed job specs.
func (r *rig) holds() (digests, installed []string) {
	i := r.server.State().Integration("acme")
	for _, b := range i.Bundles {
		doc, err := bundle.Stored(b.Name, b.Body)
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
	before = source("a", "one", "keep", "old")
	after  = source("a", "two", "keep", "new")
)

// requestsOf lists the requests of a deploy without faults.
func requestsOf(t *testing.T) []string {
	var log []string
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		if _, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil {
			t.Fatal(res.Err)
		}
		r.server.ResetRequests()
		if _, res := r.deploy(t.Context(), pruneAll, after); res.Err != nil {
			t.Fatal(res.Err)
		}
		log = r.server.Requests()
	})
	return log
}

// verdicts counts how the cells of one fault ended.
type verdicts struct{ cells, succeeded, restored, failedBefore, other int }

// TestFaultMatrix breaks every request of a deploy in every way, once and for
// good. Whatever happens: the verdict is true, a success is what the account
// runs, a second deploy without faults converges, no credential is told to
// anybody, and the former state was on disk before the first write.
func TestFaultMatrix(t *testing.T) {
	log := requestsOf(t)
	table := map[string]*verdicts{}
	total := 0
	for _, kind := range emulator.FaultKinds() {
		v := &verdicts{}
		table[kind] = v
		for n := range log {
			for _, times := range []int{1, 0} {
				cell(t, v, fmt.Sprintf("%s/request %d/times %d", kind, n+1, times), kind, n, times)
				total++
			}
		}
	}
	t.Logf("%d cells: %d requests × %d faults × once, for good", total, len(log), len(table))
	for _, kind := range emulator.FaultKinds() {
		v := table[kind]
		t.Logf("%-20s %3d cells: %3d succeeded, %3d nothing written, %3d restored, %3d failed otherwise", kind, v.cells, v.succeeded, v.failedBefore, v.restored, v.other)
	}
}

func cell(t *testing.T, v *verdicts, name, kind string, n, times int) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		if _, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil {
			t.Fatal(res.Err)
		}
		r.server.ResetRequests()
		r.breakRequest(kind, n, times)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		_, res := r.deploy(ctx, pruneAll, after)
		wrote := r.server.Wrote()
		r.server.SetFault(nil)
		r.judge(name, res, wrote, v)

		_, again := r.deploy(t.Context(), pruneAll, after)
		if again.Err != nil {
			t.Errorf("%s: a second deploy without faults fails: %v", name, again.Err)
		}
		r.wants(name+", after a second deploy", after, "keep", "new")
	})
}

// breakRequest lets n requests of the next deploy pass and breaks the next one
// (times 1), or from then on all of the same endpoint (times 0).
func (r *rig) breakRequest(kind string, n, times int) {
	var mu sync.Mutex
	seen, endpoint := 0, ""
	r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
		mu.Lock()
		defer mu.Unlock()
		seen++
		same := req.Method + " " + req.URL.Path
		if seen == n+1 {
			endpoint = same
		} else if times == 1 || endpoint == "" || same != endpoint {
			return real
		}
		f, err := emulator.Script{{Kind: kind}}.Fault()
		if err != nil {
			r.t.Error(err)
			return real
		}
		return f(req, real)
	})
}

// judge checks what must hold after any deploy.
func (r *rig) judge(name string, res deploy.Result, wrote bool, v *verdicts) {
	r.t.Helper()
	v.cells++
	digests, installed := r.holds()
	isAfter := slices.Equal(digests, []string{read(r.t, after).Doc.Digest()}) && slices.Equal(installed, []string{"keep", "new"})
	isBefore := slices.Equal(digests, []string{read(r.t, before).Doc.Digest()}) && slices.Equal(installed, []string{"keep", "old"})
	switch {
	case res.Err == nil:
		v.succeeded++
		if !isAfter {
			r.t.Errorf("%s: success, but the account holds %v with %v", name, digests, installed)
		}
	case res.Rollback == deploy.Restored:
		v.restored++
		if !isBefore {
			r.t.Errorf("%s: restored, but the account holds %v with %v (%v)", name, digests, installed, res.Err)
		}
	case !wrote:
		v.failedBefore++
		if !isBefore {
			r.t.Errorf("%s: nothing was written, but the account holds %v with %v", name, digests, installed)
		}
	default:
		v.other++
		if res.Rollback == deploy.Partial || res.Rollback == deploy.Impossible {
			if len(res.ByHand) == 0 {
				r.t.Errorf("%s: rollback %s without a word on what to do", name, res.Rollback)
			}
		}
	}
	if res.Err != nil && deploy.ReasonOf(res.Err) == deploy.Internal {
		r.t.Errorf("%s: no reason is known for %v", name, res.Err)
	}
	r.secret(name, res)
	r.saved(name, wrote)
}

// secret checks that no credential got out.
func (r *rig) secret(name string, res deploy.Result) {
	text, err := json.Marshal(res.Steps)
	if err != nil {
		r.t.Fatal(err)
	}
	journal, _ := os.ReadFile(r.journal)
	for _, out := range []string{string(text), fmt.Sprint(res.Err), strings.Join(res.ByHand, " "), string(journal)} {
		if strings.Contains(out, token) || strings.Contains(out, r.client.Credentials.BasicHeader().Reveal()) {
			r.t.Errorf("%s: a credential in %q", name, out)
		}
	}
	for _, host := range r.hosts {
		if host != "localhost" {
			r.t.Errorf("%s: a request went to %q", name, host)
		}
	}
}

// saved checks that the former body was on disk if anything was written.
func (r *rig) saved(name string, wrote bool) {
	text, err := os.ReadFile(r.journal)
	if !wrote {
		return
	}
	if err != nil || !strings.Contains(string(text), `"Comment":"one"`) {
		r.t.Errorf("%s: something was written, but the former body is not in the journal (%v)", name, err)
	}
	info, err := os.Stat(r.journal)
	if err != nil || info.Mode().Perm() != 0o600 {
		r.t.Errorf("%s: the journal is readable by others: %v", name, info.Mode())
	}
}

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
	plan, err := deploy.NewPlan([]*bundle.Bundle{read(r.t, after)}, have, pruneAll)
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

// Two deploys of different bundles at once: at least one notices.
func TestTwoDeploysAtOnce(t *testing.T) {
	for delay := range 12 {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			defer r.stop()
			if _, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil {
				t.Fatal(res.Err)
			}
			r.server.SetFault(func(_ *http.Request, real http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					time.Sleep(100 * time.Millisecond)
					real.ServeHTTP(w, req)
				})
			})
			other := &rig{t: t, server: r.server, client: r.client, journal: r.journal + "2"}
			var errs [2]error
			var wg sync.WaitGroup
			wg.Go(func() { _, res := r.deploy(t.Context(), deploy.Options{}, after); errs[0] = res.Err })
			wg.Go(func() {
				time.Sleep(time.Duration(delay) * 100 * time.Millisecond)
				_, res := other.deploy(t.Context(), deploy.Options{}, source("a", "three", "keep"))
				errs[1] = res.Err
			})
			wg.Wait()
			if errs[0] == nil && errs[1] == nil && overlapped(delay) {
				t.Errorf("%d ms apart, and neither noticed", delay*100)
			}
		})
	}
}

// overlapped: the second began to read before the first was done.
func overlapped(delay int) bool { return delay < 4 }

// A SIGTERM is a context with a cause: no write starts after it, and the end
// is told within the time that the runner leaves.
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
			var begun []time.Time
			var mu sync.Mutex
			r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
				if req.Method != http.MethodGet {
					mu.Lock()
					begun = append(begun, time.Now())
					mu.Unlock()
				}
				return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					time.Sleep(100 * time.Millisecond)
					real.ServeHTTP(w, req)
				})
			})
			var cancelled time.Time
			time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { cancelled = time.Now(); cancel(stop) })
			_, res := r.deploy(ctx, pruneAll, after)
			if ended := time.Now(); !cancelled.IsZero() && ended.Sub(cancelled) > 7*time.Second {
				t.Errorf("cancelled after %d ms: ended %s later", ms, ended.Sub(cancelled))
			}
			mu.Lock()
			for _, at := range begun {
				if !cancelled.IsZero() && at.After(cancelled) {
					t.Errorf("cancelled after %d ms: a write began %s later", ms, at.Sub(cancelled))
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
