package lint_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/render"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/schemas"
)

// FuzzValidate: whatever the bytes, checking them ends without a panic, every
// finding stands inside the file, and what the schema refuses gets an error.
func FuzzValidate(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Fuzz(sound)
}

// sound checks what is true of the findings in any file.
func sound(t *testing.T, src []byte) {
	doc, found := source.Parse(diag.NewFile("bundle.json", src))
	if doc != nil {
		v := render.Values{Variables: map[string]string{"NAME": `a"b{{C}}`}, Secrets: map[string]string{"KEY": "s3cr3t"}}
		docs, more := render.Documents([]*source.Document{doc}, v, diag.Warning)
		linted, _ := lint.Run(docs, lint.Options{Integration: "shop"})
		found = append(append(found, more...), linted...)
		refused(t, docs[0], found)
	} else if len(found) != 1 {
		t.Errorf("a file that can't be read has %d findings", len(found))
	}
	for _, d := range found {
		inside(t, d, src)
	}
}

// TestDamagedExamples takes the examples of all rules and leaves out each value
// once, or puts one of another kind in its place. Each list of objects also
// gets its first once more, without one of its members.
func TestDamagedExamples(t *testing.T) {
	all := seeds(t)
	if testing.Short() {
		all = all[:1]
	}
	for _, src := range all {
		var root any
		if json.Unmarshal(src, &root) != nil {
			continue // it is about syntax
		}
		damageEach(root, func(v any) { root = v }, func() {
			text, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			if sound(t, text); t.Failed() {
				t.Fatalf("in %s", text)
			}
		})
	}
}

// TestFindingsStayShort makes each text of the examples long once: what one
// text makes long, a hostile file may have in every finding.
func TestFindingsStayShort(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of bundles")
	}
	const most = 10_000 // bytes of one finding
	long := strings.Repeat("b", 2*most)
	for _, src := range seeds(t) {
		var root any
		if json.Unmarshal(src, &root) != nil {
			continue // it is about syntax
		}
		check := func() {
			text, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range validate(t, text) {
				size := len(d.Message) + len(d.Help) + len(d.Pointer)
				for _, r := range d.Related {
					size += len(r.Message)
				}
				if size > most {
					t.Errorf("a finding of %s has %d bytes: %.60s… help %.60s…", d.Rule, size, d.Message, d.Help)
				}
			}
		}
		stretchEach(root, func(v any) { root = v }, func(s string) string { return s + long }, check)
		stretchEach(root, func(v any) { root = v }, func(s string) string { return strings.Replace(s, "}}", long+"}}", 1) }, check)
	}
}

// stretchEach makes the texts in v long, one after the other, calls check each
// time, and leaves everything as it was.
func stretchEach(v any, set func(any), longer func(string) string, check func()) {
	switch v := v.(type) {
	case string:
		if l := longer(v); l != v {
			set(l)
			check()
			set(v)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			stretchEach(v[name], func(other any) { v[name] = other }, longer, check)
		}
	case []any:
		for i := range v {
			stretchEach(v[i], func(other any) { v[i] = other }, longer, check)
		}
	}
}

// damageEach damages v, by what set does, and all that is in it, calls check
// each time, and leaves everything as it was.
func damageEach(v any, set func(any), check func()) {
	for _, other := range []any{nil, 0, "$", []any{nil}, map[string]any{}} {
		set(other)
		check()
	}
	set(v)
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			member := v[name]
			delete(v, name)
			check()
			damageEach(member, func(other any) { v[name] = other }, check)
		}
	case []any:
		for i := range v {
			damageEach(v[i], func(other any) { v[i] = other }, check)
		}
		if len(v) == 0 {
			return
		}
		first, _ := v[0].(map[string]any)
		for name := range first {
			again := maps.Clone(first)
			delete(again, name)
			set(append(slices.Clone(v), again))
			check()
		}
		set(v)
	}
}

func inside(t *testing.T, d diag.Diagnostic, src []byte) {
	t.Helper()
	places := []diag.Span{d.Span}
	for _, r := range d.Related {
		places = append(places, r.Span)
	}
	for _, span := range places {
		if span.Start < 0 || span.End < span.Start || int(span.End) > len(src) {
			t.Errorf("%v: place %v of %d bytes", d, span, len(src))
		}
	}
	unfilled := strings.Contains(d.Message+d.Help, "%!") && !bytes.Contains(src, []byte("%!")) // by fmt
	if d.Message == "" || d.Rule == "" || d.Severity == 0 || unfilled || strings.Contains(d.Message, "s3cr3t") {
		t.Errorf("incomplete finding %+v", d)
	}
	if d.Rule == "internal" {
		t.Errorf("%v", d)
	}
}

// refused holds that an invalid bundle never passes in silence.
func refused(t *testing.T, doc *source.Document, found []diag.Diagnostic) {
	t.Helper()
	schema, err := schemas.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	result, err := schema.Validate(gojsonschema.NewRawLoader(doc.Root.Plain()))
	if err != nil || result.Valid() {
		return
	}
	for _, d := range found {
		if d.Severity == diag.Error {
			return
		}
	}
	t.Errorf("no error for what the schema refuses: %v", result.Errors())
}

// seeds are the examples of all rules, and numbers that the schema library
// can't take.
func seeds(tb testing.TB) (list [][]byte) {
	files, err := filepath.Glob("rules/*.txtar")
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			list = append(list, unmarked(f.Data))
		}
	}
	for _, keyword := range []string{`"zis_template_version"`, `"name"`, `"Seconds"`, `"TimeoutSeconds"`, `"Type"`, `"End"`} {
		list = append(list, []byte(`{`+keyword+`: 1e309, "resources": {"a": {"type": "ZIS::Flow", "properties": {"name": "a", "definition": {"StartAt": "S", "States": {"S": {"Type": "Wait", `+keyword+`: 1e999999}}}}}}}`))
	}
	return list
}
