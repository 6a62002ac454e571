package project_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/project"
)

// Files that nobody writes by hand, or only by accident: each gets one error
// with a place, or is read as what it plainly is.
func TestHostileFiles(t *testing.T) {
	const good = "bundles: [a.json]\n"
	bomb := "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntargets: {t: {vars: {X: *c}}}\n"
	for name, tt := range map[string]struct{ text, want string }{
		"a byte order mark":            {"\ufeff" + good, ""},
		"lines that end as on Windows": {"bundles:\r\n  - a.json\r\n", ""},
		"lines that end as on old Macs": {
			"bundles:\r  - a.json\r", "",
		},
		"a mistake behind a byte order mark": {"\ufeffbundle: [a.json]\n", `zis.yml:1:1: zis.yml has no key "bundle"`},
		"a mistake on a line as on Windows":  {"bundles:\r\n  - ../a.json\r\n", "zis.yml:2:5: "},
		"NUL":                                {"bundles: [\"a\x00.json\"]\n", "zis.yml:1:1: "},
		"an escaped NUL":                     {`bundles: ["a\x00.json"]`, ""},
		"the bell":                           {"bundles: [\"a\a.json\"]\n", "zis.yml:1:1: "},
		"UTF-16":                             {"\xff\xfeb\x00:\x00 \x00a\x00", "zis.yml:1:1: "},
		"invalid UTF-8":                      {"bundles: [\"a\xff.json\"]\n", "zis.yml:1:1: "},
		"JSON":                               {`{"bundles": ["a.json"], "targets": {"a": {"subdomain": "a", "integration": "a"}}}`, ""},
		"deep lists":                         {"bundles: " + strings.Repeat("[", 20_000) + "\n", "zis.yml:1:"},
		"deep mappings":                      {strings.Repeat("{a: ", 20_000) + "\n", "zis.yml:1:"},
		"aliases that multiply":              {bomb, "zis.yml:1:4: anchors and aliases are not read"},
		"a very long key":                    {strings.Repeat("k", 200_000) + ": 1\n", "zis.yml:1:"},
		"nothing but a comment":              {"# later", ""},
		"a marker of the end":                {good + "...\n", ""},
		"a directive":                        {"%YAML 1.2\n---\n" + good, "zis.yml:1:1: found incompatible YAML document"},
		"a binary tag":                       {"bundles: [!!binary YQ==]\n", "zis.yml:1:11: the tag !!binary is not read"},
		"a key that is a list":               {"[a]: 1\n", "zis.yml:1:1: a key must be a text"},
		"a merge key at the top":             {"<<: {bundles: [a.json]}\n", "zis.yml:1:1: merge keys are not read"},
		"the same key in another writing":    {"bundles: [a.json]\n\"bundles\": [b.json]\n", `zis.yml:2:1: the key "bundles" comes twice (first in line 1)`},
		"a place behind wide letters":        {`targets: {"ä": {}, "日本": {}}`, `zis.yml:1:11: the name of a target is "ä"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, tt.text)
			list, ok := errors.AsType[project.Errors](err)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("it is refused: %.300s", err)
			case tt.want != "" && (!ok || !strings.HasPrefix(err.Error(), tt.want)):
				t.Errorf("got  %.300v\nwant %s", err, tt.want)
			}
			for _, d := range list {
				if len(d.Message) > 300 || strings.ContainsAny(d.Message, "\x00\n\a") {
					t.Errorf("no line for a person: %.400q", d.Message)
				}
			}
		})
	}
}

// The place of a mistake is counted in letters, not in bytes.
func TestPlaceBehindWideLetters(t *testing.T) {
	_, err := read(t, `targets: {a: {subdomain: a, integration: a, vars: {"日本": "ä", X: [1]}}}`)
	if want := `zis.yml:1:66: the variable "X" is a list`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A hundred thousand mistakes in one line of a megabyte are told as quickly as a few.
// Where the place of each is looked for, this takes a minute.
func TestVeryManyMistakes(t *testing.T) {
	_, err := read(t, "targets: {"+strings.Repeat("acme: {}, ", 100_000)+"}\n")
	if want := "\nand at least 980 more"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %.100v", err)
	}
}

// What is read of an encrypted file of credentials is told of by its places,
// and never by its texts.
func TestSecrets(t *testing.T) {
	const secret = "hunter2hunter2"
	for name, tt := range map[string]struct{ text, want string }{
		"a list":                  {"- " + secret, "c.age:1:1: the text is not NAME: VALUE, one a line"},
		"a text":                  {secret, "c.age:1:1: the text is not NAME: VALUE, one a line"},
		"an open quote":           {"A: x\nB: \"" + secret + "\n", "c.age:3:1: the text is not NAME: VALUE, one a line"},
		"a name twice":            {"A: x\nA: " + secret, "c.age:2:4: a name comes twice"},
		"a value of several":      {"A: [" + secret + "]", "c.age:1:4: a value is no text"},
		"no value":                {secret + ":\n", "c.age:1:16: a value is no text"},
		"an empty value":          {secret + ": \"\"\n", "c.age:1:17: a value is no text"},
		"an anchor":               {"A: &" + secret + " x\n", "c.age:1:4: the text is not NAME: VALUE, one a line"},
		"a second document":       {"A: x\n---\nB: " + secret + "\n", "c.age:2:1: the text is not NAME: VALUE, one a line"},
		"the form of other files": {"A=" + secret + "\n", "c.age:1:1: the text is not NAME: VALUE, one a line"},
	} {
		values, err := project.Secrets("c.age", []byte(tt.text))
		if err == nil || err.Error() != tt.want || values != nil {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: the error holds the secret: %v", name, err)
		}
	}
	for text, want := range map[string]string{
		"A: 0123": "0123", "A: 1e3": "1e3", "A: true": "true", "A: \"a: b\"": "a: b", "A: 2027-01-31": "2027-01-31", "A: |\n  one\n  two\n": "one\ntwo\n", "A: 'x'": "x",
	} {
		if values, err := project.Secrets("c.age", []byte(text)); err != nil || values["A"] != want {
			t.Errorf("%q: %q, %v; want %q: a credential is a text, whatever YAML takes it for", text, values["A"], err, want)
		}
	}
	if values, err := project.Secrets("c.age", []byte("# none yet\n")); values != nil || err != nil {
		t.Errorf("an empty file: %v, %v", values, err)
	}
}

// What a target says of bundles that don't have it is found in zis.yml.
func TestTargetBesideTheBundles(t *testing.T) {
	p, err := read(t, `targets:
  acme:
    subdomain: acme
    integration: acme_crm
    via: app
    job-specs: [on_craeted, "zis:acme_crm:job_spec:on_changed", "zis:other:job_spec:on_changed"]
    vars: {CHANEL: x, ROOM: y}
    secret-vars: [TOKEN, OLD]
    accept:
      - {pointer: /a, bundle: cor, reason: x, until: 2027-01-31}
      - {pointer: /a, bundle: core, reason: x, until: 2027-01-31}
`)
	if err != nil {
		t.Fatal(err)
	}
	acme := p.Target("acme")
	found := acme.Unknown([]string{"core"}, []string{"on_created", "on_changed"})
	found = append(found, acme.Refused()...)
	found = append(found, acme.Unused(func(name string) bool { return name == "ROOM" || name == "TOKEN" })...)
	want := `zis.yml:6:17: no bundle has a job spec "on_craeted" (did you mean "on_created"?)
zis.yml:6:65: no bundle has a job spec "zis:other:job_spec:on_changed" (there is: on_created, on_changed)
zis.yml:10:31: no bundle is called "cor" (did you mean "core"?)
zis.yml:8:19: a release in an app (via: app) holds no secret: it will be refused (keep it in a connection of the account; what an app carries can be read by everybody)
zis.yml:8:26: a release in an app (via: app) holds no secret: it will be refused (keep it in a connection of the account; what an app carries can be read by everybody)
zis.yml:7:12: a value is given for "CHANEL", but no {{CHANEL}} is in the bundle (remove the value, or correct its name)
zis.yml:8:26: a value is given for "OLD", but no {{OLD}} is in the bundle (remove the value, or correct its name)`
	if got := project.Errors(found).Error(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
