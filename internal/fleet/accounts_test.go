package fleet_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/keyring"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// world is many emulated accounts, one for each target, and what works on
// them.
type world struct {
	t        testing.TB
	accounts *emulator.Accounts
	project  *project.Project
	worker   *fleet.Accounts
	env      map[string]string
}

// text is a bundle whose flow says message; two placeholders are in it.
func text(message string) string {
	return `{"zis_template_version": "2019-10-14", "name": "notify", "resources": {
  "post": {"type": "ZIS::Action::Http", "properties": {"name": "post", "definition": {
    "method": "POST", "url": "https://{{HOST}}/hook", "headers": [{"key": "X-Key", "value": "Bearer {{KEY}}"}]}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
    "A": {"Type": "Action", "ActionName": "zis:x:action:post", "Next": "B"}, "B": {"Type": "Succeed", "Message": "` + message + `"}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:x:flow:f"}}}}`
}

// target is a target of a world, on one line of zis.yml.
func target(name, ring, more string) string {
	return fmt.Sprintf("  %s: {base-url: http://localhost/accounts/%s, integration: crm_%s, ring: %s, vars: {HOST: %s.example}, secret-vars: [KEY]%s}\n", name, name, strings.ReplaceAll(name, "-", "_"), ring, name, more)
}

// newWorld registers each target's integration, with a ZIS OAuth token.
func newWorld(t testing.TB, yml string, setup func(*emulator.Server)) *world {
	t.Helper()
	w := &world{t: t, accounts: &emulator.Accounts{Setup: setup}, project: parsed(t, yml), env: map[string]string{}}
	for _, target := range w.project.All() {
		server := w.accounts.Account(target.Name.Value)
		if err := server.Register(target.Integration.Value); err != nil {
			t.Fatal(err)
		}
		if err := server.Grant("zis-"+target.Name.Value, target.Integration.Value); err != nil {
			t.Fatal(err)
		}
		suffix := project.Suffix(target.Name.Value)
		w.env["ZIS_OAUTH_TOKEN"+suffix] = "zis-" + target.Name.Value
		w.env["ZENDESK_API_TOKEN"+suffix] = "api-" + target.Name.Value
		w.env["KEY"+suffix] = "key-of-" + target.Name.Value
	}
	w.env["ZENDESK_EMAIL"] = "admin@example.com"
	dial, stop := emulator.Local(w.accounts)
	t.Cleanup(stop)
	keys, err := keyring.Open(fstest.MapFS{}, w.project, func(name string) string { return w.env[name] })
	if err != nil {
		t.Fatal(err)
	}
	w.worker = &fleet.Accounts{
		Keys: keys, Records: w.project.Records(), Options: func(*project.Target) deploy.Options { return deploy.Options{} },
		Session: func(t *project.Target, c registry.Credentials) (*account.Session, error) {
			transport := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 16}
			s := &account.Session{Target: account.Target{
				Name: t.Name.Value, Integration: t.Integration.Value, URL: t.BaseURL.Value, Where: t.Name.Value,
				Credentials: c, Transport: transport, Retries: 2, RequestTimeout: time.Minute,
			}}
			s.OnClose(transport.CloseIdleConnections)
			return s, nil
		},
	}
	w.files(text("one"), "v1")
	return w
}

// files changes what the checkout holds.
func (w *world) files(bundle, release string) {
	w.worker.Bundles = check.Parse([]*diag.File{diag.NewFile("bundle.json", []byte(bundle))})
	w.worker.Keeper.Release = fleet.Release{Name: release, Digest: fleet.Digest(w.worker.Bundles)}
}

func (w *world) promote(ring string) (fleet.Report, error) {
	return fleet.Promotion{
		Project: w.project, Ring: ring, Targets: w.project.In(ring), Release: w.worker.Keeper.Release,
		Timeout: 3 * time.Minute, Worker: w.worker,
	}.Run(w.t.Context())
}

// must promotes, and is content with nothing else.
func (w *world) must(ring string) fleet.Report {
	w.t.Helper()
	r, err := w.promote(ring)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) told() fleet.Report {
	return fleet.Survey{Command: "status", Targets: w.project.All(), Release: w.worker.Keeper.Release, Timeout: 3 * time.Minute, Worker: w.worker, Now: time.Now()}.Run(w.t.Context())
}

func (w *world) status() map[string]fleet.Row {
	rows := map[string]fleet.Row{}
	for _, row := range w.told().Rows {
		rows[row.Name] = row
	}
	return rows
}

// wrote counts the requests of an account that write, since the last count.
func (w *world) wrote(name string) (writes []string) {
	for _, line := range w.accounts.Account(name).Requests() {
		if !strings.HasPrefix(line, "GET ") {
			writes = append(writes, line)
		}
	}
	w.accounts.Account(name).ResetRequests()
	return writes
}

func bubble(t *testing.T, run func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, run)
}

const twoRings = "record: config\nrings: [{name: first, soak: 1h}, second]\ntargets:\n"

