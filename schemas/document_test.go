package schemas_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func kind(v any) string {
	if _, ok := v.(json.Number); ok {
		return "number"
	}
	return fmt.Sprintf("%T", v)
}

// places are the pointers of all values in v but v itself, sorted.
func places(v any, at string) []string {
	var all []string
	down := func(key string, v any) {
		pointer := at + "/" + escape(key)
		all = append(append(all, pointer), places(v, pointer)...)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			down(k, v[k])
		}
	case []any:
		for i, item := range v {
			down(strconv.Itoa(i), item)
		}
	}
	return all
}

func escape(key string) string   { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }
func unescape(key string) string { return strings.NewReplacer("~1", "/", "~0", "~").Replace(key) }

func find(t testing.TB, v any, pointer string) any {
	t.Helper()
	for _, key := range strings.Split(pointer, "/")[1:] {
		switch n := v.(type) {
		case map[string]any:
			v = n[unescape(key)]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(n) {
				t.Fatalf("no %q in %s", key, pointer)
			}
			v = n[i]
		}
	}
	if v == nil {
		t.Fatalf("nothing at %s", pointer)
	}
	return v
}

func edit(t testing.TB, v any, edit string) {
	t.Helper()
	key, value, set := strings.Cut(edit, "=")
	switch n := v.(type) {
	case map[string]any:
		if !set {
			key = strings.TrimPrefix(edit, "-")
			if _, ok := n[key]; !ok {
				t.Fatalf("there is no %q", key)
			}
			delete(n, key)
			return
		}
		n[key] = decode(t, value)
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil {
			t.Fatal(err)
		}
		n[i] = decode(t, value)
	default:
		t.Fatalf("can't edit a %T", v)
	}
}
