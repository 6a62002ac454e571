package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/registry"
)

func registerVerb(p *program) *cobra.Command {
	return p.alone("register", "Register an integration in an account; its name is taken for good", runRegister)
}

// runRegister makes the integration, or finds that the account has it already.
func runRegister(ctx context.Context, p *program) error {
	s, err := p.connected()
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	out, err := newSecretFile(p.Out)
	if err != nil {
		return err
	}
	i, err := s.Client().CreateIntegration(ctx, p.Integration, p.Description)
	if err == nil && i.OAuthClient.ID == 0 && out != nil {
		err = fmt.Errorf("%q was registered already, and the account doesn't say its OAuth client again: nothing is written to %s", p.Integration, p.Out)
	}
	if err != nil {
		return errors.Join(err, out.discard())
	}
	p.Secrets.Hide(i.OAuthClient.Secret.Reveal())
	if err := out.keep(clientFile(i)); err != nil {
		return err
	}
	p.tell("registered %q on %s, the OAuth client %s", p.Integration, s.Where(), client(i))
	p.Note("next: zis token --integration %s --out FILE", p.Integration)
	return nil
}

func client(i registry.Integration) string {
	if i.OAuthClient.ID == 0 {
		return "is there already"
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
func (p *program) connected() (*account.Session, error) {
	s := p.session()
	return s, p.connect(s)
}
