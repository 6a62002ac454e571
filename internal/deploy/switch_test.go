package deploy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// What install and uninstall do to the job specs of an account: those of its
// bundles, and to switch off also one that fires and is in none.
func TestSwitches(t *testing.T) {
	a, b := bundleText("a", "", "s1", "s2"), bundleText("b", "", "t1")
	for _, tt := range []struct {
		name      string
		installed string
		on        bool
		names     string
		want      string // a word and name for each job spec; an error
		notes     string
	}{
		{"all on", "", true, "", "install s1, install s2, install t1", ""},
		{"the rest on", "s1", true, "", "keep s1, install s2, install t1", ""},
		{"all are on", "s1 s2 t1", true, "", "keep s1, keep s2, keep t1", ""},
		{"all off", "s1 s2 t1", false, "", "uninstall s1, uninstall s2, uninstall t1", ""},
		{"the rest off", "s2", false, "", "skip s1, uninstall s2, skip t1", ""},
		{"all are off", "", false, "", "skip s1, skip s2, skip t1", ""},
		{"what is in no bundle, off", "s1 old", false, "", "uninstall s1, skip s2, skip t1, uninstall old", ""},
		{"what is in no bundle can't be switched on", "old", true, "", "install s1, install s2, install t1", ""},
		{"one on", "", true, "s2", "install s2", ""},
		{"one off, others stay", "s1 s2 t1", false, "s2", "uninstall s2", "not named, and left on: s1, t1"},
		{"one by its full name", "s1", false, "zis:acme:job_spec:s1", "uninstall s1", ""},
		{"one twice", "s1", false, "s1 zis:acme:job_spec:s1 s1", "uninstall s1", ""},
		{"in the order of the names", "s1 t1", false, "t1 s1", "uninstall t1, uninstall s1", ""},
		{"one that there isn't", "s1", true, "s3", `the integration "acme" has no job spec "s3": job specs of the integration: s1, s2, t1`, ""},
		{"one of another integration", "s1", true, "zis:globex:job_spec:s1", `the integration "acme" has no job spec "zis:globex:job_spec:s1": job specs of the integration: s1, s2, t1`, ""},
		{"what is in no bundle, on by its name", "old", true, "old", `the integration "acme" has no job spec "old": job specs of the integration: s1, s2, t1`, ""},
	} {
		have := remote(t, strings.Fields(tt.installed), a, b)
		p, err := deploy.NewSwitch(have, tt.on, strings.Fields(tt.names))
		if got := switched(p, err); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if got := strings.Join(p.Notes, "; "); got != tt.notes {
			t.Errorf("%s: notes %q, want %q", tt.name, got, tt.notes)
		}
		if len(p.Bundles) > 0 || strings.Contains(steps(p.Plan), "upload") {
			t.Errorf("%s uploads: %s", tt.name, steps(p.Plan))
		}
	}
}

func switched(p deploy.Prepared, err error) string {
	if err != nil {
		return fmt.Sprintf("%v: %s", err, verdict.NextOf(err, nil))
	}
	words := map[deploy.SpecAction]string{deploy.SpecInstall: "install", deploy.SpecKeep: "keep", deploy.SpecUninstall: "uninstall", deploy.SpecSkip: "skip"}
	var list []string
	for _, s := range p.JobSpecs {
		list = append(list, words[s.Action]+" "+s.Name)
	}
	return strings.Join(list, ", ")
}

// Without names all are meant, which nobody knows where a row of the account
// could not be read; those that are named are known.
func TestSwitchesOfAnAccountThatIsHalfRead(t *testing.T) {
	have := remote(t, nil, bundleText("a", "", "s1"))
	have.Unread = []deploy.Unread{{Kind: "bundle", Name: "b", Err: errors.New("the answer is longer than 64 MiB")}}
	if _, err := deploy.NewSwitch(have, false, nil); err == nil || !strings.Contains(err.Error(), `not known for certain: the bundle "b"`) || verdict.ReasonOf(err) != verdict.InvalidInput {
		t.Errorf("all: %v", err)
	}
	if p, err := deploy.NewSwitch(have, true, []string{"s1"}); switched(p, err) != "install s1" {
		t.Errorf("one: %s", switched(p, err))
	}
	empty := deploy.Remote{Integration: "acme"}
	if p, err := deploy.NewSwitch(empty, false, nil); err != nil || !p.Empty() || len(p.JobSpecs) > 0 {
		t.Errorf("an empty account: %s", switched(p, err))
	}
	if _, err := deploy.NewSwitch(empty, false, []string{"s1"}); err == nil || verdict.NextOf(err, nil) != "job specs of the integration: none" {
		t.Errorf("an empty account, by a name: %v", err)
	}
}

// Uninstall remembers what it has switched off, and install takes exactly that
// back; a file of another account or integration is refused.
func TestWhatWasOn(t *testing.T) {
	have := remote(t, []string{"s1"}, bundleText("a", "", "s1", "s2"))
	have.JobSpecs = append(have.JobSpecs, registry.JobSpec{Name: "old", EventSource: "shop", EventType: "sold", FlowName: "gone", Installed: true})
	p, err := deploy.NewSwitch(have, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.WasOn("acme.zendesk.com")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "target": "acme.zendesk.com",
  "integration": "acme",
  "jobSpecs": [
    "zis:acme:job_spec:s1",
    "zis:acme:job_spec:old"
  ]
}
`
	if string(text) != want {
		t.Errorf("the file is\n%s, want\n%s", text, want)
	}
	for _, tt := range []struct{ name, text, target, integration, want string }{
		{"the same account", want, "acme.zendesk.com", "acme", "zis:acme:job_spec:s1 zis:acme:job_spec:old"},
		{"another account", want, "globex.zendesk.com", "acme", `the file is of "acme" on acme.zendesk.com, not of "acme" on globex.zendesk.com`},
		{"another integration", want, "acme.zendesk.com", "crm", `the file is of "acme" on acme.zendesk.com, not of "crm" on acme.zendesk.com`},
		{"none were on", strings.NewReplacer("\n    \"zis:acme:job_spec:s1\",", "", "\n    \"zis:acme:job_spec:old\"", "").Replace(want), "acme.zendesk.com", "acme", ""},
		{"another version", strings.Replace(want, "1", "2", 1), "acme.zendesk.com", "acme", "the file doesn't say which job specs were on"},
		{"another file", `{"version": 1, "plan": {}}`, "acme.zendesk.com", "acme", "the file doesn't say which job specs were on"},
		{"no JSON", "s1", "acme.zendesk.com", "acme", "the file doesn't say which job specs were on"},
		{"nothing", "", "acme.zendesk.com", "acme", "the file doesn't say which job specs were on"},
	} {
		list, err := deploy.ReadWasOn([]byte(tt.text), tt.target, tt.integration)
		got := strings.Join(list, " ")
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
