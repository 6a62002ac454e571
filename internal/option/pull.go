package option

import "slices"

// Pull is how an integration is made into files.
type Pull struct {
	Into         string
	SecretsOut   string
	Theirs, Mine bool
}

var pulls = []string{"pull"}

func pullRows() []Row {
	return []Row{
		{
			Name: "into", Default: "zis", Verbs: pulls, Value: func(v *Values) any { return &v.Into },
			Help: "pull: the folder for the bundle files",
		},
		{
			Name: "secrets-out", Typed: true, Verbs: slices.Concat(pulls, inits), Value: func(v *Values) any { return &v.SecretsOut },
			Help: "new `FILE` that takes the secrets that were found, as NAME='VALUE'; only its owner can read it",
		},
		{
			Name: "theirs", Default: "false", Typed: true, Verbs: pulls, Value: func(v *Values) any { return &v.Theirs },
			Help: "where a file and the account differ, write what the account holds, in the file's order and form; in a workflow always",
		},
		{
			Name: "mine", Default: "false", Typed: true, Verbs: pulls, Value: func(v *Values) any { return &v.Mine },
			Help: "where a file and the account differ, leave the file",
		},
	}
}
