// Package registry speaks the API of Zendesk Integration Services over HTTP:
// typed calls, typed errors, credentials, and what may be repeated.
//
// Reads are repeated after a 429, a 5xx or a broken connection. Writes are
// repeated only when they surely had no effect: after a 429, or if no
// connection was made. After any other write without an answer Unknown says so
// and the caller reads back.
package registry

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/version"
)

// What a Client does unless told otherwise.
const (
	DefaultRetries        = 4
	DefaultRequestTimeout = 30 * time.Second
	DefaultConcurrency    = 4 // the API's rate limits are unknown (docs/platform.md 6)
)

// Client is one account's registry. Make it with New, change its fields before
// the first call; its methods may be called side by side.
type Client struct {
	Base           *url.URL // https://{subdomain}.zendesk.com
	HTTP           *http.Client
	Credentials    Credentials
	Hide           func(text string) string // takes the run's secrets out of what a server says; may be nil
	UserAgent      string                   // zis-deploy/VERSION
	Retries        int                      // how often a request is repeated, at most
	RequestTimeout time.Duration            // of each try, its answer's body included
	MaxConcurrency int                      // requests at a time; halved for good by a 429
	OnRetry        func(Retry)              // told before each wait; calls don't overlap
	OnRequest      func(Request)            // told after each try; calls don't overlap
	Source         Source                   // mints tokens with the OAuth client; nil: none can be minted

	slots  func() *limiter
	hooks  sync.Mutex // one of OnRetry and OnRequest at a time
	mu     sync.Mutex // guards log and minted
	log    []Request
	minted []Secret // tokens that the Source gave

	welcomed map[string]Kind // by kind of call: the one that was answered
}

// Option changes how New builds a Client.
type Option func(*Client)

// WithTransport sends requests another way than over the network.
func WithTransport(t http.RoundTripper) Option {
	return func(c *Client) { c.HTTP.Transport = t }
}

// New makes a client of the registry at base. It makes no request. It refuses
// a base that would send credentials in clear over a network, and a credential
// of which one half is missing.
func New(base string, cred Credentials, options ...Option) (*Client, error) {
	u, err := url.Parse(strings.TrimSuffix(base, "/"))
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		// The text isn't shown: people put credentials into such URLs.
		return nil, errors.New("the base URL is not of the form https://HOST")
	}
	if err := mayCarry(u, cred); err != nil {
		return nil, err
	}
	if err := cred.Complete(); err != nil {
		return nil, err
	}
	c := &Client{
		Base:           u,
		HTTP:           &http.Client{Transport: newTransport(), CheckRedirect: stay},
		Credentials:    cred,
		UserAgent:      version.UserAgent(),
		Retries:        DefaultRetries,
		RequestTimeout: DefaultRequestTimeout,
		MaxConcurrency: DefaultConcurrency,
	}
	c.slots = sync.OnceValue(func() *limiter { return newLimiter(c.MaxConcurrency) })
	for _, o := range options {
		o(c)
	}
	return c, nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.HTTP.CloseIdleConnections() }

// mayCarry: credentials travel encrypted, or not beyond this machine.
func mayCarry(base *url.URL, cred Credentials) error {
	switch {
	case base.Scheme == "https":
		return nil
	case base.Scheme != "http":
		return fmt.Errorf("the base URL has the scheme %q, want https", base.Scheme)
	case cred.Any() && !loopback(base.Hostname()):
		return fmt.Errorf("credentials are not sent to %q over plain http: use https", base.Hostname())
	}
	return nil
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// stay follows no redirect: the next host would be given the credentials.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// newTransport is one pool of kept-alive connections, through the proxy that
// the environment names, HTTP/2 where offered.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   16, // 2 by default: fewer than run at a time
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}
