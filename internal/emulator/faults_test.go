package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator"
	"github.com/zisdeploy/zis-deploy/internal/emulator/faulty"
)

// outcome is what a client sees of a fault, and whether the request took
// effect all the same.
type outcome struct {
	Upload, Install, List string // status and begin of the body, or the error
	Stored, Installed     bool
}

func TestFaultKinds(t *testing.T) {
	const broken, cut = "broken", "cut short"
	always := func(s string) outcome { return outcome{Upload: s, Install: s, List: s} }
	want := map[string]outcome{
		"reset-before":         always(broken),
		"reset-after":          {Upload: broken, Install: broken, List: broken, Stored: true, Installed: true},
		"hang":                 always("timeout"),
		"truncated":            {Upload: cut, Install: cut, List: cut, Stored: true, Installed: true},
		"401":                  always("401 Authentication failed"),
		"403":                  always("403 Only admin user is allowed"),
		"409":                  always(`409 {"message":"conflict"}`),
		"429-seconds":          always("429 Too many requests"),
		"429-date":             always("429 Too many requests"),
		"500":                  always(`500 {"errors":[{"code":"1050",`),
		"503-html":             always("503 <!DOCTYPE html>\n<html><bod"),
		"wrong-shape":          always(`200 {"bundles":"none","job_spe`),
		"redirect":             always("307 "),
		"accepted-not-stored":  {Upload: "200 ", Install: "200 ", List: `200 {"bundles":[{"description"`, Installed: true},
		"installed-not-listed": {Upload: "200 ", Install: "200 ", List: `200 {"bundles":[{"description"`, Stored: true},
	}
	got := map[string]outcome{}
	for _, kind := range faulty.Kinds() {
		synctest.Test(t, func(t *testing.T) { got[kind] = suffer(t, kind) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// suffer uploads a second bundle, installs a job spec of the first and lists,
// all with the fault.
func suffer(t *testing.T, kind string) outcome {
	s := &emulator.Server{}
	prepare(t, s)
	a := open(t, s)
	defer a.stop()
	a.upload(oneFlow("a", "one"))
	fault, err := faulty.ByName(kind)
	if err != nil {
		t.Fatal(err)
	}
	s.SetFault(fault)
	a.client.Timeout = 30 * time.Second
	o := outcome{
		Upload:  seen(a.send("POST", registry+"acme/bundles", admin, oneFlow("b"))),
		Install: seen(a.send("POST", specPath("acme", "one"), admin, "")),
		List:    seen(a.send("GET", registry+"acme/bundles", admin, "")),
	}
	i := s.State().Integration("acme")
	o.Stored, o.Installed = i.Bundle("b") != nil, i.JobSpec("one").Installed
	return o
}

func seen(res response, err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) && res.Status > 0:
		return "cut short"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case err != nil:
		return "broken"
	}
	text := fmt.Sprintf("%d %s", res.Status, res.Body)
	return text[:min(len(text), 30)]
}

// Both forms of Retry-After ask for three seconds.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for kind, want := range map[string]string{
			"429-seconds": "3", "429-date": time.Now().Add(3 * time.Second).UTC().Format(http.TimeFormat),
		} {
			fault, err := faulty.ByName(kind)
			if err != nil {
				t.Fatal(err)
			}
			a := open(t, &emulator.Server{Fault: fault})
			res, err := a.client.Get("http://acme.zendesk.com" + registry + "integrations")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if got := res.Header.Get("Retry-After"); got != want {
				t.Errorf("%s: %q, want %q", kind, got, want)
			}
			a.stop()
		}
	})
}

// A script counts requests by entry: entries about the same requests follow
// each other, After lets some pass, Times 0 is for good.
func TestScript(t *testing.T) {
	for _, tt := range []struct {
		name   string
		script faulty.Script
		want   []int
	}{
		{"500 once", faulty.Script{{Method: "GET", Path: "/integrations", Kind: "500", Times: 1}}, []int{500, 200, 200, 200, 200}},
		{"two after one another", faulty.Script{{Path: "/integrations", Kind: "500", Times: 1}, {Path: "/integrations", Kind: "401", Times: 2}}, []int{500, 401, 401, 200, 200}},
		{"after two", faulty.Script{{Kind: "403", After: 2, Times: 1}}, []int{200, 200, 403, 200, 200}},
		{"for good", faulty.Script{{Kind: "409", After: 3}}, []int{200, 200, 200, 409, 409}},
		{"another method", faulty.Script{{Method: "POST", Kind: "409"}}, []int{200, 200, 200, 200, 200}},
		{"another path", faulty.Script{{Path: "/bundles", Kind: "409"}}, []int{200, 200, 200, 200, 200}},
		{"by query", faulty.Script{{Path: "?n=1", Kind: "409"}}, []int{200, 409, 200, 200, 200}},
		{"empty", nil, []int{200, 200, 200, 200, 200}},
	} {
		a := acme(t)
		fault, err := tt.script.Fault()
		if err != nil {
			t.Fatal(err)
		}
		a.server.SetFault(fault)
		var got []int
		for n := range 5 {
			got = append(got, a.do("GET", fmt.Sprintf("%sintegrations?n=%d", registry, n), admin, "").Status)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestUnknownFault(t *testing.T) {
	if !slices.IsSorted(faulty.Kinds()) {
		t.Errorf("not sorted: %q", faulty.Kinds())
	}
	want := `fault "504": there are ` + strings.Join(faulty.Kinds(), ", ")
	if _, err := faulty.ByName("504"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A client that reads nothing of a large answer holds up nobody.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &emulator.Server{}
		prepare(t, s)
		a := open(t, s)
		defer a.stop()
		a.upload(strings.Replace(oneFlow("a"), `"Type": "Succeed"`, `"Type": "Succeed", "Message": "`+strings.Repeat("x", 1<<20)+`"`, 1))
		path := registry + "acme/bundles/" + s.State().Integration("acme").Bundles[0].UUID
		req, err := http.NewRequestWithContext(t.Context(), "GET", "http://acme.zendesk.com"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", admin)
		res, err := a.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		synctest.Wait() // the server waits for the reader
		if diff := cmp.Diff([]string{}, a.specs()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// After stop, a dial fails at once.
func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial, stop := emulator.Local(&emulator.Server{})
		stop()
		stop()
		if _, err := dial(t.Context(), "tcp", "acme.zendesk.com:80"); err == nil {
			t.Error("a dial after stop succeeds")
		}
	})
}
