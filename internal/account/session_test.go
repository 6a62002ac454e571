package account_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

const bundle = `{"name": "b", "zis_template_version": "2019-10-14", "resources": {
  "a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"method": "GET", "url": "https://{{HOST}}/x"}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
    "A": {"Type": "Action", "ActionName": "zis:any:action:a", "Next": "B"}, "B": {"Type": "Succeed"}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:any:flow:f"}}}}`

// target is an account of its own, with the integration registered.
func target(t *testing.T, integration string) (account.Target, *emulator.Server) {
	t.Helper()
	server := &emulator.Server{}
	if err := server.Register(integration); err != nil {
		t.Fatal(err)
	}
	dial, stop := emulator.Local(server)
	t.Cleanup(stop)
	return account.Target{
		Integration: integration, URL: "http://localhost", Where: integration + ".example",
		Credentials: registry.Credentials{Email: "admin@example.com", APIToken: "token"},
		Transport:   &http.Transport{DialContext: dial},
	}, server
}

func source(host string) account.Source {
	return account.Source{
		Files:  []*diag.File{diag.NewFile("b.json", []byte(bundle))},
		Values: render.Values{Variables: map[string]string{"HOST": host}}, Unresolved: diag.Error,
	}
}

func deployTo(t *testing.T, to account.Target, src account.Source) *account.Session {
	t.Helper()
	s := &account.Session{Target: to, Journal: filepath.Join(t.TempDir(), "journal")}
	t.Cleanup(func() { s.Close(context.Background()) })
	if err := s.Load(src); err != nil {
		t.Fatal(err)
	}
	if err := s.Plan(t.Context(), deploy.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), deploy.Settings{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// One source goes to many targets, and each has its own values and names.
func TestTargetsDoNotTouchEachOther(t *testing.T) {
	files := source("").Files
	for _, name := range []string{"acme", "globex"} {
		to, server := target(t, name)
		src := source(name + ".example")
		src.Files = files
		s := deployTo(t, to, src)
		if !s.Saved || s.Result == nil || len(s.Result.Installed) != 1 {
			t.Errorf("%s: %+v", name, s.Result)
		}
		state := string(server.State().Integrations[0].Bundles[0].Body)
		for _, want := range []string{"zis:" + name + ":action:a", "https://" + name + ".example/x"} {
			if !strings.Contains(state, want) {
				t.Errorf("%s holds no %s:\n%s", name, want, state)
			}
		}
		if err := s.Verify(t.Context(), deploy.Options{}); err != nil {
			t.Errorf("%s is not proven: %v", name, err)
		}
	}
}

func TestVerifyTellsWhatDiffersFromWhatIsNotKnown(t *testing.T) {
	to, server := target(t, "acme")
	deployTo(t, to, source("a.example"))
	s := &account.Session{Target: to}
	defer s.Close(t.Context())
	if err := s.Load(source("b.example")); err != nil {
		t.Fatal(err)
	}
	err := s.Verify(t.Context(), deploy.Options{})
	if verdict.ReasonOf(err) != verdict.VerifyFailed || verdict.StageOf(err) != verdict.Verify || s.Prepared == nil {
		t.Errorf("other files: %v (%s)", err, verdict.StageOf(err))
	}
	fault, err := faulty.ByName("401")
	if err != nil {
		t.Fatal(err)
	}
	server.SetFault(fault)
	err = s.Verify(t.Context(), deploy.Options{})
	if verdict.ReasonOf(err) == verdict.VerifyFailed || verdict.StageOf(err) != verdict.Read {
		t.Errorf("no answer: %v (%s)", err, verdict.StageOf(err))
	}
}

// Each stage records itself.
func TestStages(t *testing.T) {
	good, _ := target(t, "acme")
	with := func(change func(*account.Target)) account.Target {
		other := good
		change(&other)
		return other
	}
	for name, c := range map[string]struct {
		to     account.Target
		src    account.Source
		opt    deploy.Options
		reason verdict.Reason
		stage  verdict.Stage
	}{
		"no integration":      {with(func(t *account.Target) { t.Integration = "" }), source("h"), deploy.Options{}, verdict.InvalidInput, verdict.Input},
		"a bad name":          {with(func(t *account.Target) { t.Integration = "Not.Good" }), source("h"), deploy.Options{}, verdict.InvalidInput, verdict.Input},
		"no credentials":      {with(func(t *account.Target) { t.Credentials = registry.Credentials{} }), source("h"), deploy.Options{}, verdict.MissingCredentials, verdict.Input},
		"half a credential":   {with(func(t *account.Target) { t.Credentials.Email = "" }), source("h"), deploy.Options{}, verdict.InvalidInput, verdict.Input},
		"a broken file":       {good, account.Source{Files: []*diag.File{diag.NewFile("b.json", []byte("{"))}}, deploy.Options{}, verdict.InvalidBundle, verdict.Validate},
		"another integration": {with(func(t *account.Target) { t.Integration = "other" }), source("h"), deploy.Options{}, "", verdict.Read},
		"no such job spec":    {good, source("h"), deploy.Options{JobSpecs: deploy.ParseSelection("x")}, verdict.InvalidInput, verdict.Plan},
	} {
		t.Run(name, func(t *testing.T) {
			s := &account.Session{Target: c.to}
			defer s.Close(t.Context())
			err := s.Load(c.src)
			if err == nil {
				err = s.Plan(t.Context(), c.opt)
			}
			if err == nil {
				t.Fatal("it is taken")
			}
			if got := verdict.StageOf(err); got != c.stage {
				t.Errorf("stage %q, want %q: %v", got, c.stage, err)
			}
			if got := verdict.ReasonOf(err); c.reason != "" && got != c.reason {
				t.Errorf("reason %q, want %q: %v", got, c.reason, err)
			}
		})
	}
}

func TestAddressKeepsCredentialsAtZendesk(t *testing.T) {
	for _, hostile := range []string{"evil.com/", "evil.com#", "a.b", "a@b", "a:1", "-a", "a-", "ä", strings.Repeat("a", 64), "a\nb", "a b", ""} {
		if url, _, err := account.Address(hostile, ""); err == nil {
			t.Errorf("%q leads to %s", hostile, url)
		}
	}
	url, where, err := account.Address("acme", "")
	if url != "https://acme.zendesk.com" || where != "acme.zendesk.com" || err != nil {
		t.Errorf("%s, %s, %v", url, where, err)
	}
}
