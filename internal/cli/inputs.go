package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// options are the values of all flags.
type options struct {
	format, subdomain, target, integration, baseURL string
	bundle, jobSpecs, variables, secretVariables    string
	vars, secretVars                                []string
	disableRules                                    string
	disable                                         []string
	prune, dryRun, detailedExitcode                 bool
	pruneOrphans, allowEmpty, noRollback, timings   bool
	missing                                         string
	journal, planFile, out, description, reportFile string
	pruneLimit, maxRetries, concurrency             int
	timeout, requestTimeout                         time.Duration
}

// input is one row of the table from which flags, the action's inputs and the
// documentation are made.
type input struct {
	name   string
	help   string
	verbs  []string             // that have it as a flag
	value  func(o *options) any // where a flag's value goes; nil: no flag
	def    string
	oneOf  []string // allowed values, if the set is closed
	env    string   // a credential: comes from this variable, never from a flag
	cliUse bool     // a flag that is no input of the action
}

var (
	offline = []string{"validate", "render"}
	online  = []string{"plan", "deploy", "app build", "app push", "verify"}
	every   = slices.Concat(offline, online)
	apps    = []string{"app build", "app push"}

	// setup prepares an account, and has no bundle.
	setup = []string{"register", "token"}
	// reaching has flags for the account and for how it is spoken to.
	reaching = slices.Concat(online, setup, doctor)
	doctor   = []string{"doctor"}
)

