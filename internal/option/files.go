package option

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"

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
			Name: "bundle", Lines: true, Default: "zis/bundle.json", Verbs: slices.Concat(every, doctor, tests), Value: func(v *Values) any { return &v.Bundle },
			Help: "bundle files of one integration, one per line, uploaded in this order",
		},
		{
			Name: "variables", Lines: true, Verbs: slices.Concat(every, doctor, tests), Value: func(v *Values) any { return &v.Variables },
			Help: "NAME=VALUE for the placeholders {{NAME}} of the bundle, NAME:=VALUE for a number, true or false, one per line",
		},
		{
			Name: "secret-variables", Lines: true, Verbs: slices.Concat(every, doctor, tests), Value: func(v *Values) any { return &v.SecretVariables },
			Help: "names of placeholders whose secret values are in the environment, NAME:= for a number, one per line",
		},
		{
			Name: "disable-rules", Lines: true, Verbs: slices.Concat(every, manyTargets), Value: func(v *Values) any { return &v.DisableRules },
			Help: "ids of rules that are not to be reported, one per line; their findings are counted",
		},
		{
			Name: "var", Verbs: slices.Concat(every, doctor, tests, inits), Typed: true, Value: func(v *Values) any { return &v.Vars },
			Help: "`NAME=VALUE` for a placeholder, NAME:=VALUE if it is a number, true or false; may be repeated",
		},
		{
			Name: "secret-var", Verbs: slices.Concat(every, doctor, tests), Typed: true, Value: func(v *Values) any { return &v.SecretVars },
			Help: "`NAME` of a placeholder whose secret value is in the environment, NAME:= if it is a number; may be repeated",
		},
		{
			Name: "disable", Verbs: slices.Concat(every, manyTargets), Typed: true, Value: func(v *Values) any { return &v.Disable },
			Help: "`RULE` that is not to be reported; may be repeated",
		},
	}
}

// Paths are the bundle files, those that are given as arguments last.
func (f Files) Paths(args []string) []string { return append(Lines(f.Bundle), args...) }

// Disabled are the ids of the rules that are switched off.
func (f Files) Disabled() []string { return slices.Concat(Lines(f.DisableRules), f.Disable) }

// Plain are the values of placeholders that may be shown: texts, and those that
// NAME:=VALUE declares to be no text.
func (f Files) Plain() (texts, others map[string]string, err error) {
	texts, others = map[string]string{}, map[string]string{}
	given := map[string]bool{}
	for _, pair := range slices.Concat(Lines(f.Variables), f.Vars) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, nil, invalid("the variable %q has no value: NAME=VALUE is expected", pair)
		}
		into := texts
		if typed, is := strings.CutSuffix(name, ":"); is {
			name, into = typed, others
		}
		if name == "" {
			return nil, nil, invalid("the variable %q has no name: NAME=VALUE is expected", pair)
		}
		if given[name] {
			return nil, nil, invalid("the variable %q is given twice", name)
		}
		given[name], into[name] = true, value
	}
	return texts, others, nil
}

// Secret are the values of placeholders that may not be shown; they come from
// the environment.
func (f Files) Secret(plain map[string]string, getenv func(string) string) (map[string]string, error) {
	values := map[string]string{}
	for _, name := range f.SecretNames() {
		if strings.Contains(name, "=") {
			return nil, invalid("a secret variable is given by its name alone; its value comes from the environment, where nobody sees it")
		}
		if _, twice := plain[name]; twice {
			return nil, invalid("%q is given as a variable and as a secret variable", name)
		}
		if values[name] = cmp.Or(getenv(name), getenv(inEnvironment(name))); values[name] == "" {
			return nil, invalid("the environment has no value for the secret variable %q", name)
		}
		if len(values[name]) < credential.Least {
			return nil, verdict.Errorf(verdict.InvalidInput, "use a longer value, or give it as a variable that may be shown",
				"the secret variable %q has a value of less than %d characters: it would be found in ordinary words, and can't be hidden", name, credential.Least)
		}
	}
	return values, nil
}

// typedSecret stands behind the name of a secret variable that is no text.
const typedSecret = ":="

// SecretNames are the names of the secret variables.
func (f Files) SecretNames() []string {
	var names []string
	for _, name := range slices.Concat(Lines(f.SecretVariables), f.SecretVars) {
		names = append(names, strings.TrimSuffix(name, typedSecret))
	}
	return names
}

// SecretNumbers are those of them that are given as NAME:=, numbers.
func (f Files) SecretNumbers() []string {
	var names []string
	for _, name := range slices.Concat(Lines(f.SecretVariables), f.SecretVars) {
		if bare, ok := strings.CutSuffix(name, typedSecret); ok {
			names = append(names, bare)
		}
	}
	return names
}

// inEnvironment is how the name of a placeholder is written where shells can
// set it: site-name as SITE_NAME.
func inEnvironment(name string) string {
	return strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
}

func invalid(format string, args ...any) error {
	return verdict.Errorf(verdict.InvalidInput, "", format, args...)
}
