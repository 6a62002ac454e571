// Package scaffold makes the files that a repository of an integration begins
// with: zis.yml, workflows, a test, .gitignore, and the bundle of a template or
// of a file with placeholders of another tool. It reads and writes no files.
package scaffold

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/template"
)

// Start is what a repository begins with.
type Start struct {
	Integration string
	Subdomain   string // of the account; "" if BaseURL names another registry
	BaseURL     string
	ViaApp      bool     // an admin applies what is deployed
	Bundles     []string // paths, in the order in which they are uploaded
	JobSpecs    []string // that are to be on; nil: all
	Vars        []Var
	Secrets     []string // names of secret variables
	Numbers     []string // those of them whose values are numbers
	Tested      bool     // there are cases for zis test
	Action      string   // what workflows have behind zisdeploy/zis-deploy@
}

// Var is a variable of the bundles that may be shown.
type Var struct {
	Name  string
	Value any    // a text or json.Number
	What  string // what it is for; "" if that isn't known
	Open  bool   // nobody has said yet what it is
}

// File is one of the files.
type File struct {
	Path string
	Text []byte
}

// The paths of what every repository gets.
const (
	Config      = "zis.yml"
	Ignore      = ".gitignore"
	PullRequest = ".github/workflows/zis-pull-request.yml"
	Deploy      = ".github/workflows/zis-deploy.yml"
)

// Target is the name of the account in zis.yml.
func (s Start) Target() string {
	if s.Subdomain == "" || s.Subdomain == "local" {
		return "account"
	}
	return s.Subdomain
}

// Files are zis.yml, the workflows and .gitignore.
func (s Start) Files() []File {
	return []File{
		{Config, s.config()},
		{PullRequest, s.workflow("pull-request.yml")},
		{Deploy, s.workflow("deploy.yml")},
		{Ignore, []byte(strings.Join(Ignored, "\n") + "\n")},
	}
}

// Ignored are the lines of .gitignore: what a run keeps here, bundles with
// their credentials among it, and the file that takes secrets.
var Ignored = []string{".zis/", "secrets.env"}

const schema = "https://raw.githubusercontent.com/zisdeploy/zis-deploy/main/schemas/zis.schema.json"

func (s Start) config() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\nbundles: %s\ntargets:\n  %s:\n", schema, list(s.Bundles), scalar(s.Target()))
	if s.Subdomain != "" {
		fmt.Fprintf(&b, "    subdomain: %s\n", scalar(s.Subdomain))
	} else {
		fmt.Fprintf(&b, "    base-url: %s\n", scalar(s.BaseURL))
	}
	fmt.Fprintf(&b, "    integration: %s # no other account in the world may have it\n", scalar(s.Integration))
	fmt.Fprintln(&b, "    credentials: shared # those of this repository, without the target's name behind theirs")
	if s.ViaApp {
		fmt.Fprintln(&b, "    via: app # an administrator applies what is deployed, in a private Zendesk app")
	}
	if s.JobSpecs != nil {
		fmt.Fprintf(&b, "    job-specs: %s\n", jobSpecs(s.JobSpecs))
	}
	if len(s.Vars) > 0 {
		b.WriteString("    vars:\n")
	}
	for _, v := range s.Vars {
		fmt.Fprintf(&b, "      %s: %s%s\n", scalar(v.Name), scalar(v.Value), v.comment())
	}
	if len(s.Secrets) > 0 {
		fmt.Fprintf(&b, "    secret-vars: %s # names; the values are secrets of the repository\n", list(s.typed()))
	}
	return []byte(b.String())
}

// typed are the secret variables as zis.yml has them.
func (s Start) typed() []string {
	names := slices.Clone(s.Secrets)
	for i, name := range names {
		if slices.Contains(s.Numbers, name) {
			names[i] += ":="
		}
	}
	return names
}

func (v Var) comment() string {
	switch {
	case v.Open:
		return " # TODO: the value for this account"
	case v.What != "":
		return " # " + v.What
	}
	return ""
}

func jobSpecs(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return list(names)
}

func list(texts []string) string {
	var items []string
	for _, t := range texts {
		items = append(items, scalar(t))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// scalar is a value as YAML: a text that could be read as something else in
// quotes.
func scalar(v any) string {
	text, ok := v.(string)
	if !ok {
		return fmt.Sprint(v)
	}
	if text != "" && strings.Trim(text, plain) == "" && strings.Contains(letters, text[:1]) && !slices.Contains(words, strings.ToLower(text)) {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text
	}
	return string(quoted)
}

// words are what some YAML takes for no text.
var words = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	plain   = letters + "0123456789_-./"
)

// workflow is the text of a workflow for this repository.
func (s Start) workflow(name string) []byte {
	t := template.Must(template.New("").Delims("[[", "]]").ParseFS(files, "workflows/*.yml"))
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, s); err != nil {
		panic(err) // the template is part of the program
	}
	return b.Bytes()
}

// TargetText is the name of the target as YAML.
func (s Start) TargetText() string { return scalar(s.Target()) }

// Floats tells whether workflows take whatever v1 is at the time.
func (s Start) Floats() bool { return s.Action == "v1" }
