package start

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/scaffold"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// local is the built-in account.
const local = "local"

// ask asks on a terminal for what no flag says; elsewhere what is missing is
// refused.
func (b *beginning) ask(ctx context.Context) error {
	if b.Account.Target == local && b.Subdomain == "" {
		b.Subdomain = local
	}
	b.Subdomain = cmp.Or(b.Subdomain, b.Getenv("ZENDESK_SUBDOMAIN"))
	if b.Listens() {
		if err := b.askAll(ctx); err != nil {
			return err
		}
	}
	if b.Origin == "" {
		return program.Usagef("nothing says what the repository begins with: give --from account, --from FILE, %s", strings.Replace(names(), "one", "--from with one", 1))
	}
	return b.checkNames()
}

func (b *beginning) askAll(ctx context.Context) error {
	if b.Origin == "" {
		b.line("What does the repository begin with?")
		b.line("  account          what an integration of the account runs now")
		for _, t := range scaffold.Templates() {
			b.line("  %-16s %s", t.Name, t.Title)
		}
		b.line("  or the path of a bundle file")
	}
	for _, q := range []struct {
		what string
		into *string
		best func() string
	}{
		{"From", &b.Origin, b.likelyOrigin},
		{"Subdomain of the account (SUBDOMAIN.zendesk.com)", &b.Subdomain, func() string { return "" }},
		{"Name of the integration", &b.Integration, b.likelyIntegration},
	} {
		if *q.into != "" || q.into == &b.Subdomain && b.BaseURL != "" {
			continue
		}
		answer, err := b.answer(ctx, q.what, q.best())
		if err != nil {
			return err
		}
		*q.into = answer
	}
	return b.askVia(ctx)
}

// askVia asks who deploys, where no API token shows it: nobody can make a new
// one.
func (b *beginning) askVia(ctx context.Context) error {
	if b.By != "" || b.Getenv("ZENDESK_API_TOKEN") != "" {
		return nil
	}
	answer, err := b.answer(ctx, "How the workflow deploys: api, with an API token, or app, an administrator in a Zendesk app", "api")
	if err != nil {
		return err
	}
	if answer != "api" && answer != "app" {
		return program.Usagef("the answer is %q; it can be api or app", answer)
	}
	b.By = answer
	return nil
}

// likelyOrigin is account where its credentials are given.
func (b *beginning) likelyOrigin() string {
	if b.Credentials().Any() {
		return fromAccount
	}
	return scaffold.Templates()[0].Name
}

// likelyIntegration is the one that the bundle file names.
func (b *beginning) likelyIntegration() string {
	text, err := b.Workspace.Read(b.Origin, source.MaxBytes)
	if err != nil {
		return ""
	}
	doc, _ := source.Parse(diag.NewFile(b.Origin, text))
	if doc == nil {
		return ""
	}
	for s := range zis.Read(doc).ARNs {
		if arn, ok := zis.ParseARN(s.Value); ok && arn.Integration != zis.Common && zis.ValidIntegration(arn.Integration) {
			return arn.Integration
		}
	}
	return ""
}

// answer asks one question; an empty answer is the best guess.
func (b *beginning) answer(ctx context.Context, what, best string) (string, error) {
	question := what
	if best != "" {
		question += fmt.Sprintf(" [%s]", report.Plain(best))
	}
	line, err := b.Ask(ctx, question+": ")
	return cmp.Or(line, best), err
}

func (b *beginning) line(format string, args ...any) {
	fmt.Fprintf(b.Stderr, format+"\n", args...)
}

// askVars settles the variables of the bundle: on a terminal each that nobody
// has given is asked for.
func (b *beginning) askVars(ctx context.Context, vars []scaffold.Var) error {
	if err := b.unusedVars(vars); err != nil {
		return err
	}
	for i, v := range vars {
		if text, ok := b.typed[v.Name]; ok {
			vars[i].Value, _ = render.Typed(text)
		}
		if _, given := b.known[v.Name]; given || !b.Listens() {
			continue
		}
		what := "Value of {{" + v.Name + "}}"
		if v.What != "" {
			what += ", " + v.What
		}
		line, err := b.answer(ctx, what, fmt.Sprint(v.Value))
		if err != nil {
			return err
		}
		if line == fmt.Sprint(v.Value) {
			continue
		}
		vars[i].Open = false
		if _, number := v.Value.(json.Number); number && json.Valid([]byte(line)) {
			vars[i].Value = json.Number(line)
		} else {
			vars[i].Value = line
		}
	}
	b.start.Vars = vars
	return nil
}

// unusedVars refuses values that are given for nothing: a slip would leave
// another variable without its value.
func (b *beginning) unusedVars(vars []scaffold.Var) error {
	var known []string
	for _, v := range vars {
		known = append(known, v.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(b.known)) {
		if slices.Contains(known, name) || name == "integration" || name == "subdomain" {
			continue
		}
		if len(known) == 0 {
			return program.Usagef("a value is given for %q, and the bundle has no variables", name)
		}
		return program.Usagef("a value is given for %q, and the bundle has only %s", name, english.Join(known))
	}
	return nil
}
