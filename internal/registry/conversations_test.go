package registry_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

var update = flag.Bool("update", false, "rewrite what testdata/conversations tells")

// TestConversations plays testdata/conversations: calls, what a server answers
// to their requests one after the other, and what the client makes of it. Of an
// archive the file
//
//	calls        has a call a line
//	credentials  the kinds that there are; without it API ZIS OAuth
//	answers      the answers, with lines of === between them: the status, headers,
//	             an empty line, the body. In the place of a status may stand hang
//	             or reset; the last answer is given to all further requests
//	told         the requests, the waits between them, and how each call ends
func TestConversations(t *testing.T) {
	paths, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		bubble(t, strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { converse(t, path) })
	}
}

func converse(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*txtar.File{}
	for i := range archive.Files {
		files[archive.Files[i].Name] = &archive.Files[i]
	}
	if files["calls"] == nil || files["answers"] == nil || files["told"] == nil || len(archive.Comment) == 0 {
		t.Fatal("calls, answers, told or the comment on top is missing")
	}
	told := &teller{}
	kinds := "API ZIS OAuth"
	if f := files["credentials"]; f != nil {
		kinds = strings.TrimSpace(string(f.Data))
	}
	cred := credentialsOf(t, kinds)
	c := serve(t, cred, inTurn(handlers(t, string(files["answers"].Data))...))
	c.OnRequest = told.request
	c.Source = &mint{never: strings.HasSuffix(kinds, "unknown client"), current: map[registry.Kind]registry.Secret{}}
	for line := range strings.Lines(string(files["calls"].Data)) {
		line = strings.TrimSpace(line)
		told.printf("%s", line)
		told.end(perform(registry.OnWait(t.Context(), told.wait), t, c, line))
	}
	got := told.text.String()
	if *update {
		files["told"].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := gocmp.Diff(string(files["told"].Data), got); diff != "" {
		t.Errorf("told (-want +got)\n%s", diff)
	}
}

func credentialsOf(t *testing.T, kinds string) (c registry.Credentials) {
	t.Helper()
	for kind := range strings.FieldsSeq(kinds) {
		switch kind {
		case "API":
			c.Email, c.APIToken = "admin@example.com", apiToken
		case "ZIS":
			c.ZISToken = zisToken
		case "OAuth":
			c.OAuthToken = oauthToken
		case "unknown": // to the account
		case "client":
			c.ClientID, c.ClientSecret = "deployer", "clientSECRET0a1b"
		default:
			t.Fatalf("no credential is named %q", kind)
		}
	}
	return c
}

// mint gives a token of each kind until it is refused, then another one.
type mint struct {
	mu      sync.Mutex
	never   bool
	n       int
	current map[registry.Kind]registry.Secret
}

func (m *mint) Token(_ context.Context, k registry.Kind) (registry.Secret, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.never {
		return "", errors.New("the account doesn't know the OAuth client")
	}
	if m.current[k] == "" {
		m.n++
		m.current[k] = registry.Secret(fmt.Sprintf("mintedTOKEN%d", m.n))
	}
	return m.current[k], nil
}

func (m *mint) Refused(k registry.Kind, token registry.Secret) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current[k] == token {
		m.current[k] = ""
	}
}

// handlers reads the answers of an archive.
func handlers(t *testing.T, text string) (list []http.HandlerFunc) {
	t.Helper()
	for block := range strings.SplitSeq(text, "===\n") {
		head, body, _ := strings.Cut(block, "\n\n")
		lines := strings.Split(strings.TrimSpace(head), "\n")
		switch lines[0] {
		case "hang":
			list = append(list, hang)
			continue
		case "reset":
			list = append(list, reset)
			continue
		}
		status, err := strconv.Atoi(lines[0])
		if err != nil {
			t.Fatalf("%q is no status", lines[0])
		}
		list = append(list, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if strings.HasPrefix(body, "{") {
				w.Header().Set("Content-Type", "application/json")
			} else {
				w.Header().Set("Content-Type", "text/plain")
			}
			for _, h := range lines[1:] {
				name, value, _ := strings.Cut(h, ": ")
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, strings.TrimSuffix(body, "\n"))
		})
	}
	return list
}