// inputs is the one table. The order is that of the documentation.
func inputs() []input {
	return []input{
		{name: "command", def: "validate", oneOf: []string{"validate", "plan", "deploy", "doctor", "register", "token"}, help: "what to do"},
		{
			name: "bundle", def: "zis/bundle.json", verbs: slices.Concat(every, doctor), value: func(o *options) any { return &o.bundle },
			help: "bundle files of one integration, one per line, uploaded in this order",
		},
		{
			name: "target", verbs: reaching, value: func(o *options) any { return &o.target }, oneOf: []string{"", "local"},
			help: "`local` uses the built-in emulator, its state in .zis/local.json",
		},
		{
			name: "subdomain", verbs: reaching, value: func(o *options) any { return &o.subdomain },
			help: "the account: SUBDOMAIN.zendesk.com (or ZENDESK_SUBDOMAIN)",
		},
		{
			name: "integration", verbs: slices.Concat(every, setup, doctor), value: func(o *options) any { return &o.integration },
			help: "name of the integration in that account; the bundle's ARNs are rewritten to it",
		},
		{
			name: "base-url", verbs: reaching, value: func(o *options) any { return &o.baseURL },
			help: "another registry instead of https://SUBDOMAIN.zendesk.com; credentials go over plain HTTP to this machine only",
		},
		{
			name: "job-specs", def: "all", verbs: online, value: func(o *options) any { return &o.jobSpecs },
			help: "job specs to install: `all`, `none`, or names, one per line",
		},
		{
			name: "variables", verbs: slices.Concat(every, doctor), value: func(o *options) any { return &o.variables },
			help: "NAME=VALUE for the placeholders {{NAME}} of the bundle, one per line",
		},
		{
			name: "secret-variables", verbs: slices.Concat(every, doctor), value: func(o *options) any { return &o.secretVariables },
			help: "names of placeholders whose secret values are in the environment, one per line",
		},
		{
			name: "disable-rules", verbs: every, value: func(o *options) any { return &o.disableRules },
			help: "ids of rules that are not to be reported, one per line; their findings are counted",
		},
		{
			name: "prune", def: "false", verbs: online, value: func(o *options) any { return &o.prune },
			help: "uninstall job specs that the bundle had and has no longer",
		},
		{
			name: "prune-limit", def: "5", verbs: online, value: func(o *options) any { return &o.pruneLimit },
			help: "refuse to uninstall more job specs than this",
		},
		{
			name: "prune-orphans", def: "false", verbs: online, value: func(o *options) any { return &o.pruneOrphans },
			help: "with prune: also installed job specs that are in no bundle of the integration",
		},
		{
			name: "allow-empty", def: "false", verbs: online, value: func(o *options) any { return &o.allowEmpty },
			help: "prune although the bundles have no job specs",
		},
		{
			name: "plan-file", verbs: online, value: func(o *options) any { return &o.planFile },
			help: "plan: write the plan to this file; deploy: refuse if the plan is no longer the one in this file",
		},
		{
			name: "report-file", verbs: slices.Concat(offline[:1], online), value: func(o *options) any { return &o.reportFile },
			help: "write what was found and done to this file, as JSON (schemas/report.schema.json)",
		},
		{
			name: "no-rollback", def: "false", verbs: []string{"deploy"}, value: func(o *options) any { return &o.noRollback },
			help: "leave a failed deploy as it is, instead of bringing the former state back",
		},
		{
			name: "timeout", def: "10m", verbs: reaching, value: func(o *options) any { return &o.timeout },
			help: "for the whole run; running out of it is a failure",
		},
		{
			name: "request-timeout", def: "30s", verbs: reaching, value: func(o *options) any { return &o.requestTimeout },
			help: "for each request",
		},
		{
			name: "max-retries", def: "4", verbs: reaching, value: func(o *options) any { return &o.maxRetries },
			help: "how often a request is repeated; a write only if it had no effect",
		},
		{
			name: "concurrency", def: "4", verbs: online, value: func(o *options) any { return &o.concurrency },
			help: "requests at a time; halved when the registry asks for patience",
		},
		{
			name: "dry-run", def: "false", verbs: []string{"deploy"}, value: func(o *options) any { return &o.dryRun },
			help: "do everything but write",
		},
		{
			name: "missing-credentials", def: "fail", verbs: online, value: func(o *options) any { return &o.missing }, oneOf: []string{"fail", "skip"},
			help: "`skip`: without credentials, as on pull requests of forks, check the files and pass with the result `skipped`",
		},
		{
			name: "superseded", def: "fail", oneOf: []string{"fail", "skip", "allow"},
			help: "what a deploy does on a push whose commit is no longer the head of its branch, as when an old run is repeated: `fail`, `skip`, or `allow` it",
		},
		{
			name: "allow-pr-deploy", def: "false", oneOf: []string{"true", "false"},
			help: "let pull request events write to an account; without it a deploy fails there with `invalid-input`",
		},
		{
			name: "comment", def: "auto", oneOf: []string{"auto", "always", "never"},
			help: "comment on the pull request, one for each target, kept up to date: `auto` (on a change or failure, or when there is one), `always`, `never`",
		},
		{
			name: "working-directory", def: ".",
			help: "directory in the workspace that the paths in bundle are relative to",
		},
		{name: "zendesk-email", env: "ZENDESK_EMAIL", help: "email address of the API token's admin"},
		{name: "zendesk-api-token", env: "ZENDESK_API_TOKEN", help: "API token: the upload accepts nothing else"},
		{name: "zis-oauth-token", env: "ZIS_OAUTH_TOKEN", help: "OAuth token of the integration: reads, installs and uninstalls"},
		{name: "zendesk-client-id", env: "ZENDESK_CLIENT_ID", help: "identifier of a confidential OAuth client of an admin: tokens are minted with it for the run, and revoked"},
		{name: "zendesk-client-secret", env: "ZENDESK_CLIENT_SECRET", help: "its secret: registers, reads, installs and uninstalls; an upload refuses it"},
		{name: "zendesk-oauth-token", env: "ZENDESK_OAUTH_TOKEN", help: "any other OAuth token of an admin: registers and mints tokens; an upload refuses it"},
		{name: "github-token", env: "GITHUB_TOKEN", help: "token of the workflow, for the comment (pull-requests: write) and the check for superseded commits (contents: read)"},

		{
			name: "format", def: "text", verbs: slices.Concat(offline[:1], online, doctor), cliUse: true, value: func(o *options) any { return &o.format },
			oneOf: []string{"text", "json", "sarif", "github"},
			help:  "form of the result: `text`, json, sarif (findings), github (findings as annotations)",
		},
		{
			name: "var", verbs: slices.Concat(every, doctor), cliUse: true, value: func(o *options) any { return &o.vars },
			help: "`NAME=VALUE` for a placeholder; may be repeated",
		},
		{
			name: "secret-var", verbs: slices.Concat(every, doctor), cliUse: true, value: func(o *options) any { return &o.secretVars },
			help: "`NAME` of a placeholder whose secret value is in the environment; may be repeated",
		},
		{
			name: "disable", verbs: every, cliUse: true, value: func(o *options) any { return &o.disable },
			help: "`RULE` that is not to be reported; may be repeated",
		},
		{
			name: "journal", verbs: []string{"deploy"}, cliUse: true, value: func(o *options) any { return &o.journal },
			help: "`FILE` that keeps the former state and the steps done (default below .zis)",
		},
		{
			name: "out", verbs: []string{"plan"}, cliUse: true, value: func(o *options) any { return &o.planFile },
			help: "the same as --plan-file",
		},
		{
			name: "out", verbs: setup, cliUse: true, value: func(o *options) any { return &o.out },
			help: "`FILE` that takes what is secret; it must not exist, and only its owner can read it",
		},
		{
			name: "out", verbs: apps[:1:1], cliUse: true, value: func(o *options) any { return &o.out },
			help: "`FILE` that takes the app's package",
		},
		{
			name: "description", verbs: setup[:1:1], cliUse: true, value: func(o *options) any { return &o.description },
			help: "what the integration is for",
		},
		{
			name: "plan", verbs: []string{"deploy"}, cliUse: true, value: func(o *options) any { return &o.planFile },
			help: "the same as --plan-file",
		},
		{
			name: "timings", def: "false", verbs: online, cliUse: true, value: func(o *options) any { return &o.timings },
			help: "tell how many requests were made, and how long they took",
		},
		{
			name: "detailed-exitcode", def: "false", verbs: []string{"plan"}, cliUse: true, value: func(o *options) any { return &o.detailedExitcode },
			help: "exit with 2 if there are changes",
		},
	}
}

