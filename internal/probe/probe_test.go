package probe_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/probe"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// echo answers like httpbin.org.
func echo(_ context.Context, q *interp.Request) (interp.Reply, error) {
	path := strings.TrimPrefix(q.URL, "https://echo.example")
	switch {
	case strings.HasPrefix(path, "/status/500"):
		return interp.Reply{Status: 500}, nil
	case strings.HasPrefix(path, "/status/204"):
		return interp.Reply{Status: 204}, nil
	case strings.HasPrefix(path, "/redirect-to"):
		return interp.Reply{Status: 302, Headers: map[string]string{"Location": "/anything"}}, nil
	}
	headers := map[string]string{"Host": "echo.example"}
	for _, h := range q.Headers {
		headers[h.Name] = h.Value
	}
	body, _ := json.Marshal(map[string]any{"headers": headers})
	return interp.Reply{Status: 200, Body: body}, nil
}

// ask runs every flow of the probe, as an account with these readings would,
// and returns its log.
func ask(t *testing.T, address string, readings interp.Readings) string {
	t.Helper()
	text, err := probe.Bundle("acme", address)
	if err != nil {
		t.Fatal(err)
	}
	more, err := probe.Connections("acme")
	if err != nil {
		t.Fatal(err)
	}
	return run(t, text, readings) + run(t, more, readings)
}

// run runs the flows of one bundle. The account has no connection.
func run(t *testing.T, text []byte, readings interp.Readings) string {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("probe.json", text))
	if doc == nil || len(found) > 0 {
		t.Fatal(found)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	account := interp.Account{ID: 1, Subdomain: "acme", Integration: "acme"}
	var log strings.Builder
	for _, event := range []any{probe.Event(now.Unix()), []any{"list"}} {
		posted, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		input, err := interp.Decode(posted)
		if err != nil {
			t.Fatal(err)
		}
		var touched interp.Touched
		root, err := account.Posted(input, readings, &touched)
		if err != nil {
			continue // refused
		}
		config, _ := json.Marshal(probe.Config())
		stored, _ := interp.Decode(config)
		for _, flow := range interp.Compile(zis.Read(doc)).Flows() {
			r := flow.Run(t.Context(), interp.Start{
				Account: account, Connections: []string{}, Data: root, Now: now, HTTP: echo, Readings: readings,
				World: interp.World{Configs: map[string]any{probe.Scope: stored}},
			})
			log.WriteString("2026-01-01 acme info " + r.Message + "\n")
		}
	}
	return log.String()
}

// TestTheProbeFindsEveryReading runs the probe in accounts that are each
// otherwise than was thought in one thing, and reads their logs: the probe
// finds that one thing out.
func TestTheProbeFindsEveryReading(t *testing.T) {
	unasked := map[string]string{
		"A4":  "no public bundle has such a path",
		"A8":  "shows in what the other side gets",
		"A12": "a mistake of the flow in any case",
		"A28": "a mistake of the flow in any case",
		"A33": "a mistake of the flow in any case",
	}
	for _, q := range interp.Questions() {
		if unasked[q.ID.String()] != "" {
			continue
		}
		for i, reading := range q.Readings {
			found, open, err := probe.Read(ask(t, "https://echo.example", interp.Readings{}.With(q.ID, i)))
			if err != nil {
				t.Fatal(q.ID, err)
			}
			known := false
			for _, f := range found {
				known = known || f.Assumption == q.ID
				if f.Assumption == q.ID && (f.Reading != reading.Name || f.Default != (i == 0)) {
					t.Errorf("%s=%s is found to be %s", q.ID, reading.Name, f)
				}
			}
			if !known {
				t.Errorf("%s=%s isn't found; open: %v", q.ID, reading.Name, open)
			}
		}
	}
}

func TestReadRefusesOtherLogs(t *testing.T) {
	for log, want := range map[string]string{
		"":                          "the log has no message of the probe",
		"zis-probe P2 A18=sideways": "P2 says what can't be: A18 (what LoadConfig gives) can't be read as \"sideways\"",
	} {
		if _, _, err := probe.Read(log); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", log, err)
		}
	}
	if _, err := probe.Bundle("acme", "http://plain.example"); err == nil {
		t.Error("an address without TLS is taken")
	}
}
