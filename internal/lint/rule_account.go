package lint

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Rules that are found when the account is asked.
const (
	RuleMissingConnection = "missing-connection"
	RuleUnfedEvent        = "unfed-event"
	RuleConnectionDomain  = "connection-domain"
	RuleTwinIntegration   = "twin-integration"
)

// accountRules are found by asking the account, not by the walk.
var accountRules = []Rule{
	{
		ID: RuleMissingConnection, Severity: diag.Warning, Evidence: Observed,
		Source:  "docs/platform.md 5.1: a bundle whose action names a missing connection uploads, and its flow refuses to start",
		Summary: "the account lacks a connection that an action names",
	},
	{
		ID: RuleUnfedEvent, Severity: diag.Warning, Evidence: Observed,
		Source:  "docs/platform.md 5.4: inbound webhooks can be listed; the listing is not documented",
		Summary: "no inbound webhook of the account feeds a custom event",
	},
	{
		ID: RuleConnectionDomain, Severity: diag.Warning, Evidence: Documented,
		Source:  "DG/understanding-connections: a request to another host than the connection's allowed_domain fails; the name zendesk is kept for OAuth connections",
		Summary: "a connection of the account can't serve an action that names it",
	},
	{
		ID: RuleTwinIntegration, Severity: diag.Warning, Evidence: Inferred,
		Source:  "docs/platform.md 1.2 and 1.5: nothing deletes an integration, and its installed job specs keep firing",
		Summary: "another integration of the account has a bundle of the same name on the same event",
	},
}

// Connection is what the account tells of a connection.
type Connection struct {
	Name   string
	Type   string // api_key, basic_auth, bearer_token, oauth
	Domain string // allowed_domain; "" of an OAuth connection
}

// Reserved tells whether it has the name that is kept for OAuth connections to
// Zendesk, and is none.
func (c Connection) Reserved() bool { return c.Name == "zendesk" && c.Type != "oauth" }

// Connections compares the account's connections with the actions that name
// them. host is the account's own, to which actions with a path go; "" if it
// isn't known.
func Connections(bundles []*zis.Bundle, all []Connection, host string) (found []diag.Diagnostic) {
	for _, b := range bundles {
		for _, a := range b.Actions {
			n := a.Definition.Get("connectionName")
			name, _ := n.Text()
			i := slices.IndexFunc(all, func(c Connection) bool { return c.Name == name })
			if i < 0 {
				continue
			}
			if message, help := unfit(all[i], hostOf(a.Definition, host)); message != "" {
				found = append(found, b.Doc.Report(n, diag.Warning, RuleConnectionDomain, message, help))
			}
		}
	}
	return found
}

// unfit says why a connection can't serve requests to a host; "" if it can, or
// the host isn't known.
func unfit(c Connection, host string) (message, help string) {
	switch {
	case c.Reserved():
		return fmt.Sprintf("the connection %q is of the type %s, and the name is kept for OAuth connections to Zendesk", c.Name, c.Type), "create it under another name"
	case host != "" && c.Domain != "" && !allows(c.Domain, host):
		return fmt.Sprintf("the connection %q is for %s, and the action calls %s: the request fails", diag.Cut(c.Name, diag.Quoted), diag.Cut(c.Domain, diag.Quoted), diag.Cut(host, diag.Quoted)),
			"a connection's domain can't be changed: create another one for this host"
	}
	return "", ""
}

func allows(domain, host string) bool {
	if suffix, wild := strings.CutPrefix(domain, "*."); wild {
		return strings.EqualFold(host, suffix) || len(host) > len(suffix) && strings.EqualFold(host[len(host)-len(suffix)-1:], "."+suffix)
	}
	return strings.EqualFold(domain, host)
}

// hostOf is the host that an action certainly calls; "" if it is only known
// when the flow runs.
func hostOf(definition *source.Node, own string) string {
	if definition.Get("path") != nil || definition.Get("path.$") != nil {
		return own
	}
	address, ok := definition.Get("url").Text()
	parsed, err := url.Parse(address)
	if !ok || err != nil || strings.ContainsAny(parsed.Host, "{}$%") {
		return ""
	}
	return parsed.Hostname()
}

