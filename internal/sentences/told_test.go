package sentences_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// TestTold plays testdata/told. An archive begins with a bundle as it is in the
// account; each further part is one change of it, and what somebody is told of
// it who doesn't read JSON:
//
//	# what the case is for
//	set POINTER VALUE   the file has another value there
//	drop POINTER        or none (a pointer is written as in a JSON string)
//	was POINTER VALUE   the account has another value there, and the file too
//	new                 the account has no such bundle
//	off NAME            a job spec that somebody has switched off
//	job specs CHOICE    what the option job-specs says
//	prune               with the option prune
//
//	- the sentences
func TestTold(t *testing.T) {
	for _, name := range []string{"shop", "crm"} {
		path := "testdata/told/" + name + ".txtar"
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range a.Files[1:] {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				how, want, _ := strings.Cut(string(f.Data), "\n\n")
				got := toldOf(t, a.Files[0].Data, how)
				if diff := cmp.Diff(want, got); diff != "" && !*update {
					t.Errorf("told (-want +got)\n%s", diff)
				}
				a.Files[i+1].Data = []byte(how + "\n\n" + got)
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func toldOf(t *testing.T, bundle []byte, how string) string {
	t.Helper()
	var was, is any
	if json.Unmarshal(bundle, &was) != nil || json.Unmarshal(bundle, &is) != nil {
		t.Fatal("the bundle is no JSON")
	}
	var opt deploy.Options
	var off []string
	isNew := false
	for line := range strings.Lines(how) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "#":
		case "new":
			isNew = true
		case "off":
			off = append(off, rest)
		case "prune":
			opt.Prune, opt.PruneLimit = true, 5
		case "job":
			opt.JobSpecs = deploy.ParseSelection(strings.TrimPrefix(rest, "specs "))
		case "was":
			was, is = edit(t, was, rest), edit(t, is, rest)
		case "set", "drop":
			is = edit(t, is, rest)
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	before, _ := json.MarshalIndent(was, "", "  ")
	after, _ := json.MarshalIndent(is, "", "  ")
	if isNew {
		before = nil
	}
	return written(sentences.Of(plan(t, account(t, string(before), off...), string(after), opt)))
}

// edit gives root with another value where a pointer says, or without it.
func edit(t *testing.T, root any, line string) any {
	t.Helper()
	pointer, text, given := strings.Cut(line, " ")
	var value any
	if err := json.Unmarshal([]byte(`"`+pointer+`"`), &pointer); err != nil {
		t.Fatalf("%s: %v", pointer, err)
	}
	if err := json.Unmarshal([]byte(text), &value); given && err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return put(t, root, strings.Split(pointer, "/")[1:], value, given)
}

func put(t *testing.T, n any, steps []string, value any, given bool) any {
	t.Helper()
	if len(steps) == 0 {
		return value
	}
	switch n := n.(type) {
	case map[string]any:
		n = maps.Clone(n)
		if len(steps) == 1 && !given {
			delete(n, steps[0])
			return n
		}
		n[steps[0]] = put(t, n[steps[0]], steps[1:], value, given)
		return n
	case []any:
		if i, err := strconv.Atoi(steps[0]); err == nil && i < len(n) {
			n = slices.Clone(n)
			n[i] = put(t, n[i], steps[1:], value, given)
			return n
		}
	}
	t.Fatalf("nothing stands at %q", steps)
	return nil
}
