package sentences_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

// Many differences within one value are counted, and hide neither the one that
// data is filled into nor what differs elsewhere.
func TestManyValuesAreCounted(t *testing.T) {
	const n = 2500
	values := func(tag, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"m%d": "%s", `, i, tag)
		}
		return b.String() + fmt.Sprintf(`"last": "%s"`, last)
	}
	pairs := func(tag, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `{"key": "m%d", "value": "%s"}, `, i, tag)
		}
		return b.String() + fmt.Sprintf(`{"key": "last", "value": "%s"}`, last)
	}
	post := `{"method": "POST", "url": "%s", "connectionName": "c", "requestBody": {%s}, "headers": [%s]}`
	flow := `"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "A", "States": {
		"A": {"Type": "Pass", "Result": {%s}, "ResultPath": "$.a", "Next": "B"},
		"B": {"Type": "Action", "ActionName": "zis:x:action:log", "Parameters": {%s}, "End": true}}}}}`
	bundle := func(tag, last, url string, in string) string {
		body, headers, result, parameters := values("same", "same"), pairs("same", "same"), values("same", "same"), values("same", "same")
		switch in {
		case "body":
			body = values(tag, last)
		case "headers":
			headers = pairs(tag, last)
		case "result":
			result = values(tag, "none")
		case "parameters":
			parameters = values(tag, "none")
		}
		return action("log", fmt.Sprintf(post, url, body, headers)) + "," + fmt.Sprintf(flow, result, parameters)
	}
	for in, want := range map[string][]string{
		"body":       {"also sends last", "What POST b.example carries: 2501 values differ."},
		"headers":    {"also sends last", "The headers of POST b.example: 2501 values differ."},
		"result":     {"What A sets: 2500 values differ."},
		"parameters": {"What B passes on: 2500 values differ."},
	} {
		t.Run(in, func(t *testing.T) {
			before, after := document(t, bundle("one", "one", "https://a.example", in)), document(t, bundle("two", "{{$.last}}", "https://b.example", in))
			told := sentences.Tell([]sentences.Pair{{Before: before, After: after}}, nil)
			var all []string
			for _, s := range told.All() {
				all = append(all, s.Text)
			}
			for _, text := range append(want, "b.example") {
				if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, text) }) {
					t.Errorf("no sentence says %q:\n%s", text, strings.Join(all[:min(12, len(all))], "\n"))
				}
			}
			if most := 1010; len(all) > most {
				t.Errorf("%d sentences, want at most %d", len(all), most)
			}
		})
	}
}
