package option

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Files are the bundle files and what is filled into them.
type Files struct {
	Bundle          string   // paths, one a line
	Variables       string   // NAME=VALUE, one a line
	SecretVariables string   // names, one a line
	Vars            []string // NAME=VALUE
	SecretVars      []string // names
	DisableRules    string   // ids of rules, one a line
	Disable         []string // the same
}

func fileRows() []Row {
	return []Row{
		{
			Name: "bundle", Default: "zis/bundle.json", Verbs: slices.Concat(every, doctor, tests), Value: func(v *Values) any { return &v.Bundle },
			Help: "bundle files of one integration, one per line, uploaded in this order",
		},
		{
			Name: "variables", Verbs: slices.Concat(every, doctor, tests), Value: func(v *Values) any { return &v.Variables },
			Help: "NAME=VALUE for the placeholders {{NAME}} of the bundle, one per line",
		},
		{
			Name: "secret-variables", Verbs: slices.Concat(every, doctor, tests), Value: func(v *Values) any { return &v.SecretVariables },
			Help: "names of placeholders whose secret values are in the environment, one per line",
		},
		{
			Name: "disable-rules", Verbs: every, Value: func(v *Values) any { return &v.DisableRules },
			Help: "ids of rules that are not to be reported, one per line; their findings are counted",
		},
		{
			Name: "var", Verbs: slices.Concat(every, doctor, tests), Typed: true, Value: func(v *Values) any { return &v.Vars },
			Help: "`NAME=VALUE` for a placeholder; may be repeated",
		},
		{
			Name: "secret-var", Verbs: slices.Concat(every, doctor, tests), Typed: true, Value: func(v *Values) any { return &v.SecretVars },
			Help: "`NAME` of a placeholder whose secret value is in the environment; may be repeated",
		},
		{
			Name: "disable", Verbs: every, Typed: true, Value: func(v *Values) any { return &v.Disable },
			Help: "`RULE` that is not to be reported; may be repeated",
		},
	}
}

// Paths are the bundle files, those that are given as arguments last.
func (f Files) Paths(args []string) []string { return append(Lines(f.Bundle), args...) }

// Disabled are the ids of the rules that are switched off.
func (f Files) Disabled() []string { return slices.Concat(Lines(f.DisableRules), f.Disable) }

// Plain are the values of placeholders that may be shown.
func (f Files) Plain() (map[string]string, error) {
	values := map[string]string{}
	for _, pair := range slices.Concat(Lines(f.Variables), f.Vars) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, invalid("the variable %q has no value: NAME=VALUE is expected", pair)
		}
		if _, twice := values[name]; twice {
			return nil, invalid("the variable %q is given twice", name)
		}
		values[name] = value
	}
	return values, nil
}

// Secret are the values of placeholders that may not be shown; they come from
// the environment.
func (f Files) Secret(plain map[string]string, getenv func(string) string) (map[string]string, error) {
	values := map[string]string{}
	for _, name := range slices.Concat(Lines(f.SecretVariables), f.SecretVars) {
		if strings.Contains(name, "=") {
			return nil, invalid("a secret variable is given by its name alone; its value comes from the environment, where nobody sees it")
		}
		if _, twice := plain[name]; twice {
			return nil, invalid("%q is given as a variable and as a secret variable", name)
		}
		if values[name] = getenv(name); values[name] == "" {
			return nil, invalid("the environment has no value for the secret variable %q", name)
		}
	}
	return values, nil
}

func invalid(format string, args ...any) error {
	return verdict.Errorf(verdict.InvalidInput, "", format, args...)
}
