package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zisdeploy/zis-deploy/internal/program"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

func tokenVerb(p *program.Program) *cobra.Command {
	return p.Alone("token", "Mint the OAuth token of one integration, into a file", runToken)
}

// runToken mints a token from the client zis_{integration}: any other token is of
// no use to the integration (docs/platform.md 2).
func runToken(ctx context.Context, p *program.Program) error {
	if p.Out == "" && p.Workflow == nil {
		return program.Missing("out", "there is no file that takes the token, and it is shown nowhere else")
	}
	s, err := connected(p)
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	id, err := zendesk.ClientOf(ctx, s.Client(), p.Integration)
	if err != nil {
		return err
	}
	out, err := p.NewSecretFile(p.Out)
	if err != nil {
		return err
	}
	minted, err := s.Client().CreateToken(ctx, id)
	if err != nil {
		return errors.Join(err, out.Discard())
	}
	p.Secrets.Hide(minted.Full.Reveal())
	if p.Out == "" {
		p.Workflow.Keep(minted.Full.Reveal())
		p.Tell("minted a token of %q on %s, masked, into the output zis-oauth-token", p.Integration, s.Where())
		return nil
	}
	if err := out.Keep([]byte(minted.Full.Reveal() + "\n")); err != nil {
		return fmt.Errorf("a token was minted and could not be kept: %w", err)
	}
	p.Tell("minted a token of %q on %s, into %s", p.Integration, s.Where(), p.Out)
	p.Note("next: give it to zis as ZIS_OAUTH_TOKEN, and delete the file")
	return nil
}
