package registry_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// secrets that no output may show.
const (
	apiToken   = "apiTOKEN7f3c9a"
	zisToken   = "zisTOKEN51d0bb"
	oauthToken = "oauthTOKENe4e4"
)

func everything() registry.Credentials {
	return registry.Credentials{Email: "admin@example.com", APIToken: apiToken, ZISToken: zisToken, OAuthToken: oauthToken}
}

// wire is a listener without a network: each dialled connection is a pipe, so
// inside a synctest bubble time is virtual.
type wire struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error   { w.once.Do(func() { close(w.done) }); return nil }
func (w *wire) Addr() net.Addr { return &net.UnixAddr{Name: "wire", Net: "pipe"} }

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case w.conns <- there:
		return here, nil
	case <-w.done:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serve gives a client of h. Call it inside a bubble.
func serve(t testing.TB, cred registry.Credentials, h http.Handler) *registry.Client {
	t.Helper()
	w := &wire{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: h}
	var wg sync.WaitGroup
	wg.Go(func() { _ = server.Serve(w) })
	c := client(t, cred, &http.Transport{DialContext: w.dial})
	t.Cleanup(func() {
		c.Close()
		_ = server.Close()
		wg.Wait()
	})
	return c
}

func client(t testing.TB, cred registry.Credentials, rt http.RoundTripper) *registry.Client {
	t.Helper()
	c, err := registry.New("http://localhost", cred, registry.WithTransport(rt))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bubble runs f in virtual time. Cleanups of the bubble run inside it.
func bubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

// reply answers with a status and a body; JSON if it looks so.
func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		typ := "text/plain; charset=utf-8"
		switch {
		case len(body) > 0 && body[0] == '{':
			typ = "application/json"
		case len(body) > 0 && body[0] == '<':
			typ = "text/html"
		}
		w.Header().Set("Content-Type", typ)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// inTurn answers the first request with the first handler, and so on; the last
// one answers all that follow.
func inTurn(handlers ...http.HandlerFunc) http.Handler {
	var mu sync.Mutex
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		h(w, r)
	})
}

// The faults that are not an answer.
func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func cut(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func asError(t testing.TB, err error) *registry.Error {
	t.Helper()
	e, ok := errors.AsType[*registry.Error](err)
	if !ok {
		t.Fatalf("error is %T %v, want *registry.Error", err, err)
	}
	return e
}
