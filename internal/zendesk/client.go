package zendesk

import (
	"context"
	"fmt"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// ClientOf finds the OAuth client that registering the integration has made,
// zis_{integration}: its ZIS OAuth tokens can be minted from no other.
func ClientOf(ctx context.Context, reg *registry.Client, integration string) (int64, error) {
	clients, err := reg.OAuthClients(ctx)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(clients, func(o registry.OAuthClient) bool { return o.Identifier == "zis_"+integration })
	if i < 0 {
		return 0, &verdict.Error{
			Reason: verdict.InvalidInput, Hint: verdict.Hint{Code: verdict.Register, Of: integration},
			Err: fmt.Errorf("the account has no OAuth client %q: the integration is not registered under this name", "zis_"+integration),
		}
	}
	return clients[i].ID, nil
}
