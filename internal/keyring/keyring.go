// Package keyring finds the credentials of many targets: in the environment,
// under names that end in the target's, or in one file encrypted with age.
//
//	ZENDESK_API_TOKEN__GLOBEX   of the target globex
//	SLACK_TOKEN__ACME_EU        a secret variable of the target acme-eu
//	ZENDESK_API_TOKEN           of a target that says credentials: shared
//
// The plain name counts only where the target says so: GitHub gives a job the
// repository's secret, silently, where its environment lacks one, and that may
// be another account's.
package keyring

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// KeyName is the variable that holds the key of the encrypted file.
const KeyName = "ZIS_AGE_KEY"

// maxFile bounds the encrypted file and its text, in bytes.
const maxFile = 16 << 20

// Keys are the credentials of a project's targets.
type Keys struct {
	getenv func(string) string
	path   string            // of the encrypted file; "" if there is none
	file   map[string]string // its text; nil without a key
	locked bool              // there is a file, and no key
}

// Open reads the encrypted file that the project names, if the environment has
// its key. Without the key the file counts as locked, which is told where
// something is missing: who only validates needs none.
func Open(fsys fs.FS, p *project.Project, getenv func(string) string) (*Keys, error) {
	k := &Keys{getenv: getenv, path: p.CredentialsFile.Value}
	if k.path == "" {
		return k, nil
	}
	key := getenv(KeyName)
	if key == "" {
		k.locked = true
		return k, nil
	}
	identities, err := age.ParseIdentities(strings.NewReader(key))
	if err != nil { // the cause could quote the key
		return nil, refused("it is a line that begins with AGE-SECRET-KEY-1", "%s is no key of age", KeyName)
	}
	text, err := decrypt(fsys, p.CredentialsFile, identities)
	if err != nil {
		return nil, err
	}
	if k.file, err = project.Secrets(k.path, text); err != nil {
		return nil, refused("decrypt it and look at that line", "%w", err)
	}
	return k, k.known(p)
}

func refused(next, format string, args ...any) error {
	return verdict.Errorf(verdict.InvalidInput, next, format, args...)
}

func decrypt(fsys fs.FS, file project.Text, identities []age.Identity) ([]byte, error) {
	path := file.Value
	f, err := fsys.Open(path)
	if err != nil {
		return nil, refused("correct credentials-file in zis.yml", "the file of credentials (%s) can't be read: %w", file.At, err)
	}
	defer f.Close()
	var sealed io.Reader = io.LimitReader(f, maxFile)
	if raw, err := io.ReadAll(sealed); err != nil {
		return nil, refused("", "the file of credentials (%s) can't be read: %w", file.At, err)
	} else if text := string(raw); strings.HasPrefix(strings.TrimSpace(text), armor.Header) {
		sealed = armor.NewReader(strings.NewReader(text))
	} else {
		sealed = strings.NewReader(text)
	}
	open, err := age.Decrypt(sealed, identities...)
	if err != nil {
		return nil, refused("encrypt it for the public key of "+KeyName+": age --encrypt --recipient age1… --output "+path, "%s can't be decrypted with %s: %w", path, KeyName, err)
	}
	text, err := io.ReadAll(io.LimitReader(open, maxFile+1))
	if err != nil || len(text) > maxFile {
		return nil, refused("", "%s is cut off, or larger than %d bytes", path, maxFile)
	}
	return text, nil
}

// credentials are their names, before the target's ending.
var credentials = []string{"ZIS_OAUTH_TOKEN", "ZENDESK_API_TOKEN", "ZENDESK_EMAIL", "ZENDESK_OAUTH_TOKEN", "ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"}

