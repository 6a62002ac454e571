package fleet_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
)

// aBundle posts to a host that each target names.
const aBundle = `{"zis_template_version": "2019-10-14", "name": "notify", "resources": {
  "post": {"type": "ZIS::Action::Http", "properties": {"name": "post", "definition": {
    "method": "POST", "url": "{{HOST}}", "headers": [{"key": "X-Key", "value": "{{KEY}}"}]}}},
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
    "A": {"Type": "Action", "ActionName": "zis:x:action:post", "End": true}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:x:flow:f"}}}}`

func told(r check.Result) string {
	var b strings.Builder
	for _, f := range r.Files {
		for _, d := range f.Findings {
			fmt.Fprintln(&b, d)
		}
	}
	return b.String()
}

func checked(t *testing.T, yml string) string {
	t.Helper()
	return told(fleet.Check(check.Parse([]*diag.File{diag.NewFile("b.json", []byte(aBundle))}), targetsOf(parsed(t, yml)), nil))
}

func TestTheBundleIsCheckedForEveryTarget(t *testing.T) {
	const good = "  a: {subdomain: a, integration: a, vars: {HOST: 'https://a.example'}, secret-vars: [KEY]}\n  b: {subdomain: b, integration: b, vars: {HOST: 'https://b.example'}, secret-vars: [KEY]}\n"
	for name, c := range map[string]struct {
		more string
		want []string // lines of the result
	}{
		"good for all":           {"", nil},
		"a variable is missing":  {"  c: {subdomain: c, integration: c, secret-vars: [KEY]}\n", []string{`b.json:3:31: error: no value is given for the placeholder {{HOST}} (target "c") [placeholder]`}},
		"a secret is undeclared": {"  c: {subdomain: c, integration: c, vars: {HOST: 'https://c.example'}}\n", []string{`b.json:3:81: error: no value is given for the placeholder {{KEY}} (target "c") [placeholder]`}},
		"a secret for an app": {"  c: {subdomain: c, integration: c, vars: {HOST: 'https://c.example'}, secret-vars: [KEY], via: app}\n", []string{
			`zis.yml:4:86: warning: a release in an app (via: app) holds no secret: it will be refused (target "c") [zis-yml]`,
		}},
		"a job spec of no bundle": {"  c: {subdomain: c, integration: c, vars: {HOST: 'https://c.example'}, secret-vars: [KEY], job-specs: [s, zis:c:job_spec:s, zis:a:job_spec:s, S]}\n", []string{
			`zis.yml:4:125: error: no bundle has a job spec "zis:a:job_spec:s" (target "c") [zis-yml]`,
			`zis.yml:4:143: error: no bundle has a job spec "S" (target "c") [zis-yml]`,
		}},
		"a variable is unused": {"  c: {subdomain: c, integration: c, vars: {HOST: 'https://c.example', HSOT: 1}, secret-vars: [KEY, OLD]}\n", []string{
			`zis.yml:4:71: error: a value is given for "HSOT", but no {{HSOT}} is in the bundle (target "c") [unused-variable]`,
			`zis.yml:4:100: error: a value is given for "OLD", but no {{OLD}} is in the bundle (target "c") [unused-variable]`,
		}},
	} {
		have := checked(t, "targets:\n"+good+c.more)
		if want := strings.Join(append(c.want, ""), "\n"); have != want {
			t.Errorf("%s: got\n%swant\n%s", name, have, want)
		}
	}
	have := checked(t, "targets:\n"+good+"  c: {subdomain: c, integration: c, vars: {HOST: 'http://c.example'}, secret-vars: [KEY]}\n  d: {subdomain: d, integration: d, vars: {HOST: 'http://c.example'}, secret-vars: [KEY]}\n")
	if !strings.Contains(have, "(2 targets: c, d) [plain-http]") || strings.Count(have, "\n") != 1 {
		t.Errorf("valid for two targets and not for two others: %s", have)
	}
}

// BenchmarkCheck2000Targets renders and checks a real bundle for each.
func BenchmarkCheck2000Targets(b *testing.B) {
	src, err := os.ReadFile("../../examples/ticket-to-slack/bundle.json")
	if err != nil {
		b.Fatal(err)
	}
	var yml strings.Builder
	yml.WriteString("targets:\n")
	for i := range 2000 {
		fmt.Fprintf(&yml, "  t%d: {subdomain: t%d, integration: t_%d}\n", i, i, i)
	}
	targets := targetsOf(parsed(b, yml.String()))
	for b.Loop() {
		if r := fleet.Check(check.Parse([]*diag.File{diag.NewFile("b.json", src)}), targets, nil); r.Err() != nil {
			b.Fatal(told(r))
		}
	}
}
