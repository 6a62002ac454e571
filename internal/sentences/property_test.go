package sentences_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// editor makes random changes in a bundle, and notes where.
type editor struct {
	*rand.Rand
	places []string // JSON pointers, in the former bundle or the new one
}

// edit changes something somewhere below v, and returns what v is then.
func (e *editor) edit(v any, at string, depth int) any {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		if len(names) > 0 && (depth < 3 || e.IntN(6) > 0) {
			name := names[e.IntN(len(names))]
			if _, ok := v["resources"]; ok && e.IntN(8) > 0 {
				name = "resources"
			}
			v[name] = e.edit(v[name], at+"/"+pointer(name), depth+1)
			return v
		}
		return e.object(v, names, at)
	case []any:
		if len(v) > 0 && e.IntN(3) > 0 {
			i := e.IntN(len(v))
			v[i] = e.edit(v[i], fmt.Sprint(at, "/", i), depth+1)
			return v
		}
		e.places = append(e.places, at)
		return e.array(v)
	}
	e.places = append(e.places, at)
	return e.scalar(v)
}

func (e *editor) object(v map[string]any, names []string, at string) any {
	if len(names) == 0 || e.IntN(2) == 0 {
		name := []string{"Extra", "Comment", "Next", "headers", "url", "public", "Retry"}[e.IntN(7)]
		v[name] = e.scalar("x")
		e.places = append(e.places, at+"/"+name)
		return v
	}
	name := names[e.IntN(len(names))]
	delete(v, name)
	e.places = append(e.places, at+"/"+pointer(name))
	return v
}

func (e *editor) array(v []any) any {
	switch {
	case len(v) > 1 && e.IntN(2) == 0:
		i := e.IntN(len(v) - 1)
		v[i], v[i+1] = v[i+1], v[i]
		return v
	case len(v) > 0 && e.IntN(2) == 0:
		return slices.Delete(v, 0, 1)
	}
	return append(v, map[string]any{"key": "X-Extra", "value": "1"})
}

func (e *editor) scalar(v any) any {
	switch v := v.(type) {
	case string:
		return []any{v + " more words for this", "https://evil.example.org/x", "", 7.0, "{{$.other}}", strings.ToUpper(v), map[string]any{"a": v}}[e.IntN(7)]
	case float64:
		return []any{v + 1, "text", nil}[e.IntN(3)]
	case bool:
		return !v
	}
	return "something"
}

func pointer(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// covered tells whether a sentence tells of a place, of something in it, or of
// something around it below a resource.
func covered(told sentences.Told, place string) bool {
	return slices.ContainsFunc(told.Sentences, func(s sentences.Sentence) bool {
		return slices.ContainsFunc(s.Pointers, func(p string) bool {
			return p == place || strings.HasPrefix(p, place+"/") || strings.HasPrefix(place, p+"/") && p != "" && p != "/resources"
		})
	})
}

func bundlesForEdits(t testing.TB) map[string]string {
	texts := map[string]string{"example": read(t, example)}
	files, err := filepath.Glob("../../../shared/corpus/public/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.Contains(f, "template") { // its names are placeholders
			texts[filepath.Base(f)] = read(t, f)
		}
	}
	return texts
}

func TestEveryChangeIsTold(t *testing.T) {
	rounds := 10
	if testing.Short() {
		rounds = 20
	}
	for name, text := range bundlesForEdits(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range rounds {
				e := &editor{Rand: rand.New(rand.NewPCG(uint64(seed), 7))}
				var v any
				if err := json.Unmarshal([]byte(text), &v); err != nil {
					t.Fatal(err)
				}
				for range 1 + e.IntN(4) {
					v = e.edit(v, "", 0)
				}
				after, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				checkTold(t, fmt.Sprint("seed ", seed), text, string(after), e.places)
			}
		})
	}
}

