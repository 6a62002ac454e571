package project_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/project"
)

// read reads a project whose files are the archive: zis.yml, then pairs of
// names and texts.
func read(t testing.TB, text string, more ...string) (*project.Project, error) {
	t.Helper()
	files := fstest.MapFS{project.File: {Data: []byte(text)}}
	for i := 0; i < len(more); i += 2 {
		files[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	return project.Read(files, project.File)
}

const whole = `# who gets what
bundles:
  - zis/bundle.json
disable-rules: [key-name]
record: config
main-branch: trunk
credentials-file: zis.credentials.age
rings:
  - sandbox
  - name: canary
    parallel: 4
    max-failures: 1
    soak: 7d
    after: any
  - name: customers
    parallel: 32
    max-failures: 10%
include: targets/*.yml
targets:
  sandbox:
    base-url: http://127.0.0.1:8080/
    integration: crm_sandbox
    ring: sandbox
    credentials: shared
  globex:
    subdomain: Globex
    integration: crm_globex
    ring: canary
    environment: globex-production
    job-specs: [on_created, on_changed]
    protected: true
    via: app
    vars:
      FIELD_ID: 50244004053140123456789
      RATE: 1.50
      CHANNEL: "0123"
      site-name: globex
      LOUD: true
    secret-vars: [SLACK_TOKEN]
    accept:
      - pointer: /resources/notify/properties/definition
        reason: the customer asked for it
        until: 2027-01-31
`

func TestReadsAllThatAProjectCanSay(t *testing.T) {
	p, err := read(t, whole, "targets/b.yml", "targets:\n  - name: b\n    subdomain: b\n    integration: crm_b\n    ring: customers\n",
		"targets/a.yml", "targets:\n  a: {subdomain: a, integration: crm_a, ring: customers, job-specs: none}\n")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, target := range p.Targets {
		names = append(names, target.Name.Value)
	}
	globex := p.Target("globex")
	for what, ok := range map[string]bool{
		"order of targets":  fmt.Sprint(names) == "[sandbox globex a b]",
		"bundle":            p.Bundles[0].Value == "zis/bundle.json" && p.Bundles[0].At.String() == "zis.yml:3:5",
		"record":            p.Records() && p.MainBranch.Value == "trunk" && p.CredentialsFile.Value == "zis.credentials.age",
		"rings":             len(p.Rings) == 3 && p.Rings[0].After == project.All && p.Rings[1].After == project.Any,
		"soak":              p.Rings[1].Soak == 7*24*time.Hour && p.Rings[1].Parallel == 4,
		"max-failures":      p.Rings[1].MaxFailures.Exceeded(2, 9) && !p.Rings[1].MaxFailures.Exceeded(1, 9),
		"share":             p.Rings[2].MaxFailures.Exceeded(3, 29) && !p.Rings[2].MaxFailures.Exceeded(3, 30),
		"no limit":          !p.Rings[0].MaxFailures.Exceeded(1000, 1000),
		"base-url":          p.Target("sandbox").BaseURL.Value == "http://127.0.0.1:8080" && p.Target("sandbox").Shared,
		"subdomain":         globex.Subdomain.Value == "globex" && globex.Integration.Value == "crm_globex",
		"kept digits":       fmt.Sprintf("%s %s", globex.Vars[0].Value, globex.Vars[1].Value) == "50244004053140123456789 1.50",
		"a number, a text":  fmt.Sprintf("%T %T %T", globex.Vars[0].Value, globex.Vars[2].Value, globex.Vars[4].Value) == "json.Number string bool",
		"place of a value":  globex.Vars[0].Name.At.String() == "zis.yml:34:7",
		"protected, by app": globex.Protected && globex.Via == project.App && p.Target("a").Via == project.API,
		"accepted":          globex.Accept[0].Until.Format(time.DateOnly) == "2027-02-01" && globex.Accept[0].Reason.Value != "",
		"job specs":         len(globex.JobSpecs) == 2 && p.Target("a").JobSpecs[0].Value == "none",
		"included place":    p.Target("a").Integration.At.String() == "targets/a.yml:2:34",
		"members of a ring": len(p.In("customers")) == 2 && len(p.In("sandbox")) == 1,
	} {
		if !ok {
			t.Errorf("%s: not as written: %+v", what, globex)
		}
	}
}

func TestEveryMistakeIsToldWithItsPlace(t *testing.T) {
	const rings = "rings: [one, two]\n"
	target := func(lines ...string) string {
		return rings + "targets:\n  acme:\n    subdomain: acme\n    integration: crm\n    ring: one\n    " + strings.Join(lines, "\n    ") + "\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"a tab":                       {"targets:\n\tacme: 1\n", `zis.yml:2:1: found character that cannot start any token (indent with spaces: YAML takes no tabs`},
		"a tab in a mapping":          {"a: 1\n\tb: 2\n", "zis.yml:2:1: found a tab character that violates indentation (indent with spaces"},
		"an open text":                {"bundles: [\"a\n\n", `zis.yml:3:1: found unexpected end of stream`},
		"wrong indentation":           {"targets:\n  acme:\n    ring: a\n   integration: b\n", "zis.yml:4:4: did not find expected key"},
		"an anchor":                   {"bundles: &b [a.json]\n", "zis.yml:1:10: anchors and aliases are not read"},
		"an alias":                    {"bundles: [a.json]\ninclude: *b\n", "zis.yml:2:10: "},
		"a merge key":                 {target("<<: {via: api}"), `zis.yml:7:5: merge keys are not read`},
		"a tag":                       {"bundles: !!str a.json\n", "zis.yml:1:10: the tag !!str is not read"},
		"two documents":               {"bundles: [a.json]\n---\nbundles: [b.json]\n", "zis.yml:2:1: a second document begins here"},
		"no mapping":                  {"- a\n", "zis.yml:1:1: zis.yml is a list, and must be a mapping"},
		"no text":                     {"\xff\xfe\x00", "zis.yml:1:1: "},
		"an unknown key":              {"disable: [x]\n", `zis.yml:1:1: zis.yml has no key "disable"`},
		"a slip in a key":             {target("enviroment: prod"), `zis.yml:7:5: the target "acme" has no key "enviroment" (did you mean "environment"?)`},
		"a key twice":                 {target("via: api", "via: app"), `zis.yml:8:5: the key "via" comes twice (first in line 7)`},
		"a target twice":              {"targets:\n  a: {subdomain: a, integration: a}\n  a: {subdomain: b, integration: b}\n", `zis.yml:3:3: the key "a" comes twice`},
		"one integration twice":       {"targets:\n  a: {subdomain: a, integration: crm}\n  b: {subdomain: b, integration: crm}\n", `zis.yml:3:34: the integration "crm" is that of the target "a" too, at zis.yml:2:34`},
		"an undeclared ring":          {target() + "  b: {subdomain: b, integration: b, ring: tow}\n", `zis.yml:8:43: no ring is called "tow" (did you mean "two"?)`},
		"no ring declared":            {"targets:\n  b: {subdomain: b, integration: b, ring: two}\n", `zis.yml:2:43: no ring is called "two" (declare it: rings: [two])`},
		"a target in no ring":         {rings + "targets:\n  b: {subdomain: b, integration: b}\n", `zis.yml:3:3: the target "b" is in no ring`},
		"a subdomain that is a URL":   {"targets:\n  b: {integration: b, subdomain: \"https://acme.zendesk.com/agent\"}\n", `zis.yml:2:34: subdomain is "https://acme.zendesk.com/agent", which is an address (give acme)`},
		"a subdomain that is a host":  {"targets:\n  b: {integration: b, subdomain: acme.zendesk.com}\n", `(give acme)`},
		"a subdomain elsewhere":       {"targets:\n  b: {integration: b, subdomain: evil.example/x}\n", `zis.yml:2:34: subdomain is "evil.example/x", which is none`},
		"subdomain and base-url":      {"targets:\n  b: {integration: b, subdomain: b, base-url: \"http://localhost:1\"}\n", `zis.yml:2:47: the target "b" has both`},
		"credentials in a base-url":   {"targets:\n  b: {integration: b, base-url: \"http://a:b@localhost\"}\n", `zis.yml:2:33: base-url is no address of a registry`},
		"a base-url of another kind":  {"targets:\n  b: {integration: b, base-url: \"ftp://acme\"}\n", `zis.yml:2:33: base-url is no address of a registry (give https://HOST`},
		"no subdomain":                {"targets:\n  b: {integration: b}\n", `zis.yml:2:3: the target "b" has no subdomain`},
		"no integration":              {"targets:\n  b: {subdomain: b}\n", `zis.yml:2:3: the target "b" has no integration`},
		"a bad integration":           {"targets:\n  b: {subdomain: b, integration: CRM}\n", `zis.yml:2:34: integration is "CRM", which is no name of one`},
		"a bad name":                  {"targets:\n  a b: {subdomain: b, integration: b}\n", `zis.yml:2:3: the name of a target is "a b", which is no name`},
		"the name local":              {"targets:\n  local: {subdomain: b, integration: b}\n", `zis.yml:2:3: the target local is built in`},
		"names of credentials":        {"targets:\n  a-b: {subdomain: a, integration: a}\n  a_b: {subdomain: b, integration: b}\n", `zis.yml:3:3: the target "a_b" has the same names of credentials as "a-b", which end in __A_B`},
		"a nameless target":           {"targets:\n  - {subdomain: a, integration: a}\n", `zis.yml:2:5: a target has no name`},
		"via what":                    {target("via: hand"), `zis.yml:7:10: via is "hand"; it can be api or app`},
		"no truth value":              {target("protected: maybe"), `zis.yml:7:16: protected is a text, and must be true or false`},
		"credentials in the file":     {target("credentials: {api-token: x}"), `zis.yml:7:18: credentials is a mapping`},
		"secrets in the file":         {target("secret-vars:", "  TOKEN: abc"), `zis.yml:8:7: secret-vars has values`},
		"a variable twice":            {target("vars: {A: 1}", "secret-vars: [A]"), `zis.yml:8:19: "A" is a variable and a secret variable (also at zis.yml:7:12)`},
		"a variable without a value":  {target("vars:", "  A:"), `zis.yml:8:9: the variable "A" is empty, and must be`},
		"a variable that is a list":   {target("vars: {A: [1]}"), `zis.yml:7:15: the variable "A" is a list`},
		"a number JSON has not":       {target("vars: {A: 0123}"), `zis.yml:7:15: the variable "A" is "0123", which JSON doesn't write so`},
		"no job spec":                 {target("job-specs: []"), `zis.yml:7:16: job-specs is an empty list (write none`},
		"job specs mixed":             {target("job-specs: [all, a]"), `zis.yml:7:17: job-specs mixes names`},
		"a ring twice":                {"rings: [a, a]\n", `zis.yml:1:12: the ring "a" comes twice`},
		"a ring without a name":       {"rings: [{parallel: 3}]\n", `zis.yml:1:9: a ring has no name`},
		"a slip in a ring":            {"rings:\n  - name: a\n    max-failure: 3\n", `zis.yml:3:5: a ring has no key "max-failure" (did you mean "max-failures"?)`},
		"parallel":                    {"rings: [{name: a, parallel: 0}]\n", `zis.yml:1:29: parallel is "0"; it must be a whole number from 1 to 256`},
		"max-failures":                {"rings: [{name: a, max-failures: 101%}]\n", `zis.yml:1:33: max-failures is "101%"; it must be a number such as 3, or a share such as 10%`},
		"a negative number":           {"rings: [{name: a, max-failures: -1}]\n", `max-failures is "-1"`},
		"soak":                        {"record: config\nrings: [{name: a, soak: soon}]\n", `zis.yml:2:25: soak is "soon"; it must be a time such as 30m, 24h or 7d`},
		"a soak that can't be known":  {"rings: [{name: a, soak: 1h}]\n", `zis.yml:1:25: a soak can't be known without a record (give record: config`},
		"after the first":             {"rings: [{name: a, after: any}]\n", `zis.yml:1:26: after is given for the first ring`},
		"after what":                  {"rings: [a, {name: b, after: most}]\n", `zis.yml:1:29: after is "most"; it can be all or any`},
		"record where":                {"record: file\n", `zis.yml:1:9: record is "file"; it can be config`},
		"a bundle outside":            {"bundles: [../b.json]\n", `zis.yml:1:11: an item of bundles is "../b.json", which is not below the directory of the file`},
		"an absolute path":            {"credentials-file: /etc/x\n", `zis.yml:1:19: credentials-file is "/etc/x"`},
		"a bundle twice":              {"bundles: [a.json, ./a.json]\n", `zis.yml:1:19: the bundle "a.json" comes twice`},
		"an include of nothing":       {"include: targets/*.yaml\n", `zis.yml:1:10: include "targets/*.yaml" names no file`},
		"an include of any depth":     {"include: targets/**/*.yml\n", `zis.yml:1:10: include "targets/**/*.yml": ** is not read (a * stands for any name`},
		"an include of itself alone":  {"include: z*.yml\n", `zis.yml:1:10: include "z*.yml" names no file`},
		"what an include may not":     {"include: more.yml\n", `more.yml:2:1: an included file has no key "bundles"`},
		"a difference without reason": {target("accept:", "  - {pointer: /a, until: 2027-01-01}"), `zis.yml:8:9: an accepted difference needs a reason`},
		"a difference for ever":       {target("accept:", "  - {pointer: /a, reason: x}"), `zis.yml:8:9: an accepted difference needs a day`},
		"no day":                      {target("accept:", "  - {pointer: /a, reason: x, until: 31.1.2027}"), `zis.yml:8:41: until is "31.1.2027"; it must be a day such as 2027-01-31`},
		"a pointer that is none":      {target("accept:", "  - {pointer: a.b, reason: x, until: 2027-01-31}"), `zis.yml:8:9: an accepted difference needs a pointer that begins with /`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, c.text, "more.yml", "targets: {}\nbundles: [a.json]\n")
			if _, ok := errors.AsType[project.Errors](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if err != nil && strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("one mistake is told more than once:\n%v", err)
			}
		})
	}
}

