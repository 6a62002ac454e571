package source_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

func parse(t testing.TB, src string) (*source.Document, []diag.Diagnostic) {
	t.Helper()
	return source.Parse(diag.NewFile("b.json", []byte(src)))
}

func TestBadInputGetsOneErrorWithItsPlace(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"empty", "", "1:1: error: the file is empty [syntax]"},
		{"white space", " \n\t ", "1:1: error: the file is empty [syntax]"},
		{"array", " [1]", "1:2: error: a bundle is a JSON object, this file holds an array [syntax]"},
		{"text", "hello", "1:1: error: unexpected 'h' [syntax]"},
		{"byte order mark", "\xef\xbb\xbf{}", "1:1: error: the file begins with a UTF-8 byte order mark [encoding]"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "1:1: error: the file is UTF-16 [encoding]"},
		{"invalid UTF-8", "{\"a\": \"\xe9\"}", "1:8: error: byte 0xe9 is not valid UTF-8 [encoding]"},
		{"zip", "PK\x03\x04\x14\xf2", "1:1: error: the file is a zip archive [encoding]"},
		{"gzip", "\x1f\x8b\x08\x08", "1:1: error: the file is compressed [encoding]"},
		{"null bytes", "\x00\x00\x00\x00", "1:1: error: the file is empty but for null bytes [encoding]"},
		{"HTML", "\n<!DOCTYPE html><html>", "2:1: error: the file is a page of HTML or XML [syntax]"},
		{"conflict", "<<<<<<< HEAD\n{}", "1:1: error: the file is left by a merge, with its conflict marks [syntax]"},
		{"module", "module.exports = {};", "1:1: error: the file is JavaScript, and a bundle is JSON [syntax]"},
		{"export", "export default {}", "1:1: error: the file is JavaScript, and a bundle is JSON [syntax]"},
		{"curl", "curl -X POST https://a.zendesk.com", "1:1: error: the file is a command, and a bundle is JSON [syntax]"},
		{"fence", "```json\n{}\n```", "1:1: error: the file is Markdown, and a bundle is JSON [syntax]"},
		{"answer", "HTTP/2 200\ncontent-type: application/json\n\n{}", "1:1: error: the file is an HTTP answer with its headers [syntax]"},
		{"null", "null", "1:1: error: a bundle is a JSON object, this file holds null [syntax]"},
		{"comma before brace", "{\n  \"a\": 1,\n}", "2:9: error: a comma stands before the closing } [syntax]"},
		{"comma before bracket", `{"a": [1, ]}`, "1:9: error: a comma stands before the closing ] [syntax]"},
		{"comment", "{\n  // why\n  \"a\": 1}", "2:3: error: JSON has no comments [syntax]"},
		{"block comment", `{"a": /* x */ 1}`, "1:7: error: JSON has no comments [syntax]"},
		{"single quotes", `{'a': 1}`, "1:2: error: single quotes do not make a JSON string [syntax]"},
		{"single quoted value", `{"a": 'b'}`, "1:7: error: single quotes do not make a JSON string [syntax]"},
		{"bare placeholder", `{"id": {{FIELD}} }`, "1:9: error: a placeholder stands outside a string [syntax]"},
		{"missing comma", "{\"a\": 1\n\"b\": 2}", "2:1: error: a comma is missing before this [syntax]"},
		{"line break in string", "{\"a\": \"x\ny\"}", "1:9: error: character 0x0a can't stand in a string [syntax]"},
		{"truncated", `{"a": {"b": 1}`, "1:15: error: the file ends in the middle of the bundle [syntax]"},
		{"second value", `{} {}`, "1:4: error: there is text after the end of the bundle's object [syntax]"},
		{"comma behind the object", `{} ,`, "1:4: error: there is text after the end of the bundle's object [syntax]"},
		{"two commas", `{"a": 1,, "b": 2}`, "1:9: error: two commas follow each other [syntax]"},
		{"deep", strings.Repeat(`{"a":`, 10_000), "1:501: error: the file is nested more than 100 levels deep [limit]"},
		{"long names", `{"` + strings.Repeat("a", 4000) + `":{"b":[{"` + strings.Repeat("c", 95) + `":1,"` + strings.Repeat("d", 96) + `":2}]}}`, "1:4112: error: the names on the way here have more than 4096 bytes together [limit]"},
		{"long text", `{"a": "` + strings.Repeat("b", source.MaxText) + `"}`, "1:7: error: the text is longer than 1 MiB, the most that is read of one [limit]"},
		{"deep arrays", `{"a":` + strings.Repeat("[", 10_000), "1:105: error: the file is nested more than 100 levels deep [limit]"},
		{"huge", strings.Repeat(" ", source.MaxBytes+1), "1:1: error: the file is larger than 16 MiB, the most that is read [limit]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, found := parse(t, tt.src)
			if doc != nil || len(found) != 1 {
				t.Fatalf("Parse = %v, %v; want no document and one finding", doc, found)
			}
			if got := strings.TrimPrefix(found[0].String(), "b.json:"); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestFindingsThatLeaveADocument(t *testing.T) {
	doc, found := parse(t, "{\"é\": 1, \"x\": {\"a\": 1,\n \"a\": 1e999}}")
	if doc == nil {
		t.Fatal("no document")
	}
	var got []string
	for _, d := range diag.Sort(found) {
		got = append(got, d.String()+" "+d.Pointer)
	}
	want := []string{
		`b.json:2:2: error: the key "a" stands twice in this object [duplicate-key] /x/a`,
		`b.json:2:7: error: the number 1e999 is larger than any program can hold [number-range] /x/a`,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestEveryValueKnowsItsPlace(t *testing.T) {
	doc, _ := parse(t, "{ \"a/b\": [true , null,\n {\"ü~\": \"x\\ny\"}] }")
	for pointer, want := range map[string]string{
		"":                `{ "a/b": [true , null,` + "\n" + ` {"ü~": "x\ny"}] }`,
		"/a~1b":           `[true , null,` + "\n" + ` {"ü~": "x\ny"}]`,
		"/a~1b/1":         `null`,
		"/a~1b/2/ü~0":     `"x\ny"`,
		"/a~1b/2/missing": "",
		"/a~1b/7":         "",
	} {
		n := doc.At(pointer)
		if n == nil {
			if want != "" {
				t.Errorf("nothing at %s", pointer)
			}
			continue
		}
		if got := string(doc.File.Src[n.Span.Start:n.Span.End]); got != want {
			t.Errorf("at %s: %q, want %q", pointer, got, want)
		}
		if n.Pointer() != pointer {
			t.Errorf("pointer %q, want %q", n.Pointer(), pointer)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a": [1, 2.50, "x\u00e9\n", {"b": null}], "a": true}`))
	f.Add([]byte("{\"a\": 1,}"))
	f.Add([]byte(`{"a": 1e999}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, found := source.Parse(diag.NewFile("f", bytes.Clone(src)))
		for _, d := range found {
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || int(d.Span.End) > len(src) {
				t.Fatalf("finding outside the file: %+v", d)
			}
		}
		if doc == nil {
			if len(found) != 1 {
				t.Fatalf("%d findings for a file that is no bundle", len(found))
			}
			return
		}
		if len(found) > 0 {
			return
		}
		again, more := source.Parse(diag.NewFile("f", doc.JSON()))
		if again == nil || len(more) > 0 {
			t.Fatalf("what was written is not read: %v", more)
		}
		if doc.Digest() != again.Digest() {
			t.Fatalf("digest changes: %s and %s", doc.Canonical(), again.Canonical())
		}
	})
}

// What a document holds as plain values is what encoding/json reads of it, and
// a document is identical with one that is written otherwise.
func TestPlain(t *testing.T) {
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `, "m%d": [%d, {"x": null, "y": [], "z": {}}]`, i, i)
	}
	src := `{"a": 1, "b": {"c": [true, "t", 2.50, []], "c": "again", "d": {}}` + many.String() + `, "a": 3}`
	doc, _ := parse(t, src)
	dec := json.NewDecoder(strings.NewReader(src))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, doc.Root.Plain()); diff != "" {
		t.Error(diff)
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	sorted, _ := parse(t, string(text))
	if !source.Identical(doc.Root, sorted.Root) {
		t.Error("another order of members makes another document")
	}
	for _, other := range []string{"{}", strings.Replace(string(text), `"m7":[7,`, `"m7":[8,`, 1), strings.Replace(string(text), `"m7"`, `"n7"`, 1), strings.Replace(string(text), `[7,`, `[7.0,`, 1)} {
		if changed, _ := parse(t, other); source.Identical(doc.Root, changed.Root) || source.Identical(changed.Root, doc.Root) {
			t.Errorf("%.60s… is taken for the same", other)
		}
	}
}
