package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/registry"
)

// Notes are a made-up kind of what a deploy writes: short texts by name. It
// stands for the next real one, and shows all that one brings: nothing else of
// this package knows it.
type Notes struct {
	Want    map[string]string             // what a person wants
	Answer  func(name, value string) Note // what becomes of the nth write; nil: all are done
	Changed string                        // what somebody else has changed

	mu    sync.Mutex
	holds map[string]string // of the account
	Sent  []string          // "name=value", in order
}

// Note is what becomes of a write.
type Note struct {
	Lost bool // nothing is stored
	Err  error
}

const noteKind = "note"

// WithNotes has deploys of this test write notes as well, before all else.
func WithNotes(t *testing.T, n *Notes, holds map[string]string) {
	t.Helper()
	if n.holds = maps.Clone(holds); holds == nil {
		n.holds = map[string]string{}
	}
	was := kinds
	kinds = slices.Insert(slices.Clone(kinds), 0, kind(n))
	t.Cleanup(func() { kinds = was })
}

// Holds is what the account holds.
func (n *Notes) Holds() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return fmt.Sprint(n.holds)
}

func (n *Notes) read(context.Context, *registry.Client, Remote, func(string) bool) (func(*Remote), error) {
	return func(*Remote) {}, nil // a real kind puts what it has read into its member of Remote
}

func (n *Notes) changed(_, _ Remote, _ []string) string { return n.Changed }

func (n *Notes) intents(Prepared) ([]intent, error) {
	var list []intent
	for _, name := range slices.Sorted(maps.Keys(n.Want)) {
		was, will := n.holds[name], n.Want[name]
		list = append(list, intent{resource: note{n, name, will}, write: was != will, before: was, after: will})
	}
	return list, nil
}

func (n *Notes) member() string { return "notes" }

func (n *Notes) save(Remote) any { return n.holds }

func (n *Notes) load(text json.RawMessage, _ *Former) error {
	return json.Unmarshal(text, &formerNotes)
}

// formerNotes is what a real kind has as its member of Former.
var formerNotes map[string]string

func (n *Notes) again(*returning) error {
	n.Want = formerNotes
	return nil
}

func (n *Notes) back(a *apply, w *wayBack, _ Former, _ Remote) {
	for _, i := range a.plan.intents {
		if now, ok := i.resource.(note); ok {
			was := note{n, now.name, i.before}
			w.goal.resources = append(w.goal.resources, was)
			if was.look(Remote{}).state != held {
				w.tasks = append(w.tasks, task{was.step(), was})
			}
		}
	}
}

// note is one of them as it should be.
type note struct {
	of    *Notes
	name  string
	value string
}

func (o note) step() Step { return Step{noteKind, o.name} }

func (o note) write(context.Context, *registry.Client) error {
	o.of.mu.Lock()
	defer o.of.mu.Unlock()
	o.of.Sent = append(o.of.Sent, o.name+"="+o.value)
	var answer Note
	if o.of.Answer != nil {
		answer = o.of.Answer(o.name, o.value)
	}
	if !answer.Lost {
		o.of.holds[o.name] = o.value
	}
	return answer.Err
}

func (o note) look(Remote) look {
	o.of.mu.Lock()
	defer o.of.mu.Unlock()
	if o.of.holds[o.name] == o.value {
		return look{}
	}
	return look{state: asBefore, what: fmt.Sprintf("the note %q is not %q", o.name, o.value)}
}
