package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

func (c *command) tokenVerb() *cobra.Command {
	return c.alone("token", "Mint the OAuth token of one integration, into a file", c.token)
}

// token mints a token from the client zis_{integration}: any other token is of
// no use to the integration (zis.md 2).
func (c *command) token(ctx context.Context) error {
	if c.out == "" && c.keepSecret == nil {
		return usagef("--out is missing: the file that takes the token; it is shown nowhere")
	}
	s, err := c.connected()
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	id, err := zendesk.ClientOf(ctx, s.Client(), c.integration)
	if err != nil {
		return err
	}
	out, err := c.secretFile()
	if err != nil {
		return err
	}
	minted, err := s.Client().CreateToken(ctx, id)
	if err != nil {
		return errors.Join(err, out.discard())
	}
	c.redact(minted.Full.Reveal())
	if c.out == "" {
		c.keepSecret(minted.Full.Reveal())
		c.tell("minted a token of %q on %s, masked, into the output zis-oauth-token", c.integration, s.Where())
		return nil
	}
	if err := out.keep([]byte(minted.Full.Reveal() + "\n")); err != nil {
		return fmt.Errorf("a token was minted and could not be kept: %w", err)
	}
	c.tell("minted a token of %q on %s, into %s", c.integration, s.Where(), c.out)
	c.note("next: give it to zis as ZIS_OAUTH_TOKEN, and delete the file")
	return nil
}
