package deploy_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite docs/reliability.md")

// fault is one way in which a request goes wrong: a row of the matrix.
type fault struct{ kind, what string }

// refused is the one fault that happens before the server.
const refused = "refused"

var faults = []fault{
	{refused, "connection refused"},
	{"reset-before", "reset before the request took effect"},
	{"reset-after", "reset after it took effect"},
	{"hang", "no answer until the time-out"},
	{"401", "401"},
	{"403", "403"},
	{"409", "409"},
	{"429-seconds", "429, Retry-After in seconds"},
	{"429-date", "429, Retry-After as a date"},
	{"500", "500"},
	{"503-html", "503 with an HTML page"},
	{"truncated", "the answer is cut off"},
	{"wrong-shape", "JSON of another shape"},
	{"redirect", "redirect to another host"},
	{"accepted-not-stored", "upload accepted, not stored"},
	{"installed-not-listed", "job spec \"installed\", not listed"},
}

// ending is how a deploy ended: a column of the matrix.
type ending int

const (
	succeeded ending = iota
	unchanged
	restored
	unproven
	notPruned
	partial
	impossible
	untrue
)

var verdicts = []struct{ name, means string }{
	{"succeeded", "The fault was overcome. The account was read back: it holds the bundle that was sent, its job specs are installed, the pruned one is not."},
	{"unchanged", "Failed before anything took effect. The account runs what it ran."},
	{"restored", "A write was refused, or job specs stayed off, after the upload. The former bundle and the former installed job specs were brought back and read back."},
	{"deployed, not proven", "Every write was accepted, and the account could not be read, or did not show it, for as long as is looked. The result is `unproven` and the exit code 1; nothing is taken back, because there is no reason to. What the account then runs is the new bundle, or, where it kept nothing of what it accepted, still the former one; no job spec that was on is off."},
	{"deployed, not pruned", "Failed, though the new state was read back: what failed came after, in pruning. A job spec that should be gone may still fire. Nothing is rolled back, because going back would make it worse."},
	{"partial", "Failed after the upload, and the way back failed as well after some steps. The report lists what a person must do."},
	{"impossible", "The same, and no step back succeeded."},
}

// ask is one request of a deploy, by what it is for: the order of those that
// run side by side changes.
type ask struct {
	line string // method, path without uuid, job spec
	nth  int    // from 1
}

func line(r *http.Request) string {
	p := r.URL.Path
	if strings.HasSuffix(path.Dir(p), "/bundles") {
		p = path.Dir(p) + "/UUID"
	}
	return r.Method + " " + p + " " + r.URL.Query().Get("job_spec_name")
}

// asks are the requests of a deploy without faults.
func asks(t *testing.T) []ask {
	var all []ask
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		var mu sync.Mutex
		seen := map[string]int{}
		r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
			mu.Lock()
			defer mu.Unlock()
			seen[line(req)]++
			all = append(all, ask{line(req), seen[line(req)]})
			return real
		})
		if _, res := r.deploy(t.Context(), pruneAll, after); res.Err != nil {
			t.Fatal(res.Err)
		}
	})
	return all
}

// start brings the account into the state from which each cell begins.
func (r *rig) start() {
	r.t.Helper()
	if _, res := r.deploy(r.t.Context(), deploy.Options{}, before); res.Err != nil {
		r.t.Fatal(res.Err)
	}
	r.server.ResetRequests()
}

// counts are the cells of one fault, once or for good, by verdict.
type counts [untrue + 1]int

// TestFaultMatrix breaks every request of a deploy in every way, once and for
// good. Whatever happens: the verdict is true, a success is what the account
// runs, a second deploy without faults converges, no credential is told to
// anybody, and the former state was on disk before the first write.
func TestFaultMatrix(t *testing.T) {
	all := asks(t)
	var once, forGood []counts
	for i, f := range faults {
		if testing.Short() && i%4 != 0 {
			continue
		}
		var n [2]counts
		for _, a := range all {
			for i, always := range []bool{false, true} {
				n[i][cell(t, f.kind, a, always)]++
			}
		}
		once, forGood = append(once, n[0]), append(forGood, n[1])
	}
	if !testing.Short() {
		page(t, "faults", reliability(len(all), once, forGood))
	}
}

