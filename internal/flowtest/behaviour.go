package flowtest

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/credential"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Behaviour is what a change of bundles does to recorded events.
type Behaviour struct {
	Events  int      // that were run through both
	Changed []Turned // those that now do something else
}

// Turned is an event that now does something else.
type Turned struct {
	Event    string // name of the case
	Place    tree.Place
	Ends     string   // "NotPosted" where it now ends; "" if it ends as before
	Ended    string   // where it ended before
	Starts   string   // "no longer" or "now", where a job spec went or came
	Requests []Moved  // that are others
	Touched  string   // assumptions that either run relied on
	Stored   []string // what differs of configs and links afterwards
}

// Moved is a request that is another one.
type Moved struct {
	Host   string
	What   string   // "another body", "another address", "one request more", "one request less"
	Method string   // and the address of the request
	URL    string   //
	Lines  []string // the differences
}

// Compare runs the events of cases through the bundles before and after, and
// tells what is different. Mocks answer as well as they fit: what a case wants
// isn't asked. It asks nobody, and changes nothing; what either side has as a
// secret is hidden.
func Compare(ctx context.Context, before, after *Suite, cases []*Case) Behaviour {
	before.prepare()
	after.prepare()
	after.Account = before.Account // where the two run isn't a difference
	var b Behaviour
	var secrets credential.Set
	for _, s := range []*Suite{before, after} {
		for _, bundle := range s.Bundles {
			hideSecrets(&secrets, bundle.Doc.Root)
		}
	}
	for _, c := range cases {
		was, is := before.behaves(ctx, c), after.behaves(ctx, c)
		if was == nil && is == nil {
			continue
		}
		b.Events++
		if t, differs := turned(c, was, is, &secrets); differs {
			b.Changed = append(b.Changed, t)
		}
	}
	return b
}

func hideSecrets(set *credential.Set, n *source.Node) {
	if text, ok := n.Text(); ok && n.Secret {
		set.Add(text)
	}
	for _, m := range n.Members {
		hideSecrets(set, m)
	}
}

// behaves is what the suite does with the event of a case; nil if nothing
// starts.
func (s *Suite) behaves(ctx context.Context, c *Case) *interp.Result {
	flow, problem := s.flow(c)
	if problem != nil {
		return nil
	}
	var touched interp.Touched
	root, err := s.Account.Posted(c.Event, s.Readings, &touched)
	if err != nil {
		return nil
	}
	m := &lenient{boundary{account: s.Account, mocks: c.HTTP, used: make([]int, len(c.HTTP))}}
	ctx, cancel := context.WithTimeout(ctx, MaxCaseTime)
	defer cancel()
	return flow.Run(ctx, interp.Start{
		Account: s.Account, Data: root, World: interp.World{Configs: c.Config, Links: c.Links}, Connections: c.Connections,
		Domains: c.Domains, Now: c.Now, HTTP: m.do, Readings: s.Readings, NoRepeat: s.NoRepeat,
	})
}

// lenient answers requests that may be others than those that were recorded:
// by the mock that fits, else by one for the same address, else well.
type lenient struct{ boundary }

func (l *lenient) do(ctx context.Context, q *interp.Request) (interp.Reply, error) {
	best, rank := -1, 0
	for i := range l.mocks {
		e := &l.mocks[i].Expect
		fits := 1
		switch {
		case len(l.compare(ctx, e, q)) == 0:
			fits = 4
		case (e.Method == "" || e.Method == q.Method) && len(l.compareURL(e, q)) == 0:
			fits = 3
		case !l.sameHost(e.URL, q.URL):
			continue
		}
		if l.free(i) {
			fits += 4
		}
		if fits > rank {
			best, rank = i, fits
		}
	}
	if best < 0 {
		return interp.Reply{Status: 200, Body: []byte("{}")}, nil
	}
	l.used[best]++
	return l.mocks[best].Reply, nil
}

func (l *lenient) sameHost(expected, asked string) bool {
	if strings.HasPrefix(expected, "/") {
		expected = "https://" + l.account.Host()
	}
	return expected != "" && hostOf(expected) == hostOf(asked)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an unknown host"
	}
	return u.Host
}

// turned compares two runs of one event.
func turned(c *Case, was, is *interp.Result, secrets *credential.Set) (Turned, bool) {
	t := Turned{Event: c.Name, Place: c.Place}
	switch {
	case was == nil:
		t.Starts, t.Ends = "now", secrets.Redact(where(is))
		return t, true
	case is == nil:
		t.Starts, t.Ended = "no longer", secrets.Redact(where(was))
		return t, true
	}
	if where(was) != where(is) {
		t.Ended, t.Ends = secrets.Redact(where(was)), secrets.Redact(where(is))
	}
	t.Requests = moved(was.Requests(), is.Requests(), secrets)
	for _, scope := range slices.Sorted(maps.Keys(is.World.Configs)) {
		for _, d := range diff(hideAll(was.World.Configs[scope], secrets), hideAll(is.World.Configs[scope], secrets), false) {
			t.Stored = append(t.Stored, "config "+scope+": "+d.changed())
		}
	}
	if !interp.Equal(was.World.Links, is.World.Links) {
		t.Stored = append(t.Stored, "other links")
	}
	t.Touched = (was.Touched | is.Touched).String()
	return t, t.Ends != "" || len(t.Requests) > 0 || len(t.Stored) > 0
}

// where is how a run ended, as people tell it.
func where(r *interp.Result) string {
	switch {
	case r.Err == nil || r.Err.Kind == interp.Failed:
		return r.End
	case r.Err.State == "":
		return "before its first state: " + r.Err.Text
	}
	return fmt.Sprintf("in a failure of %s: %s", r.Err.State, r.Err.Text)
}

// SuiteOf is a suite of bundles.
func SuiteOf(docs []*source.Document) *Suite {
	s := &Suite{}
	for _, d := range docs {
		if d != nil {
			s.Bundles = append(s.Bundles, zis.Read(d))
		}
	}
	return s
}
