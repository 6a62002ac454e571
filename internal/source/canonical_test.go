package source_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The canonical form is what the JSON library makes of what is uploaded.
func TestCanonicalIsThatOfTheLibrary(t *testing.T) {
	for _, src := range []string{
		`{}`, `{"b": {"z": 1, "a": [{"y": 2.50, "x": 1e3}]}, "a": null, "B": true}`,
		`{"\ud83d\ude00": 1, "\ufb33": 2, "é": 3, "e": 4, "ee": 5, "z": 6, "": 7, "\u0080": 8}`,
		`{"a": 1, "b": 2, "a": {"d": 3, "c": 4, "d": 5}}`,
		`{"n": [1.0, -0, 12345678901234567890, 1E400000, 0.1e-7, 100000000000000000000000.5]}`,
		`{"s": "<b>&\u2028\u0000\n\"\\/"}`,
		string(large(3, 9)),
	} {
		doc, _ := parse(t, src)
		want := jsontext.Value(doc.JSON())
		if err := want.Format(jsontext.ReorderRawObjects(true), jsontext.CanonicalizeRawFloats(true), jsontext.CanonicalizeRawInts(false)); err != nil {
			t.Fatal(err)
		}
		if have := string(doc.Canonical()); have != string(want) {
			t.Errorf("%.200s\nhave %.300s\nwant %.300s", src, have, want)
		}
	}
}

func TestDigestIgnoresHowItIsWritten(t *testing.T) {
	a, _ := parse(t, `{"name": "n", "resources": {"a": 1.0, "b": [12608007991101234567, "é"]}, "$schema": "s", "description": ""}`)
	b, _ := parse(t, `{"zendesk_account_id": 7, "uuid": "u", "integration": "i", "resources": {"b": [12608007991101234567, "\u00e9"], "a": 1}, "name": "n"}`)
	if a.Digest() != b.Digest() {
		t.Errorf("%s and %s differ", a.Canonical(), b.Canonical())
	}
	c, _ := parse(t, `{"name": "n", "resources": {"a": 1, "b": [12608007991101234568, "é"]}}`)
	if a.Digest() == c.Digest() {
		t.Error("two long integers are taken for one")
	}
}
