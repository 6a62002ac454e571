package source_test

import "testing"

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
