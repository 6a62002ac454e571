package emulator_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
)

func byAdmin(r *http.Request) { r.Header.Set("Authorization", admin) }

func host(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }

// Host and path lead to the same account; what one has, no other has.
func TestAccounts(t *testing.T) {
	a := &emulator.Accounts{}
	for _, tt := range []struct {
		host, path, want string
	}{
		{"acme.zendesk.com", "", "acme"},
		{"ACME.zendesk.com:443", "", "acme"},
		{"acme.localhost:8089", "", "acme"},
		{"127.0.0.1:8089", "/accounts/acme", "acme"},
		{"127.0.0.1:8089", "", ""},
		{"127.0.0.1:8089", "/accounts/..", ""},
		{"zendesk.com", "", ""},
		{"a.b.zendesk.com", "", ""},
	} {
		a.Account(tt.want).ResetRequests()
		serve(t, a, "GET", tt.path+registry+"integrations", "", byAdmin, host(tt.host))
		if n := len(a.Account(tt.want).Requests()); n != 1 {
			t.Errorf("%s%s: %d requests came to %q, want 1", tt.host, tt.path, n, tt.want)
		}
	}
	if diff := cmp.Diff([]string{"", "acme"}, a.Names()); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
}

// A name of an integration belongs to the account that was first, also when
// it was made in another run.
func TestNamesAreGlobal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	a := &emulator.Accounts{StateFile: file}
	register := func(a *emulator.Accounts, account, name string) string {
		status, body := serve(t, a, "POST", "/accounts/"+account+registry+name, "{}", byAdmin)
		if status == 200 {
			return "ok"
		}
		return body
	}
	const taken = `{"message":"the integration: crm is not available for upsert by this account"}`
	got := []string{register(a, "acme", "crm"), register(a, "globex", "crm"), register(a, "acme", "crm"), register(a, "globex", "crm_globex")}
	again := &emulator.Accounts{StateFile: file}
	if err := again.Account("acme").Open(); err != nil {
		t.Fatal(err)
	}
	got = append(got, register(again, "globex", "crm"), register(again, "globex", "crm_globex"))
	if diff := cmp.Diff([]string{"ok", taken, "ok", "ok", taken, "ok"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each account has its own latency, faults and dispositions, and nobody waits
// for another.
func TestAccountsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &emulator.Accounts{Setup: func(s *emulator.Server) {
			s.Latency = 50 * time.Millisecond
			if s.Subdomain == "slow" {
				s.Latency = 30 * time.Second
			}
		}}
		for _, name := range []string{"one", "two", "slow"} {
			if err := a.Account(name).Register(name); err != nil {
				t.Fatal(err)
			}
		}
		fault, err := faulty.ByName("500")
		if err != nil {
			t.Fatal(err)
		}
		a.Account("one").SetFault(fault)
		if err := a.Account("two").Behave("list-bundles-empty-404"); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		got := map[string]string{}
		start := time.Now()
		for _, name := range []string{"one", "two", "slow"} {
			wg.Go(func() {
				status, _ := serve(t, a, "GET", registry+name+"/bundles", "", byAdmin, host(name+".zendesk.com"))
				mu.Lock()
				defer mu.Unlock()
				got[name] = fmt.Sprintf("%d after %v", status, time.Since(start))
			})
		}
		wg.Wait()
		want := map[string]string{"one": "500 after 50ms", "two": "404 after 50ms", "slow": "200 after 30s"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// The next page's address leads back through the account's path.
func TestAddressesKeepThePath(t *testing.T) {
	a := &emulator.Accounts{}
	for n := range 101 {
		if err := a.Account("acme").Register(fmt.Sprintf("i%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, names := range [][]string{nil, {"clients-cursor"}} {
		if err := a.Account("acme").Behave(names...); err != nil {
			t.Fatal(err)
		}
		_, body := serve(t, a, "GET", "/accounts/acme/api/v2/oauth/clients.json", "", byAdmin)
		if !strings.Contains(body, `"http://acme.zendesk.com/accounts/acme/api/v2/oauth/clients.json?page`) {
			t.Errorf("%v: no address of the next page in the account's path", names)
		}
	}
}

// An account with a bundle takes less than 30 KB, so that a test can have
// thousands.
func TestManyAccountsAreSmall(t *testing.T) {
	const count = 2000
	a := &emulator.Accounts{}
	before := heap()
	for n := range count {
		name := fmt.Sprintf("a%d", n)
		if err := a.Account(name).Register(name); err != nil {
			t.Fatal(err)
		}
		body := strings.ReplaceAll(oneFlow("b", "one", "two"), "zis:acme:", "zis:"+name+":")
		if status, text := serve(t, a, "POST", "/accounts/"+name+registry+name+"/bundles", body, byAdmin); status != 200 {
			t.Fatal(status, text)
		}
	}
	if each := (heap() - before) / count; each > 30_000 {
		t.Errorf("an account takes %d bytes, want at most 30,000", each)
	}
	runtime.KeepAlive(a)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
