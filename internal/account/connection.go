package account

import (
	"cmp"
	"context"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// Connection is a client of the account's registry, and the tokens that were
// minted for it, if the credentials are those of an OAuth client.
type Connection struct {
	Client *registry.Client
	Grant  *zendesk.Grant // nil: no OAuth client is given

	watch Watch
}

// Dial makes the connection of a target. It makes no request, and asks nothing
// of the target but its URL and credentials.
func Dial(t Target, w Watch) (*Connection, error) {
	var options []registry.Option
	if t.Transport != nil {
		options = append(options, registry.WithTransport(t.Transport))
	}
	client, err := registry.New(t.URL, t.Credentials, options...)
	if err != nil {
		return nil, &verdict.Error{Reason: verdict.InvalidInput, Err: err}
	}
	client.Retries = t.Retries
	client.RequestTimeout = cmp.Or(t.RequestTimeout, registry.DefaultRequestTimeout)
	client.MaxConcurrency = cmp.Or(t.Concurrency, registry.DefaultConcurrency)
	client.OnRequest, client.OnRetry, client.Hide = w.Request, w.Retry, w.Hide
	c := &Connection{Client: client, Grant: zendesk.Use(client, t.Integration), watch: w}
	if c.Grant != nil && w.Secret != nil {
		c.Grant.OnToken = func(token registry.Secret) { w.Secret(token.Reveal()) }
	}
	return c, nil
}

// Close revokes the tokens that were minted, whatever became of the run, and
// ends the connection. A token that stays is told, and fails nothing: it did
// its work.
func (c *Connection) Close(ctx context.Context) {
	if c == nil {
		return
	}
	if err := c.Grant.Revoke(ctx); err != nil && c.watch.Note != nil {
		c.watch.Note("warning: " + err.Error())
	}
	c.Client.Close()
}