// checkTold makes the plan and looks for each difference among the sentences.
func checkTold(t *testing.T, what, before, after string, places []string) {
	t.Helper()
	have := account(t, before)
	p, err := deploy.NewPlan([]*zis.Bundle{zis.Read(parse(t, after))}, have, deploy.Options{})
	if err != nil || p.Bundles[0].Action == compare.Add { // it lost its name
		return
	}
	told := sentences.Of(p)
	if p.Bundles[0].Action == compare.Keep {
		return
	}
	if len(told.Sentences) == 0 {
		t.Fatalf("%s: nothing is told of %q", what, places)
	}
	if len(told.Sentences) > sentences.Most+2 {
		t.Errorf("%s: %d sentences", what, len(told.Sentences))
	}
	if told.Sentences[0].Kind == sentences.None {
		for _, place := range edits(t, p, places) {
			if !strings.HasSuffix(place, "/Comment") && !strings.HasSuffix(place, "/name") && !strings.HasPrefix(place, "/description") {
				t.Errorf("%s: %s differs, and %s", what, place, written(told))
			}
		}
	}
	for _, place := range append(differing(p), edits(t, p, places)...) {
		if !covered(told, place) {
			t.Errorf("%s: nothing is told of %s (edits %q)\n%s", what, place, places, written(told))
		}
	}
}

// differing are the pointers of all that a plan shows as different.
func differing(p deploy.Prepared) []string {
	var list []string
	for _, b := range p.Bundles {
		for _, d := range b.Changes {
			list = append(list, d.Pointer)
		}
		for _, r := range b.Resources {
			for _, d := range r.Changes {
				list = append(list, d.Pointer)
			}
			if r.Action == compare.Add || r.Action == compare.Remove {
				list = append(list, "/resources/"+pointer(r.Key))
			}
		}
	}
	return list
}

// edits are the places of edits of which something is left: a later edit may
// have undone an earlier one, or taken away what is around it.
func edits(t *testing.T, p deploy.Prepared, places []string) []string {
	d := p.Documents()[0]
	return slices.DeleteFunc(slices.Clone(places), func(place string) bool {
		if slices.Contains([]string{"/uuid", "/integration", "/zendesk_account_id"}, place) {
			return true // never compared
		}
		was, is := d.Before.At(place), d.After.At(place)
		if was == nil && is == nil {
			return true
		}
		if was == nil || is == nil {
			return false
		}
		a, _ := json.Marshal(was.Plain())
		b, _ := json.Marshal(is.Plain())
		return string(a) == string(b)
	})
}

// shuffled renames states and writes comments: nothing that is done differs.
func renamedStates(text string, r *rand.Rand) string {
	var v map[string]any
	if json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	for _, res := range v["resources"].(map[string]any) {
		properties, _ := res.(map[string]any)["properties"].(map[string]any)
		definition, _ := properties["definition"].(map[string]any)
		renameIn(definition, r)
	}
	out, _ := json.Marshal(v)
	return string(out)
}

func renameIn(machine map[string]any, r *rand.Rand) {
	states, ok := machine["States"].(map[string]any)
	if !ok {
		return
	}
	to := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		to[name] = name
		if r.IntN(2) == 0 {
			to[name] = "Other" + name
		}
	}
	fresh := map[string]any{}
	for name, s := range states {
		state := s.(map[string]any)
		follow(state, to)
		if inner, ok := state["Iterator"].(map[string]any); ok {
			renameIn(inner, r)
		}
		if r.IntN(5) == 0 {
			state["Comment"] = "said otherwise"
		}
		fresh[to[name]] = state
	}
	machine["States"] = fresh
	if start, ok := machine["StartAt"].(string); ok && to[start] != "" {
		machine["StartAt"] = to[start]
	}
}

func follow(v any, to map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for _, field := range []string{"Next", "Default"} {
			if s, ok := v[field].(string); ok && to[s] != "" {
				v[field] = to[s]
			}
		}
		for _, field := range []string{"Choices", "Catch"} {
			follow(v[field], to)
		}
	case []any:
		for _, item := range v {
			follow(item, to)
		}
	}
}

func TestNothingThatChangesWhatIsDone(t *testing.T) {
	for name, text := range bundlesForEdits(t) {
		for seed := range 20 {
			after := renamedStates(text, rand.New(rand.NewPCG(uint64(seed), 3)))
			told := sentences.Of(plan(t, account(t, text), after, deploy.Options{}))
			if len(told.Sentences) > 0 && told.Sentences[0].Kind != sentences.None {
				t.Errorf("%s, seed %d: only names and comments differ, but\n%s", name, seed, written(told))
				break
			}
		}
	}
}
