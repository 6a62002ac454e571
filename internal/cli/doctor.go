package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

func doctorVerb(p *program.Program) *cobra.Command {
	return p.Verb("doctor", "[BUNDLE...]", "Try each credential, and look for what the bundles need in the account", runDoctor)
}

// checkup is what zis doctor finds.
type checkup struct {
	Account     string       `json:"account"`
	Integration string       `json:"integration,omitempty"`
	Credentials []credential `json:"credentials"`
	Abilities   []ability    `json:"abilities"`
	Needs       []needState  `json:"needs,omitempty"` // of the bundles, if any are given
	Unfit       []unfit      `json:"unfit,omitempty"` // connections that are there
	Notes       []string     `json:"notes,omitempty"`
}

// unfit is a connection that can't serve an action which names it.
type unfit struct {
	Place   string `json:"place"` // path:line:column of the name
	Problem string `json:"problem"`
	Next    string `json:"next"`
	Fails   bool   `json:"fails"` // each request of the action does
}

type needState struct {
	Need  string `json:"need"`
	Place string `json:"place"` // path:line:column
	State string `json:"state"` // there, missing or unknown
}

func runDoctor(ctx context.Context, p *program.Program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	if p.Format != "json" && p.Format != "text" {
		return program.Usagef("%s is %q; doctor can do text, json", p.Option("format"), p.Format)
	}
	if p.Target == "local" {
		return program.Usagef("the local emulator takes any credential: there is nothing to check")
	}
	bundles, err := given(p, args)
	if err != nil {
		return err
	}
	needs := deploy.Needs(bundles)
	if p.Integration == "" && (p.Credentials().ZISToken != "" || len(needs) > 0) {
		return program.Missing("integration", "the integration is missing: a ZIS OAuth token and a bundle are of one integration")
	}
	if !p.Credentials().Any() {
		return p.MissingCredentials()
	}
	base, where, err := p.Address()
	if err != nil {
		return err
	}
	found := checkup{Account: where, Integration: p.Integration}
	failed := tryEach(ctx, p, base, &found)
	if err := program.Interrupted(ctx, context.Cause(ctx)); err != nil {
		return err
	}
	found.Abilities = abilities(found.Credentials)
	if err := compare(p, bundles, lookFor(ctx, p, base, needs, &found), &found); err != nil {
		return err
	}
	if err := found.write(p); err != nil {
		return err
	}
	switch {
	case failed != nil:
		return program.ExitError(verdict.ExitCode(failed))
	case found.lacks():
		return program.ExitError(verdict.ExitFailed)
	}
	return nil
}

// tryEach tries each credential. Its error is the first one's that fails.
func tryEach(ctx context.Context, p *program.Program, base string, found *checkup) (failed error) {
	for _, one := range probes(p) {
		done, err := try(ctx, p, base, one)
		found.Credentials = append(found.Credentials, done)
		if failed == nil {
			failed = err
		}
	}
	return failed
}

// lacks tells whether something is missing that stops a flow: without a
// connection each of its runs ends before the first state, with one for another
// host its request fails, and without a webhook for its event it never starts.
func (f checkup) lacks() bool {
	return slices.ContainsFunc(f.Needs, func(n needState) bool { return n.State == "missing" }) ||
		slices.ContainsFunc(f.Unfit, func(u unfit) bool { return u.Fails })
}

// given reads the bundles, if any are given.
func given(p *program.Program, args []string) ([]*zis.Bundle, error) {
	if len(args) == 0 && p.Bundle == "" {
		return nil, nil
	}
	checked, err := p.CheckFiles(args, diag.Warning)
	return checked.Bundles(), err
}

// compare looks whether the connections that are there can serve the actions.
func compare(p *program.Program, bundles []*zis.Bundle, supply deploy.Supply, found *checkup) error {
	disable, err := p.DisabledRules()
	failing, reserved := account.Unfit(bundles, supply, found.Account)
	for i, list := range [][]diag.Diagnostic{failing, reserved} {
		kept, _ := lint.Filter(list, disable)
		for _, d := range kept {
			at := d.File.Position(d.Span.Start)
			found.Unfit = append(found.Unfit, unfit{fmt.Sprintf("%s:%d:%d", d.File.Path, at.Line, at.Column), d.Message, d.Help, i == 0})
		}
	}
	return err
}

func lookFor(ctx context.Context, p *program.Program, base string, needs []deploy.Need, found *checkup) (supply deploy.Supply) {
	if len(needs) == 0 {
		return supply
	}
	token := account.Looking(p.Credentials())
	reach, err := dial(p, base, token)
	looked := err == nil && token.Any()
	if looked {
		defer reach.Close(ctx)
		supply = deploy.ReadSupply(ctx, reach.Client, p.Integration, needs)
	} else {
		found.Notes = append(found.Notes, "only a ZIS OAuth token (ZIS_OAUTH_TOKEN) can tell which of these the integration has; zis token mints one")
	}
	for _, err := range supply.Unknown {
		found.Notes = append(found.Notes, err.Error())
	}
	for _, n := range needs {
		met, known := supply.Meets(n)
		state := "missing"
		switch {
		case !looked || !known:
			state = "unknown"
		case met:
			state = "there"
		}
		at := n.Doc.File.Position(n.Node.Span.Start)
		found.Needs = append(found.Needs, needState{n.String(), fmt.Sprintf("%s:%d:%d", n.Doc.File.Path, at.Line, at.Column), state})
	}
	return supply
}

func (f checkup) write(p *program.Program) error {
	if p.Format == "json" {
		return report.WriteJSON(p.Stdout, f)
	}
	for _, c := range f.Credentials {
		state := "works"
		if !c.Works {
			state = "FAILS"
		}
		p.Tell("%-5s %s (%s): %s", state, c.Kind, english.Join(c.From), c.Detail)
		if c.Next != "" {
			p.Tell("      next: %s", c.Next)
		}
		for _, w := range c.Warnings {
			p.Tell("      warning: %s", w)
		}
	}
	for _, a := range f.Abilities {
		p.Tell("can   %s", a)
	}
	for _, n := range f.Needs {
		p.Tell("%-7s %s, for %s", n.State, n.Need, n.Place)
	}
	for _, u := range f.Unfit {
		p.Tell("unfit   %s, for %s", u.Problem, u.Place)
		p.Tell("      next: %s", u.Next)
	}
	for _, n := range f.Notes {
		p.Tell("note: %s", n)
	}
	switch {
	case slices.ContainsFunc(f.Credentials, func(c credential) bool { return !c.Works }):
		p.Tell("doctor on %s: a credential does not work", f.Account)
	case f.lacks():
		p.Tell("doctor on %s: something is missing or unfit, and a flow doesn't run so", f.Account)
	default:
		p.Tell("doctor on %s: %s", f.Account, english.Plural(len(f.Credentials), "credential")+" tried, none fails")
	}
	return nil
}
