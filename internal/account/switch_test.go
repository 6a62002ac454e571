package account_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// installed are the job specs of the first integration that are on.
func installed(server *emulator.Server) (on []string) {
	for _, s := range server.State().Integrations[0].JobSpecs {
		if s.Installed {
			on = append(on, s.Name)
		}
	}
	return on
}

// An integration is switched off, switched on, changed and brought back to what
// a journal has saved; each time the account does exactly that.
func TestOffOnAndBack(t *testing.T) {
	to, server := target(t, "acme")
	deployTo(t, to, source("a.example"))
	run := func(journal string, plan func(*account.Session) error) *account.Session {
		t.Helper()
		s := &account.Session{Target: to, Journal: journal}
		t.Cleanup(func() { s.Close(context.Background()) })
		if err := plan(s); err != nil {
			t.Fatal(err)
		}
		if err := s.Apply(t.Context(), deploy.Settings{}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	dir := t.TempDir()
	run(filepath.Join(dir, "off"), func(s *account.Session) error { return s.Switch(t.Context(), false, nil) })
	if on := installed(server); len(on) > 0 {
		t.Errorf("switched off are all, and on are %q", on)
	}
	run(filepath.Join(dir, "on"), func(s *account.Session) error { return s.Switch(t.Context(), true, []string{"s"}) })
	if on := installed(server); !slices.Equal(on, []string{"s"}) {
		t.Errorf("switched on is s, and on are %q", on)
	}
	again := run("", func(s *account.Session) error { return s.Switch(t.Context(), true, []string{"zis:acme:job_spec:s"}) })
	if !again.Prepared.Empty() {
		t.Errorf("what is on is switched on again: %v", again.Prepared.Steps)
	}
	changing := filepath.Join(dir, "changing")
	run(changing, func(s *account.Session) error {
		if err := s.Load(source("b.example")); err != nil {
			return err
		}
		return s.Plan(t.Context(), deploy.Options{})
	})
	past, err := deploy.ReadJournal(changing)
	if err != nil {
		t.Fatal(err)
	}
	back := run(filepath.Join(dir, "back"), func(s *account.Session) error { return s.Restore(t.Context(), past) })
	if body := string(server.State().Integrations[0].Bundles[0].Body); !strings.Contains(body, "https://a.example/x") || !back.Saved {
		t.Errorf("the former bundle is not back:\n%s", body)
	}
}

// What can't be switched or restored is told before anything is written.
func TestWhatCannotBeSwitchedOrRestored(t *testing.T) {
	to, server := target(t, "acme")
	deployed := deployTo(t, to, source("a.example"))
	past, err := deploy.ReadJournal(deployed.Journal)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, nobody := to, to
	elsewhere.Where = "globex.example"
	nobody.Credentials = registry.Credentials{}
	for name, tt := range map[string]struct {
		to    account.Target
		plan  func(*account.Session) error
		stage verdict.Stage
		want  string
	}{
		"a job spec that nobody has": {
			to, func(s *account.Session) error { return s.Switch(t.Context(), false, []string{"nobody"}) }, verdict.Plan, "nobody",
		},
		"a job spec of another integration": {
			to, func(s *account.Session) error {
				return s.Switch(t.Context(), true, []string{"zis:other:job_spec:s"})
			}, verdict.Plan, "zis:other:job_spec:s",
		},
		"the state of another account": {
			elsewhere, func(s *account.Session) error { return s.Restore(t.Context(), past) }, verdict.Input,
			`the saved state is of "acme" on acme.example, not of "acme" on globex.example`,
		},
		"without credentials": {
			nobody, func(s *account.Session) error { return s.Restore(t.Context(), past) }, verdict.Input, "no credentials are given",
		},
		"without a plan": {
			to, func(s *account.Session) error { return s.Apply(t.Context(), deploy.Settings{}) }, "", "nothing is planned",
		},
	} {
		before := string(server.State().Integrations[0].Bundles[0].Body)
		s := &account.Session{Target: tt.to}
		err := tt.plan(s)
		if err == nil || verdict.StageOf(err) != tt.stage || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: stage %q, %v; want %q, %s", name, verdict.StageOf(err), err, tt.stage, tt.want)
		}
		s.Close(t.Context())
		if after := string(server.State().Integrations[0].Bundles[0].Body); after != before || len(installed(server)) != 1 {
			t.Errorf("%s: the account has changed", name)
		}
	}
}

// A saved plan is carried out as long as the same would be done.
func TestSavedPlans(t *testing.T) {
	to, _ := target(t, "acme")
	plan := func(host string) *account.Session {
		t.Helper()
		s := &account.Session{Target: to}
		t.Cleanup(func() { s.Close(context.Background()) })
		if err := errors.Join(s.Load(source(host)), s.Plan(t.Context(), deploy.Options{})); err != nil {
			t.Fatal(err)
		}
		return s
	}
	text, err := plan("a.example").Prepared.Save(to.Where)
	if err != nil {
		t.Fatal(err)
	}
	other, err := plan("a.example").Prepared.Save("globex.example")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		host, text string
		stage      verdict.Stage
	}{
		"the same":           {"a.example", string(text), ""},
		"other files":        {"b.example", string(text), verdict.Plan},
		"another account":    {"a.example", string(other), verdict.Input},
		"an edited file":     {"a.example", strings.Replace(string(text), "acme", "acmé", 1), verdict.Input},
		"an empty file":      {"a.example", "", verdict.Input},
		"no plan":            {"a.example", "{}", verdict.Input},
		"half a file":        {"a.example", string(text[:len(text)/2]), verdict.Input},
		"a file and another": {"a.example", string(text) + string(text), verdict.Input},
	} {
		err := plan(tt.host).CheckSaved([]byte(tt.text))
		if (err == nil) != (tt.stage == "") || err != nil && verdict.StageOf(err) != tt.stage {
			t.Errorf("%s: stage %q, want %q: %v", name, verdict.StageOf(err), tt.stage, err)
		}
	}
	deployTo(t, to, source("a.example"))
	if err := plan("a.example").CheckSaved(text); verdict.StageOf(err) != verdict.Plan {
		t.Errorf("after it was carried out by somebody else: %v", err)
	}
}

