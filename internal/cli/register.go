package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

func registerVerb(p *program.Program) *cobra.Command {
	return p.Alone("register", "Register an integration in an account; its name is taken for good", runRegister)
}

// runRegister makes the integration, or finds that the account has it already.
func runRegister(ctx context.Context, p *program.Program) error {
	s, err := connected(p)
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	was := registered(ctx, s.Client(), p.Integration)
	if err := mayRegister(ctx, p, s, was); err != nil {
		return err
	}
	out, err := p.NewSecretFile(p.Out)
	if err != nil {
		return err
	}
	i, err := s.Client().CreateIntegration(ctx, p.Integration, p.Description)
	if err == nil {
		err = isRegistered(ctx, p, s, i, out != nil, was)
	}
	if err != nil {
		return errors.Join(err, out.Discard())
	}
	p.Secrets.Hide(i.OAuthClient.Secret.Reveal())
	if err := out.Keep(clientFile(i)); err != nil {
		return err
	}
	if was == yes {
		p.Tell("%q was registered on %s already, the OAuth client %s", p.Integration, s.Where(), client(i, was))
	} else {
		p.Tell("registered %q on %s, the OAuth client %s", p.Integration, s.Where(), client(i, was))
	}
	if out == nil && i.OAuthClient.Secret != "" {
		p.Note("note: the secret of the OAuth client came with the answer and was not kept (--out FILE keeps it); zis token doesn't need it")
	}
	p.Note("next: zis token --integration %s --out FILE", p.Integration)
	return nil
}

// answer is what the account says to a question that it may not answer.
type answer int

const (
	unknown answer = iota
	yes
	no
)

// registered asks whether the account has the integration.
func registered(ctx context.Context, reg *registry.Client, integration string) answer {
	list, err := reg.Integrations(ctx)
	switch {
	case err != nil:
		return unknown
	case slices.ContainsFunc(list, func(i registry.Integration) bool { return i.Name == integration }):
		return yes
	}
	return no
}

// mayRegister asks a person before a name is taken for good.
func mayRegister(ctx context.Context, p *program.Program, s *account.Session, was answer) error {
	if was == yes || !p.Listens() || p.Yes || p.Target == "local" {
		return nil
	}
	p.Progress.Clear()
	ok, err := p.Confirm(ctx, fmt.Sprintf("Take the name %q on %s, for good? No account can have it then, and it can't be given back.", p.Integration, s.Where()))
	if err == nil && !ok {
		err = verdict.Errorf(verdict.Cancelled, "to register without being asked, give --yes", "not confirmed; nothing was registered")
	}
	return err
}

// isRegistered makes sure that there is what was answered: the integration, in
// the answer or in the list, and the client's secret, if it is to be kept.
func isRegistered(ctx context.Context, p *program.Program, s *account.Session, i registry.Integration, keep bool, was answer) error {
	again := ""
	if was == yes {
		again = " again"
	}
	switch {
	case !i.Confirmed && registered(ctx, s.Client(), p.Integration) != yes:
		return verdict.Errorf(verdict.NotProven, "look at the account's integrations before trying it again",
			"the account accepted %q, and neither its answer nor its list of integrations has it", p.Integration)
	case keep && i.OAuthClient.ID == 0:
		return fmt.Errorf("%q is registered, and the account doesn't tell its OAuth client%s: nothing is written to %s", p.Integration, again, p.Out)
	case keep && i.OAuthClient.Secret == "":
		return fmt.Errorf("%q is registered, and the account shows the secret of its OAuth client masked or not at all: nothing is written to %s", p.Integration, p.Out)
	}
	return nil
}

func client(i registry.Integration, was answer) string {
	switch {
	case i.OAuthClient.ID == 0 && was == yes:
		return "is there already"
	case i.OAuthClient.ID == 0:
		return "is not told"
	}
	return fmt.Sprintf("%s has the id %d", i.OAuthClient.Identifier, i.OAuthClient.ID)
}

// clientFile is what registering returned, the client's secret in it.
func clientFile(i registry.Integration) []byte {
	text, err := json.MarshalIndent(map[string]any{
		"integration": i.Name, "id": i.OAuthClient.ID, "identifier": i.OAuthClient.Identifier, "secret": i.OAuthClient.Secret.Reveal(),
	}, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("client file: %v", err)) // strings and a number only
	}
	return append(text, '\n')
}

// connected is a session for the verbs that have no bundle to check.
func connected(p *program.Program) (*account.Session, error) {
	s := p.Session()
	return s, p.Connect(s)
}