// addFlags defines the flags of a verb.
func (c *command) addFlags(fs *pflag.FlagSet, verb string) {
	fs.SortFlags = false
	for _, in := range inputs() {
		if !slices.Contains(in.verbs, verb) || in.value == nil {
			continue
		}
		switch v := in.value(&c.options).(type) {
		case *bool:
			fs.BoolVar(v, in.name, in.def == "true", in.help)
		case *[]string:
			fs.StringArrayVar(v, in.name, nil, in.help)
		case *int:
			n, _ := strconv.Atoi(in.def)
			fs.IntVar(v, in.name, n, in.help)
		case *time.Duration:
			d, _ := time.ParseDuration(in.def)
			fs.DurationVar(v, in.name, d, in.help)
		case *string:
			fs.StringVar(v, in.name, in.flagDefault(), in.help)
		}
	}
}

// flagDefault is the default of the flag: files are given as arguments on the
// command line, and have no default there.
func (in input) flagDefault() string {
	if in.name == "bundle" {
		return ""
	}
	return in.def
}

// checkChoices refuses a value outside a closed set.
func (c *command) checkChoices() error {
	for _, in := range inputs() {
		if len(in.oneOf) == 0 || in.value == nil {
			continue
		}
		if v, ok := in.value(&c.options).(*string); ok && *v != "" && !slices.Contains(in.oneOf, *v) {
			return usagef("--%s is %q; it can be %s", in.name, *v, listed(in.oneOf))
		}
	}
	return nil
}

func listed(values []string) string {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	return strings.Join(values, ", ")
}

// lines splits a multi-line value; empty lines and # comments don't count.
func lines(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}

// values are the NAME=VALUE pairs of --var and --variables.
func (o *options) values() (map[string]string, error) {
	values := map[string]string{}
	for _, pair := range slices.Concat(lines(o.variables), o.vars) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, usagef("--var %q: NAME=VALUE is expected", pair)
		}
		if _, twice := values[name]; twice {
			return nil, usagef("the variable %q is given twice", name)
		}
		values[name] = value
	}
	return values, nil
}

// secrets are the values of --secret-var and --secret-variables.
func (c *command) secrets(known map[string]string) (map[string]string, error) {
	values := map[string]string{}
	for _, name := range slices.Concat(lines(c.secretVariables), c.secretVars) {
		if strings.Contains(name, "=") {
			return nil, usagef("--secret-var takes a name; its value comes from the environment, where nobody sees it")
		}
		if _, twice := known[name]; twice {
			return nil, usagef("%q is given as a variable and as a secret variable", name)
		}
		if values[name] = c.Getenv(name); values[name] == "" {
			return nil, usagef("the environment has no value for the secret variable %q", name)
		}
	}
	return values, nil
}
