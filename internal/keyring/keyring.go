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
	text, err := decrypt(fsys, k.path, identities)
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

func decrypt(fsys fs.FS, path string, identities []age.Identity) ([]byte, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, refused("correct credentials-file in zis.yml", "the file of credentials can't be read: %w", err)
	}
	defer f.Close()
	var sealed io.Reader = io.LimitReader(f, maxFile)
	if raw, err := io.ReadAll(sealed); err != nil {
		return nil, refused("", "the file of credentials can't be read: %w", err)
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

// known refuses names of the encrypted file that no target has: a slip would
// leave a target without its credentials, or with those of another.
func (k *Keys) known(p *project.Project) error {
	suffixes := make(map[string]bool, len(p.Targets))
	for i := range p.Targets {
		suffixes[project.Suffix(p.Targets[i].Name.Value)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(k.file)) {
		i := strings.Index(name, "__")
		if i < 0 || suffixes[name[i:]] || ofAny(name, suffixes) {
			continue
		}
		help := "names end in two underscores and the target's name in capitals"
		if near := english.Nearest(name[i:], slices.Sorted(maps.Keys(suffixes))); near != "" {
			help = fmt.Sprintf("did you mean %s%s?", name[:i], near)
		}
		return refused(help, "%s has the name %q, and no target is called so", k.path, name)
	}
	return nil
}

// ofAny: a target's name may hold two underscores itself.
func ofAny(name string, suffixes map[string]bool) bool {
	for i := range name {
		if strings.HasPrefix(name[i:], "__") && suffixes[name[i:]] {
			return true
		}
	}
	return false
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
	f.ClientSecret = get("ZENDESK_CLIENT_SECRET", registry.ClientToken)
	f.ClientID = get("ZENDESK_CLIENT_ID", registry.ClientToken).Reveal()
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

// Missing is the error of a target without credentials.
func (k *Keys) Missing(t *project.Target) error {
	suffix := project.Suffix(t.Name.Value)
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
