package expr_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/expr"
)

func TestParsePath(t *testing.T) {
	name := func(s string) expr.Segment {
		return expr.Segment{Kind: expr.Name, Name: s}
	}
	index := func(n int) expr.Segment {
		return expr.Segment{Kind: expr.Index, Index: n}
	}
	quoted := func(s string) expr.Segment {
		return expr.Segment{Kind: expr.Quoted, Name: s}
	}
	for path, want := range map[string][]expr.Segment{
		"$":                       nil,
		"$.a":                     {name("a")},
		"$.search.tickets[0].id":  {name("search"), name("tickets"), index(0), name("id")},
		"$[1][20]":                {index(1), index(20)},
		"$.é.custom-field.$t.@id": {name("é"), name("custom-field"), name("$t"), name("@id")},
		"$['a b']":                {quoted("a b")},
		`$["a'].b"].c`:            {quoted("a'].b"), name("c")},
		`$['it\'s']`:              {quoted("it's")},
	} {
		got, err := expr.ParsePath(path)
		if err != nil {
			t.Errorf("%s: %+v", path, *err)
		}
		if diff := cmp.Diff(want, got.Segments); diff != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
}

func TestParsePathErrors(t *testing.T) {
	for _, tt := range []struct {
		path       string
		kind       expr.ErrorKind
		start, end int
		message    string
	}{
		{"", expr.Syntax, 0, 0, `a path begins with "$"`},
		{"input.id", expr.Syntax, 0, 8, `a path begins with "$"`},
		{"$input", expr.Syntax, 1, 2, `unexpected "i" in the path`},
		{"$.", expr.Syntax, 1, 2, `a name is missing after "."`},
		{"$.a.", expr.Syntax, 3, 4, `a name is missing after "."`},
		{"$.a b", expr.Syntax, 3, 4, `unexpected " " in the path`},
		{"$.a ", expr.Syntax, 3, 4, `unexpected " " in the path`},
		{"$.a]", expr.Syntax, 3, 4, `unexpected "]" in the path`},
		{"$.a.[0]", expr.Syntax, 3, 4, `unexpected "." before "["`},
		{"$.a[0", expr.Syntax, 3, 4, `"[" is never closed`},
		{"$.a[]", expr.Syntax, 3, 5, `"[]" is not an array index`},
		{"$.a[x]", expr.Syntax, 3, 6, `"[x]" is not an array index`},
		{"$.a['b]", expr.Syntax, 3, 7, "the quoted name is never closed"},
		{"$..id", expr.Undocumented, 1, 3, `".." (any depth) is not part of the path language`},
		{"$.a.*", expr.Undocumented, 3, 5, `the wildcard ".*" is not part of the path language`},
		{"$.a[*].b", expr.Undocumented, 3, 6, `"[*]" is not an array index`},
		{"$.a[-1]", expr.Undocumented, 3, 7, `"[-1]" is not an array index`},
		{"$.a[1:2]", expr.Undocumented, 3, 8, `"[1:2]" is not an array index`},
		{"$.a[?(@.b==1)].c", expr.Undocumented, 3, 14, `"[?(@.b==1)]" is not an array index`},
		{"$['a','b']", expr.Undocumented, 1, 5, `"]" is missing after the name`},
		{"$.a[99999999999]", expr.Undocumented, 3, 16, `"[99999999999]" is not an array index`},
	} {
		path, err := expr.ParsePath(tt.path)
		if err == nil {
			t.Errorf("%s: no error, but %v", tt.path, path)
			continue
		}
		want := expr.Error{Kind: tt.kind, Start: tt.start, End: tt.end, Message: tt.message, Help: err.Help}
		if diff := cmp.Diff(want, *err); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.path, diff)
		}
	}
}

func TestPathString(t *testing.T) {
	for _, path := range []string{"$", "$.a.b[0].c", `$['it\'s \\']`, "$[0]"} {
		got, err := expr.ParsePath(path)
		if err != nil || got.String() != path {
			t.Errorf("%s became %s, %+v", path, got, err)
		}
	}
}
