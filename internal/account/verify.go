package account

import (
	"context"
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Verify reads the account and proves that it runs exactly the loaded files.
// It writes nothing. Its error is a VerifyFailed if the account runs something
// else, and what differs is in Prepared; any other error proves nothing.
func (s *Session) Verify(ctx context.Context, opt deploy.Options) error {
	if err := s.Plan(ctx, opt); err != nil {
		return err
	}
	if s.Prepared.Empty() {
		return nil
	}
	return verdict.At(verdict.Verify, &verdict.Error{
		Reason: verdict.VerifyFailed, Err: fmt.Errorf("the account runs something else than the files: a deploy would change %d things", s.Prepared.Changes()),
		Next: "look at the plan: either the files are not what was deployed, or somebody has changed the account since",
	})
}