func cell(t *testing.T, kind string, a ask, always bool) (v ending) {
	name := fmt.Sprintf("%s/%s %d/always %v", kind, a.line, a.nth, always)
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		r.breakRequest(name, kind, a, always)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		_, res := r.deploy(ctx, pruneAll, after)
		r.server.SetFault(nil)
		r.refuse = nil
		v = r.judge(name, res)

		if _, again := r.deploy(t.Context(), pruneAll, after); again.Err != nil {
			t.Errorf("%s: a second deploy without faults fails: %v", name, again.Err)
		}
		r.wants(name+", after a second deploy", after, "keep", "new")
	})
	return v
}

// breakRequest breaks one request, or from it on all of the same endpoint.
func (r *rig) breakRequest(name, kind string, a ask, always bool) {
	var mu sync.Mutex
	seen, begun := 0, false
	picked := func(req *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if line(req) == a.line {
			seen++
			if seen == a.nth {
				begun = true
				return true
			}
		}
		method, rest, _ := strings.Cut(a.line, " ")
		endpoint, _, _ := strings.Cut(rest, " ")
		return begun && always && req.Method == method && strings.HasPrefix(line(req), method+" "+endpoint+" ")
	}
	if kind == refused {
		r.refuse = picked
	}
	r.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
		if req.Method != http.MethodGet {
			r.saved(name)
		}
		if kind == refused || !picked(req) {
			return real
		}
		f, err := faulty.ByName(kind)
		if err != nil {
			r.t.Error(err)
			return real
		}
		return f(req, real)
	})
}

// judge finds the verdict and checks that it is true.
func (r *rig) judge(name string, res deploy.Result) ending {
	r.t.Helper()
	r.secret(name, res)
	if res.Err != nil && verdict.ReasonOf(res.Err) == verdict.Internal {
		r.t.Errorf("%s: no reason is known for %v", name, res.Err)
	}
	digests, installed := r.holds()
	isNew := slices.Equal(digests, []string{read(r.t, after).Doc.Digest()})
	isBefore := slices.Equal(digests, []string{read(r.t, before).Doc.Digest()}) && slices.Equal(installed, []string{"keep", "old"})
	on := func(name string) bool { return slices.Contains(installed, name) }
	switch {
	case res.Err == nil && isNew && slices.Equal(installed, []string{"keep", "new"}):
		return succeeded
	case res.Err == nil:
	case verdict.ReasonOf(res.Err) == verdict.NotProven && res.Rollback == deploy.NotNeeded && (isNew && on("keep") && on("new") || isBefore):
		return unproven
	case res.Rollback == deploy.Restored && isBefore:
		return restored
	case res.Rollback == deploy.NotNeeded && isBefore:
		return unchanged
	case res.Rollback == deploy.NotNeeded && isNew && on("keep") && on("new"):
		return notPruned
	case res.Rollback == deploy.Partial && len(res.ByHand) > 0:
		return partial
	case res.Rollback == deploy.Impossible && len(res.ByHand) > 0:
		return impossible
	}
	r.t.Errorf("%s: %v with rollback %q (%q), but the account holds %v with %v", name, res.Err, res.Rollback, res.ByHand, digests, installed)
	return untrue
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

// saved checks, at a write, that the former state is on disk already.
func (r *rig) saved(name string) {
	text, err := os.ReadFile(r.journal)
	if err != nil || !strings.Contains(string(text), `"Comment":"one"`) {
		r.t.Errorf("%s: something is written, but the former body is not in the journal (%v)", name, err)
	}
	info, err := os.Stat(r.journal)
	if err != nil || info.Mode().Perm() != 0o600 {
		r.t.Errorf("%s: the journal is readable by others: %v", name, err)
	}
}
