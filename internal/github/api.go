package github

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/version"
)

// Bounds of what is asked of GitHub: it is an extra, and must not hold up a
// run that has done its work.
const (
	requestTime  = 10 * time.Second
	maxTries     = 4
	maxAnswer    = 17 << 20 // bytes: a bundle file has up to 16 MiB
	maxPages     = 50       // of 100 comments each
	firstBackoff = 500 * time.Millisecond
)

// Request is one request to GitHub, for the debug log: no body, no token.
type Request struct {
	Method, Path string
	Status       int // 0: no answer
	Took         time.Duration
}

// api speaks to the one host that the runner names. The token goes nowhere
// else: redirects are not followed.
type api struct {
	base, graphql *url.URL
	token         string
	client        *http.Client
	on            func(Request)
}

// refused is an answer that is no success, or none that can be read.
type refused struct {
	method, path string
	status       int
	message      string // GitHub's own words
}

func (r *refused) Error() string {
	return fmt.Sprintf("%s %s: %d %s", r.method, r.path, r.status, cmp.Or(r.message, http.StatusText(r.status)))
}

func (a *Action) newAPI() (*api, error) {
	token := a.Input("github-token")
	if token == "" {
		return nil, errors.New("the input github-token is empty")
	}
	base, err := endpoint(cmp.Or(a.getenv("GITHUB_API_URL"), "https://api.github.com"))
	if err != nil {
		return nil, err
	}
	graphql, err := endpoint(cmp.Or(a.getenv("GITHUB_GRAPHQL_URL"), "https://api.github.com/graphql"))
	if err != nil {
		return nil, err
	}
	transport := a.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &api{
		base: base, graphql: graphql, token: token, on: a.OnRequest,
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// endpoint is an address that may be given a token: not over a network in the
// clear.
func endpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(u.Hostname())
	if local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback(); u.Host == "" || u.Scheme != "https" && !local {
		return nil, fmt.Errorf("the address %q of GitHub's API is not https", text)
	}
	return u, nil
}

// do makes a request, again if GitHub says that it may work later, and reads
// the answer into out unless that is nil: as JSON, or as it is into *[]byte.
func (c *api) do(ctx context.Context, method, path string, body, out any) (http.Header, error) {
	return c.send(ctx, method, c.base, path, body, out)
}

func (c *api) send(ctx context.Context, method string, base *url.URL, path string, body, out any) (http.Header, error) {
	target, err := url.Parse(strings.TrimSuffix(base.String(), "/") + path)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	wait := firstBackoff
	for try := 1; ; try++ {
		header, err := c.once(ctx, method, target, text, out)
		pause, again := later(header, err, wait)
		if !again || try == maxTries {
			return header, err
		}
		if !sleepWithin(ctx, pause) {
			return header, err
		}
		wait *= 2
	}
}

func (c *api) once(ctx context.Context, method string, target *url.URL, body []byte, out any) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	var content io.Reader
	if string(body) != "null" {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/vnd.github+json")
	if _, raw := out.(*[]byte); raw {
		req.Header.Set("Accept", "application/vnd.github.raw+json")
	}
	req.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	req.Header.Set("User-Agent", version.UserAgent())
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	start := time.Now()
	resp, err := c.client.Do(req)
	seen := Request{Method: method, Path: target.EscapedPath()}
	if err != nil {
		c.tell(seen, start)
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	seen.Status = resp.StatusCode
	c.tell(seen, start)
	if err != nil {
		return resp.Header, err
	}
	return resp.Header, answer(seen, text, out)
}

func (c *api) tell(r Request, start time.Time) {
	if c.on != nil {
		r.Took = time.Since(start)
		c.on(r)
	}
}

func answer(r Request, text []byte, out any) error {
	if r.Status/100 != 2 {
		var said struct{ Message string }
		_ = json.Unmarshal(text, &said) // a proxy's page has no message
		return &refused{r.Method, r.Path, r.Status, said.Message}
	}
	if out == nil {
		return nil
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = text
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return &refused{r.Method, r.Path, r.Status, "but the answer can't be read: " + err.Error()}
	}
	return nil
}

// pages reads all pages of a list.
func pages[T any](ctx context.Context, c *api, path string) ([]T, error) {
	var all []T
	for page := range maxPages {
		var list []T
		header, err := c.do(ctx, http.MethodGet, fmt.Sprintf("%s?per_page=100&page=%d", path, page+1), nil, &list)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if !strings.Contains(header.Get("Link"), `rel="next"`) {
			break
		}
	}
	return all, nil
}

// mutate changes something by GraphQL.
func (c *api) mutate(ctx context.Context, query string, variables map[string]any) error {
	return c.graph(ctx, query, variables, &struct{}{})
}

// graph calls GraphQL, which reports errors with status 200, and reads the
// answer into out.
func (c *api) graph(ctx context.Context, query string, variables map[string]any, out any) error {
	if c.graphql.Host != c.base.Host {
		return fmt.Errorf("GraphQL is at %s, not at %s: the token is not sent there", c.graphql.Host, c.base.Host)
	}
	var text []byte
	if _, err := c.send(ctx, http.MethodPost, c.graphql, "", map[string]any{"query": query, "variables": variables}, &text); err != nil {
		return err
	}
	var said struct{ Errors []struct{ Message string } }
	if err := errors.Join(json.Unmarshal(text, &said), json.Unmarshal(text, out)); err != nil {
		return fmt.Errorf("GraphQL: the answer can't be read: %w", err)
	}
	if len(said.Errors) > 0 {
		return fmt.Errorf("GraphQL: %s", said.Errors[0].Message)
	}
	return nil
}

// status is the status of an answer that was no success; 0 for other errors.
func status(err error) int {
	if no, ok := errors.AsType[*refused](err); ok {
		return no.status
	}
	return 0
}
