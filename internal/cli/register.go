package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/report"
)

func (c *command) registerVerb() *cobra.Command {
	return c.alone("register", "Register an integration in an account; its name is taken for good", c.register)
}

// alone makes a verb that takes no arguments.
func (c *command) alone(name, short string, run func(context.Context) error) *cobra.Command {
	cmd := c.verb(name, "", short, func(ctx context.Context, _ []string) error {
		ctx, cancel := c.limited(ctx)
		defer cancel()
		return interrupted(ctx, run(ctx))
	})
	cmd.Args = cobra.NoArgs
	return cmd
}

// register makes the integration, or finds that the account has it already.
func (c *command) register(ctx context.Context) error {
	s, err := c.connected()
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	out, err := c.secretFile()
	if err != nil {
		return err
	}
	i, err := s.Client().CreateIntegration(ctx, c.integration, c.description)
	if err == nil && i.OAuthClient.ID == 0 && out != nil {
		err = fmt.Errorf("%q was registered already, and the account doesn't say its OAuth client again: nothing is written to %s", c.integration, c.out)
	}
	if err != nil {
		return errors.Join(err, out.discard())
	}
	c.redact(i.OAuthClient.Secret.Reveal())
	if err := out.keep(clientFile(i)); err != nil {
		return err
	}
	c.tell("registered %q on %s, the OAuth client %s", c.integration, s.Where(), client(i))
	c.note("next: zis token --integration %s --out FILE", c.integration)
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
func (c *command) connected() (*account.Session, error) {
	s := c.session()
	return s, c.connect(s)
}

// tell is the result of a verb that has no report.
func (c *command) tell(format string, args ...any) {
	c.told = fmt.Sprintf(format, args...)
	fmt.Fprintln(c.Stdout, report.Plain(c.told))
}

// secretFile is the file of --out, made before anything is asked of the
// account: what can't be kept must not be minted. Nil without --out.
func (c *command) secretFile() (*secretFile, error) {
	if c.out == "" {
		return nil, nil
	}
	f, err := os.OpenFile(c.out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, usagef("%s is there already, and is not overwritten: name another file", filepath.Clean(c.out))
	}
	if err != nil {
		return nil, usage(err)
	}
	return &secretFile{f}, nil
}

// secretFile takes a secret, for its owner's eyes alone. Its methods do
// nothing on nil.
type secretFile struct{ file *os.File }

func (s *secretFile) keep(text []byte) error {
	if s == nil {
		return nil
	}
	_, err := s.file.Write(text)
	return errors.Join(err, s.file.Sync(), s.file.Close())
}

func (s *secretFile) discard() error {
	if s == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
