package tree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/flowtest/tree"
	"github.com/zisdeploy/zis-deploy/internal/interp"
)

func parse(name, text string) (*tree.Node, []tree.Mistake) {
	var found []tree.Mistake
	p := tree.Parser{File: diag.NewFile(name, []byte(text)), Found: &found}
	return p.Parse(), found
}

// places lists where each value of a tree stands: PATH LINE:COLUMN, and of a
// member where its name does.
func places(at string, n *tree.Node) []string {
	list := []string{fmt.Sprintf("%s %d:%d", at, n.Place.Line, n.Place.Column)}
	for _, m := range n.Members {
		list = append(list, fmt.Sprintf("%s.%s? %d:%d", at, m.Name, m.Place.Line, m.Place.Column))
		list = append(list, places(at+"."+m.Name, m.Node)...)
	}
	for i, item := range n.Items {
		list = append(list, places(fmt.Sprintf("%s[%d]", at, i), item)...)
	}
	return list
}

// TestPlaces because every mistake of a case is told with its place; columns
// count characters, not bytes.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"a block", "t.yml", "- a: 1\n  b:\n    - x\n    - y: z\n", "$ 1:1|$[0] 1:3|$[0].a? 1:3|$[0].a 1:6|$[0].b? 2:3|$[0].b 3:5|$[0].b[0] 3:7|$[0].b[1] 4:7|$[0].b[1].y? 4:7|$[0].b[1].y 4:10"},
		{"in braces", "t.yml", "- {a: [1, {b: 2}]}\n", "$ 1:1|$[0] 1:3|$[0].a? 1:4|$[0].a 1:7|$[0].a[0] 1:8|$[0].a[1] 1:11|$[0].a[1].b? 1:12|$[0].a[1].b 1:15"},
		{"behind other letters", "t.yml", "- {ä: ü, b: 1}\n", "$ 1:1|$[0] 1:3|$[0].ä? 1:4|$[0].ä 1:7|$[0].b? 1:10|$[0].b 1:13"},
		{"a text of lines", "t.yml", "- a: |\n    x\n    y\n  b: >-\n    z\n", "$ 1:1|$[0] 1:3|$[0].a? 1:3|$[0].a 1:6|$[0].b? 4:3|$[0].b 4:6"},
		{"comments and an empty value", "t.yml", "# one\n\n- a: # two\n  b: 1\n", "$ 3:1|$[0] 3:3|$[0].a? 3:3|$[0].a 3:5|$[0].b? 4:3|$[0].b 4:6"},
		{"lines of Windows", "t.yml", "- a: 1\r\n  b: 2\r\n", "$ 1:1|$[0] 1:3|$[0].a? 1:3|$[0].a 1:6|$[0].b? 2:3|$[0].b 2:6"},
		{"JSON", "t.json", "[{\"a\": 1,\n  \"b\" : [true, null]}]", "$ 1:1|$[0] 1:2|$[0].a? 1:3|$[0].a 1:8|$[0].b? 2:3|$[0].b 2:9|$[0].b[0] 2:10|$[0].b[1] 2:16"},
		{"JSON behind other letters", "t.json", "[{\"ä\": \"ü\", \"b\": 1}]", "$ 1:1|$[0] 1:2|$[0].ä? 1:3|$[0].ä 1:8|$[0].b? 1:13|$[0].b 1:18"},
	} {
		n, found := parse(tt.file, tt.text)
		if n == nil || len(found) > 0 {
			t.Errorf("%s: %v", tt.name, found)
			continue
		}
		if diff := cmp.Diff(strings.Split(tt.want, "|"), places("$", n)); diff != "" {
			t.Errorf("%s (-want +have)\n%s", tt.name, diff)
		}
	}
}

