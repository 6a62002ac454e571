package program

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/keyring"
	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// UseTarget has the options say what zis.yml says of the target that they
// name. An option that says something else is refused.
func (p *Program) UseTarget(verb string, args []string) error {
	switch {
	case slices.Contains(option.ManyVerbs, verb):
		return nil
	case p.Account.Target == "" || p.Account.Target == "local":
		return p.useOnly(verb, args)
	}
	z, err := p.Project()
	if err != nil {
		return err
	}
	t := z.Target(p.Account.Target)
	if t == nil {
		return p.NoTarget(z, p.Account.Target)
	}
	p.Named = t
	if p.keys, err = p.Keyring(z); err != nil {
		return err
	}
	if p.found, err = p.keys.Of(t); err != nil {
		return err
	}
	for _, o := range []struct {
		name  string
		given *string
		says  string
	}{
		{"subdomain", &p.Subdomain, t.Subdomain.Value},
		{"base-url", &p.BaseURL, t.BaseURL.Value},
		{"integration", &p.Integration, t.Integration.Value},
	} {
		if *o.given != "" && *o.given != o.says {
			return Usagef("%s is %q, and the target %q has %s (%s): give one of them", p.Option(o.name), *o.given, p.Account.Target, cmp.Or(o.says, "none"), t.Name.At)
		}
		*o.given = o.says
	}
	if err := p.useVia(t); err != nil {
		return err
	}
	return p.useJobSpecs(t)
}

// useVia: that an admin applies it is a property of the target; to upload
// there all the same would only be refused.
func (p *Program) useVia(t *project.Target) error {
	if p.Via == string(project.App) && t.Via == project.API {
		return nil // this once
	}
	p.Via = string(t.Via)
	return nil
}

func (p *Program) useJobSpecs(t *project.Target) error {
	says := strings.Join(Texts(t.JobSpecs), "\n")
	if says == "" {
		return nil
	}
	if p.JobSpecs != "" && p.JobSpecs != "all" && p.JobSpecs != says {
		return Usagef("%s is given, and the target %q has its own (%s): give one of them", p.Option("job-specs"), p.Account.Target, t.JobSpecs[0].At)
	}
	p.JobSpecs = says
	return nil
}

func (p *Program) NoTarget(z *project.Project, name string) error {
	var names []string
	for _, t := range z.Targets {
		names = append(names, t.Name.Value)
	}
	if len(names) == 0 {
		return Usagef("%s is %q, and %s has no targets (only local, the built-in emulator, needs none)", p.Option("target"), name, project.File)
	}
	if near := english.Nearest(name, names); near != "" {
		return Usagef("%s is %q, and %s has no such target; did you mean %q?", p.Option("target"), name, project.File, near)
	}
	return Usagef("%s is %q, and %s has no such target; %s lists them", p.Option("target"), name, project.File, p.called("zis targets", ""))
}

// Keyring opens the credentials of the project's targets, once.
func (p *Program) Keyring(z *project.Project) (*keyring.Keys, error) {
	if p.keys != nil {
		return p.keys, nil
	}
	keys, err := keyring.Open(p.Workspace.FS(), z, p.Getenv)
	p.Hide(strings.Fields(p.Getenv(keyring.KeyName))...)
	return keys, err
}

// guard refuses to write to a protected target unless that was said.
func (p *Program) guard(verb string) error {
	if p.Named == nil || !p.Named.Protected || p.AllowProtected || p.DryRun || !slices.Contains(option.Writing, verb) {
		return nil
	}
	return verdict.At(verdict.Check, Protected(p.Named))
}

func Protected(targets ...*project.Target) error {
	var names []string
	for _, t := range targets {
		names = append(names, t.Name.Value)
	}
	return &verdict.Error{
		Reason: verdict.ProtectedTarget,
		Err:    fmt.Errorf("%s protected (%s): nothing was written", is(names), targets[0].Name.At),
		Hint:   verdict.Hint{Code: verdict.SwitchOn, Of: "allow-protected"},
	}
}

func is(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("the target %q is", names[0])
	}
	return fmt.Sprintf("%d targets (%s) are", len(names), strings.Join(names[:min(5, len(names))], ", "))
}