// Whoever watches is told what begins, how it ends, and each step, in order.
func TestWatch(t *testing.T) {
	to, _ := target(t, "acme")
	var told []string
	s := &account.Session{Target: to, Journal: filepath.Join(t.TempDir(), "journal"), Watch: account.Watch{
		Begin: func(what string) func(error) {
			told = append(told, "begins: "+what)
			return func(err error) { told = append(told, fmt.Sprintf("ends: %s, %v", what, err)) }
		},
		Step: func(e deploy.Event) {
			if e.State != deploy.InFlight {
				told = append(told, fmt.Sprintf("%d of %d: %s %s", e.Index+1, e.Of, e.Step, e.State))
			}
		},
		Note: func(text string) { told = append(told, "note: "+text) },
	}}
	if s.Where() != "" || s.Client() != nil {
		t.Errorf("before it is connected it is at %q", s.Where())
	}
	closed := false
	s.OnClose(func() { closed = true })
	if err := errors.Join(s.Load(source("a.example")), s.Plan(t.Context(), deploy.Options{}), s.Apply(t.Context(), deploy.Settings{})); err != nil {
		t.Fatal(err)
	}
	if s.Where() != "acme.example" || s.Client() == nil {
		t.Errorf("it is at %q", s.Where())
	}
	if s.Close(t.Context()); !closed {
		t.Error("it is closed, and nobody is told")
	}
	if diff := cmp.Diff([]string{
		"begins: read acme.example", "ends: read acme.example, <nil>",
		"1 of 4: snapshot former state done", "2 of 4: upload b done", "3 of 4: install zis:acme:job_spec:s done", "4 of 4: verify read back done",
	}, told); diff != "" {
		t.Errorf("told (-want +got)\n%s", diff)
	}
}

// A deploy that was killed is told of by the next one, from the journal.
func TestADeployThatDidNotEnd(t *testing.T) {
	to, _ := target(t, "acme")
	first := deployTo(t, to, source("a.example"))
	text, err := os.ReadFile(first.Journal)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	cut := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(cut, []byte(strings.Join(lines[:len(lines)/2], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	var notes []string
	s := &account.Session{Target: to, Journal: cut, Watch: account.Watch{Note: func(text string) { notes = append(notes, text) }}}
	defer s.Close(t.Context())
	if err := errors.Join(s.Load(source("a.example")), s.Plan(t.Context(), deploy.Options{})); err != nil {
		t.Fatal(err)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "did not end") || !strings.Contains(notes[0], "the account is read again and the rest is done") {
		t.Errorf("told is %q", notes)
	}
}

func TestNamesOfAccounts(t *testing.T) {
	for _, tt := range []struct{ subdomain, baseURL, url, where, name, journal string }{
		{"acme", "", "https://acme.zendesk.com", "acme.zendesk.com", "acme", "zis-acme.zendesk.com-crm.journal"},
		{"Acme-2", "", "https://Acme-2.zendesk.com", "Acme-2.zendesk.com", "Acme-2", "zis-Acme-2.zendesk.com-crm.journal"},
		{"", "http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080", "", "zis-127.0.0.1_8080-crm.journal"},
		{"acme", "https://emulator.example/accounts/globex", "https://emulator.example/accounts/globex", "emulator.example/accounts/globex", "globex", "zis-emulator.example_accounts_globex-crm.journal"},
		{"", "https://emulator.example/../../etc", "https://emulator.example/../../etc", "emulator.example/../../etc", "", "zis-emulator.example_.._.._etc-crm.journal"},
	} {
		url, where, err := account.Address(tt.subdomain, tt.baseURL)
		name := account.Target{URL: url, Where: where}.Subdomain()
		if url != tt.url || where != tt.where || err != nil || name != tt.name || account.JournalName(where, "crm") != tt.journal {
			t.Errorf("%q, %q: %s, %s, %q, %s, %v", tt.subdomain, tt.baseURL, url, where, name, account.JournalName(where, "crm"), err)
		}
	}
}

// That an upload takes an API token alone is told before the first request.
func TestUncertainUploads(t *testing.T) {
	for name, tt := range map[string]struct {
		with registry.Credentials
		told bool
	}{
		"an API token":     {registry.Credentials{Email: "a@b", APIToken: "t"}, false},
		"and another":      {registry.Credentials{Email: "a@b", APIToken: "t", ZISToken: "z"}, false},
		"nothing":          {registry.Credentials{}, false},
		"an OAuth token":   {registry.Credentials{OAuthToken: "o"}, true},
		"an OAuth client":  {registry.Credentials{ClientID: "c", ClientSecret: "s"}, true},
		"a ZIS token only": {registry.Credentials{ZISToken: "z"}, true},
	} {
		if got := (account.Target{Credentials: tt.with}).Uncertain(); (got != "") != tt.told {
			t.Errorf("%s: told is %q", name, got)
		}
	}
}
