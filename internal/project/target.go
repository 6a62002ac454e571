package project

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

var targetKeys = []key[Target]{
	{"subdomain", func(r *reader, n *yaml.Node, t *Target) { t.Subdomain = r.subdomain(n) }},
	{"base-url", func(r *reader, n *yaml.Node, t *Target) { t.BaseURL = r.baseURL(n) }},
	{"integration", func(r *reader, n *yaml.Node, t *Target) { t.Integration = r.integration(n) }},
	{"ring", func(r *reader, n *yaml.Node, t *Target) { t.Ring = r.name(n, "ring") }},
	{"environment", func(r *reader, n *yaml.Node, t *Target) { t.Environment = r.environment(n) }},
	{"job-specs", func(r *reader, n *yaml.Node, t *Target) { t.JobSpecs = r.jobSpecs(n) }},
	{"vars", func(r *reader, n *yaml.Node, t *Target) { t.Vars = r.vars(n) }},
	{"secret-vars", func(r *reader, n *yaml.Node, t *Target) { t.SecretVars, t.SecretNumbers = r.secretVars(n) }},
	{"via", func(r *reader, n *yaml.Node, t *Target) {
		t.Via = Via(r.oneOf(n, "via", string(API), string(App)).Value)
	}},
	{"protected", func(r *reader, n *yaml.Node, t *Target) { t.Protected = r.truth(n, "protected") }},
	{"credentials", func(r *reader, n *yaml.Node, t *Target) { t.Shared = r.oneOf(n, "credentials", "shared").Value != "" }},
	{"accept", func(r *reader, n *yaml.Node, t *Target) { t.Accept = r.accepted(n) }},
}

// targets reads a mapping from names to targets, or a list of targets with
// names.
func (r *reader) targets(n *yaml.Node) []Target {
	var list []Target
	if n.Kind == yaml.SequenceNode {
		named := append([]key[Target]{{"name", func(r *reader, n *yaml.Node, t *Target) { t.Name = r.name(n, "name") }}}, targetKeys...)
		r.items(n, "targets", func(item *yaml.Node) {
			t := Target{Via: API}
			t.whole = fill(r, item, "a target", named, &t)
			if t.whole && !t.Name.At.Given() {
				r.report(r.at(item), 1, "give name: NAME", "a target has no name")
			}
			list = append(list, t)
		})
		return list
	}
	r.pairs(n, "targets", func(name, value *yaml.Node) {
		t := Target{Via: API, Name: r.name(name, "the name of a target")}
		t.whole = fill(r, value, "the target "+strconv.Quote(cut(name.Value)), targetKeys, &t)
		list = append(list, t)
	})
	return list
}

// maxName bounds the name of a target or ring: it stands in names of jobs,
// files and variables.
const maxName = 64

// name reads the name of a target or ring: letters, digits, ".", "_" and "-".
func (r *reader) name(n *yaml.Node, what string) Text {
	t := r.text(n, what)
	if t.Value == "" {
		return t
	}
	if strings.Trim(t.Value, letters+digits+"._-") != "" || !strings.Contains(letters+digits, t.Value[:1]) || len(t.Value) > maxName {
		r.reportText(t, "at most 64 of letters, digits, . _ and -, a letter or digit first", "%s is %q, which is no name", what, cut(t.Value))
		return Text{At: t.At}
	}
	return t
}

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	letters = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// subdomain keeps anything that could lead a credential to another host out
// of the address.
func (r *reader) subdomain(n *yaml.Node) Text {
	t := r.text(n, "subdomain")
	host := t.Value
	if _, after, isURL := strings.Cut(host, "://"); isURL {
		host, _, _ = strings.Cut(after, "/")
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".zendesk.com")
	switch {
	case t.Value == "":
		return t
	case !validSubdomain(host):
		r.reportText(t, "give the part before .zendesk.com, such as acme", "subdomain is %q, which is none", cut(t.Value))
	case host != strings.ToLower(t.Value):
		r.reportText(t, "give "+host, "subdomain is %q, which is an address", cut(t.Value))
	default:
		return Text{host, t.At}
	}
	return Text{At: t.At}
}

func validSubdomain(s string) bool {
	return s != "" && len(s) <= 63 && strings.Trim(s, lower+digits+"-") == "" && s[0] != '-' && s[len(s)-1] != '-'
}

func (r *reader) baseURL(n *yaml.Node) Text {
	t := r.text(n, "base-url")
	scheme, host, _ := strings.Cut(t.Value, "://")
	if t.Value != "" && (scheme != "https" && scheme != "http" || host == "" || strings.ContainsAny(t.Value, "@?# ")) {
		r.reportText(Text{t.Value, t.At}, "give https://HOST, without credentials", "base-url is no address of a registry")
		return Text{At: t.At}
	}
	return Text{strings.TrimSuffix(t.Value, "/"), t.At}
}

