package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// OAuthClient is an OAuth client of the account, without its secret.
type OAuthClient struct {
	ID         int64
	Identifier string // zis_{integration} for that of an integration
	Name       string
}

func readClient(r row) record[OAuthClient] {
	c := OAuthClient{ID: r.id("id"), Identifier: r.text("identifier"), Name: r.text("name")}
	if c.ID == 0 {
		return record[OAuthClient]{broken: broken, skip: true}
	}
	return record[OAuthClient]{value: c}
}

// OAuthClients lists the OAuth clients of the account, all pages.
// GET /api/v2/oauth/clients.json (documented). The next page is named by a URL,
// which is followed only on the same host.
func (c *Client) OAuthClients(ctx context.Context) ([]OAuthClient, error) {
	k := call{
		op:     "list the OAuth clients",
		method: http.MethodGet, path: []string{"api", "v2", "oauth", "clients.json"},
		order: preferAPI, limit: maxList,
	}
	var all []OAuthClient
	seen := make(map[string]bool)
	for range maxPages {
		page, next, err := c.oauthPage(ctx, k)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == nil {
			return all, nil
		}
		k.query = next.Query()
		if seen[next.RawQuery] {
			break
		}
		seen[next.RawQuery] = true
	}
	return nil, k.misshapen(answer{}, "the list doesn't end")
}

func (c *Client) oauthPage(ctx context.Context, k call) ([]OAuthClient, *url.URL, error) {
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, nil, err
	}
	o, err := k.object(a)
	if err != nil {
		return nil, nil, err
	}
	list, err := readRows(k, a, o, "clients", reading(readClient))
	if err != nil {
		return nil, nil, err
	}
	var page []OAuthClient
	for _, r := range list {
		if r.broken == "" {
			page = append(page, r.value)
		}
	}
	next, err := c.nextPage(k, a, o)
	return page, next, err
}

// nextPage is the page that comes after one of the Support API, or nil. It is
// named by its URL, documented for offsets, or by a cursor.
func (c *Client) nextPage(k call, a answer, o object) (*url.URL, error) {
	if o["next_page"] != nil {
		next, err := into[string](k, a, o, "next_page", "a URL")
		if err != nil || next == "" {
			return nil, err
		}
		return c.sameHost(k, a, next)
	}
	m, err := k.meta(a, o)
	if err != nil || !m.more {
		return nil, err
	}
	var links row
	if json.Unmarshal(o["links"], &links) == nil && links.text("next") != "" {
		return c.sameHost(k, a, links.text("next"))
	}
	if m.after == "" {
		return nil, k.misshapen(a, "the answer says that there are more pages and names none")
	}
	query := maps.Clone(k.query)
	if query == nil {
		query = url.Values{}
	}
	query.Set("page[after]", string(m.after))
	return &url.URL{RawQuery: query.Encode()}, nil
}

// sameHost reads the URL of a next page of the same list. Only its query is
// used, so credentials can't be led elsewhere.
func (c *Client) sameHost(k call, a answer, next string) (*url.URL, error) {
	here := c.url(k)
	u, err := here.Parse(next)
	if err != nil {
		return nil, k.misshapen(a, "the next page is not named by a URL")
	}
	if u.Scheme != here.Scheme || u.Host != here.Host {
		return nil, k.misshapen(a, "the next page is on another host, %q", c.clean(u.Host))
	}
	return u, nil
}

// MintedToken is a token that was made just now. It is shown this once.
type MintedToken struct {
	ID   int64 // 0: the answer didn't say it, so it can't be revoked
	Full Secret
}

// CreateToken mints an OAuth token from a client of the account; of the client
// zis_{integration} it is that integration's ZIS token. Without scopes it is
// given read and write, as documented.
// POST /api/v2/oauth/tokens.json (documented; 200 or 201).
func (c *Client) CreateToken(ctx context.Context, clientID int64, scopes ...string) (MintedToken, error) {
	if len(scopes) == 0 {
		scopes = []string{"read", "write"}
	}
	body, err := json.Marshal(map[string]any{"token": map[string]any{
		"client_id": strconv.FormatInt(clientID, 10), "scopes": scopes, // a string, as documented
	}})
	if err != nil {
		return MintedToken{}, err
	}
	k := call{
		op:     fmt.Sprintf("mint a token of the OAuth client %d", clientID),
		method: http.MethodPost, path: []string{"api", "v2", "oauth", "tokens.json"}, body: body,
		order: preferAPI, limit: maxList, result: true,
	}
	a, err := c.do(ctx, k)
	if err != nil {
		return MintedToken{}, err
	}
	var minted struct {
		Token row `json:"token"`
	}
	var full Secret
	// The cause of an error may quote the token.
	if json.Unmarshal(a.body, &minted) != nil || json.Unmarshal(minted.Token["full_token"], &full) != nil || full == "" {
		return MintedToken{}, k.misshapen(a, "the answer holds no token, though one may have been minted")
	}
	if full.Masked() {
		return MintedToken{}, k.misshapen(a, "the answer shows the token masked, so it is of no use")
	}
	id := minted.Token.id("id") // inferred
	if id == 0 {
		name := strings.TrimSuffix(path.Base(minted.Token.text("url")), ".json") // …/tokens/{id}.json (documented)
		id, _ = strconv.ParseInt(name, 10, 64)
	}
	return MintedToken{ID: id, Full: full}, nil
}
