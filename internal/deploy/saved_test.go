package deploy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func savedPlan(t *testing.T, have deploy.Remote, bundles ...string) (deploy.Prepared, []byte) {
	t.Helper()
	p, err := deploy.NewPlan(bundlesOf(t, bundles...), have, deploy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.Save("acme.zendesk.com")
	if err != nil {
		t.Fatal(err)
	}
	return p, text
}

// A plan file says what was agreed to, and nothing of what the bundle holds; it
// is refused when a letter of it is another.
func TestPlanFiles(t *testing.T) {
	secret := strings.Replace(bundleText("a", "one", "s1"), `"A": {"Type": "Succeed"`, `"A": {"Type": "Succeed", "Message": "xoxb-1234567890-abcdefghij"`, 1)
	p, text := savedPlan(t, remote(t, nil), secret)
	saved, err := deploy.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.Plan, saved.Plan); diff != "" || saved.Target != "acme.zendesk.com" {
		t.Errorf("%s (-want +got)\n%s", saved.Target, diff)
	}
	if strings.Contains(string(text), "abcdefghij") || strings.Contains(string(text), `"States"`) {
		t.Errorf("the file holds what the bundle holds:\n%s", text)
	}
	for name, edit := range map[string][2]string{
		"another target": {"acme.zendesk.com", "globex.zendesk.com"}, "another step": {"install", "uninstall"}, "a step less": {`"s1"`, `""`},
		"another version": {`"version": 1`, `"version": 2`}, "one more member": {`"version": 1`, `"version": 1, "note": "ok"`}, "cut off": {"\n}\n", ""}, "another digest": {saved.Plan.Digest, "sha256:00"},
	} {
		changed := strings.Replace(string(text), edit[0], edit[1], 1)
		if changed == string(text) {
			t.Fatalf("%s: there is no %q", name, edit[0])
		}
		_, err := deploy.Load([]byte(changed))
		if err == nil || verdict.ReasonOf(err) != verdict.InvalidInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Where the plan is no longer what was saved, the error says which side has
// moved: the files, the account's bundle, its job specs.
func TestPlansThatAreNoLongerTheSame(t *testing.T) {
	old, now := bundleText("a", "one", "s1", "s2"), bundleText("a", "two", "s1", "s2")
	_, text := savedPlan(t, remote(t, []string{"s1", "s2"}, old), now)
	saved, err := deploy.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	other := remote(t, []string{"s1", "s2"}, old)
	other.Integration = "crm"
	for _, tt := range []struct {
		name   string
		have   deploy.Remote
		file   string
		target string
		reason verdict.Reason
		want   []string // in the error; none: it is the same
	}{
		{"nothing", remote(t, []string{"s1", "s2"}, old), now, "acme.zendesk.com", "", nil},
		{"the account's address", remote(t, []string{"s1", "s2"}, old), now, "globex.zendesk.com", verdict.InvalidInput, []string{"the plan was made for acme.zendesk.com, not for globex.zendesk.com"}},
		{"the file", remote(t, []string{"s1", "s2"}, old), bundleText("a", "three", "s1", "s2"), "acme.zendesk.com", verdict.PlanChanged, []string{`the file of the bundle "a" is another`}},
		{"the account's bundle", remote(t, []string{"s1", "s2"}, bundleText("a", "zero", "s1", "s2")), now, "acme.zendesk.com", verdict.PlanChanged, []string{`the account holds another bundle "a"`}},
		{"both", remote(t, []string{"s1", "s2"}, bundleText("a", "zero", "s1", "s2")), bundleText("a", "three", "s1", "s2"), "acme.zendesk.com", verdict.PlanChanged, []string{`the file of the bundle "a" is another`, `the account holds another bundle "a"`}},
		{"it was deployed meanwhile", remote(t, []string{"s1", "s2"}, now), now, "acme.zendesk.com", verdict.PlanChanged, []string{`the account holds another bundle "a"`, "the steps were"}},
		{"a job spec was switched off", remote(t, []string{"s1"}, old), now, "acme.zendesk.com", verdict.PlanChanged, []string{"job specs of the account are others"}},
		{"another integration", other, now, "acme.zendesk.com", verdict.PlanChanged, []string{`it was made for the integration "acme", not for "crm"`}},
	} {
		p, err := deploy.NewPlan(bundlesOf(t, tt.file), tt.have, deploy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = p.Same(saved, tt.target)
		if (err == nil) != (len(tt.want) == 0) || err != nil && verdict.ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for _, words := range tt.want {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %v, want %q", tt.name, err, words)
			}
		}
	}
}
