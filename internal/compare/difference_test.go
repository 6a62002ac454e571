package compare

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// manyValues is a bundle of an action with n headers and n members in its body,
// and a flow with n items in its result. tag stands in each of them.
func manyValues(n int, tag, url string) string {
	var headers, body, items []string
	for i := range n {
		headers = append(headers, fmt.Sprintf(`{"key": "X-%d", "value": "%s"}`, i, tag))
		body = append(body, fmt.Sprintf(`"m%d": {"text": "%s"}`, i, tag))
		items = append(items, fmt.Sprintf(`"%s %d"`, tag, i))
	}
	return fmt.Sprintf(`{"resources": {
		"a": {"type": "ZIS::Action::Http", "properties": {"name": "a", "definition": {"headers": [%s], "requestBody": {%s}, "url": "%s"}}},
		"f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"States": {"S": {"Type": "Pass", "Result": [%s]}}}}}}}`,
		strings.Join(headers, ","), strings.Join(body, ","), url, strings.Join(items, ","))
}

// Many differences within one value are counted, and hide none elsewhere.
func TestManyDifferencesAreCounted(t *testing.T) {
	if testing.Short() {
		t.Skip("compares large lists in one goroutine")
	}
	const n = mostListed + 500
	have, want := document(t, manyValues(n, "one", "https://a.example")), document(t, manyValues(n, "two", "https://b.example"))
	l := Bundles(want, have, "acme", true)
	list := Differences("", l.Have, l.Want, NewMask(want, have), l.Moved)
	listed, more := map[string]int{}, map[string]int{}
	for _, d := range list {
		value, _ := valueAround(d.Pointer)
		if d.More > 0 {
			more[d.Pointer] = d.More
			continue
		}
		listed[value]++
	}
	action, result := "/resources/a/properties/definition", "/resources/f/properties/definition/States/S/Result"
	if diff := cmp.Diff(map[string]int{action + "/headers": 500, action + "/requestBody": 500, result: 500}, more); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"": 1, action + "/headers": mostListed, action + "/requestBody": mostListed, result: mostListed}, listed); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if got := Count(list); got != 3*n+1 {
		t.Errorf("%d differences are told of, want %d", got, 3*n+1)
	}
	if !slices.ContainsFunc(list, func(d Difference) bool { return d.Pointer == action+"/url" && d.New == `"https://b.example"` }) {
		t.Error("another address isn't listed")
	}
	if all := Differences("", l.Have, l.Want, nil, l.Moved); len(all) != 3*n+1 {
		t.Errorf("for the program alone %d differences are listed, want %d", len(all), 3*n+1)
	}
}

func TestValueAround(t *testing.T) {
	flow := "/resources/f/properties/definition"
	for pointer, want := range map[string]string{
		"":                                       "",
		"/description":                           "",
		"/notes/0":                               "/notes",
		"/notes/a/b":                             "/notes",
		"/resources/a":                           "",
		"/resources/a/type":                      "",
		"/resources/a/properties/name":           "",
		"/resources/a/properties/extra/0":        "/resources/a/properties/extra",
		"/resources/a/properties/definition":     "",
		"/resources/a/properties/definition/url": "",
		"/resources/a/properties/definition/headers/4/value":     "/resources/a/properties/definition/headers",
		"/resources/a/properties/definition/requestBody/a/b/0/c": "/resources/a/properties/definition/requestBody",
		flow + "/StartAt":                                   "",
		flow + "/States/S":                                  "",
		flow + "/States/S/Next":                             "",
		flow + "/States/S/Result/0":                         flow + "/States/S/Result",
		flow + "/States/States/Parameters/States/a":         flow + "/States/States/Parameters",
		flow + "/States/M/Iterator/StartAt":                 "",
		flow + "/States/M/Iterator/States/S":                "",
		flow + "/States/M/Iterator/States/S/Type":           "",
		flow + "/States/M/Iterator/States/S/Choices/7/Next": flow + "/States/M/Iterator/States/S/Choices",
	} {
		if got, within := valueAround(pointer); got != want || within != (want != "") {
			t.Errorf("%s leads into %q (%v), want %q", pointer, got, within, want)
		}
	}
}
