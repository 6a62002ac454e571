package lint_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/lint"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Whoever reads a bundle is told of what he can't see, and not of what writing
// needs.
func TestInvisibleCharacters(t *testing.T) {
	for text, want := range map[string]bool{
		"pay\u200bload": true, "pay\u200dload": true, "\u202epayload": true, "payload\U000e0061": true, "payload\u3164": true, "p\u0430yload": true,
		"\uff50ayload": true, "payload\ufe0e": true, "pay\u2062load": true, "a\x1b[0m": true, "payload\ufeff": true,
		"caf\u00e9": false, "Bonjour\u00a0!": false, "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": false, "\u2764\ufe0f": false, "\U0001f468\u200d\U0001f469\u200d\U0001f467": false,
		"1\ufe0f\u20e3": false, "two\nlines\tand a tab": false, "\u043f\u0440\u0438\u0432\u0435\u0442, world": false, "ABC\u30c6\u30b9\u30c8": false, "Donau\u00addampf": false,
	} {
		value, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range []string{
			`{"name": "b", "resources": {"a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"method": "POST", "url": "https://example.com", "requestBody": {"t": ` + string(value) + `}}}}}}`,
			`{"name": "b", "resources": {"a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"method": "POST", "url": "https://example.com", "requestBody": {` + string(value) + `: 1}}}}}}`,
		} {
			doc, found := source.Parse(diag.NewFile("b.json", []byte(src)))
			if doc == nil {
				t.Fatal(found)
			}
			linted, _ := lint.Run([]*source.Document{doc}, lint.Options{})
			got := slices.ContainsFunc(linted, func(d diag.Diagnostic) bool { return d.Rule == "invisible-character" })
			if got != want {
				t.Errorf("%q is reported: %v\n%s", text, got, src)
			}
		}
	}
}
