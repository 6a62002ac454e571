package registry_test

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// secure serves h over TLS and HTTP/2 on a free port.
func secure(t *testing.T, h http.HandlerFunc) (*httptest.Server, *registry.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of refused handshakes
	server.StartTLS()
	t.Cleanup(server.Close)
	c, err := registry.New(server.URL, everything())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return server, c
}

func TestHTTP2IsUsedWhereOffered(t *testing.T) {
	proto := 0
	server, c := secure(t, func(w http.ResponseWriter, r *http.Request) {
		proto = r.ProtoMajor
		reply(200, oneSpec)(w, r)
	})
	c.HTTP.Transport.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	if _, err := c.JobSpecs(t.Context(), "demo"); err != nil || proto != 2 {
		t.Errorf("HTTP/%d, %v", proto, err)
	}
}

func TestUntrustedCertificateIsFinal(t *testing.T) {
	_, c := secure(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") })
	e := asError(t, c.Upload(t.Context(), "demo", nil))
	if e.Sent || e.Reason != verdict.Network || e.Hint.Code != verdict.UntrustedHost || c.Stats().Requests != 1 {
		t.Errorf("error is %#v after %d requests", e, c.Stats().Requests)
	}
}

// failing is a transport that has no connection.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestUnknownHostIsFinal(t *testing.T) {
	c := client(t, everything(), failing{&net.DNSError{Err: "no such host", Name: "acmee.zendesk.com", IsNotFound: true}})
	e := asError(t, c.Upload(t.Context(), "demo", nil))
	if e.Error() != `upload a bundle to "demo": no connection: lookup acmee.zendesk.com: no such host` || e.Hint.Code != verdict.NoSuchHost || c.Stats().Requests != 1 {
		t.Errorf("error is %q, hint %q, after %d requests", e, e.Hint, c.Stats().Requests)
	}
}

// answering is a transport that always gives the same answer.
type answering struct {
	status int
	typ    string
	body   string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Header: http.Header{"Content-Type": {a.typ}}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body)),
	}, nil
}

// FuzzServerText: whatever a server says, an error is one printable line of
// bounded length without a credential.
func FuzzServerText(f *testing.F) {
	f.Add(400, "application/json", `{"message":"x","errors":[{"code":"1","detail":"y"},"z"]}`)
	f.Add(401, "text/plain", apiToken+"\x1b[2J\u2028::error::")
	f.Add(503, "text/html", "<TITLE>\u0130</title>"+zisToken)
	f.Add(200, "application/json", `{"bundles":[],"meta":{"has_more":true,"after":1}}`)
	f.Add(429, "", "\xff\xfe")
	f.Fuzz(func(t *testing.T, status int, typ, body string) {
		if status < 200 || status > 599 {
			return
		}
		c := client(t, everything(), answering{status, typ, body})
		c.Retries = 0
		_, read := c.Bundles(t.Context(), "demo")
		for _, err := range []error{read, c.Upload(t.Context(), "demo", nil)} {
			if err == nil {
				continue
			}
			e := asError(t, err)
			for _, text := range []string{e.Error(), e.Message, e.Meaning, e.Hint.Of} {
				if leaks(text) {
					t.Errorf("%q shows a credential", text)
				}
				if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
					t.Errorf("%q has a character that doesn't print", text)
				}
				if n := utf8.RuneCountInString(text); n > 3200 {
					t.Errorf("%d characters", n)
				}
			}
		}
	})
}
