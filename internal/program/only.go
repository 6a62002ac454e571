package program

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/option"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/render"
)

// useOnly takes what the only target of zis.yml says where no account of its
// is spoken to: in the local account, and where flows run on this machine. What
// is given otherwise counts more. Bundles that are not those of zis.yml have
// nothing to do with it.
func (p *Program) useOnly(verb string, args []string) error {
	plays := slices.Contains(option.Playing, verb)
	if p.Account.Target != "local" && !plays || verb == "init" {
		return nil
	}
	z, err := p.Project()
	if err != nil || len(z.Targets) != 1 {
		return err
	}
	given := option.Lines(p.Files.Bundle)
	if slices.Contains(option.WithBundles, verb) {
		given = p.Files.Paths(args)
	}
	if len(given) > 0 && !sameFiles(given, Texts(z.Bundles)) {
		return nil
	}
	p.only = &z.Targets[0]
	if p.Integration == "" {
		p.Integration = p.only.Integration.Value
	}
	if says := strings.Join(Texts(p.only.JobSpecs), "\n"); says != "" && (p.JobSpecs == "" || p.JobSpecs == "all") {
		p.JobSpecs = says
	}
	return nil
}

// onlyValues are the variables of the only target that nobody has given.
func (p *Program) onlyValues(values *render.Values) {
	given := values.Given()
	values.Declared = p.only.Declared()
	for _, v := range p.only.Vars {
		if _, ok := given[v.Name.Value]; !ok && !p.isSecret(v.Name.Value) {
			values.Set(v.Name.Value, v.Value)
		}
	}
}

// onlySecrets are the secret variables of the only target: from the
// environment, or a text that says whose value it stands for. No account that
// matters sees it.
func (p *Program) onlySecrets(secrets map[string]string) {
	plain, typed, _ := p.Files.Plain()
	for _, name := range Texts(p.only.SecretVars) {
		_, isPlain := plain[name]
		_, isTyped := typed[name]
		if secrets[name] != "" || isPlain || isTyped {
			continue
		}
		if secrets[name] = p.Getenv(name + project.Suffix(p.only.Name.Value)); secrets[name] == "" {
			secrets[name] = p.Getenv(name)
		}
		if secrets[name] == "" {
			secrets[name] = "local-" + name
		}
	}
}

// TargetVars are the values of the target's variables that may be shown: texts,
// json.Number or bool.
func (p *Program) TargetVars() map[string]any {
	t := p.Named
	if t == nil {
		t = p.only
	}
	vars := map[string]any{}
	if t != nil {
		for _, v := range t.Vars {
			vars[v.Name.Value] = v.Value
		}
	}
	return vars
}

// isSecret tells whether a variable is given as one that may not be shown.
func (p *Program) isSecret(name string) bool {
	return slices.Contains(p.Files.SecretNames(), name)
}
