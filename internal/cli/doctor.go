package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func (c *command) doctorVerb() *cobra.Command {
	return c.verb("doctor", "[BUNDLE...]", "Try each credential, and look for what the bundles need in the account", c.doctor)
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

func (c *command) doctor(ctx context.Context, args []string) error {
	ctx, cancel := c.limited(ctx)
	defer cancel()
	if c.format != "json" && c.format != "text" {
		return usagef("--format is %q; doctor can do text, json", c.format)
	}
	if c.target == "local" {
		return usagef("the local emulator takes any credential: there is nothing to check")
	}
	needs, err := c.neededBy(args)
	if err != nil {
		return err
	}
	if c.integration == "" && (c.credentials().ZISToken != "" || len(needs) > 0) {
		return usagef("--integration is missing: a ZIS OAuth token and a bundle are of one integration")
	}
	if !c.credentials().Any() {
		return c.missingCredentials()
	}
	base, where, err := c.address()
	if err != nil {
		return err
	}
	found := checkup{Account: where, Integration: c.integration}
	var firstErr error
	for _, p := range c.probes() {
		done, err := c.try(ctx, base, p)
		found.Credentials = append(found.Credentials, done)
		if firstErr == nil {
			firstErr = err
		}
	}
	if err := interrupted(ctx, context.Cause(ctx)); err != nil {
		return err
	}
	found.Abilities = abilities(found.Credentials)
	c.lookFor(ctx, base, needs, &found)
	if err := found.write(c); err != nil {
		return err
	}
	if firstErr != nil {
		return exitError(verdict.ExitCode(firstErr))
	}
	return nil
}

// neededBy reads the bundles, if any are given, for what they need.
func (c *command) neededBy(args []string) ([]deploy.Need, error) {
	if len(args) == 0 && c.bundle == "" {
		return nil, nil
	}
	checked, err := c.check(args, diag.Warning)
	return deploy.Needs(checked.Bundles()), err
}

func (c *command) lookFor(ctx context.Context, base string, needs []deploy.Need, found *checkup) {
	if len(needs) == 0 {
		return
	}
	var supply deploy.Supply
	token := account.Looking(c.credentials())
	reach, err := c.dial(base, token)
	looked := err == nil && token.Any()
	if looked {
		defer reach.Close(ctx)
		supply = deploy.ReadSupply(ctx, reach.Client, c.integration, needs)
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

func (f checkup) write(c *command) error {
	if c.format == "json" {
		enc := json.NewEncoder(c.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(f)
	}
	for _, p := range f.Credentials {
		state := "works"
		if !p.Works {
			state = "FAILS"
		}
		c.tell("%-5s %s (%s): %s", state, p.Kind, english.Join(p.From), p.Detail)
		if p.Next != "" {
			c.tell("      next: %s", p.Next)
		}
		for _, w := range p.Warnings {
			c.tell("      warning: %s", w)
		}
	}
	for _, a := range f.Abilities {
		c.tell("can   %s", a)
	}
	for _, n := range f.Needs {
		c.tell("%-7s %s, for %s", n.State, n.Need, n.Place)
	}
	for _, n := range f.Notes {
		c.tell("note: %s", n)
	}
	if slices.ContainsFunc(f.Credentials, func(p credential) bool { return !p.Works }) {
		c.tell("doctor on %s: a credential does not work", f.Account)
	} else {
		c.tell("doctor on %s: %s", f.Account, english.Plural(len(f.Credentials), "credential")+" tried, none fails")
	}
	return nil
}
