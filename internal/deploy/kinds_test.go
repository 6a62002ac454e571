package deploy_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/registry"
)

var (
	turnedDown = &registry.Error{Op: "write a note", Method: http.MethodPut, Status: http.StatusForbidden, Sent: true}
	noAnswer   = &registry.Error{Op: "write a note", Method: http.MethodPut, Status: http.StatusGatewayTimeout, Sent: true}
)

// A kind that this package doesn't know is planned, written, proven and brought
// back like bundles and job specs: all that it brings is its own file and a row
// in kinds.
func TestAKindIsOneFile(t *testing.T) {
	for name, c := range map[string]struct {
		holds  map[string]string
		notes  *deploy.Notes
		upload int // the status that uploads are answered with; 0: they are done

		steps string
		sent  string
		after string // what the account holds
		back  deploy.Rollback
		fails string // what the error says; "": it succeeds
	}{
		"it is written before the bundle and read back with it": {
			holds: map[string]string{"a": "one", "b": "same"}, notes: &deploy.Notes{Want: map[string]string{"a": "two", "b": "same", "c": "new"}},
			steps: "snapshot former state, note a, note c, upload a, install keep, install new, verify read back",
			sent:  "a=two c=new", after: "map[a:two b:same c:new]", back: deploy.NotNeeded,
		},
		"no answer, and it was done": {
			notes: &deploy.Notes{Want: map[string]string{"a": "two"}, Answer: once(deploy.Note{Err: noAnswer})},
			sent:  "a=two", after: "map[a:two]", back: deploy.NotNeeded,
		},
		"no answer, and it was not": {
			notes: &deploy.Notes{Want: map[string]string{"a": "two"}, Answer: once(deploy.Note{Lost: true, Err: noAnswer})},
			sent:  "a=two a=two", after: "map[a:two]", back: deploy.NotNeeded,
		},
		"refused at once": {
			holds: map[string]string{"a": "one"}, notes: &deploy.Notes{Want: map[string]string{"a": "two"}, Answer: once(deploy.Note{Lost: true, Err: turnedDown})},
			sent: "a=two", after: "map[a:one]", back: deploy.NotNeeded, fails: "write a note",
		},
		"the second is refused: the first goes back": {
			holds: map[string]string{"a": "one", "b": "one"},
			notes: &deploy.Notes{Want: map[string]string{"a": "two", "b": "two"}, Answer: of("b=two", deploy.Note{Lost: true, Err: turnedDown})},
			sent:  "a=two b=two a=one", after: "map[a:one b:one]", back: deploy.Restored, fails: "write a note",
		},
		"the upload behind it is refused: it goes back": {
			holds: map[string]string{"a": "one"}, notes: &deploy.Notes{Want: map[string]string{"a": "two"}}, upload: http.StatusForbidden,
			sent: "a=two a=one", after: "map[a:one]", back: deploy.Restored, fails: "upload",
		},
		"the way back is refused too: it is told what is left": {
			holds: map[string]string{"a": "one"}, upload: http.StatusForbidden,
			notes: &deploy.Notes{Want: map[string]string{"a": "two"}, Answer: of("a=one", deploy.Note{Lost: true, Err: turnedDown})},
			sent:  "a=two a=one", after: "map[a:two]", back: deploy.Impossible, fails: "upload",
		},
		"accepted and not done: nothing proves it": {
			notes: &deploy.Notes{Want: map[string]string{"a": "two"}, Answer: of("a=two", deploy.Note{Lost: true})},
			sent:  "a=two", after: "map[]", back: deploy.NotNeeded, fails: `deployed, not proven: the note "a" is not "two"`,
		},
		"somebody else changes it between plan and deploy": {
			notes: &deploy.Notes{Want: map[string]string{"a": "two"}, Changed: "the note \"a\" was changed by somebody else"},
			after: "map[]", back: deploy.NotNeeded, fails: `since the plan was made, the note "a" was changed`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				r.start()
				deploy.WithNotes(t, c.notes, c.holds)
				if c.upload != 0 {
					r.server.SetFault(uploadsAnswer(c.upload))
				}
				plan, res := r.deploy(t.Context(), deploy.Options{}, after)
				if c.steps != "" && steps(plan.Plan) != c.steps {
					t.Error(cmp.Diff(c.steps, steps(plan.Plan)))
				}
				if sent := strings.Join(c.notes.Sent, " "); sent != c.sent {
					t.Errorf("sent %q, wanted %q", sent, c.sent)
				}
				if c.notes.Holds() != c.after || res.Rollback != c.back {
					t.Errorf("the account holds %s, rollback %s (%q); wanted %s, %s", c.notes.Holds(), res.Rollback, res.ByHand, c.after, c.back)
				}
				if c.back == deploy.Impossible && !strings.Contains(strings.Join(res.ByHand, "\n"), "note a") {
					t.Errorf("what is left to be done by hand: %q", res.ByHand)
				}
				switch {
				case c.fails == "" && res.Err != nil:
					t.Error(res.Err)
				case c.fails != "" && (res.Err == nil || !strings.Contains(res.Err.Error(), c.fails)):
					t.Errorf("the error is %v, and should say %q", res.Err, c.fails)
				}
			})
		})
	}
}

