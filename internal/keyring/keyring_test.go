package keyring_test

import (
	"bytes"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/zisdeploy/zis-deploy/internal/keyring"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

const targets = `credentials-file: zis.age
targets:
  globex: {subdomain: globex, integration: crm_g, secret-vars: [SLACK_TOKEN, site-key]}
  acme-eu: {subdomain: acme, integration: crm_a}
  sandbox: {subdomain: sandbox, integration: crm_s, credentials: shared}
`

// seal encrypts a text for a new key.
func seal(t *testing.T, text string, armored bool) (sealed []byte, key string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	var out io.WriteCloser = nopCloser{&b}
	if armored {
		out = armor.NewWriter(&b)
	}
	w, err := age.Encrypt(out, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), id.String()
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func open(t *testing.T, yml string, file []byte, env map[string]string) (*project.Project, *keyring.Keys, error) {
	t.Helper()
	files := fstest.MapFS{project.File: {Data: []byte(yml)}}
	if file != nil {
		files["zis.age"] = &fstest.MapFile{Data: file}
	}
	p, err := project.Read(files, project.File)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keyring.Open(files, p, func(name string) string { return env[name] })
	return p, keys, err
}

func TestAPlainNameCountsOnlyWhereTheTargetSaysSo(t *testing.T) {
	plain := map[string]string{"ZENDESK_API_TOKEN": "of-the-repository", "ZIS_OAUTH_TOKEN": "of-the-repository", "ZENDESK_EMAIL": "admin@example.com", "SLACK_TOKEN": "x"}
	p, keys, err := open(t, targets, nil, plain)
	if err != nil {
		t.Fatal(err)
	}
	globex := p.Target("globex")
	found, err := keys.Of(globex)
	if err != nil || found.Any() {
		t.Fatalf("globex has credentials of another: %v %v", found, err)
	}
	missing := keys.Missing(globex)
	if next := verdict.NextOf(missing, nil); !strings.Contains(next, "ZENDESK_API_TOKEN__GLOBEX") || !strings.Contains(next, "ZIS_OAUTH_TOKEN is set, and counts only for targets with credentials: shared") {
		t.Errorf("what to do: %s", next)
	}
	if values, names, _ := keys.Secrets(globex); len(values) != 0 || len(names) != 2 {
		t.Errorf("a plain secret variable counts: %v %v", values, names)
	}
	if found, _ := keys.Of(p.Target("sandbox")); found.APIToken.Reveal() != "of-the-repository" || found.From[registry.APIToken] != "ZENDESK_API_TOKEN" {
		t.Errorf("sandbox: %v", found.From)
	}
}

func TestNamesEndInTheTargets(t *testing.T) {
	p, keys, err := open(t, targets, nil, map[string]string{
		"ZENDESK_API_TOKEN__ACME_EU": "a", "ZENDESK_EMAIL__ACME_EU": "eu@example.com", "ZENDESK_EMAIL": "other@example.com",
		"ZIS_OAUTH_TOKEN__GLOBEX": "z", "SLACK_TOKEN__GLOBEX": "slack-token", "site-key__GLOBEX": "key-of-the-site",
	})
	if err != nil {
		t.Fatal(err)
	}
	eu, _ := keys.Of(p.Target("acme-eu"))
	if eu.APIToken.Reveal() != "a" || eu.Email != "eu@example.com" || eu.ZISToken != "" {
		t.Errorf("acme-eu: %v %s", eu.From, eu.Email)
	}
	values, missing, err := keys.Secrets(p.Target("globex"))
	if want := map[string]string{"SLACK_TOKEN": "slack-token", "site-key": "key-of-the-site"}; err != nil || len(missing) > 0 || !maps.Equal(values, want) {
		t.Errorf("secrets of globex: %d values, missing %v, %v", len(values), missing, err)
	}
}

func TestCredentialsComeFromAnEncryptedFile(t *testing.T) {
	for _, armored := range []bool{false, true} {
		file, key := seal(t, "ZIS_OAUTH_TOKEN__GLOBEX: from-the-file\nSLACK_TOKEN__GLOBEX: |\n  two\n  lines\nZENDESK_API_TOKEN: shared\n", armored)
		p, keys, err := open(t, targets, file, map[string]string{keyring.KeyName: "# made by age-keygen\n" + key + "\n"})
		if err != nil {
			t.Fatal(err)
		}
		found, _ := keys.Of(p.Target("globex"))
		if found.ZISToken.Reveal() != "from-the-file" || found.From[registry.ZISToken] != "ZIS_OAUTH_TOKEN__GLOBEX in zis.age" || found.APIToken != "" {
			t.Errorf("globex: %v", found.From)
		}
		if values, _, _ := keys.Secrets(p.Target("globex")); values["SLACK_TOKEN"] != "two\nlines\n" {
			t.Error("a value of two lines is another")
		}
		if found, _ := keys.Of(p.Target("sandbox")); found.APIToken.Reveal() != "shared" {
			t.Errorf("sandbox: %v", found.From)
		}
	}
}

func TestWithoutItsKeyTheFileIsLocked(t *testing.T) {
	file, _ := seal(t, "ZIS_OAUTH_TOKEN__GLOBEX: x\n", false)
	p, keys, err := open(t, targets, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if next := verdict.NextOf(keys.Missing(p.Target("globex")), nil); !strings.Contains(next, "zis.age is not read, because ZIS_AGE_KEY is not set") {
		t.Error(next)
	}
}

func TestNothingOfTheFileIsToldInErrors(t *testing.T) {
	const secret = "hunter2hunter2"
	_, other := seal(t, "", false)
	for name, c := range map[string]struct{ text, key, want string }{
		"no YAML":           {"ZIS_OAUTH_TOKEN__GLOBEX: \"" + secret + "\nX", "", "zis.age:"},
		"a list":            {"- " + secret, "", "zis.age:1:1"},
		"an alias":          {"A: *" + secret, "", "zis.age:1:4"},
		"an unknown target": {"ZIS_OAUTH_TOKEN__GLOBX: " + secret, "", "did you mean ZIS_OAUTH_TOKEN__GLOBEX?"},
		"a mapping":         {"globex: {token: " + secret + "}", "", "zis.age:1:9"},
		"an empty value":    {"A:\nB: " + secret, "", "zis.age:1:3"},
		"another key":       {"A: " + secret, other, "can't be decrypted with ZIS_AGE_KEY"},
		"no key":            {"A: " + secret, secret, "ZIS_AGE_KEY is no key of age"},
	} {
		file, key := seal(t, c.text, false)
		if c.key != "" {
			key = c.key
		}
		_, _, err := open(t, targets, file, map[string]string{keyring.KeyName: key})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		told := err.Error() + " " + verdict.NextOf(err, nil)
		if !strings.Contains(told, c.want) || !verdict.IsUsage(err) {
			t.Errorf("%s: %s", name, told)
		}
		if strings.Contains(told, secret) || strings.Contains(told, key) {
			t.Errorf("%s: a secret is told: %s", name, told)
		}
	}
	if _, _, err := open(t, targets, []byte("not encrypted"), map[string]string{keyring.KeyName: other}); err == nil || !strings.Contains(err.Error(), "can't be decrypted") {
		t.Errorf("a file in clear: %v", err)
	}
}

// A name that nothing asks for is a slip, and would be missed where its value
// is needed.
func TestANameOfTheFileThatNothingAsksForIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"a slip in a credential":  {"ZENDESK_API_TOKN__GLOBEX: abcdefgh", `zis.age has the name "ZENDESK_API_TOKN__GLOBEX", which is neither a credential nor a secret variable of the target "globex" did you mean ZENDESK_API_TOKEN__GLOBEX?`},
		"a slip in a secret":      {"SLACK_TOKEEN__GLOBEX: abcdefgh", "did you mean SLACK_TOKEN__GLOBEX?"},
		"a slip in a target":      {"ZENDESK_API_TOKEN__GLOBX: abcdefgh", `and no target is called so did you mean ZENDESK_API_TOKEN__GLOBEX?`},
		"a secret of another":     {"SLACK_TOKEN__ACME_EU: abcdefgh", `nor a secret variable of the target "acme-eu"`},
		"a slip in a shared name": {"ZENDESK_API_TOKN: abcdefgh", "only a target with credentials: shared could ask for"},
		"an ending alone":         {"__GLOBEX: abcdefgh", `the target "globex"`},
	} {
		file, key := seal(t, c.line, false)
		_, _, err := open(t, targets, file, map[string]string{keyring.KeyName: key})
		if err == nil || !strings.Contains(err.Error()+" "+verdict.NextOf(err, nil), c.want) || !verdict.IsUsage(err) {
			t.Errorf("%s: %v %s", name, err, verdict.NextOf(err, nil))
		}
	}
	const double = "credentials-file: zis.age\ntargets:\n  a__b: {subdomain: a, integration: a, secret-vars: [X__Y]}\n  b: {subdomain: b, integration: b, credentials: shared, secret-vars: [P__Q]}\n"
	file, key := seal(t, "ZIS_OAUTH_TOKEN__A__B: abcdefgh\nX__Y__A__B: abcdefgh\nP__Q: abcdefgh\nZENDESK_EMAIL__B: b@example.com\n", false)
	if _, _, err := open(t, double, file, map[string]string{keyring.KeyName: key}); err != nil {
		t.Errorf("names with two underscores: %v", err)
	}
}

func TestTwoValuesThatDifferAreRefused(t *testing.T) {
	file, key := seal(t, "ZIS_OAUTH_TOKEN__GLOBEX: one\n", false)
	p, keys, err := open(t, targets, file, map[string]string{keyring.KeyName: key, "ZIS_OAUTH_TOKEN__GLOBEX": "two"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Of(p.Target("globex")); err == nil || !strings.Contains(err.Error(), "different values for ZIS_OAUTH_TOKEN__GLOBEX") {
		t.Errorf("%v", err)
	}
}

func TestAShortSecretIsRefused(t *testing.T) {
	p, keys, err := open(t, targets, nil, map[string]string{"SLACK_TOKEN__GLOBEX": "abc"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := keys.Secrets(p.Target("globex")); err == nil || !strings.Contains(err.Error(), "less than 6 characters") || strings.Contains(err.Error(), "abc") {
		t.Errorf("%v", err)
	}
}