// TestValues because YAML has more ways to write a value than JSON, and a test
// must mean what the author reads.
func TestValues(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"plain words", `"plain words"`},
		{`"\u00e9\n\t\x41"`, `"é\n\tA"`},
		{`'it''s "so"'`, `"it's \"so\""`},
		{"true", "true"},
		{"False", "false"},
		{"TRUE", "true"},
		{"yes", `"yes"`},
		{"off", `"off"`},
		{"y", `"y"`},
		{"null", "null"},
		{"~", "null"},
		{"Null", "null"},
		{"", "null"},
		{`""`, `""`},
		{"12", "12"},
		{"-12", "-12"},
		{"1.50", "1.50"},
		{"1e3", "1e3"},
		{"12608007991101234567", "12608007991101234567"},
		{`"12"`, `"12"`},
		{"2026-01-31", `"2026-01-31"`},
		{"2026-01-31T09:00:00Z", `"2026-01-31T09:00:00Z"`},
		{"09:00", `"09:00"`},
		{"1:2", `"1:2"`},
		{"1.2.3", `"1.2.3"`},
		{"#support", "null"},
		{`"#support"`, `"#support"`},
		{"a #b", `"a"`},
		{"a#b", `"a#b"`},
		{"a:b", `"a:b"`},
		{"$.a.b", `"$.a.b"`},
		{`"{{$.a}}"`, `"{{$.a}}"`},
		{"{a: 1}", `{"a":1}`},
		{"[a, [b]]", `["a",["b"]]`},
		{"[]", "[]"},
		{"{}", "{}"},
		{"|\n    two\n    lines\n", `"two\nlines\n"`},
		{">-\n    two\n    lines\n", `"two lines"`},
		{"{1: a, true: b, ~: c}", `{"1":"a","true":"b","~":"c"}`},
	} {
		n, found := parse("t.yml", "- v: "+tt.text)
		if n == nil || len(found) > 0 {
			t.Errorf("%q: %v", tt.text, found)
			continue
		}
		if have := interp.Encode(n.Items[0].Get("v").Value); have != tt.want {
			t.Errorf("%q is %s, want %s", tt.text, have, tt.want)
		}
	}
}

// TestBounds because a file of a stranger's branch is read.
func TestBounds(t *testing.T) {
	nested := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	for _, tt := range []struct{ name, file, text, want string }{
		{"100 levels of YAML", "t.yml", nested("[", "]", 101), ""},
		{"101 levels of YAML", "t.yml", nested("[", "]", 102), "t.yml:1:102: the file is nested more than 100 levels deep"},
		{"100 levels of JSON", "t.json", nested("[", "]", 101), ""},
		{"101 levels of JSON", "t.json", nested("[", "]", 102), "t.json:1:102: this is no JSON: it is nested more than 100 levels deep"},
		{"far too many", "t.json", nested(`{"a":[`, `]}`, 5000), "t.json:1:306: this is no JSON: it is nested more than 100 levels deep"},
		{"a large file", "t.yml", "# " + strings.Repeat("x", tree.MaxBytes), "t.yml:1:1: the file is larger than 4 MiB (put large events and replies into files of their own)"},
		{"many aliases", "t.yml", "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "t.yml:1:4: anchors and aliases are not read (write the value at each place)"},
	} {
		n, found := parse(tt.file, tt.text)
		have := ""
		if len(found) > 0 {
			have = found[0].String()
		}
		if have != tt.want || (n == nil) != (tt.want != "") {
			t.Errorf("%s: %q, want %q", tt.name, have, tt.want)
		}
	}
}

// TestGet finds members, and nothing where there is none.
func TestGet(t *testing.T) {
	n, _ := parse("t.yml", "a: {b: [1]}\nc:\n")
	if v := n.Get("a").Get("b"); v == nil || !v.IsList() || v.IsObject() {
		t.Error("a.b is a list")
	}
	if c := n.Get("c"); c == nil || c.Value != nil || c.IsList() || c.IsObject() {
		t.Error("c is null, and there")
	}
	if n.Get("d") != nil || n.Get("d").Get("e") != nil || n.Get("a").Get("b").Get("1") != nil {
		t.Error("something is found where nothing is")
	}
}

// TestSpan marks what a place means in an editor: up to the end of its line.
func TestSpan(t *testing.T) {
	f := diag.NewFile("t.yml", []byte("- ä: ü\r\n  bc: d\n"))
	for _, tt := range []struct {
		line, column int
		want         string
	}{{1, 3, "ä: ü"}, {1, 6, "ü"}, {2, 3, "bc: d"}, {2, 50, ""}} {
		s := tree.Place{File: f, Line: tt.line, Column: tt.column}.Span()
		if have := string(f.Src[s.Start:s.End]); strings.TrimRight(have, "\r") != tt.want {
			t.Errorf("%d:%d marks %q, want %q", tt.line, tt.column, have, tt.want)
		}
	}
	if s := (tree.Place{}).String(); s != "" {
		t.Errorf("nowhere is %q", s)
	}
}
