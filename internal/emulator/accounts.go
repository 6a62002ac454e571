package emulator

import (
	"context"
	"hash/fnv"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Accounts are many accounts in one process. A request finds its account by
// the path /accounts/NAME/… or by a host NAME.zendesk.com or NAME.localhost;
// any other is for the account "". An account is there from the first request
// on. Names of integrations are unique over all of them. The zero value works.
type Accounts struct {
	StateFile string        // of the account ""; FILE-NAME.json are those of others. Empty: memory
	Setup     func(*Server) // changes an account before its first request; may be nil

	mu       sync.Mutex
	accounts map[string]*Server
	names    names
}

// Account is the account of that name.
func (a *Accounts) Account(name string) *Server {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.accounts[name]; s != nil {
		return s
	}
	s := &Server{Subdomain: name, names: &a.names, StateFile: a.stateFile(name)}
	if name != "" {
		s.AccountID = idOf(name)
	}
	if a.Setup != nil {
		a.Setup(s)
	}
	if a.accounts == nil {
		a.accounts = map[string]*Server{}
	}
	a.accounts[name] = s
	return s
}

// Names are those of the accounts that are there, sorted.
func (a *Accounts) Names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []string
	for name := range a.accounts {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (a *Accounts) stateFile(name string) string {
	if a.StateFile == "" || name == "" {
		return a.StateFile
	}
	ext := filepath.Ext(a.StateFile)
	return strings.TrimSuffix(a.StateFile, ext) + "-" + name + ext
}

// idOf makes an account's id of its name, so that it is the same after a
// restart.
func idOf(name string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return 10_000_000 + int64(h.Sum32())
}

// ServeHTTP answers as the account that is asked.
func (a *Accounts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, prefix, path := accountOf(r)
	if prefix == "" {
		a.Account(name).ServeHTTP(w, r)
		return
	}
	inner := r.Clone(context.WithValue(r.Context(), prefixKey{}, prefix))
	inner.URL.RawPath = path
	inner.URL.Path, _ = url.PathUnescape(path) // of what was parsed: can't fail
	inner.RequestURI = ""
	a.Account(name).ServeHTTP(w, inner)
}

// prefixKey finds in a request's context what stood before its path.
type prefixKey struct{}

func prefixOf(ctx context.Context) string {
	prefix, _ := ctx.Value(prefixKey{}).(string)
	return prefix
}

// accountOf tells a request's account; prefix and the path behind it are
// empty if the host names the account.
func accountOf(r *http.Request) (name, prefix, path string) {
	if rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/accounts/"); ok {
		if name, path, _ = strings.Cut(rest, "/"); validSubdomain(name) {
			return name, "/accounts/" + name, "/" + path
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	for _, domain := range []string{".zendesk.com", ".localhost"} {
		if name, ok := strings.CutSuffix(strings.ToLower(host), domain); ok && validSubdomain(name) {
			return name, "", ""
		}
	}
	return "", "", ""
}

// validSubdomain keeps what names no account out of file names.
func validSubdomain(name string) bool {
	other := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-", r) }
	return name != "" && len(name) <= 63 && !strings.HasPrefix(name, "-") && !strings.ContainsFunc(name, other)
}

// names tells which account owns an integration.
type names struct {
	mu    sync.Mutex
	owner map[string]*Server
}

// take gives a name to an account, unless another has it. Without other
// accounts, all names are free.
func (n *names) take(name string, s *Server) bool {
	if n == nil {
		return true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.owner == nil {
		n.owner = map[string]*Server{}
	}
	if o := n.owner[name]; o != nil && o != s {
		return false
	}
	n.owner[name] = s
	return true
}
