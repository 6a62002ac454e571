// Package zendesk speaks the account's APIs beside the registry of Integration
// Services: OAuth client credentials, and private apps. It makes its requests
// with a registry.Client, so credentials, repetitions, redaction and errors are
// the same.
//
// Marks in comments are those of the reference: documented, observed in public
// code, inferred, unknown.
package zendesk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Lifetimes of the bearer. Asked for are 30 minutes, the default of clients
// made since 2026-04-30: older clients give tokens without end (documented;
// more than 300 s and less than 172,800 s may be asked for).
const (
	bearerLife = 30 * time.Minute
	margin     = time.Minute // before its end a token is minted again, at most
)

// scopes that the bearer needs: to register, to mint, to push apps.
const scopes = "read write"

// Grant mints tokens for one run with an OAuth client's credentials, and
// revokes them at its end. It is the Source of its client. A bearer acts as
// the user for whom the OAuth client was made, who must be an admin.
type Grant struct {
	// OnToken is told each token before it is used, so that it can be masked.
	OnToken func(registry.Secret)

	client      *registry.Client
	integration string
	bearer, zis minted
}

// minted is a token, while there is one.
type minted struct {
	sync.Mutex
	token   registry.Secret
	expires time.Time // zero: it doesn't
	scope   string
	life    time.Duration // as it was minted; 0: without end
	past    []revocable   // all that were minted in this run
}

func (m *minted) alive() bool {
	early := min(margin, m.life/4)
	return m.token != "" && (m.expires.IsZero() || time.Now().Before(m.expires.Add(-early)))
}

// Bearer tells of the token that was minted last.
type Bearer struct {
	Scope string
	Life  time.Duration // 0: without end
}

// Use gives client a Grant, if its credentials hold an OAuth client; else it
// returns nil, whose methods do nothing. The ZIS OAuth token that it mints is
// of integration.
func Use(client *registry.Client, integration string) *Grant {
	c := client.Credentials
	if strings.TrimSpace(c.ClientID) == "" || strings.TrimSpace(c.ClientSecret.Reveal()) == "" {
		return nil
	}
	g := &Grant{client: client, integration: integration}
	client.Source = g
	return g
}

// Token mints the token of the kind, or gives the one that was minted before
// and lives on.
func (g *Grant) Token(ctx context.Context, k registry.Kind) (registry.Secret, error) {
	m, mint := &g.bearer, g.mintBearer
	if k == registry.ClientZISToken {
		m, mint = &g.zis, g.mintZIS
	}
	m.Lock()
	defer m.Unlock()
	if m.alive() {
		return m.token, nil
	}
	if err := mint(ctx, m); err != nil {
		return "", err
	}
	if g.OnToken != nil {
		g.OnToken(m.token)
	}
	return m.token, nil
}

// Refused forgets a token that the account knows no longer.
func (g *Grant) Refused(k registry.Kind, token registry.Secret) {
	m := &g.bearer
	if k == registry.ClientZISToken {
		m = &g.zis
	}
	m.Lock()
	defer m.Unlock()
	if m.token == token {
		m.token = ""
	}
}

// Bearer tells of the bearer that was minted last; false if none was.
func (g *Grant) Bearer() (Bearer, bool) {
	if g == nil {
		return Bearer{}, false
	}
	g.bearer.Lock()
	defer g.bearer.Unlock()
	return Bearer{Scope: g.bearer.scope, Life: g.bearer.life}, len(g.bearer.past) > 0
}

// mintBearer asks for a token by client credentials. A token whose answer is
// lost ends by itself, so the request may be repeated.
// POST /oauth/tokens (documented; 200 or 201; never a refresh token).
func (g *Grant) mintBearer(ctx context.Context, m *minted) error {
	body, err := json.Marshal(map[string]any{
		"grant_type": "client_credentials", "client_id": g.clientID(),
		"client_secret": strings.TrimSpace(g.client.Credentials.ClientSecret.Reveal()),
		"scope":         scopes, "expires_in": int(bearerLife.Seconds()),
	})
	if err != nil {
		return err
	}
	asked := time.Now()
	a, err := g.client.Do(ctx, registry.Call{
		Op:     fmt.Sprintf("mint a token with the OAuth client %q", g.clientID()),
		Method: "POST", Path: []string{"oauth", "tokens"}, Body: body,
		Anonymous: true, Harmless: true, Result: true,
	})
	if err != nil {
		return g.explain(err)
	}
	var got struct {
		AccessToken registry.Secret `json:"access_token"`
		ExpiresIn   *int64          `json:"expires_in"`
		Scope       string          `json:"scope"`
	}
	// The cause of an error may quote the token.
	if json.Unmarshal(a.Body, &got) != nil || strings.TrimSpace(got.AccessToken.Reveal()) == "" {
		return a.Misshapen("the answer holds no access token")
	}
	m.token, m.scope, m.life, m.expires = got.AccessToken, got.Scope, 0, time.Time{}
	if got.ExpiresIn != nil && *got.ExpiresIn > 0 {
		m.life = time.Duration(*got.ExpiresIn) * time.Second
		m.expires = asked.Add(m.life)
	}
	m.past = append(m.past, revocable{token: m.token, expires: m.expires})
	return nil
}

func (g *Grant) clientID() string { return strings.TrimSpace(g.client.Credentials.ClientID) }

// mintZIS mints a token of the integration from its client zis_{integration};
// the bearer itself is refused by what reads an integration (observed).
func (g *Grant) mintZIS(ctx context.Context, m *minted) error {
	id, err := ClientOf(ctx, g.client, g.integration)
	if err != nil {
		return err
	}
	made, err := g.client.CreateToken(ctx, id)
	if err != nil {
		return err
	}
	m.token = made.Full
	m.past = append(m.past, revocable{id: made.ID, token: made.Full})
	return nil
}
