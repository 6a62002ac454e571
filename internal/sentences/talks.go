package sentences

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// Talk is a host that the bundles talk to after the deploy.
type Talk struct {
	Host string `json:"host"` // visible; "Zendesk itself" for the account's own
	New  bool   `json:"new"`  // no bundle that is there now talks to it
}

// Request is what an action that is new, or differs in this, sends and where.
type Request struct {
	Bundle  string   `json:"bundle"`
	Action  string   `json:"action"`
	Pointer string   `json:"pointer"`
	New     bool     `json:"new"`               // the action wasn't there
	What    string   `json:"request"`           // POST slack.com/api/chat.postMessage, data as "…"
	As      string   `json:"as,omitempty"`      // the connection whose credential is sent
	Headers []string `json:"headers,omitempty"` // their names
	Sends   []string `json:"sends,omitempty"`   // paths of the event's and the flow's data that it holds
}

// talks fills in hosts and requests.
func (w *world) talks(t *Told) {
	now, before := map[string]bool{}, map[string]bool{}
	for _, b := range w.bundles {
		was := map[string]Request{}
		for _, a := range b.old.Actions {
			before[requestOf(a.Definition).where()] = true
			was[a.Name.Value] = b.was.send(b.name, a)
		}
		for _, a := range b.new.Actions {
			now[requestOf(a.Definition).where()] = true
			is := b.is.send(b.name, a)
			old, there := was[a.Name.Value]
			if is.New = !there; is.New || !is.same(old) {
				t.Requests = append(t.Requests, is)
			}
		}
	}
	for name := range now {
		t.Hosts = append(t.Hosts, Talk{Host: name, New: !before[name]})
	}
	slices.SortFunc(t.Hosts, func(a, b Talk) int {
		if a.New != b.New {
			return map[bool]int{true: -1, false: 1}[a.New]
		}
		return strings.Compare(a.Host, b.Host)
	})
}

func (r Request) same(other Request) bool {
	return r.What == other.What && r.As == other.As && slices.Equal(r.Headers, other.Headers) && slices.Equal(r.Sends, other.Sends)
}

func (s *side) send(bundle string, a *zis.Action) Request {
	r := Request{Bundle: bundle, Action: a.Name.Value, Pointer: a.Node.Pointer()}
	asked := requestOf(a.Definition)
	r.What = strings.TrimSpace(asked.method + " " + asked.where() + asked.path)
	if asked.host == "" && asked.path != "" {
		r.What = strings.TrimSpace(asked.method+" "+asked.path) + " of " + asked.where()
	}
	r.As = Visible(seen(a.Definition.Get("connectionName")))
	if headers := a.Definition.Get("headers"); headers != nil {
		for _, h := range headers.Members {
			r.Headers = append(r.Headers, headerName(h))
		}
	}
	r.Sends = s.sends(a)
	return r
}

// headerName is the name of a header, which stands in key; of an object of
// headers it is the member's.
func headerName(h *source.Node) string {
	if key := h.Get("key"); key != nil {
		return Visible(seen(key))
	}
	return Visible(h.Name)
}

// sends are the paths that a request is filled with, as the states that call
// the action see them: what Parameters hands over is followed to where it comes
// from.
func (s *side) sends(a *zis.Action) []string {
	own := fills(a.Definition)
	var paths []string
	add := func(p string) {
		if p = Visible(p); !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	calls := s.callers[a.Name.Value]
	for _, path := range own {
		if len(calls) == 0 {
			add(path)
		}
		for _, call := range calls {
			for _, p := range handed(call.Parameters, path) {
				add(p)
			}
		}
	}
	return paths
}

// handed is where the data of a path of an action comes from.
func handed(parameters *source.Node, path string) []string {
	rest, ok := strings.CutPrefix(path, "$.")
	if parameters == nil || !ok {
		return append(fills(parameters), map[bool][]string{true: {path}, false: nil}[parameters == nil]...)
	}
	name := rest
	if i := strings.IndexAny(rest, ".["); i >= 0 {
		name = rest[:i]
	}
	if from, ok := parameters.Get(name + ".$").Text(); ok {
		return []string{from + rest[len(name):]}
	}
	return fills(parameters.Get(name))
}
