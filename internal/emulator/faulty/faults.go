package faulty

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// spoil puts a handler in the place of the real one.
type spoil func(real http.Handler) http.Handler

// retryAfter is what the 429s ask for.
const retryAfter = 3 * time.Second

// faults are the ways in which a request can go wrong. Those about one
// endpoint leave the others alone.
func faults() map[string]spoil {
	return map[string]spoil{
		"reset-before":         resetBefore,
		"reset-after":          resetAfter,
		"hang":                 hang,
		"truncated":            truncated,
		"401":                  always(wire.Plain(http.StatusUnauthorized, "Authentication failed")),
		"403":                  always(wire.Plain(http.StatusForbidden, "Only admin user is allowed")),
		"409":                  always(wire.Refuse(http.StatusConflict, "conflict")),
		"429-seconds":          tooMany(func() string { return strconv.Itoa(int(retryAfter.Seconds())) }),
		"429-date":             tooMany(func() string { return time.Now().Add(retryAfter).UTC().Format(http.TimeFormat) }),
		"500":                  always(wire.Refuse(http.StatusInternalServerError, "Internal Server Error", "error message")),
		"503-html":             always(wire.HTML(http.StatusServiceUnavailable, page503)),
		"wrong-shape":          always(wire.JSON(http.StatusOK, []byte(`{"bundles":"none","job_specs":7,"name":[]}`))),
		"redirect":             redirect,
		"accepted-not-stored":  acceptedNotStored,
		"installed-not-listed": installedNotListed,
	}
}

// page503 is what a proxy sends; its text would be a workflow command if it
// came to a line's start in a log.
const page503 = "<!DOCTYPE html>\n<html><body><h1>Service Unavailable</h1>\n##[error]proxy\n::error::proxy\n</body></html>\n"

func always(a wire.Answer) spoil {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { a.Send(w) })
	}
}

// resetBefore breaks the connection; nothing has happened.
func resetBefore(http.Handler) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// resetAfter breaks the connection after the request took effect.
func resetAfter(real http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		real.ServeHTTP(&kept{header: http.Header{}}, r)
		panic(http.ErrAbortHandler)
	})
}

// hang never answers; nothing has happened.
func hang(http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is it noticed that the client has gone
		<-r.Context().Done()
	})
}

// truncated sends half of the real answer, after the request took effect, and
// breaks the connection.
func truncated(real http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := &kept{header: w.Header(), status: http.StatusOK}
		real.ServeHTTP(k, r)
		if k.status == http.StatusNoContent {
			panic(http.ErrAbortHandler) // it has nothing that could be cut
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(k.body)+1))
		w.WriteHeader(k.status)
		_, _ = w.Write(k.body[:len(k.body)/2]) // less than was said: the connection is closed
	})
}

// tooMany answers 429 with a Retry-After that is made when it is sent.
func tooMany(after func() string) spoil {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", after())
			wire.Plain(http.StatusTooManyRequests, "Too many requests").Send(w)
		})
	}
}

// redirect sends the client to another host, which must not get credentials.
func redirect(http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://elsewhere.example.com/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
}

// acceptedNotStored answers an upload like one that was taken; nothing has
// happened. Other requests go well.
func acceptedNotStored(real http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/bundles") {
			wire.Plain(http.StatusOK, "").Send(w)
			return
		}
		real.ServeHTTP(w, r)
	})
}

// installedNotListed answers an installation like one that was made; nothing
// has happened. Other requests go well.
func installedNotListed(real http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/job_specs/install") {
			wire.Plain(http.StatusOK, "").Send(w)
			return
		}
		real.ServeHTTP(w, r)
	})
}

// kept is an answer that is held back.
type kept struct {
	header http.Header
	status int
	body   []byte
}

// Header is part of http.ResponseWriter.
func (k *kept) Header() http.Header { return k.header }

// WriteHeader is part of http.ResponseWriter.
func (k *kept) WriteHeader(status int) { k.status = status }

// Write is part of http.ResponseWriter.
func (k *kept) Write(text []byte) (int, error) {
	k.body = append(k.body, text...)
	return len(text), nil
}
