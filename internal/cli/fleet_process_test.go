package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
)

// TestPromotionIsKilled kills a promotion of many targets, with SIGKILL, at
// requests picked at random, and begins it again until it is done: each target
// is uploaded to once, and no report says of a target what isn't so.
// ZIS_TARGETS=200 has as many targets.
func TestPromotionIsKilled(t *testing.T) {
	n := 24
	if _, err := fmt.Sscan(os.Getenv("ZIS_TARGETS"), &n); err != nil && os.Getenv("ZIS_TARGETS") != "" {
		t.Fatal(err)
	}
	accounts := &emulator.Accounts{}
	var running atomic.Pointer[killedAt]
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if k := running.Load(); k != nil {
			k.request()
		}
		accounts.ServeHTTP(w, r)
	}))
	t.Cleanup(listening.Close)
	p := &process{t: t, dir: t.TempDir(), url: listening.URL}
	p.write("bundle.json", formerBundle)
	var yml strings.Builder
	yml.WriteString("bundles: [bundle.json]\nrings: [{name: all, parallel: 4}]\ntargets:\n")
	for i := range n {
		fmt.Fprintf(&yml, "  t%d: {base-url: %s/accounts/t%d, integration: crm_%d, ring: all, credentials: shared}\n", i, p.url, i, i)
		if err := accounts.Account(fmt.Sprintf("t%d", i)).Register(fmt.Sprintf("crm_%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	p.write("zis.yml", yml.String())
	kills := 0
	for {
		cmd := p.command()
		cmd.Args = append(cmd.Args[:1], "promote", "--ring", "all", "--report-file", "report.json")
		cmd.Env = append(cmd.Env, "ZENDESK_EMAIL=admin@example.com", "ZENDESK_API_TOKEN=token")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		k := &killedAt{process: cmd.Process}
		k.left.Store(int64(1 + rand.IntN(2*n+n*kills))) // a whole run makes about ten for each target; each time it gets further
		running.Store(k)
		err := cmd.Wait()
		running.Store(nil)
		if k.left.Load() > 0 {
			if err != nil {
				t.Fatalf("after %d kills: %v", kills, err)
			}
			break
		}
		kills++
		holdsTrue(t, p, accounts)
	}
	report := holdsTrue(t, p, accounts)
	if done := report.Count(fleet.Succeeded, fleet.NoChanges); done != n || kills == 0 {
		t.Errorf("%d of %d targets are done after %d kills: %s", done, n, kills, report.Sentence)
	}
	for i := range n {
		uploads := 0
		for _, line := range accounts.Account(fmt.Sprintf("t%d", i)).Requests() {
			if strings.HasPrefix(line, "POST ") && strings.HasSuffix(line, "/bundles") {
				uploads++
			}
		}
		if uploads != 1 {
			t.Errorf("t%d was uploaded to %d times", i, uploads)
		}
	}
	t.Logf("%d targets, %d kills", n, kills)
}

// killedAt kills a process when its last request has come.
type killedAt struct {
	process *os.Process
	left    atomic.Int64 // requests until then
}

func (k *killedAt) request() {
	if k.left.Add(-1) == 0 {
		_ = k.process.Kill() // it may have ended
	}
}

// holdsTrue reads the report, if there is one, and asks the accounts whether
// it is so.
func holdsTrue(t *testing.T, p *process, accounts *emulator.Accounts) fleet.Report {
	t.Helper()
	var r fleet.Report
	text, err := os.ReadFile(filepath.Join(p.dir, "report.json"))
	if os.IsNotExist(err) {
		return r // killed before the first write
	}
	if err != nil || json.Unmarshal(text, &r) != nil {
		t.Fatalf("the report is broken: %v\n%s", err, text)
	}
	for _, row := range r.Rows {
		if row.Verdict != fleet.Succeeded && row.Verdict != fleet.NoChanges {
			continue
		}
		state := accounts.Account(row.Name).State()
		i := state.Integration(row.Integration)
		on := 0
		for _, s := range i.JobSpecs {
			if s.Installed {
				on++
			}
		}
		if len(i.Bundles) != 1 || on != 2 {
			t.Errorf("the report says %s of %s, whose account has %d bundles and %d job specs on", row.Verdict, row.Name, len(i.Bundles), on)
		}
	}
	return r
}

// BenchmarkShardsOfOneMachine promotes to many targets in eight processes side
// by side, in real time: 50 ms a request, 4 targets at a time in each. It
// reports how much longer that takes than the waiting alone, the emulated
// accounts' own work included. ZIS_TARGETS=2000 has as many targets.
func BenchmarkShardsOfOneMachine(b *testing.B) {
	n := 64
	if _, err := fmt.Sscan(os.Getenv("ZIS_TARGETS"), &n); err != nil && os.Getenv("ZIS_TARGETS") != "" {
		b.Fatal(err)
	}
	const shards, places, latency, requests = 8, 4, 50 * time.Millisecond, 6 // one after the other
	for b.Loop() {
		b.StopTimer()
		commands := shardCommands(b, n, shards, places, latency)
		b.StartTimer()
		for _, cmd := range commands {
			if err := cmd.Start(); err != nil {
				b.Fatal(err)
			}
		}
		for _, cmd := range commands {
			if err := cmd.Wait(); err != nil {
				b.Fatal(err)
			}
		}
	}
	perShard := (n + shards - 1) / shards
	ideal := requests * latency * time.Duration((perShard+places-1)/places)
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(ideal), "×ideal")
}

// shardCommands are promotions of n new accounts, each of a part of them.
func shardCommands(b *testing.B, n, shards, places int, latency time.Duration) (commands []*exec.Cmd) {
	accounts := &emulator.Accounts{Setup: func(s *emulator.Server) { s.Latency = latency }}
	listening := httptest.NewServer(accounts)
	b.Cleanup(listening.Close)
	dir := b.TempDir()
	var yml strings.Builder
	fmt.Fprintf(&yml, "bundles: [bundle.json]\nrings: [{name: all, parallel: %d}]\ntargets:\n", places)
	parts := make([][]string, shards)
	for i := range n {
		name := fmt.Sprintf("t%d", i)
		fmt.Fprintf(&yml, "  %s: {base-url: %s/accounts/%s, integration: crm_%d, ring: all, credentials: shared}\n", name, listening.URL, name, i)
		if err := accounts.Account(name).Register(fmt.Sprintf("crm_%d", i)); err != nil {
			b.Fatal(err)
		}
		parts[i%shards] = append(parts[i%shards], name)
	}
	for name, text := range map[string]string{"zis.yml": yml.String(), "bundle.json": formerBundle} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for i, part := range parts {
		cmd := exec.Command("zis", "promote", "--target", strings.Join(part, ","), "--shard", fmt.Sprint(i))
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "ZENDESK_EMAIL=admin@example.com", "ZENDESK_API_TOKEN=token")
		commands = append(commands, cmd)
	}
	return commands
}