// BundlePaths are the bundle files that are given, or those of zis.yml.
func (p *Program) BundlePaths(args []string) ([]string, error) {
	z, err := p.Project()
	if err != nil {
		return nil, err
	}
	given, ours := p.Files.Paths(args), Texts(z.Bundles)
	if p.Workflow != nil && slices.Equal(given, []string{path.Join(p.Directory, option.Find("bundle").Default)}) && len(ours) > 0 {
		given = nil // the input has its default: nobody has given it
	}
	switch {
	case len(given) == 0:
		return ours, nil
	case p.Named != nil && len(ours) > 0 && !sameFiles(given, ours):
		return nil, Usagef("bundle files are given, and %s has others (%s): give one of them", project.File, z.Bundles[0].At)
	}
	return given, nil
}

// sameFiles compares paths that may be written differently.
func sameFiles(a, b []string) bool {
	return slices.EqualFunc(a, b, func(a, b string) bool { return path.Clean(a) == path.Clean(b) })
}

func Texts(list []project.Text) []string {
	var values []string
	for _, t := range list {
		values = append(values, t.Value)
	}
	return values
}

// CheckTargets checks the project's bundles for every target, if the project
// has both and the call is about nothing else; done tells whether it was.
func (p *Program) CheckTargets(args []string) (result check.Result, done bool, err error) {
	z, err := p.Project()
	if err != nil || len(z.Targets) == 0 || len(z.Bundles) == 0 || p.Account.Target != "" || p.Integration != "" || p.Variables+p.SecretVariables != "" || len(p.Vars)+len(p.SecretVars) > 0 {
		return check.Result{}, false, err
	}
	if given := p.Files.Paths(args); len(given) > 0 && !sameFiles(given, Texts(z.Bundles)) {
		return check.Result{}, false, nil
	}
	files, err := p.Bundles(Texts(z.Bundles))
	if err != nil {
		return check.Result{}, false, err
	}
	disable, err := p.DisabledRules()
	if err != nil {
		return check.Result{}, false, err
	}
	result = fleet.Check(p.Parse(files), z.All(), disable)
	return result, true, result.Err()
}

// CheckFor checks the bundles for the target that is named. Values of its
// secret variables are not needed.
func (p *Program) CheckFor(paths []string) (check.Result, error) {
	files, err := p.Bundles(paths)
	if err != nil {
		return check.Result{}, err
	}
	disable, err := p.DisabledRules()
	if err != nil {
		return check.Result{}, err
	}
	result := fleet.Check(p.Parse(files), []*project.Target{p.Named}, disable)
	return result, result.Err()
}

// targetValues puts the values of the target into those that are given.
func (p *Program) targetValues(values *render.Values) error {
	if p.only != nil {
		p.onlyValues(values)
	}
	if p.Named == nil {
		return nil
	}
	values.Declared = p.Named.Declared()
	for _, v := range p.Named.Vars {
		if given, ok := values.Given()[v.Name.Value]; ok && given != fmt.Sprint(v.Value) {
			return Usagef("the variable %q is given, and the target %q has another value (%s): give one of them", v.Name.Value, p.Account.Target, v.Name.At)
		}
		values.Set(v.Name.Value, v.Value)
	}
	return nil
}

// standIn stands for a secret that isn't given where nothing is uploaded. It is
// an ordinary word, and not hidden wherever else it stands.
const standIn = "secret"

// targetSecrets puts the values of the target's secret variables into those
// that are given. One that is missing is an error, unless nothing is uploaded.
func (p *Program) targetSecrets(secrets map[string]string) error {
	if p.only != nil {
		p.onlySecrets(secrets)
	}
	if p.Named == nil {
		return nil
	}
	values, missing, err := p.keys.Secrets(p.Named)
	if err != nil {
		return err
	}
	maps.Copy(secrets, values)
	for _, name := range missing {
		if secrets[name] != "" {
			continue
		}
		if !p.Offline {
			return p.keys.MissingSecret(p.Named, name)
		}
		secrets[name] = standIn
	}
	return nil
}

// Hide keeps secrets out of all that is written, and has the runner mask each
// of them.
func (p *Program) Hide(secrets ...string) {
	p.Secrets.Hide(secrets...)
	if p.Workflow == nil {
		return
	}
	for _, s := range secrets {
		if s != "" {
			p.Workflow.Mask(s)
		}
	}
}

// HideSecrets hides the credentials and secret values of all targets, each
// singly, before anything is asked.
func (p *Program) HideSecrets(keys *keyring.Keys, targets []*project.Target) {
	var all []string
	for _, t := range targets {
		found, _ := keys.Of(t) // an error is told where the target is worked on
		for _, s := range found.Secrets() {
			all = append(all, s.Reveal())
		}
		values, _, _ := keys.Secrets(t)
		for _, v := range values {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	p.Hide(slices.Compact(all)...)
}