// Settle looks again at findings, now that the other bundles of the
// integration were read from the account: what one of them has isn't missing,
// and what is nowhere is an error, if all of them could be read.
func Settle(found []diag.Diagnostic, ours, others []*zis.Bundle, all bool) []diag.Diagnostic {
	s := settling{ours, others, all}
	var kept []diag.Diagnostic
	for _, d := range found {
		if s.settle(&d) {
			kept = append(kept, d)
		}
	}
	return kept
}

type settling struct {
	ours, others []*zis.Bundle
	all          bool
}

// settle tells whether a finding still holds, and corrects it.
func (s settling) settle(d *diag.Diagnostic) bool {
	switch d.Rule {
	case "unknown-flow", "unknown-action":
		arn, ok := s.arnAt(d)
		if !ok || arn.Integration == zis.Common || arn.Kind != map[string]string{"unknown-flow": zis.KindFlow, "unknown-action": zis.KindAction}[d.Rule] {
			return true
		}
		if s.has(arn) {
			return false
		}
		if !s.all {
			return true
		}
		d.Severity = diag.Error
		d.Message = fmt.Sprintf("no %s is named %q in these files or in the account", arn.Kind, diag.Cut(arn.Name, diag.Quoted))
	case "no-job-spec":
		return !slices.ContainsFunc(s.others, func(b *zis.Bundle) bool { return len(b.JobSpecs) > 0 })
	case "unstarted-flow", "uncalled-action":
		name := s.textAt(d)
		return !slices.ContainsFunc(s.others, func(b *zis.Bundle) bool { return refersTo(b, name) })
	}
	return true
}

func (s settling) has(arn zis.ARN) bool {
	return slices.ContainsFunc(s.others, func(b *zis.Bundle) bool {
		return slices.ContainsFunc(b.Resources, func(r *zis.Resource) bool { return r.Kind() == arn.Kind && r.Name.Value == arn.Name })
	})
}

func refersTo(b *zis.Bundle, name string) bool {
	for s := range b.ARNs {
		if arn, ok := zis.ParseARN(s.Value); ok && arn.Name == name {
			return true
		}
	}
	return false
}

func (s settling) textAt(d *diag.Diagnostic) string {
	for _, b := range s.ours {
		if b.Doc.File == d.File {
			text, _ := b.Doc.At(d.Pointer).Text()
			return text
		}
	}
	return ""
}

func (s settling) arnAt(d *diag.Diagnostic) (zis.ARN, bool) { return zis.ParseARN(s.textAt(d)) }

// Twin is another integration of the account.
type Twin struct {
	Integration string
	Bundles     []string // names of those it holds
	Events      []string // source/type, of its job specs that are installed
}

// Twins finds the job specs that fires tells of, and that another integration
// doubles: it holds a bundle of the same name, and is started by the same
// event. Which of its bundles the event starts, the lists don't say.
func Twins(bundles []*zis.Bundle, others []Twin, fires func(spec string) bool) (found []diag.Diagnostic) {
	for _, b := range bundles {
		for _, s := range b.JobSpecs {
			for _, t := range others {
				if !fires(s.Name.Value) || !slices.Contains(t.Bundles, b.Name.Value) || !slices.Contains(t.Events, s.Event()) {
					continue
				}
				found = append(found, b.Doc.Report(s.EventType.Node, diag.Warning, RuleTwinIntegration,
					fmt.Sprintf("the integration %q of this account has a bundle %q too, and is started by %s: everything may be done twice",
						diag.Cut(t.Integration, diag.Quoted), diag.Cut(b.Name.Value, diag.Quoted), diag.Cut(s.Event(), diag.Quoted)),
					"if this integration takes its place, uninstall the job specs of that one"))
			}
		}
	}
	return found
}
