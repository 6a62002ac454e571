package shape_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/emulator/shape"
)

func decode(t testing.TB, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func TestChanges(t *testing.T) {
	for _, tt := range []struct {
		name       string
		change     shape.Change
		from, want string
	}{
		{"fraction", shape.Numbers(shape.Fraction), `[1, -2, 0.5, 1e3]`, `[1.0,-2.0,0.5,1e3]`},
		{"exponent", shape.Numbers(shape.Exponent), `[10, 0.5, 12345678901234567]`, `[1e+01,5e-01,12345678901234567]`},
		{"float64", shape.Numbers(shape.Float), `[12345678901234567, 1e2, 1e400, 1.50]`, `[12345678901234568,100,1e400,1.5]`},
		{"float64, short", shape.Numbers(shape.FloatShort), `[12345678901234567, 5]`, `[1.2345678901234568e+16,5]`},
		{"float32", shape.Numbers(shape.Float32), `[16777217, 5]`, `[16777216,5]`},
		{"32 bits", shape.Numbers(shape.Clip), `[4294967296, 7, 0.5]`, `[2147483647,7,0.5]`},
		{"whole", shape.Numbers(shape.Whole), `[1.9, 2, 1e2]`, `[1,2,1e2]`},
		{"as text", shape.AsText, `{"a": [1.50]}`, `{"a":["1.50"]}`},
		{
			"empty dropped", shape.DropEmpty(shape.Empty, false),
			`{"description": "", "resources": {"a": {"properties": {"definition": {"headers": [], "requestBody": {"x": null}, "States": {"A": {}}}}}, "b": {}}}`,
			`{"resources":{"a":{"properties":{"definition":{"States":{"A":{}},"requestBody":{"x":null}}}},"b":{}}}`,
		},
		{
			"empty values dropped", shape.DropEmpty(shape.Null, true),
			`{"a": null, "Parameters": {"b": null, "c": [null, {"d": null}], "e": ""}}`, `{"Parameters":{"c":[null,{}],"e":""},"a":null}`,
		},
		{
			"empty in a condition", shape.DropEmpty(shape.EmptyText, false),
			`{"States": {"A": {"Comment": "", "Choices": [{"Variable": "$.a", "StringEquals": ""}]}}}`, `{"States":{"A":{"Choices":[{"StringEquals":"","Variable":"$.a"}]}}}`,
		},
		{"without", shape.Without("b", "*"), `{"a": 1, "b": {"c": 1, "d": 2}, "e": [{"b": [1, 2]}]}`, `{"a":1,"b":{},"e":[{"b":[]}]}`},
		{"with, where it is not", shape.With("a", "new"), `{"b": {"c": 1}}`, `{"a":"new","b":{"c":1}}`},
		{"with, where it is", shape.With("a", "new"), `{"a": "old"}`, `{"a":"old"}`},
		{"with, at a path", shape.With("a", "new", "x", "*"), `{"x": {"y": {}, "z": []}}`, `{"x":{"y":{"a":"new"},"z":[]}}`},
		{"at", shape.At(shape.Reversed, "l"), `{"l": [1, 2], "m": {"l": [3, 4]}, "n": {"l": 5}}`, `{"l":[2,1],"m":{"l":[4,3]},"n":{"l":5}}`},
		{"sorted", shape.At(shape.Sorted("k"), "l"), `{"l": [{"k": "b"}, {"k": "a"}, 1]}`, `{"l":[1,{"k":"a"},{"k":"b"}]}`},
		{"texts", shape.Texts(strings.ToUpper), `{"a": ["b", 1]}`, `{"a":["B",1]}`},
	} {
		from := decode(t, tt.from)
		got := string(shape.Style{}.Write(tt.change(from)))
		if got != tt.want {
			t.Errorf("%s: %s became %s, want %s", tt.name, tt.from, got, tt.want)
		}
		if diff := cmp.Diff(decode(t, tt.from), from); diff != "" {
			t.Errorf("%s wrote into what it was given (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, tt := range []struct {
		name       string
		f          func(string) string
		from, want string
	}{
		{"NFC", shape.NFC, "cafe\u0301 N\u0303", "caf\u00e9 \u00d1"},
		{"NFD", shape.NFD, "caf\u00e9 \u00d1", "cafe\u0301 N\u0303"},
		{"cut", shape.Cut(3), "a\u00e9\u00e9", "a\u00e9"},
		{"cut, short", shape.Cut(9), "abc", "abc"},
		{"lines", shape.Lines, "a\nb\r\nc", "a\r\nb\r\nc"},
		{"spaces", shape.Spaces, "a \t\n b", "a b"},
		{"tags", shape.NoTags, "<b>a</b> < c", "a < c"},
		{"entities", shape.Entities, `<a & "b">`, "&lt;a &amp; &#34;b&#34;&gt;"},
		{"16 bits", shape.Basic, "a\u00e9\U0001f600", "a\u00e9?"},
		{"ASCII", shape.ASCII, "a\u00e9\U0001f600", "a??"},
	} {
		if got := tt.f(tt.from); got != tt.want {
			t.Errorf("%s: %q became %q, want %q", tt.name, tt.from, got, tt.want)
		}
	}
}

func TestStyles(t *testing.T) {
	const from = `{"b": {"properties": {"y": 1, "x": 2}, "type": "t", "a": 0}, "a": "</é😀>", "z": [true, null]}`
	for _, tt := range []struct {
		style shape.Style
		want  string
	}{
		{shape.Style{First: []string{"z"}}, `{"z":[true,null],"a":"</é😀>","b":{"type":"t","properties":{"x":2,"y":1},"a":0}}`},
		{shape.Style{Reverse: true}, `{"z":[true,null],"b":{"a":0,"properties":{"y":1,"x":2},"type":"t"},"a":"</é😀>"}`},
		{shape.Style{HTML: true, ASCII: true, Slashes: true}, `{"a":"\u003c\/\u00e9\ud83d\ude00\u003e","b":{"type":"t","properties":{"x":2,"y":1},"a":0},"z":[true,null]}`},
		{shape.Style{Before: "\ufeff", After: "\n", Twice: true}, "\ufeff" + `{"a":"</é😀>","b":{"type":"t","properties":{"x":2,"y":1},"a":0},"z":[true,null],"a":"</é😀>"}` + "\n"},
	} {
		if got := string(tt.style.Write(decode(t, from))); got != tt.want {
			t.Errorf("%+v:\n%s, want\n%s", tt.style, got, tt.want)
		}
	}
}

// Whatever the style, the value is the same.
func FuzzStyle(f *testing.F) {
	for _, seed := range []string{`{}`, `[1.50, "\u2028</\\\"", {"type": 1, "properties": {"a": null}}]`, `"\ud800"`} {
		f.Add(seed, uint64(7))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if !json.Valid([]byte(text)) {
			t.Skip()
		}
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test's
		flag := func() bool { return r.IntN(2) == 1 }
		style := shape.Style{Reverse: flag(), HTML: flag(), ASCII: flag(), Slashes: flag()}
		if flag() {
			style.Indent = "  "
		}
		v := decode(t, text)
		if diff := cmp.Diff(v, decode(t, string(style.Write(v)))); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", style, diff)
		}
	})
}
