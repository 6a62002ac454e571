package source_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

func read(t *testing.T, text string) *source.Document {
	t.Helper()
	doc, found := source.Parse(diag.NewFile("bundle.json", []byte(text)))
	if doc == nil {
		t.Fatal(found[0].Message)
	}
	return doc
}

// What the registry adds, and what is for editors, is neither uploaded nor
// compared; of members with one name the last counts.
func TestWhatIsUploaded(t *testing.T) {
	doc := read(t, `{"$schema": "x", "uuid": "u", "name": "old", "integration": "acme", "zendesk_account_id": 1, "b": 1.0, "name": "b", "resources": {"r": {"uuid": "stays"}, "s": 2}}`)
	if diff := cmp.Diff(`{"b":1.0,"name":"b","resources":{"r":{"uuid":"stays"},"s":2}}`, string(doc.JSON())); diff != "" {
		t.Errorf("JSON (-want +have)\n%s", diff)
	}
	if diff := cmp.Diff("{\n  \"b\": 1.0,\n  \"name\": \"b\",\n  \"resources\": {\n    \"r\": {\n      \"uuid\": \"stays\"\n    },\n    \"s\": 2\n  }\n}\n", string(doc.Shown())); diff != "" {
		t.Errorf("Shown (-want +have)\n%s", diff)
	}
	want := map[string]any{"b": json.Number("1.0"), "name": "b", "resources": map[string]any{"r": map[string]any{"uuid": "stays"}}}
	if diff := cmp.Diff(want, doc.Comparable(map[string]bool{"s": true})); diff != "" {
		t.Errorf("Comparable (-want +have)\n%s", diff)
	}
}

func TestOneContentHasOneDigest(t *testing.T) {
	digest := read(t, `{"name": "b", "resources": {"n": 1, "t": "é"}}`).Digest()
	for text, same := range map[string]bool{
		`{"resources": {"t": "\u00e9", "n": 1.0}, "name": "b"}`:         true,
		`{"name": "b", "uuid": "u", "resources": {"n": 1e0, "t": "é"}}`: true,
		`{"name": "b", "resources": {"n": 2, "t": "é"}}`:                false,
		`{"name": "b", "resources": {"n": "1", "t": "é"}}`:              false,
		`{"name": "c", "resources": {"n": 1, "t": "é"}}`:                false,
	} {
		if (read(t, text).Digest() == digest) != same {
			t.Errorf("%s: want the same digest: %v", text, same)
		}
	}
}

func TestSameNumber(t *testing.T) {
	for _, tt := range []struct {
		a, b json.Number
		same bool
	}{{"1", "1", true}, {"1.0", "1", true}, {"1e0", "1", true}, {"12608007991101234567", "12608007991101234568", false}, {"1", "-1", false}, {"0.1", "0.10", true}} {
		if source.SameNumber(tt.a, tt.b) != tt.same || source.SameNumber(tt.b, tt.a) != tt.same {
			t.Errorf("%s and %s: want same %v", tt.a, tt.b, tt.same)
		}
	}
}

// Of a skeleton nobody can find out what was left out of it.
func TestSkeleton(t *testing.T) {
	secret := func(n *source.Node) bool { return n.Name == "secret" }
	one, pointers := read(t, `{"name": "b", "resources": {"a": {"secret": "one"}, "list": [{"secret": "x"}]}}`).Skeleton(secret)
	if diff := cmp.Diff([]string{"/resources/a/secret", "/resources/list/0/secret"}, pointers); diff != "" {
		t.Error(diff)
	}
	if other, _ := read(t, `{"name": "b", "resources": {"a": {"secret": "two"}, "list": [{"secret": "y"}]}}`).Skeleton(secret); other != one {
		t.Error("the skeleton tells of what is hidden")
	}
	if other, _ := read(t, `{"name": "b", "resources": {"a": {"secret": "one"}, "list": []}}`).Skeleton(secret); other == one {
		t.Error("the skeleton doesn't tell of what is not hidden")
	}
	if digest, left := source.Empty().Skeleton(secret); left != nil || !strings.HasPrefix(digest, "sha256:") {
		t.Error(digest, left)
	}
}

// An edited document shares nothing with the one that it was made of.
func TestEdited(t *testing.T) {
	doc := read(t, `{"name": "b", "resources": {"a": "KEY", "list": ["KEY", 1]}}`)
	edited := doc.Edited([]string{"hush"}, func(n *source.Node) source.Edit {
		e := n.Same()
		if e.Value == "KEY" {
			e.Value, e.Secret = "hush", true
		}
		return e
	})
	if have := string(edited.JSON()); have != `{"name":"b","resources":{"a":"hush","list":["hush",1]}}` {
		t.Errorf("edited: %s", have)
	}
	if shown := string(edited.Shown()); strings.Contains(shown, "hush") || strings.Count(shown, source.Hidden) != 2 {
		t.Errorf("shown: %s", shown)
	}
	if have := string(doc.JSON()); have != `{"name":"b","resources":{"a":"KEY","list":["KEY",1]}}` {
		t.Errorf("the former one has become %s", have)
	}
	if diff := cmp.Diff([]string{"hush"}, edited.Secrets()); diff != "" || len(doc.Secrets()) > 0 {
		t.Errorf("secrets: %q, and of the former %q", edited.Secrets(), doc.Secrets())
	}
}

func TestStoredBundlesAreNamedInErrors(t *testing.T) {
	if _, err := source.Stored("mine", []byte("[1]")); err == nil || !strings.HasPrefix(err.Error(), `stored bundle "mine": `) {
		t.Error(err)
	}
	if doc, err := source.Stored("mine", []byte(`{"name": "b"}`)); err != nil || doc.File.Path != "mine" {
		t.Error(doc, err)
	}
}
