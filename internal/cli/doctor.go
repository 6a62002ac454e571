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
	"github.com/zisdeploy/zis-deploy/internal/report"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func doctorVerb(p *program) *cobra.Command {
	return p.verb("doctor", "[BUNDLE...]", "Try each credential, and look for what the bundles need in the account", runDoctor)
}

// checkup is what zis doctor finds.
type checkup struct {
	Account     string       `json:"account"`
	Integration string       `json:"integration,omitempty"`
	Credentials []credential `json:"credentials"`
	Abilities   []ability    `json:"abilities"`
	Needs       []needState  `json:"needs,omitempty"` // of the bundles, if any are given
	Notes       []string     `json:"notes,omitempty"`
}

type needState struct {
	Need  string `json:"need"`
	Place string `json:"place"` // path:line:column
	State string `json:"state"` // there, missing or unknown
}

func runDoctor(ctx context.Context, p *program, args []string) error {
	ctx, cancel := p.Limited(ctx)
	defer cancel()
	if p.Format != "json" && p.Format != "text" {
		return usagef("%s is %q; doctor can do text, json", p.option("format"), p.Format)
	}
	if p.Target == "local" {
		return usagef("the local emulator takes any credential: there is nothing to check")
	}
	needs, err := p.neededBy(args)
	if err != nil {
		return err
	}
	if p.Integration == "" && (p.credentials().ZISToken != "" || len(needs) > 0) {
		return missing("integration", "the integration is missing: a ZIS OAuth token and a bundle are of one integration")
	}
	if !p.credentials().Any() {
		return p.missingCredentials()
	}
	base, where, err := p.address()
	if err != nil {
		return err
	}
	found := checkup{Account: where, Integration: p.Integration}
	var firstErr error
	for _, one := range p.probes() {
		done, err := p.try(ctx, base, one)
		found.Credentials = append(found.Credentials, done)
		if firstErr == nil {
			firstErr = err
		}
	}
	if err := interrupted(ctx, context.Cause(ctx)); err != nil {
		return err
	}
	found.Abilities = abilities(found.Credentials)
	p.lookFor(ctx, base, needs, &found)
	if err := found.write(p); err != nil {
		return err
	}
	switch {
	case firstErr != nil:
		return exitError(verdict.ExitCode(firstErr))
	case found.lacks():
		return exitError(verdict.ExitFailed)
	}
	return nil
}

// lacks tells whether something is missing that stops a flow: without a
// connection each of its runs ends before the first state, and without a
// webhook for its event it never starts.
func (f checkup) lacks() bool {
	return slices.ContainsFunc(f.Needs, func(n needState) bool { return n.State == "missing" })
}

// neededBy reads the bundles, if any are given, for what they need.
func (p *program) neededBy(args []string) ([]deploy.Need, error) {
	if len(args) == 0 && p.Bundle == "" {
		return nil, nil
	}
	checked, err := p.check(args, diag.Warning)
	return deploy.Needs(checked.Bundles()), err
}

func (p *program) lookFor(ctx context.Context, base string, needs []deploy.Need, found *checkup) {
	if len(needs) == 0 {
		return
	}
	var supply deploy.Supply
	token := account.Looking(p.credentials())
	reach, err := p.dial(base, token)
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
}

func (f checkup) write(p *program) error {
	if p.Format == "json" {
		return report.WriteJSON(p.Stdout, f)
	}
	for _, c := range f.Credentials {
		state := "works"
		if !c.Works {
			state = "FAILS"
		}
		p.tell("%-5s %s (%s): %s", state, c.Kind, english.Join(c.From), c.Detail)
		if c.Next != "" {
			p.tell("      next: %s", c.Next)
		}
		for _, w := range c.Warnings {
			p.tell("      warning: %s", w)
		}
	}
	for _, a := range f.Abilities {
		p.tell("can   %s", a)
	}
	for _, n := range f.Needs {
		p.tell("%-7s %s, for %s", n.State, n.Need, n.Place)
	}
	for _, n := range f.Notes {
		p.tell("note: %s", n)
	}
	switch {
	case slices.ContainsFunc(f.Credentials, func(c credential) bool { return !c.Works }):
		p.tell("doctor on %s: a credential does not work", f.Account)
	case f.lacks():
		p.tell("doctor on %s: something is missing without which a flow doesn't run", f.Account)
	default:
		p.tell("doctor on %s: %s", f.Account, english.Plural(len(f.Credentials), "credential")+" tried, none fails")
	}
	return nil
}