func TestARecordTellsWhoRunsWhatSinceWhen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, twoRings+target("a", "first", "")+target("b", "second", ""), nil)
		w.must("first")
		if _, err := w.promote("second"); err == nil || !strings.Contains(err.Error(), "and 1h0m0s is asked for") {
			t.Errorf("before the soak: %v", err)
		}
		time.Sleep(time.Hour)
		w.must("second")
		row := w.status()["a"]
		if row.Verdict != fleet.Verdict(fleet.This) || row.Record == nil || row.Record.Release != "v1" || row.Record.Account == 0 || strings.Join(row.Record.On, " ") != "s" {
			t.Fatalf("%+v %+v", row, row.Record)
		}
		if len(row.Record.Hidden) != 1 || !strings.Contains(row.Record.Hidden[0], "/headers/0/value") {
			t.Errorf("places of secrets: %v", row.Record.Hidden)
		}

		// An equal bundle under a new tag: no upload, and the soak goes on.
		w.wrote("a")
		w.files(text("one"), "v1.0.1")
		if r := w.must("first"); r.Outcome != verdict.NoChanges {
			t.Error(r.Sentence)
		}
		if writes := strings.Join(w.wrote("a"), "\n"); strings.Contains(writes, "bundles") || !strings.Contains(writes, "configs/zis_deploy") {
			t.Errorf("an equal bundle under a new tag wrote:\n%s", writes)
		}
		if row := w.status()["a"]; row.Record.Release != "v1.0.1" || time.Since(row.Record.Since) < time.Hour || row.Record.Former != nil {
			t.Errorf("record: %+v", row.Record)
		}
		w.must("first")
		if writes := w.wrote("a"); len(writes) > 0 {
			t.Errorf("again: %v", writes)
		}

		// A newer checkout: the account runs what its record says.
		w.files(text("two"), "v2")
		if row := w.status()["a"]; row.Verdict != fleet.Verdict(fleet.Recorded) || !strings.Contains(row.Sentence, "runs v1.0.1, as its record says") || row.Drift {
			t.Errorf("%+v", row)
		}
		w.must("first")
		if row := w.status()["a"]; row.Record.Release != "v2" || row.Record.Former.Release != "v1.0.1" {
			t.Errorf("record: %+v", row.Record)
		}
	})
}

func TestAManualChangeIsToldFromOurs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, twoRings+target("a", "first", ""), nil)
		w.must("first")
		w.files(text("two"), "v2")
		edit(t, w, "a", `"Message":"one"`, `"Message":"by hand"`)
		row := w.status()["a"]
		if row.Verdict != fleet.Verdict(fleet.Foreign) || !row.Drift || !strings.Contains(row.Sentence, "not what its record says, v1") {
			t.Errorf("%+v", row)
		}
		if len(row.Differences) != 1 || row.Differences[0].Pointer != "/resources/f/properties/definition/States/B/Message" {
			t.Errorf("differences: %+v", row.Differences)
		}
	})
}

// edit changes the stored bundle of an account, as a person would.
func edit(t *testing.T, w *world, name, old, new string) {
	t.Helper()
	err := w.accounts.Account(name).Edit(func(st *emulator.State) {
		b := st.Integrations[0].Bundles[0]
		if body := string(b.Body); strings.Contains(body, old) {
			b.Body = []byte(strings.Replace(body, old, new, 1))
		} else {
			t.Errorf("%s is not in %s", old, body)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOtherSettingsAreTheSameRelease(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first]\ntargets:\n"+target("a", "first", ""), nil)
		w.must("first")
		edit(t, w, "a", "https://a.example/hook", "https://other.example/hook")
		row := w.status()["a"]
		if row.Verdict != fleet.Verdict(fleet.Settings) || !row.Drift {
			t.Errorf("%+v", row)
		}
		edit(t, w, "a", "https://other.example/hook", "https://other.example/hook2")
		if row := w.status()["a"]; row.Verdict != fleet.Verdict(fleet.Foreign) {
			t.Errorf("%+v", row)
		}
	})
}

func TestValuesThatOnlyTheAccountKnowsAreCountedAndNotShown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first, second]\ntargets:\n"+target("a", "first", "")+target("b", "second", ""), nil)
		w.must("first")
		delete(w.env, "KEY__A")               // the job of b has no secrets of a
		delete(w.env, "ZENDESK_API_TOKEN__A") // and only a token that reads
		var hidden []string
		w.worker.Hide = func(s ...string) { hidden = append(hidden, s...) }
		r := w.must("second")
		if !r.Before[0].Proven || r.Before[0].Wildcards != 1 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "1 place of the ring before could not be compared") {
			t.Errorf("%+v %v", r.Before, r.Notes)
		}
		if strings.Join(hidden, " ") != "key-of-a" {
			t.Errorf("hidden: %v", hidden)
		}
		hidden = nil
		edit(t, w, "a", `"headers":[`, `"headers":[{"key":"Accept","value":"Bearer of nothing"},`)
		w.status()
		if len(hidden) == 0 || strings.Join(slices.Compact(hidden), " ") != "key-of-a" {
			t.Errorf("behind another header, hidden: %v", hidden)
		}
		edit(t, w, "a", "Bearer key-of-a", "Basic key-of-a")
		if _, err := w.promote("second"); err == nil {
			t.Error("a value around a secret is another, and the ring counts as proven")
		}
		// Without any credential the ring before is not believed.
		delete(w.env, "ZIS_OAUTH_TOKEN__A")
		_, err := w.promote("second")
		if err == nil || !strings.Contains(err.Error(), `no credentials are given for the target "a"`) || !strings.Contains(verdict.NextOf(err, nil), "ZIS_OAUTH_TOKEN__A") {
			t.Errorf("%v", err)
		}
	})
}

