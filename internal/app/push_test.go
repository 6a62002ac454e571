package app_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zisdeploy/zis-deploy/internal/app"
	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/zendesk"
)

// over answers requests by a handler, without a network. A handler that aborts
// breaks the connection.
type over struct{ http.Handler }

func (o over) RoundTrip(r *http.Request) (res *http.Response, err error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	defer func() {
		if recover() != nil {
			res, err = nil, errors.New("connection reset")
		}
	}()
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w.Result(), nil
}

// push pushes the release to the server, as the admin who made an OAuth client.
func push(t *testing.T, server http.Handler, r app.Release) (app.Pushed, error) {
	t.Helper()
	client, err := registry.New("https://acme.zendesk.com", registry.Credentials{ClientID: "ci", ClientSecret: "secret-of-the-client"}, registry.WithTransport(over{server}))
	if err != nil {
		t.Fatal(err)
	}
	grant := zendesk.Use(client, "crm")
	done, err := app.Push(t.Context(), zendesk.Apps{Client: client}, r)
	if err := grant.Revoke(context.Background()); err != nil {
		t.Error(err)
	}
	return done, err
}

func writes(s *emulator.Server) []string {
	var list []string
	for _, line := range s.Requests() {
		if !strings.HasPrefix(line, "GET ") && !strings.Contains(line, "/oauth/") {
			list = append(list, line)
		}
	}
	s.ResetRequests()
	return list
}

func TestPush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &emulator.Server{}
		first, second := release(t, text("{{$.x}}", "s"), ""), release(t, text("{{$.y}}", "s"), "")
		for _, tt := range []struct {
			release app.Release
			want    app.Pushed
			writes  []string
		}{
			{first, app.Pushed{New: true}, []string{"POST /api/v2/apps/uploads.json", "POST /api/v2/apps.json", "POST /api/support/apps/installations.json"}},
			{first, app.Pushed{Current: true}, nil},
			{second, app.Pushed{}, []string{"POST /api/v2/apps/uploads.json", "PUT /api/v2/apps/ID"}},
		} {
			done, err := push(t, server, tt.release)
			if err != nil {
				t.Fatal(err)
			}
			if done.New != tt.want.New || done.Current != tt.want.Current || done.AppID == 0 || done.Restricted || !strings.Contains(done.Note, "every agent sees the app") {
				t.Errorf("%+v", done)
			}
			have := writes(server)
			for i, line := range have {
				if strings.HasPrefix(line, "PUT /api/v2/apps/") {
					have[i] = "PUT /api/v2/apps/ID"
				}
			}
			if !slices.Equal(have, tt.writes) {
				t.Errorf("wrote %q, want %q", have, tt.writes)
			}
		}
		for _, i := range server.State().Apps.Installations {
			if i.Settings["name"] != first.Name() {
				t.Errorf("settings %v", i.Settings)
			}
		}
	})
}

// However the platform behaves where the references leave it open, a push ends
// with the version that is read back, or says why not.
func TestPushUnderEveryDisposition(t *testing.T) {
	refused := map[string]string{"apps-create-refused": "403", "apps-job-killed": "killed", "apps-job-failed": "something went wrong"}
	names := []string{}
	for _, name := range platform.Dispositions() {
		if strings.HasPrefix(name.Name, "apps-") {
			names = append(names, name.Name)
		}
	}
	if len(names) < 10 {
		t.Fatalf("only %q are tried", names)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &emulator.Server{}
				if err := server.Behave(name); err != nil {
					t.Fatal(err)
				}
				r := release(t, text("{{$.x}}", "s"), "")
				done, err := push(t, server, r)
				if want := refused[name]; want != "" {
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("have %v, want %q in it", err, want)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if again, err := push(t, server, r); err != nil || again.AppID != done.AppID || !again.Current {
					t.Errorf("again: %+v, %v", again, err)
				}
			})
		})
	}
}

// An answer that is lost is not guessed at: the account is read.
func TestPushAfterLostAnswers(t *testing.T) {
	for _, path := range []string{"apps/uploads.json", "v2/apps.json", "job_statuses", "installations.json", "owned.json"} {
		for _, kind := range []string{"500", "reset-before", "reset-after"} {
			t.Run(kind+" "+path, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := &emulator.Server{}
					fault, err := faulty.Script{{Path: path, Kind: kind, Times: 1}}.Fault()
					if err != nil {
						t.Fatal(err)
					}
					server.SetFault(fault)
					r := release(t, text("{{$.x}}", "s"), "")
					_, err = push(t, server, r)
					if err != nil { // then the next run brings it about
						_, err = push(t, server, r)
					}
					state := server.State().Apps
					if err != nil || len(state.Apps) != 1 || len(state.Installations) != 1 {
						t.Errorf("%v; %d apps, %d installations", err, len(state.Apps), len(state.Installations))
					}
				})
			})
		}
	}
}