// known refuses names of the encrypted file that nothing asks for: a slip
// would leave a target without its credentials, or with those of another.
func (k *Keys) known(p *project.Project) error {
	targets := make(map[string]*project.Target, len(p.Targets))
	plain := map[string]bool{} // that targets with credentials: shared may be given
	for i := range p.Targets {
		t := &p.Targets[i]
		targets[project.Suffix(t.Name.Value)] = t
		if t.Shared {
			for _, name := range asked(t) {
				plain[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(k.file)) {
		if plain[name] {
			continue
		}
		if err := k.knownOf(name, targets); err != nil {
			return err
		}
	}
	return nil
}

// asked are the names without an ending that a target has values for.
func asked(t *project.Target) []string {
	list := slices.Clone(credentials)
	for _, s := range t.SecretVars {
		list = append(list, s.Value)
	}
	return list
}

// knownOf refuses a name that is not of one of the targets, by their endings.
// A target's name may hold two underscores itself.
func (k *Keys) knownOf(name string, targets map[string]*project.Target) error {
	if !strings.Contains(name, "__") {
		return refused("names end in two underscores and the target's name in capitals", "%s has the name %q, which only a target with credentials: shared could ask for, and none does", k.path, name)
	}
	var whose *project.Target
	for i := range name {
		t := targets[name[i:]]
		switch {
		case t == nil:
		case slices.Contains(asked(t), name[:i]):
			return nil
		default:
			whose = t
		}
	}
	if whose == nil {
		i := strings.Index(name, "__")
		return refused(nameHint(name[:i]+english.Nearest(name[i:], slices.Sorted(maps.Keys(targets)))), "%s has the name %q, and no target is called so", k.path, name)
	}
	suffix := project.Suffix(whose.Name.Value)
	return refused(nameHint(english.Nearest(strings.TrimSuffix(name, suffix), asked(whose))+suffix),
		"%s has the name %q, which is neither a credential nor a secret variable of the target %q", k.path, name, whose.Name.Value)
}

// nameHint suggests a name, if it has both of its parts.
func nameHint(name string) string {
	if i := strings.Index(name, "__"); i > 0 && i+2 < len(name) {
		return "did you mean " + name + "?"
	}
	return "names end in two underscores and the target's name in capitals"
}

// lookup finds the value of a name for a target, and the name under which it
// was found; both "" if there is none. Two values that differ are an error.
func (k *Keys) lookup(t *project.Target, name string) (value, from string, err error) {
	names := []string{name + project.Suffix(t.Name.Value)}
	if t.Shared {
		names = append(names, name)
	}
	for _, n := range names {
		env, filed := k.getenv(n), k.file[n]
		if env != "" && filed != "" && env != filed {
			return "", "", refused("remove one of them", "the environment and %s have different values for %s", k.path, n)
		}
		if env != "" {
			return env, n, nil
		}
		if filed != "" {
			return filed, n + " in " + k.path, nil
		}
	}
	return "", "", nil
}

// Found are the credentials of one target, and where each came from.
type Found struct {
	registry.Credentials
	From map[registry.Kind]string
}

// Of finds the credentials of a target. That there are none is no error here:
// Missing tells what to give.
func (k *Keys) Of(t *project.Target) (Found, error) {
	f := Found{From: map[registry.Kind]string{}}
	var err error
	get := func(name string, kind registry.Kind) registry.Secret {
		value, from, e := k.lookup(t, name)
		if e != nil {
			err = e
		}
		if from != "" {
			f.From[kind] = from
		}
		return registry.Secret(value)
	}
	f.APIToken = get("ZENDESK_API_TOKEN", registry.APIToken)
	f.ZISToken = get("ZIS_OAUTH_TOKEN", registry.ZISToken)
	f.OAuthToken = get("ZENDESK_OAUTH_TOKEN", registry.OAuthToken)
	f.ClientID = get("ZENDESK_CLIENT_ID", registry.ClientToken).Reveal()
	f.ClientSecret = get("ZENDESK_CLIENT_SECRET", registry.ClientToken) // the name of the secret tells more
	if from := f.From[registry.ClientToken]; from != "" {
		f.From[registry.ClientZISToken] = from
	}
	email, _, e := k.lookup(t, "ZENDESK_EMAIL")
	if e != nil {
		err = e
	}
	if email == "" { // no secret: an address without its token opens nothing
		email = k.getenv("ZENDESK_EMAIL")
	}
	f.Email = email
	return f, err
}

// Missing is the error of a target without credentials, or with half of one.
func (k *Keys) Missing(t *project.Target) error {
	suffix := project.Suffix(t.Name.Value)
	if f, err := k.Of(t); err != nil {
		return err
	} else if err := f.Complete(); err != nil {
		return refused("names of this target's credentials end in "+suffix, "of the target %q, %w", t.Name.Value, err)
	}
	var next strings.Builder
	next.WriteString(fmt.Sprintf("set ZIS_OAUTH_TOKEN%[1]s (or ZENDESK_CLIENT_ID%[1]s and ZENDESK_CLIENT_SECRET%[1]s) for reading, ZENDESK_EMAIL%[1]s and ZENDESK_API_TOKEN%[1]s for uploads", suffix))
	for _, plain := range []string{"ZIS_OAUTH_TOKEN", "ZENDESK_API_TOKEN", "ZENDESK_OAUTH_TOKEN", "ZENDESK_CLIENT_SECRET"} {
		if !t.Shared && k.getenv(plain) != "" {
			next.WriteString(fmt.Sprintf("; %s is set, and counts only for targets with credentials: shared", plain))
			break
		}
	}
	if k.locked {
		next.WriteString(fmt.Sprintf("; %s is not read, because %s is not set", k.path, KeyName))
	}
	return &verdict.Error{Reason: verdict.MissingCredentials, Err: fmt.Errorf("no credentials are given for the target %q", t.Name.Value), Next: next.String()}
}

// MissingForApp is the error of a target without a credential that may push an
// app; nil if there is one.
func (k *Keys) MissingForApp(t *project.Target) error {
	f, err := k.Of(t)
	if err != nil || f.ForUpload() != registry.None && f.ForUpload() != registry.ZISToken {
		return err
	}
	return &verdict.Error{
		Reason: verdict.MissingCredentials, Err: fmt.Errorf("no credential is given for the target %q that may push its app: a ZIS OAuth token may not", t.Name.Value),
		Next: fmt.Sprintf("set ZENDESK_CLIENT_ID%[1]s and ZENDESK_CLIENT_SECRET%[1]s", project.Suffix(t.Name.Value)),
	}
}

// Secrets finds the values of a target's secret variables; missing are the
// names that have none.
func (k *Keys) Secrets(t *project.Target) (values map[string]string, missing []string, err error) {
	values = make(map[string]string, len(t.SecretVars))
	for _, s := range t.SecretVars {
		value, _, err := k.lookup(t, s.Value)
		if err != nil {
			return nil, nil, err
		}
		if value == "" {
			missing = append(missing, s.Value)
			continue
		}
		if len(value) < credential.Least {
			return nil, nil, refused("give it as a variable if everybody may see it", "the secret variable %q of the target %q has less than %d characters: it can't be kept out of what is printed",
				s.Value, t.Name.Value, credential.Least)
		}
		values[s.Value] = value
	}
	return values, missing, nil
}

// MissingSecret is the error of a secret variable without a value, where one
// is needed.
func (k *Keys) MissingSecret(t *project.Target, name string) error {
	next := "set it; it is a credential of this target"
	if k.locked {
		next = fmt.Sprintf("set it, or %s: %s is locked", KeyName, k.path)
	}
	return &verdict.Error{
		Reason: verdict.MissingCredentials, Next: next,
		Err: fmt.Errorf("the target %q has no value for the secret variable %q: %s is not set", t.Name.Value, name, name+project.Suffix(t.Name.Value)),
	}
}