// perform makes a call that an archive names.
func perform(ctx context.Context, t *testing.T, c *registry.Client, line string) (any, error) {
	t.Helper()
	verb, rest, _ := strings.Cut(line, ": ")
	switch verb {
	case "bundles":
		return c.Bundles(ctx, rest)
	case "bundle":
		b, err := c.Bundle(ctx, "demo", rest)
		return json.RawMessage(b), err
	case "job specs":
		return c.JobSpecs(ctx, rest)
	case "upload":
		return nil, c.Upload(ctx, "demo", []byte(rest))
	case "install":
		return nil, c.Install(ctx, rest)
	case "uninstall":
		return nil, c.Uninstall(ctx, rest)
	case "integrations":
		return c.Integrations(ctx)
	case "register":
		return c.CreateIntegration(ctx, rest, "an integration")
	case "OAuth clients":
		return c.OAuthClients(ctx)
	case "token":
		id, _ := strconv.ParseInt(rest, 10, 64)
		return c.CreateToken(ctx, id)
	case "connections":
		return c.Connections(ctx, rest)
	case "webhooks":
		return c.InboundWebhooks(ctx, rest)
	case "app":
		a, err := c.Do(ctx, registry.Call{Op: "read the app " + rest, Method: http.MethodGet, Path: []string{"api", "v2", "apps", rest}, Admin: true})
		return json.RawMessage(a.Body), err
	}
	t.Fatalf("no call is named %q", verb)
	return nil, nil
}

// teller writes down what happens.
type teller struct{ text strings.Builder }

func (w *teller) printf(format string, args ...any) {
	fmt.Fprintf(&w.text, format+"\n", args...)
}

func (w *teller) request(r registry.Request) {
	status := strconv.Itoa(r.Status)
	if r.Status == 0 {
		status = "no answer"
	}
	w.printf("  %s %s as %s: %s", r.Method, r.Path, r.Credential, status)
}

func (w *teller) wait(r registry.Retry) {
	if r.Told == 0 {
		w.printf("  waits a moment, then try %d of %d", r.Try, r.Of)
		return
	}
	w.printf("  waits %s of %s, then try %d of %d", r.Wait, r.Told, r.Try, r.Of)
}

// end tells how a call ended; of an error also what a caller may do about it.
func (w *teller) end(result any, err error) {
	if err == nil {
		w.result(result)
		return
	}
	w.printf("  error: %v", err)
	e, ok := errors.AsType[*registry.Error](err)
	if !ok {
		return
	}
	reason, hint := e.Verdict()
	w.printf("  reason %s, hint %s", reason, cmp.Or(string(hint.Code), "none"))
	var is []string
	for _, about := range []struct {
		word string
		ask  func(error) bool
	}{
		{"unknown", registry.Unknown},
		{"doubtful", registry.Doubtful},
		{"refused", registry.Refused},
		{"unknown job spec", registry.UnknownJobSpec},
		{"odd", registry.Odd},
		{"gone", registry.Gone},
		{"answered", registry.Answered},
	} {
		if about.ask(err) && (about.word != "unknown job spec" || strings.Contains(e.Op, "install")) {
			is = append(is, about.word)
		}
	}
	if len(is) > 0 {
		w.printf("  is %s", strings.Join(is, ", "))
	}
}

func (w *teller) result(result any) {
	list := reflect.ValueOf(result)
	switch body, ok := result.(json.RawMessage); {
	case result == nil:
		w.printf("  done")
	case ok:
		w.printf("  %s", body)
	case list.Kind() != reflect.Slice:
		w.printf("  %+v", result)
	case list.Len() == 0:
		w.printf("  none")
	default:
		for i := range list.Len() {
			w.printf("  %s", strings.Replace(fmt.Sprintf("%+v", list.Index(i)), " Changed:0001-01-01 00:00:00 +0000 UTC", "", 1))
		}
	}
}