func TestACredentialOfAnotherAccountIsSaid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, twoRings+target("a", "first", ""), nil)
		w.must("first")
		w.accounts.Account("a").AccountID = 4711 // the address leads to another account now
		w.wrote("a")
		r, err := w.promote("first")
		if err == nil || r.Rows[0].Reason != string(verdict.WrongAccount) || !strings.Contains(r.Rows[0].Sentence, "4711") {
			t.Errorf("%v: %+v", err, r.Rows)
		}
		if writes := w.wrote("a"); len(writes) > 0 {
			t.Errorf("written: %v", writes)
		}
	})
}

// Accepted differences of any number hide no other one behind them.
func TestManyAcceptedDifferencesHideNoOther(t *testing.T) {
	many := func(n int, message string) string {
		var keys []string
		for i := range 60 {
			keys = append(keys, fmt.Sprintf(`"k%02d": %d`, i, n))
		}
		return `{"zis_template_version": "2019-10-14", "name": "notify", "resources": {
  "a": {"type": "ZIS::Flow", "properties": {"name": "a", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {` + strings.Join(keys, ", ") + `}, "End": true}}}}},
  "b": {"type": "ZIS::Flow", "properties": {"name": "b", "definition": {"StartAt": "B", "States": {"B": {"Type": "Succeed", "Message": "` + message + `"}}}}}}}`
	}
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first]\ntargets:\n  a: {base-url: http://localhost/accounts/a, integration: crm_a, ring: first, accept: [{pointer: /resources/a, reason: theirs, until: 2100-01-01}]}\n", nil)
		w.files(many(1, "one"), "v1")
		w.must("first")
		w.files(many(2, "one"), "v2")
		if row := w.status()["a"]; row.Drift || len(row.Accepted) != 50 || !strings.Contains(row.Sentence, "60 differences accepted") {
			t.Errorf("accepted: %v %d %s", row.Drift, len(row.Accepted), row.Sentence)
		}
		w.files(many(2, "two"), "v3")
		if row := w.status()["a"]; !row.Drift || len(row.Differences) != 1 || !strings.HasPrefix(row.Differences[0].Pointer, "/resources/b/") {
			t.Errorf("behind them: %v %+v", row.Drift, row.Differences)
		}
		w.project.Targets[0].Accept[0].Until = time.Unix(1, 0)
		if row := w.status()["a"]; !row.Drift || len(row.Differences) != 50 || len(row.Notes) != 1 {
			t.Errorf("expired: %v %d differences, notes %v", row.Drift, len(row.Differences), row.Notes)
		}
	})
}

func TestWithoutAZISTokenTheDeployStandsAndTheRecordIsMissed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, twoRings+target("a", "first", "")+target("b", "second", ""), nil)
		delete(w.env, "ZIS_OAUTH_TOKEN__A")
		r := w.must("first")
		if r.Rows[0].Verdict != fleet.Succeeded || !strings.Contains(strings.Join(r.Rows[0].Notes, " "), "the record was not written") {
			t.Errorf("%+v", r.Rows[0])
		}
		if _, err := w.promote("second"); err == nil || !strings.Contains(err.Error(), "since when can't be known (soak, zis.yml:2:29)") {
			t.Errorf("%v", err)
		}
	})
}

func TestARefusedTargetIsReportedAndTheOthersGoOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first]\ntargets:\n"+target("a", "first", "")+target("b", "first", "")+target("c", "first", ""), nil)
		w.accounts.Account("b").APIToken = "another"
		fault, err := faulty.Script{{Path: "/install", Kind: "500"}}.Fault()
		if err != nil {
			t.Fatal(err)
		}
		w.accounts.Account("c").SetFault(fault)
		r, err := w.promote("first")
		if err == nil || r.Rows[0].Verdict != fleet.Succeeded || r.Rows[1].Verdict != fleet.Failed || r.Rows[2].Verdict == fleet.Succeeded {
			t.Fatalf("%v: %+v", err, r.Rows)
		}
		w.accounts.Account("b").APIToken = ""
		w.accounts.Account("c").SetFault(nil)
		w.wrote("a")
		if r := w.must("first"); r.Rows[0].Verdict != fleet.NoChanges || len(w.wrote("a")) > 0 {
			t.Errorf("again: %+v", r.Rows)
		}
	})
}