func (r *reader) integration(n *yaml.Node) Text {
	t := r.text(n, "integration")
	if t.Value != "" && (len(t.Value) > 64 || strings.Trim(t.Value, lower+digits+"_-") != "") {
		r.reportText(t, "1 to 64 characters of a-z, 0-9, _ and -", "integration is %q, which is no name of one", cut(t.Value))
		return Text{At: t.At}
	}
	return t
}

// environment reads the name of an environment of GitHub.
func (r *reader) environment(n *yaml.Node) Text {
	t := r.text(n, "environment")
	if len(t.Value) > 255 || strings.ContainsFunc(t.Value, func(c rune) bool { return c < ' ' }) {
		r.reportText(t, "", "environment is no name of an environment")
		return Text{At: t.At}
	}
	return t
}

// jobSpecs reads all, none, or a list of names.
func (r *reader) jobSpecs(n *yaml.Node) []Text {
	if n.Kind == yaml.SequenceNode {
		list := r.texts(n, "job-specs")
		if len(n.Content) == 0 {
			r.report(r.at(n), 2, "write none if no job spec is to be installed", "job-specs is an empty list")
		}
		return list
	}
	return []Text{r.text(n, "job-specs")}
}

func (r *reader) vars(n *yaml.Node) []Var {
	var list []Var
	r.pairs(n, "vars", func(name, value *yaml.Node) {
		list = append(list, Var{Name: Text{name.Value, r.at(name)}, Value: r.value(name.Value, value)})
	})
	return list
}

// value reads the value of a variable. A number keeps its digits, of which it
// may have any number.
func (r *reader) value(name string, n *yaml.Node) any {
	what := "the variable " + strconv.Quote(cut(name))
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
		r.report(r.at(n), len(n.Value), `a text is written "…"`, "%s is %s, and must be a text, a number or a truth value", what, kindOf(n))
	case n.Tag == "!!bool":
		return strings.EqualFold(n.Value, "true")
	case n.Tag == "!!int" || n.Tag == "!!float":
		if !json.Valid([]byte(n.Value)) {
			r.report(r.at(n), len(n.Value), "a text is written in quotes", "%s is %q, which JSON doesn't write so", what, cut(n.Value))
			return nil
		}
		return json.Number(n.Value)
	}
	return n.Value
}

// secretVars reads names. A value in their place would be a secret in the
// repository.
func (r *reader) secretVars(n *yaml.Node) (names []Text, numbers []string) {
	if n.Kind == yaml.MappingNode {
		r.report(r.at(n), 1, "list the names; the values are credentials, and come from the environment or an encrypted file", "secret-vars has values")
		return nil, nil
	}
	names = r.texts(n, "secret-vars")
	for i, t := range names {
		if bare, ok := strings.CutSuffix(t.Value, ":="); ok {
			names[i].Value, numbers = bare, append(numbers, bare)
		}
	}
	return names, numbers
}

var acceptedKeys = []key[Accepted]{
	{"pointer", func(r *reader, n *yaml.Node, a *Accepted) { a.Pointer = r.text(n, "pointer") }},
	{"bundle", func(r *reader, n *yaml.Node, a *Accepted) { a.Bundle = r.text(n, "bundle") }},
	{"reason", func(r *reader, n *yaml.Node, a *Accepted) { a.Reason = r.text(n, "reason") }},
	{"until", func(r *reader, n *yaml.Node, a *Accepted) { a.Until = r.day(n) }},
}

// accepted reads differences that are no drift. Each says why, and until when.
func (r *reader) accepted(n *yaml.Node) []Accepted {
	var list []Accepted
	r.items(n, "accept", func(item *yaml.Node) {
		var a Accepted
		before := len(r.found)
		fill(r, item, "an accepted difference", acceptedKeys, &a)
		if len(r.found) > before {
			return
		}
		switch {
		case !strings.HasPrefix(a.Pointer.Value, "/"):
			r.report(r.at(item), 1, "such as /resources/notify/properties/definition", "an accepted difference needs a pointer that begins with /")
		case a.Reason.Value == "":
			r.report(r.at(item), 1, "", "an accepted difference needs a reason")
		case a.Until.IsZero():
			r.report(r.at(item), 1, "such as until: 2027-01-31", "an accepted difference needs a day until which it is accepted")
		default:
			list = append(list, a)
		}
	})
	return list
}

// day reads 2027-01-31 as the end of that day.
func (r *reader) day(n *yaml.Node) time.Time {
	d, err := time.Parse(time.DateOnly, n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.report(r.at(n), len(n.Value), "", "until is %s; it must be a day such as 2027-01-31", shown(n))
		return time.Time{}
	}
	return d.AddDate(0, 0, 1)
}
