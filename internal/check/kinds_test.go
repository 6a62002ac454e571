package check_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zisdeploy/zis-deploy/internal/check"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/render"
)

// TestKinds breaks testdata/kinds/base.json as the cases in the archives beside
// it say, and compares what is found. Each file of an archive is a case; its
// lines are:
//
//	set POINTER JSON        writes a value; a pointer may begin with States, post, get_ticket or spec
//	drop POINTER            takes a member away
//	rename POINTER NAME     gives a member another name
//	var NAME=VALUE, var NAME:=VALUE, integration NAME
//	want RULE POINTER [: TEXT]   a finding whose pointer ends so, and whose message or help holds the text
//	more                    other findings are let pass
//
// Without "more", what is wanted is all that is found.
func TestKinds(t *testing.T) {
	base, err := os.ReadFile("testdata/kinds/base.json")
	if err != nil {
		t.Fatal(err)
	}
	archives, _ := filepath.Glob("testdata/kinds/*.txtar")
	if len(archives) == 0 {
		t.Fatal("there are no cases")
	}
	for _, f := range archives {
		archive, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range archive.Files {
			t.Run(c.Name, func(t *testing.T) {
				k := &kind{t: t, values: render.Values{Variables: map[string]string{}, Typed: map[string]any{}}}
				if err := json.Unmarshal(base, &k.bundle); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(string(c.Data)) {
					k.line(strings.TrimSuffix(line, "\n"))
				}
				k.check()
			})
		}
	}
}

// kind is one case.
type kind struct {
	t           *testing.T
	bundle      map[string]any
	integration string
	values      render.Values
	wants       []want
	more        bool
}

type want struct{ rule, pointer, text string }

func (k *kind) line(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	at, value, _ := strings.Cut(rest, " ")
	switch verb {
	case "":
	case "set":
		var v any
		if err := json.Unmarshal([]byte(value), &v); err != nil {
			k.t.Fatalf("%s: %v", line, err)
		}
		k.member(at, func(around any, name string) {
			if list, ok := around.([]any); ok {
				list[index(name)] = v
				return
			}
			around.(map[string]any)[name] = v
		})
	case "drop":
		k.member(at, func(around any, name string) { delete(around.(map[string]any), name) })
	case "rename":
		k.member(at, func(around any, name string) {
			object := around.(map[string]any)
			object[value] = object[name]
			delete(object, name)
		})
	case "var":
		name, value, _ := strings.Cut(rest, "=")
		if typed, is := strings.CutSuffix(name, ":"); is {
			k.values.Typed[typed], _ = render.Typed(value)
			return
		}
		k.values.Variables[name] = value
	case "integration":
		k.integration = rest
	case "want":
		pointer, text, _ := strings.Cut(value, ": ")
		k.wants = append(k.wants, want{at, pointer, text})
	case "more":
		k.more = true
	default:
		k.t.Fatalf("no line begins with %q", verb)
	}
}

var shortPointers = strings.NewReplacer("States/", "/resources/f/properties/definition/States/", "post/", "/resources/post/properties/definition/",
	"get_ticket/", "/resources/get_ticket/properties/definition/", "spec/", "/resources/s/properties/")

func (k *kind) member(pointer string, edit func(around any, name string)) {
	if pointer[0] != '/' {
		first, rest, _ := strings.Cut(pointer, "/")
		pointer = shortPointers.Replace(first+"/") + rest
	}
	steps := strings.Split(pointer[1:], "/")
	var at any = k.bundle
	for _, step := range steps[:len(steps)-1] {
		if list, ok := at.([]any); ok {
			at = list[index(step)]
			continue
		}
		object, ok := at.(map[string]any)
		if !ok {
			k.t.Fatalf("there is no %s in the base", pointer)
		}
		at = object[step]
	}
	edit(at, steps[len(steps)-1])
}

func index(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (k *kind) check() {
	var src bytes.Buffer
	enc := json.NewEncoder(&src)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(k.bundle); err != nil {
		k.t.Fatal(err)
	}
	r := check.Files([]*diag.File{diag.NewFile("bundle.json", src.Bytes())}, check.Options{Integration: k.integration, Values: k.values, Unresolved: diag.Warning})
	found := r.Files[0].Findings
	rest := slices.Clone(found)
	for _, w := range k.wants {
		if !slices.ContainsFunc(found, w.is) {
			k.t.Errorf("no %s at …%s with %q among\n%s", w.rule, w.pointer, w.text, told(found))
		}
		rest = slices.DeleteFunc(rest, w.is)
	}
	if len(rest) > 0 && !k.more {
		k.t.Errorf("found as well\n%s", told(rest))
	}
}

func (w want) is(d diag.Diagnostic) bool {
	return d.Rule == w.rule && strings.HasSuffix(d.Pointer, w.pointer) && strings.Contains(strings.ToLower(d.Message+" "+d.Help), strings.ToLower(w.text))
}

func told(found []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintf(&b, "\t%s %s at %s: %s; %s\n", d.Severity, d.Rule, d.Pointer, d.Message, d.Help)
	}
	return b.String()
}