func TestAllMistakesAreToldTogether(t *testing.T) {
	_, err := read(t, "rings: [a]\ntargets:\n  b: {subdomain: b, ring: c}\n  c: {subdomain: \"http://c\", integration: c, ring: a}\n")
	want := `zis.yml:3:3: the target "b" has no integration (give integration: NAME, which no other account in the world may have)
zis.yml:3:27: no ring is called "c" (there is: a)
zis.yml:4:18: subdomain is "http://c", which is an address (give c)`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

func TestNoFileAndAnEmptyOne(t *testing.T) {
	if _, err := project.Read(fstest.MapFS{}, project.File); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n", "\ufeffbundles: [a.json]\n"} {
		if _, err := read(t, text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := project.Read(fstest.MapFS{"zis.yml/x": {}}, project.File); err == nil {
		t.Error("a directory was read")
	}
}

// many is a project of n targets.
func many(n int) []byte {
	var b strings.Builder
	b.WriteString("bundles: [zis/bundle.json]\nrings: [sandbox, rest]\ntargets:\n")
	for i := range n {
		fmt.Fprintf(&b, "  customer-%05d:\n    subdomain: acme%05d\n    integration: crm_%05d\n    ring: rest\n    environment: customer-%05d\n"+
			"    vars:\n      FIELD_ID: %d\n      CHANNEL: support-%d\n    secret-vars: [SLACK_TOKEN]\n", i, i, i, i, 50244004053140+i, i)
	}
	return []byte(b.String())
}

func BenchmarkRead10000Targets(b *testing.B) {
	files := fstest.MapFS{project.File: {Data: many(10_000)}}
	b.SetBytes(int64(len(files[project.File].Data)))
	b.ReportAllocs()
	for b.Loop() {
		p, err := project.Read(files, project.File)
		if err != nil || len(p.Targets) != 10_000 {
			b.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(whole)
	f.Add("targets: {a: {vars: {A: 1e999}}}\n")
	f.Add("targets:\n\t- \xff")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := read(t, text)
		list, ok := errors.AsType[project.Errors](err)
		if err != nil && !ok {
			t.Fatalf("an error without a place: %v", err)
		}
		for _, d := range list {
			if d.Span.Start < 0 || int(d.Span.End) > len(d.File.Src) || d.Span.End < d.Span.Start || d.Message == "" {
				t.Errorf("a finding outside the file: %+v", d)
			}
		}
	})
}
