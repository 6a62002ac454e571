package apps

import "testing"

func TestKeysThatStandTwice(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "", `{"a": 1, "b": 1}`: "", `{"a": {"a": {"a": 1}}, "b": ["a", "a"], "c": "a"}`: "", `[{"a": 1}, {"a": 1}]`: "", `"a"`: "", `{"a": ["b"], "b": {"c": []}, "c": "b"}`: "",
		`{"a": 1, "a": 2}`: "a", `{"b": {"a": "x", "c": [1], "a": {}}}`: "a", `[{"a": {}, "b": [], "b": 1}]`: "b", `{"a": "a", "": 1, "": 2}`: "", `{"\u0061": 1, "a": 1}`: "a",
	} {
		key, twice := keyTwice([]byte(text))
		if key != want || twice != (want != "" || text == `{"a": "a", "": 1, "": 2}`) {
			t.Errorf("%s: %q %v, want %q", text, key, twice, want)
		}
	}
}