// A change of nothing but such a kind is a change, has an identity of its own,
// and is restored from the journal.
func TestAKindAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.start()
		n := &deploy.Notes{Want: map[string]string{"a": "two"}}
		deploy.WithNotes(t, n, map[string]string{"a": "one"})
		plan, res := r.deploy(t.Context(), deploy.Options{}, before)
		if res.Err != nil || steps(plan.Plan) != "snapshot former state, note a, verify read back" || plan.Changes() != 1 {
			t.Fatal(res.Err, steps(plan.Plan), plan.Changes())
		}
		n.Want["a"] = "three"
		if other, _ := r.deploy(t.Context(), deploy.Options{}, before); other.Digest == plan.Digest {
			t.Error("plans for two values have the same identity")
		}
		if plan, res := r.deploy(t.Context(), deploy.Options{}, before); res.Err != nil || !plan.Empty() || plan.Changes() != 0 {
			t.Error("a deploy of what is there is not empty:", steps(plan.Plan), res.Err)
		}
		past, err := deploy.ReadJournal(r.journal)
		if err != nil || past == nil {
			t.Fatal("no journal: ", err)
		}
		have, err := deploy.Read(t.Context(), r.client, "acme")
		if err != nil {
			t.Fatal(err)
		}
		back, err := deploy.NewRestore(past, have, deploy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if res := deploy.Apply(t.Context(), r.client, back, r.settings()); res.Err != nil || n.Holds() != "map[a:two]" {
			t.Error("the state before the last deploy is not restored:", n.Holds(), res.Err)
		}
		if text, err := os.ReadFile(r.journal); err != nil || !strings.Contains(string(text), `"notes":{"a":"three"}`) {
			t.Errorf("the journal doesn't hold the former notes: %v\n%s", err, text)
		}
	})
}

// once is an answer to the first write; the others are done.
func once(first deploy.Note) func(string, string) deploy.Note {
	n := 0
	return func(string, string) deploy.Note {
		if n++; n == 1 {
			return first
		}
		return deploy.Note{}
	}
}

// of is the answer to each write of "name=value"; the others are done.
func of(write string, answer deploy.Note) func(string, string) deploy.Note {
	return func(name, value string) deploy.Note {
		if name+"="+value == write {
			return answer
		}
		return deploy.Note{}
	}
}

// uploadsAnswer has every upload answered with a status, and nothing stored.
func uploadsAnswer(status int) func(*http.Request, http.Handler) http.Handler {
	return func(req *http.Request, real http.Handler) http.Handler {
		if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/bundles") {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		}
		return real
	}
}
