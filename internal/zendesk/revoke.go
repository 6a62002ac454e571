package zendesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// How long revoking may take: the process of a run that was cancelled must end
// within 7 s, of which a write that had begun takes up to 5.
const (
	revokeTime      = 15 * time.Second
	revokeTimeAfter = 1500 * time.Millisecond
)

// revocable is a token that was minted in this run.
type revocable struct {
	id      int64 // 0: not known; of a bearer it is asked for with the bearer itself
	token   registry.Secret
	expires time.Time
}

// Revoke revokes what the Grant minted, also when ctx is over: first the ZIS
// OAuth tokens, by the bearer, then the bearers, each by itself. An error says
// which may live on; nothing of the run depends on it.
func (g *Grant) Revoke(ctx context.Context) error {
	if g == nil {
		return nil
	}
	limit := revokeTime
	if ctx.Err() != nil {
		limit = revokeTimeAfter
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	zis := g.zis.take()
	errs := make([]error, len(zis))
	var wg sync.WaitGroup
	for i, t := range zis {
		wg.Go(func() { errs[i] = g.revokeZIS(ctx, t) })
	}
	wg.Wait()
	for _, t := range g.bearer.take() {
		errs = append(errs, g.revokeBearer(ctx, t))
	}
	return errors.Join(errs...)
}

// take empties the list of tokens: none is used any more.
func (m *minted) take() []revocable {
	m.Lock()
	defer m.Unlock()
	past := m.past
	m.past, m.token = nil, ""
	return past
}

func (g *Grant) revokeZIS(ctx context.Context, t revocable) error {
	if t.id == 0 {
		return errors.New("the ZIS OAuth token of this run stays: the account didn't say its id when it was minted")
	}
	if err := g.revoke(ctx, g.client, t.id); err != nil {
		return fmt.Errorf("the ZIS OAuth token of this run stays: %w", err)
	}
	return nil
}

// revokeBearer: one that has expired needs no revoking.
func (g *Grant) revokeBearer(ctx context.Context, t revocable) error {
	if !t.expires.IsZero() && time.Now().After(t.expires) {
		return nil
	}
	own, err := registry.New(g.client.Base.String(), registry.Credentials{OAuthToken: t.token})
	if err != nil {
		return err
	}
	own.HTTP, own.UserAgent = g.client.HTTP, g.client.UserAgent
	own.Retries, own.RequestTimeout = g.client.Retries, g.client.RequestTimeout
	id, err := current(ctx, own)
	if err == nil {
		err = g.revoke(ctx, own, id)
	}
	if err != nil {
		return fmt.Errorf("the token of the OAuth client %q %s: %w", g.clientID(), until(t.expires), err)
	}
	return nil
}

func until(expires time.Time) string {
	if expires.IsZero() {
		return "stays, without end"
	}
	return "lives until " + expires.UTC().Format("15:04 MST")
}

// current is the id of the token that the client bears.
// GET /api/v2/oauth/tokens/current (documented).
func current(ctx context.Context, c *registry.Client) (int64, error) {
	a, err := c.Do(ctx, registry.Call{
		Op: "look up the token of this run", Method: "GET", Path: []string{"api", "v2", "oauth", "tokens", "current"}, Admin: true,
	})
	if err != nil {
		return 0, err
	}
	var got struct {
		Token struct {
			ID int64 `json:"id"`
		} `json:"token"`
	}
	if json.Unmarshal(a.Body, &got) != nil || got.Token.ID == 0 {
		return 0, a.Misshapen("the answer names no token")
	}
	return got.Token.ID, nil
}

// revoke ends a token. One that is not there is revoked.
// DELETE /api/v2/oauth/tokens/{id} (documented: 204).
func (g *Grant) revoke(ctx context.Context, c *registry.Client, id int64) error {
	_, err := c.Do(ctx, registry.Call{
		Op: fmt.Sprintf("revoke the token %d", id), Method: "DELETE", Path: []string{"api", "v2", "oauth", "tokens", strconv.FormatInt(id, 10)},
		Admin: true, Harmless: true, Also: []int{404},
	})
	return err
}
