package fleet_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/fleet"
	"github.com/zisdeploy/zis-deploy/internal/project"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// saidOf are the sentences of a row, in their order.
func saidOf(row fleet.Row) string {
	var b strings.Builder
	for _, s := range row.Sentences {
		b.WriteString(string(s.Kind) + ": " + s.Text + "\n")
	}
	return b.String()
}

func TestARowSaysWhatTheReleaseWouldChange(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first]\ntargets:\n"+target("a", "first", ""), nil)
		if said := saidOf(w.status()["a"]); !strings.Contains(said, "a.example") || !strings.Contains(said, "start: ") {
			t.Errorf("with nothing deployed:\n%s", said)
		}
		w.must("first")
		if said := saidOf(w.status()["a"]); said != "" {
			t.Errorf("it runs the release, and:\n%s", said)
		}
		edit(t, w, "a", "https://a.example/hook", "https://elsewhere.example/hook")
		edit(t, w, "a", `"Message":"one"`, `"Message":"by \u202ehand"`)
		row := w.status()["a"]
		said := saidOf(row)
		for _, want := range []string{"a.example", "elsewhere.example", "message: ", `\u202e`} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not in:\n%s", want, said)
			}
		}
		if strings.ContainsRune(said, '\u202e') {
			t.Errorf("something invisible is in %q", said)
		}
		if len(row.Sentences) == 0 || row.Sentences[0].Kind != sentences.Destination || !row.Sentences[0].Alarm {
			t.Errorf("where data goes is not said first:\n%s", said)
		}
	})
}

func TestSentencesOfARowHoldNoSecret(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first]\ntargets:\n"+target("a", "first", ""), nil)
		w.must("first")
		for _, known := range []bool{true, false} {
			if !known {
				delete(w.env, "KEY__A")
			}
			edit(t, w, "a", "Bearer key-of-a", "Basic key-of-somebody")
			row := w.status()["a"]
			written, err := json.Marshal(row)
			if err != nil {
				t.Fatal(err)
			}
			if len(row.Sentences) == 0 || strings.Contains(string(written), "key-of-") || strings.ContainsAny(string(written), "\uE0F0\uE0F1") {
				t.Errorf("%s", written)
			}
			edit(t, w, "a", "Basic key-of-somebody", "Bearer key-of-a")
		}
	})
}

// A job spec that is on and in no file goes on firing, or stops: as a deploy
// of this target would have it.
func TestARowSaysWhetherADeployWouldPrune(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWorld(t, "rings: [first]\ntargets:\n"+target("a", "first", ""), nil)
		w.files(strings.Replace(text("one"), `"s": {`, `"old": {"type": "ZIS::JobSpec", "properties": {"name": "old", "event_source": "support", "event_type": "ticket.CommentAdded", "flow_name": "zis:x:flow:f"}},
  "s": {`, 1), "v0")
		w.must("first")
		w.files(text("one"), "v1")
		for prune, want := range map[bool]string{false: "because prune is off", true: "no longer"} {
			w.worker.Options = func(*project.Target) deploy.Options { return deploy.Options{Prune: prune, PruneLimit: 5} }
			row := w.status()["a"]
			if said := saidOf(row); !strings.Contains(said, want) || prune == strings.Contains(said, "prune is off") {
				t.Errorf("prune %v:\n%s", prune, said)
			}
			if !slices.Equal(row.Specs.More, []string{"old"}) {
				t.Errorf("prune %v: %+v", prune, row.Specs)
			}
		}
		w.worker.Options = func(*project.Target) deploy.Options { return deploy.Options{Prune: true} }
		if row := w.status()["a"]; len(row.Sentences) > 0 || !strings.Contains(strings.Join(row.Notes, " "), "would be refused: pruning would uninstall 1 job specs") {
			t.Errorf("a deploy that is refused: %s %v", saidOf(row), row.Notes)
		}
	})
}
